import Glibc
import Jansson

/// What a request that takes long says how far it is, and learns that nobody wants its result.
///
/// A request that never calls `advance` pays nothing for it, and sends nothing but its reply.
package struct RequestContext: ~Copyable {
  var connection: Connection
  private var id: JSONView?
  private var method: JSONView?
  private var token: JSONView?
  /// The last percentage that was reported; `nil` before the first call of `advance`.
  private var reported: Int?
  private var isCancelled = false
  /// What the record has in place of the request's parameters.
  private var recordedParams: [UInt8]?
  /// When to listen to the client again.
  private var nextCheck = 0
  /// How often a request may call `advance`, and how often the present one still may.
  private let patience: Int
  private var patienceLeft: Int
  /// What interrupts a request when something arrives there.
  private let interruption: Descriptor?
  /// Why the last request was given up.
  package private(set) var givenUp: GivenUp?

  /// How often the last request has called `advance`.
  package var asked: Int { patience - max(patienceLeft, 0) }

  /// Why a request that nobody waits for is given up.
  package enum GivenUp: Sendable {
    /// The client has something to say.
    case interrupted
    /// It calls `advance` more often than it may.
    case outOfPatience
  }

  /// The notification being written.
  private var notification = JSONWriter()

  init(
    _ connection: consuming Connection, patience: Int = .max, interruption: Descriptor? = nil
  ) {
    self.connection = connection
    self.patience = patience
    patienceLeft = patience
    self.interruption = interruption
  }

  /// The context of requests that no client waits for, such as those of a session file.
  ///
  /// - Parameters:
  ///   - patience: how often a request may call `advance` before it is given up: a bound that is
  ///     the same on every machine.
  ///   - input: a client whose messages interrupt the work; `nil` for none.
  package init(patience: Int = .max, interruptedBy input: Descriptor? = nil) {
    self.init(
      Connection(reader: FrameReader(), input: nil, output: nil), patience: patience,
      interruption: input)
  }

  /// Where the client's messages come from; `nil` where none come any more.
  package var input: Descriptor? { connection.source }

  /// Sends the client a notification.
  ///
  /// - Parameter params: JSON.
  package mutating func notify(_ method: StaticString, params: String) {
    send(method, id: nil, params: params)
  }

  /// Sends the client a request; what it answers is ignored.
  ///
  /// - Parameter params: JSON.
  package mutating func request(_ method: StaticString, id: String, params: String) {
    send(method, id: id, params: params)
  }

  private mutating func send(_ method: StaticString, id: String?, params: String) {
    notification.raw("{\"jsonrpc\":\"2.0\"")
    if let id {
      notification.key("id")
      notification.string(id)
    }
    notification.key("method")
    notification.string(method)
    notification.key("params")
    notification.bareText(params)
    notification.endObject()
    connection.send(notification)
    notification.removeAll()
  }

  // MARK: For the service

  /// Whether this value may be a token of progress.
  package static func isToken(_ value: JSONView) -> Bool {
    switch value.kind {
    case .integer: true
    case .string: unsafe (value.utf8?.count ?? 0) <= Limits.id
    case .null, .boolean, .real, .array, .object: false
    }
  }

  /// What a token of progress is.
  package static let expectedToken = "an integer, or a string of at most \(Limits.id) bytes"

  /// Sends the client LSP's `$/progress` for this request.
  ///
  /// - Parameter token: an integer or a string, by which the client knows what it is about.
  package mutating func reportProgress(to token: JSONView) {
    if connection.isAttended { self.token = token }
  }

  /// Whether somebody reads how far the work is.
  package var reportsProgress: Bool { token != nil }

  /// Says how much of the work is done; to be called at least every few milliseconds.
  ///
  /// Each whole percent is reported once, so that the same work sends the same bytes however often
  /// this is called. The clock decides only when the input is looked at.
  ///
  /// - Parameters:
  ///   - done: units of work, never fewer than before.
  ///   - total: how many there are in all.
  /// - Throws: request cancelled; the request is to be given up, and to leave no change behind.
  package mutating func advance(to done: Int, of total: Int) throws(RPCError) {
    if token != nil { report(done, of: total) }
    patienceLeft -= 1
    guard patienceLeft >= 0 else {
      givenUp = .outOfPatience
      throw .outOfPatience
    }
    let now = Self.milliseconds()
    if now >= nextCheck {
      nextCheck = now + Limits.cancellationPause
      if let interruption, interruption.isReadable {
        givenUp = .interrupted
        throw .cancelled
      }
      connection.listen()
      isCancelled = isCancelled || connection.hasCancelled(id)
    }
    if isCancelled { throw .cancelled }
    if let failure = connection.failure { throw .given(up: failure) }
  }

  /// Has other parameters recorded in place of those that came, which say the same for good: what
  /// came may lean on something outside the server.
  package mutating func record(params: borrowing JSONWriter) {
    guard connection.journal != nil else { return }
    recordedParams = Array(params.text.utf8)
  }

  /// Lends the request's text as it came, where it is a call of `method` and was sent alone; `nil`
  /// otherwise, as for what is carried out on another request's behalf. For requests that never call
  /// `advance`, which may read on.
  package func withText<Result>(
    of method: StaticString, _ body: (Span<UInt8>?) -> Result
  ) -> Result {
    guard self.method?.equals(method) == true else { return body(nil) }
    return connection.withMessage(body)
  }

  // MARK: For the dispatcher

  /// Begins a request.
  ///
  /// - Throws: request cancelled, where it has been while it waited.
  @inline(__always)
  mutating func begin(_ method: JSONView, id: JSONView?) throws(RPCError) {
    if connection.hasCancelled(id) { throw .cancelled }
    if let failure = connection.failure { throw .given(up: failure) }
    self.id = id
    self.method = method
    isCancelled = false
    recordedParams = nil
    nextCheck = 0
    patienceLeft = patience
    givenUp = nil
  }

  /// Ends it, before its reply is sent.
  @inline(__always)
  mutating func end() {
    if reported != nil { notify { $0.kind("end") } }
    reported = nil
    id = nil
    method = nil
    token = nil
  }

  /// Has the record, if there is one, take down a message that was carried out.
  @inline(__always)
  mutating func takeDown(
    _ message: JSONView, reply: borrowing JSONWriter, from start: JSONWriter.Mark
  ) {
    connection.journal?.take(message, params: recordedParams, reply: reply, from: start)
    recordedParams = nil
  }

  // MARK: Progress

  private mutating func report(_ done: Int, of total: Int) {
    if reported == nil {
      let method = method
      notify { value in
        value.kind("begin")
        value.key("title")
        if let method { value.value(method) } else { value.null() }
      }
      reported = 0
      connection.flushEarly()
    }
    let percentage = Self.percentage(done, of: total)
    guard var last = reported, last < percentage else { return }
    while last < percentage {
      last += 1
      notify { value in
        value.kind("report")
        value.key("percentage")
        value.integer(Int64(last))
      }
    }
    reported = last
    connection.flushEarly()
  }

  private static func percentage(_ done: Int, of total: Int) -> Int {
    guard total > 0 else { return 0 }
    let done = UInt(max(0, min(done, total)))
    return Int(UInt(total).dividingFullWidth(done.multipliedFullWidth(by: 100)).quotient)
  }

  /// Sends a notification with what `write` puts into its value.
  private mutating func notify(_ write: (inout JSONWriter) -> Void) {
    guard let token else { return }
    notification.raw("{\"jsonrpc\":\"2.0\",\"method\":\"$/progress\",\"params\":{\"token\":")
    notification.value(token)
    notification.raw(",\"value\":{")
    write(&notification)
    notification.raw("}}}")
    connection.send(notification)
    notification.removeAll()
  }

  /// A clock that only goes forward; a few nanoseconds to read, a few milliseconds exact.
  private static func milliseconds() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}

extension JSONWriter {
  fileprivate mutating func kind(_ name: StaticString) {
    key("kind")
    string(name)
  }
}
