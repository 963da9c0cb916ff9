import Jansson

/// The id by which a reply, or a cancellation, belongs to a request.
package enum RequestID: Hashable, Sendable, CustomStringConvertible {
  case null
  case integer(Int64)
  case string(String)

  package var description: String {
    switch self {
    case .null: "null"
    case .integer(let number): "\(number)"
    case .string(let text): "\"\(text)\""
    }
  }

  /// The id that a message has, if it has one that JSON-RPC allows.
  package init?(of message: JSONView) {
    guard let id = message["id"] else { return nil }
    self.init(value: id)
  }

  /// The id that this value is, if JSON-RPC allows it.
  init?(value id: JSONView) {
    switch id.kind {
    case .null: self = .null
    case .integer: self = .integer(id.integer ?? 0)
    case .string: self = .string(id.string ?? "")
    case .boolean, .real, .array, .object: return nil
    }
  }
}
