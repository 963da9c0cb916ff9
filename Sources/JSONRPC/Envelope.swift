import Jansson

/// The members of one message that JSON-RPC itself reads, each as it came.
struct Envelope {
  private let message: JSONView
  /// The method's name; to be used only where there is no `fault`.
  private(set) var method: JSONView?
  private var version: JSONView?
  private var rawParams: JSONView?
  /// The id as it came; `nil` makes the message a notification.
  private var rawID: JSONView?
  /// The id to answer with, where it is one that JSON-RPC allows and not too long to be sent back.
  private(set) var id: JSONView?
  private var hasOutcome = false

  /// Reads each member once, in their order; none is searched for.
  init(_ message: JSONView) {
    self.message = message
    guard message.kind == .object else { return }
    for member in message.members {
      if member.isNamed("method") {
        method = member.value
      } else if member.isNamed("params") {
        rawParams = member.value
      } else if member.isNamed("id") {
        rawID = member.value
        id = Self.answerable(member.value)
      } else if member.isNamed("jsonrpc") {
        version = member.value
      } else if member.isNamed("result") || member.isNamed("error") {
        hasOutcome = true
      }
    }
  }

  private static func answerable(_ id: JSONView) -> JSONView? {
    switch id.kind {
    case .integer: id
    case .string: unsafe (id.utf8?.count ?? 0) <= Limits.id ? id : nil
    case .null, .boolean, .real, .array, .object: nil
    }
  }

  /// Whether this is somebody's reply, as transcripts have them: nothing to answer.
  var isReply: Bool {
    method == nil && hasOutcome
  }

  /// Whether nobody waits for an answer.
  var isNotification: Bool { rawID == nil }

  /// The parameters, if there are any.
  ///
  /// - Throws: invalid params, where they are neither object nor array.
  func params() throws(RPCError) -> JSONView? {
    guard let params = rawParams else { return nil }
    switch params.kind {
    case .null: return nil
    case .object, .array: return params.count == 0 ? nil : params
    case .boolean, .integer, .real, .string:
      throw .invalidParams(path: "", expected: "an object or an array")
    }
  }

  /// The method's name, once the envelope is found to be in order.
  ///
  /// - Throws: invalid request, with what is wrong.
  func checkedMethod() throws(RPCError) -> JSONView {
    guard message.kind == .object else {
      throw .invalidRequest("a message is an object, or a batch of objects")
    }
    guard id != nil || rawID == nil || rawID?.kind == .null else {
      if rawID?.kind == .string { throw .exceeded("bytes in an id", limit: Limits.id) }
      throw .invalidRequest("'id' must be an integer, a string or null")
    }
    guard version?.equals("2.0") == true else {
      throw .invalidRequest("'jsonrpc' must be \"2.0\"")
    }
    guard let method, method.kind == .string else {
      throw .invalidRequest("'method' must be a string")
    }
    return method
  }
}
