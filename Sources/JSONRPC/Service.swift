import Jansson

/// What a server serves: the methods behind the envelope.
package protocol Service: ~Copyable {
  /// Answers one request by writing the member `result` or `error`, named with the writer's `key`.
  ///
  /// Called for notifications too, whose answer is dropped. What was written before an error is
  /// thrown is taken back.
  ///
  /// - Parameters:
  ///   - method: the method's name, a string.
  ///   - params: an object or array with something in it; `nil` where there is nothing.
  ///   - context: what work that takes long calls, to tell of progress and to be cancelled.
  ///   - reply: where the member goes, and nothing else.
  /// - Throws: the error to answer with.
  mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError)

  /// Learns what an LSP client can do, and writes the server's own capabilities: one JSON object.
  ///
  /// - Parameter params: those of `initialize`; `nil` where there is nothing.
  /// - Throws: why the client cannot be served.
  mutating func initialize(
    params: JSONView?, capabilities: inout JSONWriter
  ) throws(RPCError)

  /// Does a moment's work that nobody waits for; called while no message does.
  ///
  /// - Returns: whether there is more.
  mutating func work(in context: inout RequestContext) -> Bool
}

extension Service where Self: ~Copyable {
  package mutating func initialize(
    params: JSONView?, capabilities: inout JSONWriter
  ) throws(RPCError) {
    capabilities.beginObject()
    capabilities.endObject()
  }

  @inline(__always)
  package mutating func work(in context: inout RequestContext) -> Bool { false }
}

/// How the server introduces itself to an LSP client.
package struct ServerInfo: Sendable {
  /// The server's name.
  package let name: String
  /// Its version, e.g. `1.2.0`.
  package let version: String
  /// Whether nothing is served before `initialize`, as LSP has it; that is then sent once.
  package let awaitsInitialize: Bool

  package init(name: String, version: String, awaitsInitialize: Bool = false) {
    self.name = name
    self.version = version
    self.awaitsInitialize = awaitsInitialize
  }
}
