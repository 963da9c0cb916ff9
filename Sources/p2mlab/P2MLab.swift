import ArgumentParser
import Glibc
import Hypervisor
import JSONRPC
import P2MProtocol

@main
struct P2MLab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "p2mlab",
    abstract: "An executable model of Xen's P2M and grant-table frame tracking.",
    discussion: """
      p2mlab answers what a history of hypercalls does on a release of Xen, exactly. Drive it with \
      JSON-RPC over stdin and stdout, run canned sessions, draw them, compare releases, shrink a \
      session that breaks a property, or check it against recordings of the real hypervisor.

      EXAMPLES:
        p2mlab run examples/stale-frame.xen-4.16.ndjson
        p2mlab serve < session.ndjson
        p2mlab check recordings/*.jsonl
        p2mlab scenario examples/scenarios/boot.json
        p2mlab compare session.ndjson --presets xen-4.16,xen-4.17
        p2mlab shrink session.ndjson --property no-collateral-removal
        p2mlab explore --preset xen-4.16 --gfns 4 --frames 2 --foreign-pages 2
        p2mlab render session.ndjson -o story.html

      Editors start 'p2mlab lsp', the language server for sessions.

      Shell completion: p2mlab --generate-completion-script bash|zsh|fish
      """,
    version: Product.version,
    subcommands: [
      Serve.self, LSPCommand.self, Run.self, Check.self, Compare.self, Shrink.self, Explore.self,
      Render.self, ScenarioCommand.self, SchemaCommand.self,
    ])

  /// The parser itself would take an unknown command for an argument too many. Commands say their
  /// names, as making names of types takes longer than all else at the start.
  static func main() {
    if Array(CommandLine.arguments.dropFirst()) == [Serve.commandName] { serve() }
    let commands = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    let name = CommandLine.arguments.dropFirst().first ?? "--help"
    guard name.hasPrefix("-") || commands.contains(name) else {
      let nearest = RPCError.nearest(to: name, in: commands).first ?? "help"
      let known = commands.joined(separator: ", ")
      let unknown = "there is no command '\(name)'; did you mean '\(nearest)'? There are: \(known)"
      exit(withError: ValidationError(unknown))
    }
    if name == Explore.configuration.commandName { Explore.runToItsEnd() } else { main(nil) }
  }

  /// Starts a server without options at once: to read a command line takes five times as long as all
  /// else that it does before its first reply.
  private static func serve() -> Never {
    do {
      try ServerStart().run()
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      exit(withError: error)
    }
    exit()
  }
}

/// How the commands end, beside success and the argument parser's own code for misuse.
enum ExitStatus {
  /// Something is not as expected.
  static let differs = ExitCode(1)
  /// Some input cannot be used.
  static let unusable = ExitCode(2)
  /// A limit came before an answer.
  static let bounded = ExitCode(3)
}

/// A preset chosen on the command line.
struct PresetName: ExpressibleByArgument {
  let preset: Preset

  /// The default.
  init() { preset = .default }

  init?(argument: String) {
    guard let preset = Preset.named(argument) else { return nil }
    self.preset = preset
  }

  var defaultValueDescription: String { preset.name }
  static let allValueStrings = Preset.all.map(\.name)
  static let defaultCompletionKind = CompletionKind.list(allValueStrings)
}

/// Knobs set on the command line, for whatever else is asked for.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("override"),
    help: ArgumentHelp(
      "Set a knob otherwise than the preset has it; as often as needed.",
      discussion: Knob.all.map { "\($0.name)=\($0.choices.texts.joined(separator: "|"))" }
        .joined(separator: "\n"),
      valueName: "knob=value"),
    completion: .list(Knob.all.flatMap { knob in knob.choices.texts.map { "\(knob.name)=\($0)" } }),
    transform: { text in try Knob.Setting(text) })
  var settings: [Knob.Setting] = []
}
