import ArgumentParser
import Hypervisor
import JSONRPC
import LanguageServer

struct LSPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serve an editor that has sessions open.",
    discussion: """
      A language server on stdin and stdout. It carries sessions (*.p2m.ndjson) out while they are \
      edited: diagnostics, hover, completion, inlay hints, symbols, definitions, references, actions, \
      formatting. docs/editor-sessions.md says how editors start it.

      Exit codes: 0 the editor has ended it or is gone, 1 it ended without 'shutdown', or a stream \
      failed, 2 the arguments cannot be used.

      EXAMPLES:
        p2mlab lsp
        p2mlab lsp --preset xen-4.17 --actors my-actors
      """)

  @Option(help: ArgumentHelp("The release that the machine 'main' models.", valueName: "name"))
  var preset = PresetName()

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var provisions: ProvisionOptions

  func run() throws {
    var service = LanguageServer(
      Variant(preset.preset, overrides.settings), provisions: try provisions.loadOrExit())
    var server = Server(info: LanguageServer.info)
    let outcome: Server.Outcome
    do throws(StreamError) {
      outcome = try server.run(&service)
    } catch {
      Console.complain("\(error)")
      throw ExitCode.failure
    }
    throw ExitCode(outcome.exitCode)
  }
}
