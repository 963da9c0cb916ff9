import Jansson

/// Values of requests and replies as a person would say them, on one line.
extension JSONView {
  /// Parameters with their names; `machine` is left out where it is the one that is meant anyway.
  package var argumentsInShort: String {
    members.filter { !($0.name == "machine" && $0.value.equals("main")) }
      .map { "\($0.name) \($0.value.inShort)" }.joined(separator: ", ")
  }

  /// The value; an empty array is `nowhere`.
  package var inShort: String {
    switch kind {
    case .string: shortened
    case .object: "(\(argumentsInShort))"
    case .array: count == 0 ? "nowhere" : elements.map(\.inShort).joined(separator: ", ")
    case .null, .boolean, .integer, .real: json
    }
  }

  /// The elements of an array; none for all else.
  package var elements: [JSONView] { (0..<count).compactMap { self[$0] } }

  /// A text, cut where no line could hold it, such as a device tree.
  private var shortened: String {
    let text = string ?? ""
    return text.utf8.count <= 400 ? text : "\(text.unicodeScalars.prefix(40))..."
  }
}
