import Hypervisor
import JSONRPC
import Jansson
import P2MProtocol

/// What came of carrying out a line.
package struct Step: Sendable {
  /// What is found when the reply comes, so that nearly none has to be parsed again.
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// It has an error.
    static let error = Traits(rawValue: 1)
    /// An error may be the host's, which had no memory.
    static let memory = Traits(rawValue: 2)
    /// An operation has broken something.
    static let broken = Traits(rawValue: 4)
    /// It has effects.
    static let effects = Traits(rawValue: 8)
  }

  /// The reply as the server gives it; empty where nothing is answered.
  package let reply: [UInt8]
  /// The ids of the reply's messages.
  package let ids: [RequestID]
  /// Whether it took longer than an editor waits; the reply says that, and nothing else.
  package let isLeftOut: Bool
  let traits: Traits
  /// Another number for every other reply.
  let serial: Int

  init(_ reply: [UInt8], isLeftOut: Bool, serial: Int) {
    self.reply = reply
    self.isLeftOut = isLeftOut
    self.serial = serial
    guard !reply.isEmpty else {
      ids = []
      traits = []
      return
    }
    let document = JSONDocument(known: reply)
    defer { extendLifetime(document) }
    ids = document.root.batch.map { RequestID(of: $0) ?? .null }
    traits = document.root.batch.reduce(into: []) { $0.formUnion($1.traits) }
  }

  /// Lends the messages of the reply.
  func withMessages<Result>(_ body: ([JSONView]) -> Result) -> Result {
    guard !reply.isEmpty else { return body([]) }
    let document = JSONDocument(known: reply)
    defer { extendLifetime(document) }
    return body(document.root.batch)
  }
}

extension JSONView {
  /// The traits of one message of a reply.
  fileprivate var traits: Step.Traits {
    var traits: Step.Traits = []
    if let error = self["error"] {
      traits.insert(.error)
      let isLimit = error["code"]?.integer == Int64(RPCError.Code.limitReached)
      if isLimit || error["data"]?["errno"]?.equals("ENOMEM") == true { traits.insert(.memory) }
    }
    for outcome in outcomes {
      if outcome["effects"]?.count ?? 0 > 0 { traits.insert(.effects) }
      if outcome["violations"]?.count ?? 0 > 0 { traits.insert(.broken) }
    }
    return traits
  }
}
