import Glibc
import Jansson

/// Serves one connection: reads messages, answers them in order, writes the replies.
package struct Server: ~Copyable {
  /// Replies of more than this many bytes are not held back.
  private static let flushSize = 1 << 16

  /// Why the server has come to its end.
  package enum Outcome: Equatable {
    /// All input is answered.
    case endOfInput
    /// Nobody reads the replies any more.
    case outputClosed
    /// The client has sent `exit`.
    case exit(Int32)

    /// What the process should end with.
    package var exitCode: Int32 {
      switch self {
      case .endOfInput, .outputClosed: 0
      case .exit(let code): code
      }
    }
  }

  private var dispatcher: Dispatcher
  private let framing: Framing?
  private let maxMessage: Int
  private let input: Descriptor
  private let output: Descriptor
  /// The reply being written: its length must be known before its header.
  private var reply = JSONWriter()
  /// Replies in their framing, not yet written out.
  private var pending = JSONWriter()

  /// A server of one connection.
  ///
  /// - Parameters:
  ///   - info: what `initialize` answers.
  ///   - input: where messages come from.
  ///   - output: where replies go.
  ///   - framing: forces a framing; `nil` to let the first byte decide.
  ///   - maxMessage: the longest message that is accepted, in bytes.
  package init(
    info: ServerInfo, input: Descriptor = .standardInput,
    output: Descriptor = .standardOutput, framing: Framing? = nil,
    maxMessage: Int = Limits.message
  ) {
    dispatcher = Dispatcher(info: info)
    self.framing = framing
    self.maxMessage = maxMessage
    self.input = input
    self.output = output
  }

  /// Serves until the input ends, the output is closed, or the client says `exit`.
  ///
  /// Replies are written out just before the server would wait for input: one request is answered
  /// at once, thousands in few system calls. Ignores `SIGPIPE` from here on.
  ///
  /// - Parameter service: the methods; generic, so that no request pays for an existential.
  /// - Throws: `StreamError` where reading or writing fails for another reason.
  package mutating func run(
    _ service: inout some Service & ~Copyable
  ) throws(StreamError) -> Outcome {
    signal(SIGPIPE, SIG_IGN)
    do throws(StreamError) {
      return try serve(&service)
    } catch {
      guard error.operation == .write, error.code == EPIPE else { throw error }
      return .outputClosed
    }
  }

  private mutating func serve(
    _ service: inout some Service & ~Copyable
  ) throws(StreamError) -> Outcome {
    var reader = FrameReader(framing: framing, maxMessage: maxMessage)
    while true {
      switch reader.next() {
      case .message(let range):
        dispatcher.answer(reader.bytes.span.extracting(range), from: &service, into: &reply)
      case .tooLong:
        reply.failure(.exceeded("bytes in a message", limit: maxMessage))
      case .malformed(let fault):
        reply.failure(.parseError(fault))
      case .starved:
        try flush()
        try reader.fill(from: input)
      case .end:
        try flush()
        return .endOfInput
      }
      frameReply(as: reader.framing)
      if let code = dispatcher.exitCode {
        try flush()
        return .exit(code)
      }
      if pending.count > Self.flushSize { try flush() }
    }
  }

  private mutating func frameReply(as framing: Framing?) {
    guard !reply.isEmpty else { return }
    switch framing {
    case .ndjson, nil:
      pending.append(reply)
      pending.raw("\n")
    case .contentLength:
      pending.raw("Content-Length: ")
      pending.integer(Int64(reply.count))
      pending.raw("\r\n\r\n")
      pending.append(reply)
    }
    reply.removeAll()
  }

  private mutating func flush() throws(StreamError) {
    try pending.withBytes { bytes throws(StreamError) in try output.write(bytes) }
    pending.removeAll()
  }
}
