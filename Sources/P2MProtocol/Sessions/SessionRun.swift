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
    let text: [UInt8]
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
    observe: (Span<UInt8>, [UInt8], borrowing Laboratory) -> Void
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
    observe: (Span<UInt8>, [UInt8], borrowing Laboratory) -> Void = { _, _, _ in }
  ) throws(RPCError) {
    var nobody = RequestContext()
    var writer = JSONWriter()
    for (done, line) in session.lines.enumerated() {
      try context.advance(to: done, of: session.lines.count)
      guard case .requests(let method, _) = line.content else { continue }
      let request = session.text.span.extracting(line.place.range)
      player.play(request, in: &nobody, into: &writer)
      updated.append(contentsOf: session.text[line.place.range])
      updated.append(.init(ascii: "\n"))
      let reply = Array(writer.text.utf8)
      if !reply.isEmpty {
        let start = updated.count
        keep(reply, to: method)
        answers.append(
          Answer(line: line.place.number, method: method, reply: start..<(updated.count - 1)))
      }
      observe(request, reply, player.service.laboratory)
      writer.removeAll()
    }
    for line in session.lines {
      guard case .replies = line.content else { continue }
      compare(session.text.span.extracting(line.place.range), line: line.place.number)
    }
  }

  private mutating func keep(_ text: [UInt8], to method: String) {
    updated.append(contentsOf: text)
    updated.append(.init(ascii: "\n"))
    withDocument(text.span) { run, root in
      for message in root.batch {
        let id = RequestID(of: message) ?? .null
        run.replies.append(Reply(method: method, text: Array(message.json.utf8)), to: id)
      }
    }
  }

  private mutating func compare(_ expected: Span<UInt8>, line: Int) {
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
        run.withDocument(reply.text.span) { run, actual in
          guard let difference = ReplyDifference(expected: message, actual: actual) else { return }
          run.mismatches.append(
            Mismatch(line: line, id: id, method: reply.method, difference: difference))
        }
      }
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
