import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// What came of running a session.
package struct SessionRun: Sendable {
  /// A reply that is not as expected.
  package struct Mismatch: Hashable, Sendable {
    /// The line of the expected reply, from 1.
    package let line: Int
    package let id: RequestID
    /// The method of the request.
    package let method: String
    package let difference: ReplyDifference
  }

  /// Replies that were compared.
  package private(set) var compared = 0
  package private(set) var mismatches: [Mismatch] = []
  private let session: Session
  /// What the server said to the lines of requests, a line each.
  private let replies: [UInt8]
  /// Where in `replies` what it said to each line of requests stands, without the line's end; empty
  /// where it said nothing, as to notifications.
  private let places: [Range<Int>]
  private var waiting = ReplyQueues<Reply>()

  /// A reply that waits for its expectation.
  private struct Reply: Sendable {
    let method: String
    /// Where it stands in `replies`; one of a batch stands elsewhere, by itself.
    let text: Text

    enum Text: Sendable {
      case line(Range<Int>)
      case part([UInt8])
    }
  }

  /// Runs `session` on a server of its own, whose machine `main` follows `preset`.
  package init(_ session: Session, preset: Preset) { self.init(session, on: Variant(preset)) }

  /// Runs `session` on a server of its own, whose machine `main` follows `variant`.
  package init(_ session: Session, on variant: Variant, provisions: Provisions = Provisions()) {
    self.init(session, on: variant, provisions: provisions) { _, _, _ in }
  }

  /// Runs `session` on a server of its own, and lets somebody watch.
  ///
  /// - Parameter observe: called after each line of requests with the line, what was answered, which is
  ///   nothing to notifications, and the machines as they are then.
  package init(
    _ session: Session, on variant: Variant, provisions: Provisions,
    observe: (Span<UInt8>, Span<UInt8>, borrowing Laboratory) -> Void
  ) {
    var player = SessionPlayer(on: variant, provisions: provisions)
    var nobody = RequestContext()
    do throws(RPCError) {
      try self.init(session, by: &player, context: &nobody, observe: observe)
    } catch {
      preconditionFailure("a session for which no client waits was given up: \(error.message)")
    }
  }

  /// Has `player` run `session`.
  ///
  /// - Parameter context: what is told of the progress, a line at a time.
  /// - Throws: request cancelled.
  init(
    _ session: Session, by player: inout SessionPlayer, context: inout RequestContext,
    observe: (Span<UInt8>, Span<UInt8>, borrowing Laboratory) -> Void = { _, _, _ in }
  ) throws(RPCError) {
    var nobody = RequestContext()
    var transcript = Transcript()
    for (done, line) in session.lines.enumerated() {
      try context.advance(to: done, of: session.lines.count)
      guard !line.isReplies else { continue }
      let request = session.text.span.extracting(line.place.range)
      player.play(request, in: &nobody, into: &transcript.reply)
      transcript.reply.withBytes { observe(request, $0, player.service.laboratory) }
      transcript.keepReply()
    }
    self.init(session, transcript)
  }

  /// Reads a session and runs each line as it is read, so that none is parsed twice.
  ///
  /// - Parameter isRecord: whether a last line that is torn is dropped, as `Session` says.
  /// - Throws: what makes the session unusable.
  package init(
    reading text: [UInt8], isRecord: Bool, on variant: Variant, provisions: Provisions
  ) throws(UnusableInput) {
    var player = SessionPlayer(on: variant, provisions: provisions)
    var nobody = RequestContext()
    var transcript = Transcript()
    // What is not written to costs nothing; to grow costs a copy each time.
    transcript.replies.reserveCapacity(min(4 * text.count, Self.reservedAtMost))
    let session = try Session(text, isRecord: isRecord) { request, document in
      player.play(request, parsed: document, in: &nobody, into: &transcript.reply)
      transcript.keepReply()
    }
    self.init(session, transcript)
  }

  /// Bytes of replies for which there is room from the start.
  private static let reservedAtMost = 1 << 28

  /// The replies so far, and the one being written.
  private struct Transcript: ~Copyable {
    var replies: [UInt8] = []
    var places: [Range<Int>] = []
    var reply = JSONWriter()

    mutating func keepReply() {
      let start = replies.count
      if !reply.isEmpty { reply.withBytes { replies.append(line: $0) } }
      places.append(start..<max(start, replies.count - 1))
      reply.removeAll()
    }
  }

  private init(_ session: Session, _ transcript: borrowing Transcript) {
    self.session = session
    replies = transcript.replies
    places = transcript.places
    guard session.lines.contains(where: \.isReplies) else { return }
    for (line, reply) in zip(session.requests, places) where !reply.isEmpty {
      keep(reply, to: line)
    }
    for line in session.lines {
      guard case .replies(let ids) = line.content else { continue }
      compare(session.text.span.extracting(line.place.range), ids, line: line.place.number)
    }
  }

  /// The last line, if it was dropped as torn.
  package var tornLine: Int? { session.tornLine }

  /// Calls `body` with each line that was answered: its number, from 1, its method, of a batch the first,
  /// and the reply.
  func forEachAnswer(_ body: (Int, String, Span<UInt8>) -> Void) {
    for (line, reply) in zip(session.requests, places) {
      guard case .requests(let method, _, _) = line.content, !reply.isEmpty else { continue }
      body(line.place.number, method, replies.span.extracting(reply))
    }
  }

  /// The session with the replies that the server gave in place of those expected.
  package var updated: [UInt8] {
    var updated: [UInt8] = []
    updated.reserveCapacity(session.text.count + replies.count)
    for (line, reply) in zip(session.requests, places) {
      updated.append(line: session.text.span.extracting(line.place.range))
      if !reply.isEmpty { updated.append(line: replies.span.extracting(reply)) }
    }
    return updated
  }

  /// Keeps the replies on a line; where there is one, with a known id, it need not be read.
  private mutating func keep(_ place: Range<Int>, to line: Session.Line) {
    guard case .requests(let method, _, _) = line.content else { return }
    if let id = line.content.onlyID {
      return waiting.append(Reply(method: method, text: .line(place)), to: id)
    }
    let text = Array(replies[place])
    withDocument(text.span) { run, root in
      for message in root.batch {
        let id = RequestID(of: message) ?? .null
        run.waiting.append(Reply(method: method, text: .part(Array(message.json.utf8))), to: id)
      }
    }
  }

  private mutating func compare(_ expected: Span<UInt8>, _ ids: [RequestID], line: Int) {
    if ids.count == 1, isNext(expected, of: ids[0]) {
      compared += 1
      _ = waiting.next(to: ids[0])
      return
    }
    withDocument(expected) { run, root in
      for message in root.batch {
        guard let id = RequestID(of: message) else { continue }
        run.compared += 1
        guard let reply = run.waiting.next(to: id) else {
          let nothing = ReplyDifference(path: "", expected: message.json, actual: nil)
          run.mismatches.append(
            Mismatch(line: line, id: id, method: "no reply", difference: nothing))
          continue
        }
        let text = run.bytes(of: reply)
        run.withDocument(text.span) { run, actual in
          guard let difference = ReplyDifference(expected: message, actual: actual) else { return }
          run.mismatches.append(
            Mismatch(line: line, id: id, method: reply.method, difference: difference))
        }
      }
    }
  }

  /// Whether the next reply with this id is the expected one byte by byte, as nearly all are.
  private func isNext(_ expected: Span<UInt8>, of id: RequestID) -> Bool {
    guard case .line(let place)? = waiting.first(to: id)?.text, place.count == expected.count else {
      return false
    }
    return replies.span.extracting(place).isEqual(to: expected)
  }

  private func bytes(of reply: Reply) -> [UInt8] {
    switch reply.text {
    case .line(let place): Array(replies[place])
    case .part(let text): text
    }
  }

  /// Parses a reply, or a line read before.
  private mutating func withDocument(
    _ text: Span<UInt8>, _ body: (inout SessionRun, JSONView) -> Void
  ) {
    let document = JSONDocument(known: text)
    body(&self, document.root)
    extendLifetime(document)
  }
}

extension [UInt8] {
  fileprivate mutating func append(line: Span<UInt8>) {
    unsafe line.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    append(.init(ascii: "\n"))
  }
}

extension Product {
  /// How the server introduces itself to an LSP client.
  package static let info = ServerInfo(name: name, version: version)
}
