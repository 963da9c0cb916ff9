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
}

/// How the server introduces itself to an LSP client.
package struct ServerInfo: Sendable {
  /// The server's name.
  package let name: String
  /// Its version, e.g. `1.2.0`.
  package let version: String

  package init(name: String, version: String) {
    self.name = name
    self.version = version
  }
}
