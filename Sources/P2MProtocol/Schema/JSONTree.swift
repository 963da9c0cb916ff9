import Jansson

/// JSON that is put together to be read by people: members in the order in which they are given.
package indirect enum JSONTree: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case string(String)
  case array([JSONTree])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONTree

    package init(name: String, value: JSONTree) {
      self.name = name
      self.value = value
    }
  }

  /// An object of the members that are there.
  package static func object(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// A copy of a parsed value; reals stand as strings, as the protocol has none.
  package init(_ view: JSONView) {
    switch view.kind {
    case .null: self = .null
    case .boolean: self = .boolean(view.boolean ?? false)
    case .integer: self = .integer(view.integer ?? 0)
    case .real: self = .string(view.json)
    case .string: self = .string(view.string ?? "")
    case .array: self = .array((0..<view.count).compactMap { view[$0].map(JSONTree.init) })
    case .object:
      self = .object(view.members.map { Member(name: $0.name, value: JSONTree($0.value)) })
    }
  }

  /// A copy of the value that `json` is.
  package init(json: String) {
    do throws(JSONSyntaxError) {
      let document = try JSONDocument(parsing: Array(json.utf8).span)
      self.init(document.root)
      extendLifetime(document)
    } catch {
      preconditionFailure("not JSON: \(json)")
    }
  }

  /// The member called `name`.
  package subscript(name: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value on one line.
  package var compact: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .string(let text): Self.quoted(text)
    case .array(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.name)):\($0.value.compact)" }.joined(separator: ",")
        + "}"
    }
  }

  /// The value on as many lines as it takes; what fits on one line stays on it.
  package func pretty(indentedBy depth: Int = 0) -> String {
    let compact = spaced
    if depth * 2 + compact.count <= 96 { return compact }
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    switch self {
    case .null, .boolean, .integer, .string: return compact
    case .array(let elements):
      let lines = elements.map { inner + $0.pretty(indentedBy: depth + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members):
      let lines = members.map {
        "\(inner)\(Self.quoted($0.name)): \($0.value.pretty(indentedBy: depth + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  /// The value on one line, with spaces.
  private var spaced: String {
    switch self {
    case .null, .boolean, .integer, .string: compact
    case .array(let elements): "[" + elements.map(\.spaced).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0.name)): \($0.value.spaced)" }.joined(separator: ", ")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return writer.text
  }
}
