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
    /// Something is broken.
    static let broken = Traits(rawValue: 4)
  }

  private static let violations = Needle("\"violations\":[{")

  /// The reply as the server gives it; empty where nothing is answered.
  package let reply: [UInt8]
  /// The ids of the reply's messages.
  package let ids: [RequestID]
  /// Whether it took longer than an editor waits; the reply says that, and nothing else.
  package let isLeftOut: Bool
  let traits: Traits
  /// Another number for every other reply.
  let serial: Int

  /// Whether it is a result that tells of nothing wrong.
  var isQuiet: Bool { traits.isEmpty && !isLeftOut && !reply.isEmpty }

  /// - Parameter id: the id of the one request that is replied to; `nil` where that is not known.
  init(_ reply: [UInt8], to id: RequestID?, isLeftOut: Bool, serial: Int) {
    self.reply = reply
    self.isLeftOut = isLeftOut
    self.serial = serial
    if let id, Self.isResult(reply), !Self.violations.isIn(reply) {
      ids = [id]
      traits = []
    } else if reply.isEmpty {
      ids = []
      traits = []
    } else {
      let document = JSONDocument(known: reply)
      defer { extendLifetime(document) }
      ids = document.root.batch.map { RequestID(of: $0) ?? .null }
      traits = document.root.batch.reduce(into: []) { $0.formUnion($1.traits) }
    }
  }

  /// Whether a reply to one request, as the server writes it, is a result: `"result"` stands behind
  /// an integer or a string without escapes.
  private static func isResult(_ reply: [UInt8]) -> Bool {
    let head: StaticString = "{\"jsonrpc\":\"2.0\",\"id\":"
    guard reply.count > head.utf8CodeUnitCount else { return false }
    var index = head.utf8CodeUnitCount
    let isString = reply[index] == .init(ascii: "\"")
    index += 1
    let end: UInt8 = isString ? .init(ascii: "\"") : .init(ascii: ",")
    while index < reply.count, reply[index] != end {
      if reply[index] == .init(ascii: "\\") { return false }
      index += 1
    }
    return reply[index...].dropFirst(isString ? 1 : 0).starts(with: ",\"result\":".utf8)
  }

  /// Whether the bytes are somewhere in the reply: nearly none has to be parsed.
  func contains(_ needle: Needle) -> Bool { needle.isIn(reply) }

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
      if outcome["violations"]?.count ?? 0 > 0 { traits.insert(.broken) }
    }
    return traits
  }
}
