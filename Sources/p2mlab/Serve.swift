import ArgumentParser
import JSONRPC
import P2MProtocol

struct Serve: ParsableCommand {
  static let commandName = "serve"
  static let configuration = CommandConfiguration(
    commandName: commandName,
    abstract: "Answer JSON-RPC requests from stdin on stdout.",
    discussion: """
      One message a line, or LSP's Content-Length framing: the first byte decides. A machine called \
      "main" exists from the start. The server ends with its input.

      A record is a session file, in which a request and its reply stand before the reply is sent. \
      What a server that was killed had told its clients is there: --resume restores it, with the \
      same --preset and --actors. A request that takes long can be cancelled ($/cancelRequest), and tells its \
      progress to a workDoneToken.

      Exit codes: 0 the input ended, 1 a stream or the record failed, or a reply is not as recorded, \
      2 the record cannot be used.

      EXAMPLES:
        echo '{"jsonrpc":"2.0","id":1,"method":"server.info"}' | p2mlab serve
        p2mlab serve --preset xen-4.17 < session.ndjson > replies.ndjson
        p2mlab serve --record today.ndjson
        p2mlab serve --resume today.ndjson
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

  @Option(
    help: ArgumentHelp(
      "Record what is carried out, with its replies, to a new session file.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Carry out what a file records, then go on with it.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var resume: String?

  @OptionGroup var provisions: ProvisionOptions

  func validate() throws {
    guard (1...(1 << 30)).contains(maxMessage) else {
      throw ValidationError("--max-message takes a number of bytes from 1 to 1073741824")
    }
    if record != nil, resume != nil {
      throw ValidationError("--resume goes on recording to its file; leave --record out")
    }
  }

  func run() throws {
    var start = ServerStart()
    start.preset = preset.preset
    start.framing = framing?.framing
    start.maxMessage = maxMessage
    start.record = record
    start.resume = resume
    start.provisions = provisions.load
    try start.run()
  }
}
