import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A server without a client, which carries out a session's requests one after the other.
///
/// A value: a copy goes on from where it was made, and costs next to nothing, as machines share what
/// they have in common.
package struct SessionPlayer {
  /// The laboratory as the requests so far have left it.
  package private(set) var service: P2MService
  private var dispatcher = Dispatcher(info: Product.info)

  package init(_ laboratory: Laboratory) { service = P2MService(laboratory) }

  /// A fresh server whose machine `main` follows `variant`.
  package init(on variant: Variant, provisions: Provisions = Provisions()) {
    let main = MachineConfiguration(preset: variant.preset).following(variant)
    self.init(Laboratory(main, provisions: provisions))
  }

  /// Carries out one message or a batch.
  ///
  /// - Parameters:
  ///   - context: what work that takes long has to ask whether to go on.
  ///   - reply: where the reply goes; nothing is written where there is none.
  package mutating func play(
    _ message: Span<UInt8>, in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    dispatcher.answer(message, from: &service, in: &context, into: &reply)
  }

  /// The same of a message that was parsed already.
  mutating func play(
    _ message: Span<UInt8>, parsed document: borrowing JSONDocument,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    dispatcher.answer(message, parsed: document, from: &service, in: &context, into: &reply)
  }
}

/// Replies that wait to be compared: those to the same id in the order in which they were given.
package struct ReplyQueues<Reply> {
  fileprivate struct Queue {
    var replies: [Reply]
    var taken = 0
  }

  private var queues: [RequestID: Queue] = [:]

  package init() {}

  package mutating func append(_ reply: Reply, to id: RequestID) {
    queues[id, default: Queue(replies: [])].replies.append(reply)
  }

  /// The next reply to `id`, which goes on waiting; `nil` where there is none.
  package func first(to id: RequestID) -> Reply? {
    guard let queue = queues[id], queue.taken < queue.replies.count else { return nil }
    return queue.replies[queue.taken]
  }

  /// The next reply to `id`, which waits no longer; `nil` where there is none.
  package mutating func next(to id: RequestID) -> Reply? {
    guard let index = queues.index(forKey: id) else { return nil }
    let taken = queues.values[index].taken
    guard taken < queues.values[index].replies.count else { return nil }
    queues.values[index].taken += 1
    return queues.values[index].replies[taken]
  }
}

extension ReplyQueues.Queue: Sendable where Reply: Sendable {}
extension ReplyQueues: Sendable where Reply: Sendable {}
