import ArgumentParser
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
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
    let start = try start()
    var service = start.service
    // Not by `map`: debug builds take the `nil` of a type that cannot be copied for a value.
    let journal: Journal?
    if let file = start.file {
      journal = Journal(
        Descriptor(number: file.descriptor), length: start.length, limit: Files.sizeLimit)
    } else {
      journal = nil
    }
    var server = Server(
      info: Product.info, framing: framing?.framing, maxMessage: maxMessage, journal: journal)
    let outcome: Server.Outcome
    do throws(StreamError) {
      outcome = try server.run(&service)
    } catch {
      let place = error.operation == .record ? "\(start.file?.path ?? ""): " : ""
      Console.complain("\(place)\(error)")
      throw ExitCode.failure
    }
    throw ExitCode(outcome.exitCode)
  }

  /// What the server begins with.
  private struct Start {
    var service: P2MService
    /// Where it records, and how much of it is recorded already, in bytes.
    var file: RecordFile?
    var length = 0
  }

  /// Opens the record, and carries out what stands there.
  private func start() throws -> Start {
    do {
      if let resume { return try start(resuming: resume) }
      let laboratory = Laboratory(
        MachineConfiguration(preset: preset.preset), provisions: try provisions.load())
      return Start(
        service: P2MService(laboratory), file: try record.map { try RecordFile.create($0) })
    } catch let error as RecordReplay.Mismatch {
      Console.complain("\(resume ?? ""):\(error.line): \(error)")
      throw ExitStatus.differs
    } catch {
      Console.complain(unusable(resume ?? "", error))
      throw ExitStatus.unusable
    }
  }

  private func start(resuming path: String) throws -> Start {
    let file = try RecordFile.open(path)
    let text = try Files.read(path)
    let replay = try RecordReplay(
      text, preset: preset.preset, provisions: try provisions.load())
    if let line = replay.tornLine {
      let size = text.count - replay.length
      Console.complain("\(path):\(line): torn; the last \(size) bytes are dropped")
    }
    try file.truncate(to: replay.length)
    return Start(service: replay.service, file: file, length: replay.length)
  }
}
