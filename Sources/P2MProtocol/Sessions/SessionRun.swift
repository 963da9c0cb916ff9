import Glibc
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
  /// The session with the replies that the server gave in place of those expected.
  package private(set) var updated: [UInt8] = []
  /// What was answered, in order; notifications have no answer.
  private(set) var answers: [Answer] = []

  /// The reply to a line of requests.
  struct Answer: Sendable {
    /// The line of the request, from 1.
    let line: Int
    /// Its method; of a batch, the first.
    let method: String
    /// Where the reply stands in `updated`.
    let reply: Range<Int>
  }

  /// A reply that waits for its expectation.
  private struct Reply: Sendable {
    let method: String
    /// Where it stands in `updated`; one of a batch stands elsewhere, by itself.
    let text: Text

    enum Text: Sendable {
      case line(Range<Int>)
      case part([UInt8])
    }
  }

  private var replies = ReplyQueues<Reply>()

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
    var writer = JSONWriter()
    for (done, line) in session.lines.enumerated() {
      try context.advance(to: done, of: session.lines.count)
      guard case .requests(let method, _, _) = line.content else { continue }
      let request = session.text.span.extracting(line.place.range)
      player.play(request, in: &nobody, into: &writer)
      append(request)
      var reply = updated.count..<updated.count
      if !writer.isEmpty {
        reply = writer.withBytes { append($0) }
        answers.append(Answer(line: line.place.number, method: method, reply: reply))
        keep(reply, to: method, id: line.content.onlyID)
      }
      observe(request, updated.span.extracting(reply), player.service.laboratory)
      writer.removeAll()
    }
    for line in session.lines {
      guard case .replies(let ids) = line.content else { continue }
      compare(session.text.span.extracting(line.place.range), ids, line: line.place.number)
    }
  }

  /// Adds a line to the session as it is now.
  ///
  /// - Returns: where it stands.
  @discardableResult
  private mutating func append(_ line: Span<UInt8>) -> Range<Int> {
    let start = updated.count
    unsafe line.withUnsafeBufferPointer { unsafe updated.append(contentsOf: $0) }
    updated.append(.init(ascii: "\n"))
    return start..<updated.count - 1
  }

  /// Keeps the replies on a line; where there is one, with a known id, it need not be read.
  private mutating func keep(_ place: Range<Int>, to method: String, id: RequestID?) {
    if let id {
      return replies.append(Reply(method: method, text: .line(place)), to: id)
    }
    let line = Array(updated[place])
    withDocument(line.span) { run, root in
      for message in root.batch {
        let id = RequestID(of: message) ?? .null
        run.replies.append(Reply(method: method, text: .part(Array(message.json.utf8))), to: id)
      }
    }
  }

  private mutating func compare(_ expected: Span<UInt8>, _ ids: [RequestID], line: Int) {
    if ids.count == 1, isNext(expected, of: ids[0]) {
      compared += 1
      _ = replies.next(to: ids[0])
      return
    }
    withDocument(expected) { run, root in
      for message in root.batch {
        guard let id = RequestID(of: message) else { continue }
        run.compared += 1
        guard let reply = run.replies.next(to: id) else {
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
    guard case .line(let place)? = replies.first(to: id)?.text, place.count == expected.count else {
      return false
    }
    let actual = updated.span.extracting(place)
    return unsafe actual.withUnsafeBytes { actual in
      unsafe expected.withUnsafeBytes { expected in
        guard let some = actual.baseAddress, let other = expected.baseAddress else { return true }
        return unsafe memcmp(some, other, actual.count) == 0
      }
    }
  }

  private func bytes(of reply: Reply) -> [UInt8] {
    switch reply.text {
    case .line(let place): Array(updated[place])
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

extension Product {
  /// How the server introduces itself to an LSP client.
  package static let info = ServerInfo(name: name, version: version)
}
