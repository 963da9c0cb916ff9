import ArgumentParser
import Hypervisor
import P2MProtocol

struct ScenarioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Play sequences of real components on several presets, and tell what each lost.",
    discussion: """
      A scenario is a JSON file: how machine and domains are set up, and sequences of actors \
      (docs/scenarios.md). Every sequence is played on every preset, on a machine of its own. "-" is \
      stdin.

      Exit codes: 0 nothing is lost, 1 something is lost, stuck, crashed or dead, 2 the file \
      cannot be used.

      EXAMPLES:
        p2mlab scenario examples/scenarios/boot.json
        p2mlab scenario --preset xen-4.16 --preset xen-4.17 examples/scenarios/boot.json
        p2mlab scenario --markdown examples/scenarios/boot.json > docs/matrix.md
      """)

  @Argument(help: "The scenario.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Play it on this preset instead, such as xen-4.17+remap=move; may be repeated.",
      valueName: "name"))
  var preset: [VariantName] = []

  @Flag(help: "Answer in JSON, as scenario.run does.")
  var json = false

  @Flag(help: "Write a page in Markdown.")
  var markdown = false

  @OptionGroup var provisions: ProvisionOptions

  func validate() throws {
    if json, markdown { throw ValidationError("choose between --json and --markdown") }
  }

  func run() throws {
    let provisions = try self.provisions.loadOrExit()
    let matrix: ScenarioMatrix
    do {
      matrix = try ScenarioMatrix(
        file: try Files.read(file), presets: preset.map(\.variant), provisions: provisions)
    } catch let fault as ScenarioFault {
      let place = fault.line.map { "\(file):\($0)" } ?? file
      Console.complain("\(place): \(fault)")
      throw ExitStatus.unusable
    } catch {
      Console.complain("\(error)")
      throw ExitStatus.unusable
    }
    if json {
      print(matrix.json)
    } else {
      print(markdown ? matrix.markdown : matrix.table(.output), terminator: "")
    }
    if matrix.hasDamage { throw ExitStatus.differs }
  }
}

/// A preset chosen on the command line, with knobs set otherwise.
struct VariantName: ExpressibleByArgument {
  let variant: Variant

  init?(argument: String) {
    guard let variant = try? Variant(argument) else { return nil }
    self.variant = variant
  }

  static let allValueStrings = Preset.all.map(\.name)
  static let defaultCompletionKind = CompletionKind.list(allValueStrings)
}
