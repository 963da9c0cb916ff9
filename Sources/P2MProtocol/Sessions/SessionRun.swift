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

  /// A reply that waits for its expectation.
  private struct Reply {
    let method: String
    let text: [UInt8]
  }

  private var replies: [RequestID: [Reply]] = [:]

  /// Runs `session` on a server of its own, whose machine `main` follows `preset`.
  package init(_ session: Session, preset: Preset) { self.init(session, on: Variant(preset)) }

  /// Runs `session` on a server of its own, whose machine `main` follows `variant`.
  ///
  /// - Parameter observe: called after each line of requests with the line, what was answered, which is
  ///   nothing to notifications, and the machines as they are then.
  package init(
    _ session: Session, on variant: Variant, provisions: Provisions = Provisions(),
    observe: (Span<UInt8>, [UInt8], borrowing Laboratory) -> Void = { _, _, _ in }
  ) {
    let main = MachineConfiguration(preset: variant.preset).following(variant)
    var service = P2MService(Laboratory(main, provisions: provisions))
    var dispatcher = Dispatcher(info: Product.info)
    var context = RequestContext()
    var writer = JSONWriter()
    for line in session.lines {
      guard case .requests(let method) = line.content else { continue }
      let request = session.text.span.extracting(line.place.range)
      dispatcher.answer(request, from: &service, in: &context, into: &writer)
      updated.append(contentsOf: session.text[line.place.range])
      updated.append(.init(ascii: "\n"))
      let reply = Array(writer.text.utf8)
      if !reply.isEmpty { keep(reply, to: method) }
      observe(request, reply, service.laboratory)
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
        run.replies[id, default: []].append(Reply(method: method, text: Array(message.json.utf8)))
      }
    }
  }

  private mutating func compare(_ expected: Span<UInt8>, line: Int) {
    withDocument(expected) { run, root in
      for message in root.batch {
        guard let id = RequestID(of: message) else { continue }
        run.compared += 1
        guard let reply = run.replies[id]?.first else {
          let nothing = ReplyDifference(path: "", expected: message.json, actual: nil)
          run.mismatches.append(
            Mismatch(line: line, id: id, method: "no reply", difference: nothing))
          continue
        }
        run.replies[id]?.removeFirst()
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
