import ArgumentParser
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer JSON-RPC requests from stdin on stdout.",
    discussion: """
      One message a line, or LSP's Content-Length framing: the first byte decides. A machine called \
      "main" exists from the start. The server ends with its input.

      EXAMPLES:
        echo '{"jsonrpc":"2.0","id":1,"method":"server.info"}' | p2mlab serve
        p2mlab serve --preset xen-4.17 < session.ndjson > replies.ndjson
      """)

  /// The framings that can be forced.
  enum FramingName: String, ExpressibleByArgument, CaseIterable {
    case ndjson
    case contentLength = "content-length"

    var framing: Framing {
      switch self {
      case .ndjson: .ndjson
      case .contentLength: .contentLength
      }
    }
  }

  @Option(help: ArgumentHelp("The release that the machine 'main' models.", valueName: "name"))
  var preset = PresetName()

  @Option(help: ArgumentHelp("Force a framing instead of detecting it.", valueName: "framing"))
  var framing: FramingName?

  @Option(help: ArgumentHelp("The longest message that is accepted.", valueName: "bytes"))
  var maxMessage = JSONRPC.Limits.message

  func validate() throws {
    guard (1...(1 << 30)).contains(maxMessage) else {
      throw ValidationError("--max-message takes a number of bytes from 1 to 1073741824")
    }
  }

  func run() throws {
    let configuration = MachineConfiguration(preset: preset.preset)
    var service = P2MService(Laboratory(configuration))
    var server = Server(info: Product.info, framing: framing?.framing, maxMessage: maxMessage)
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
