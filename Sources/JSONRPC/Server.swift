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
  /// The streams, which a request that takes long uses as well.
  private var context: RequestContext
  /// The reply being written: its length must be known before its header.
  private var reply = JSONWriter()

  /// A server of one connection.
  ///
  /// - Parameters:
  ///   - info: what `initialize` answers.
  ///   - input: where messages come from.
  ///   - output: where replies go.
  ///   - framing: forces a framing; `nil` to let the first byte decide.
  ///   - maxMessage: the longest message that is accepted, in bytes.
  ///   - journal: records what was carried out, before its replies leave.
  package init(
    info: ServerInfo, input: Descriptor = .standardInput,
    output: Descriptor = .standardOutput, framing: Framing? = nil,
    maxMessage: Int = Limits.message, journal: consuming Journal? = nil
  ) {
    dispatcher = Dispatcher(info: info)
    let reader = FrameReader(framing: framing, maxMessage: maxMessage)
    context = RequestContext(
      Connection(reader: reader, input: input, output: output, journal: journal))
  }

  /// Serves until the input ends, the output is closed, or the client says `exit`.
  ///
  /// Replies are written out just before the server would wait for input: one request is answered
  /// at once, thousands in few system calls. Ignores `SIGPIPE` and `SIGXFSZ` from here on.
  ///
  /// - Parameter service: the methods; generic, so that no request pays for an existential.
  /// - Throws: `StreamError` where reading or writing fails for another reason.
  package mutating func run(
    _ service: inout some Service & ~Copyable
  ) throws(StreamError) -> Outcome {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
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
    while true {
      switch context.connection.reader.next() {
      case .message(let range):
        answer(range, from: &service)
      case .tooLong:
        let limit = context.connection.reader.maxMessage
        reply.failure(.exceeded("bytes in a message", limit: limit))
      case .malformed(let fault):
        reply.failure(.parseError(fault))
      case .starved:
        try work(for: &service, isInputOver: false)
        try context.connection.fill()
      case .end:
        try work(for: &service, isInputOver: true)
        return .endOfInput
      }
      if !reply.isEmpty {
        context.connection.send(reply)
        reply.removeAll()
      }
      if let failure = context.connection.failure { try context.connection.end(with: failure) }
      if let code = dispatcher.exitCode {
        try context.connection.flush()
        return .exit(code)
      }
      if context.connection.holds(moreThan: Self.flushSize) { try context.connection.flush() }
    }
  }

  /// Writes out what waits, and lets the service work until a message comes; where none comes any
  /// more, until the work is done or nobody is there to be told of it.
  private mutating func work(
    for service: inout some Service & ~Copyable, isInputOver: Bool
  ) throws(StreamError) {
    repeat {
      try context.connection.flush()
      if isInputOver ? context.connection.isAbandoned : context.connection.isReadable { return }
    } while service.work(in: &context)
    try context.connection.flush()
  }

  /// Answers the message at this place in the reader's bytes.
  ///
  /// They are parsed first and let go: a request that takes long reads on.
  private mutating func answer(_ message: Range<Int>, from service: inout some Service & ~Copyable)
  {
    do throws(RPCError) {
      let document = try context.connection.serve(message)
      dispatcher.answer(document, from: &service, in: &context, into: &reply)
      context.connection.served()
    } catch {
      reply.failure(error)
    }
  }
}
