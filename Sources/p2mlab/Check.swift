import ArgumentParser
import Hypervisor
import Laboratory
import P2MProtocol
import Rendering

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Replay recordings of real Xen and find where the model parts from them.",
    discussion: """
      A recording (xen-trace/1) is what the real hypervisor answered to a history of hypercalls. \
      Each operation is replayed on the preset that models the recorded release; return codes, the \
      guest's view of its physmap, the grant frames and Xen's own tracking are compared. "-" is \
      stdin.

      Exit codes: 0 no divergence, 1 the model diverges, 2 a file cannot be used.

      EXAMPLES:
        p2mlab check recordings/4.16.7/*.jsonl
        p2mlab check --preset xen-4.17 recordings/4.16.7/core-1.jsonl
        p2mlab check --override remap=busy recordings/4.16.7/core-1.jsonl
      """)

  @Argument(help: "Recordings.", completion: .file(extensions: ["jsonl"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The preset to replay on, instead of the recorded release's.", valueName: "name"))
  var preset: PresetName?

  @OptionGroup var overrides: OverrideOptions
  @Option(
    help: ArgumentHelp(
      "The largest leaves that map RAM: 4 KiB, 2 MiB or 1 GiB. Any should agree.",
      valueName: "0|9|18"))
  var ramOrder = 0

  @Option(
    help: ArgumentHelp(
      "Draw each divergence as a page in this folder, which must exist: Xen beside the model.",
      valueName: "folder"),
    completion: .directory)
  var render: String?

  @Flag(help: "Report in JSON, one line a file and a last one for all.")
  var json = false

  func validate() throws {
    guard PageTable.leafOrders.contains(ramOrder) else {
      throw ValidationError("--ram-order is 0, 9 or 18, not \(ramOrder).")
    }
  }

  func run() throws {
    var operations = 0
    var divergences = 0
    var unusableFiles = 0
    for file in files {
      do {
        let text = try Files.read(file)
        let check = try RecordingCheck(
          text, preset: preset?.preset, overrides: overrides.settings, ramOrder: ramOrder)
        operations += check.operations
        if check.divergence != nil { divergences += 1 }
        print(json ? JSONReport.check(file, check) : self.text(file, check))
        if check.divergence != nil { try see(text, file) }
      } catch {
        unusableFiles += 1
        if json {
          print(JSONReport.unusable(file, error))
        } else {
          Console.complain(unusable(file, error))
        }
      }
    }
    let summary: [(StaticString, Int)] = [("operations", operations), ("divergences", divergences)]
    print(json ? JSONReport.summary(summary) : text(summary))
    if unusableFiles > 0 { throw ExitStatus.unusable }
    if divergences > 0 { throw ExitStatus.differs }
  }

  /// Draws a divergence, or says how.
  private func see(_ text: [UInt8], _ file: String) throws {
    guard let render else {
      guard !json, file != "-" else { return }
      let chosen = preset.map { " --presets \($0.preset.name)" } ?? ""
      let set = overrides.settings.map { " --override \($0)" }.joined()
      return print("  see it: p2mlab render \(file)\(chosen)\(set) -o story.html")
    }
    let name = file == "-" ? "stdin" : file.split(separator: "/").joined(separator: "-")
    let story = try Story(
      recording: text, title: name, on: preset?.preset, settings: overrides.settings)
    let page = "\(render)/\(name).html"
    try Files.write(StoryPage.html(of: story), to: page)
    if !json { print("  drawn: \(page)") }
  }

  private func text(_ summary: [(StaticString, Int)]) -> String {
    summary.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  private func text(_ file: String, _ check: RecordingCheck) -> String {
    let style = Console.Style.output
    let heading = "\(file): \(check.operations) operations on \(check.preset)"
    guard let divergence = check.divergence else { return "\(heading), agrees" }
    return """
      \(style.strong("\(heading), diverges at operation \(divergence.step): \(divergence.field)"))
      \(style.removed("  Xen:   \(divergence.recorded)"))
      \(style.added("  model: \(divergence.modelled)"))
      """
  }
}
