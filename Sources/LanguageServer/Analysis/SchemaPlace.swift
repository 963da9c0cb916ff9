import JSONRPC
import P2MProtocol

/// What the declarations say of a place in a request.
struct SchemaPlace {
  /// The method of the request, if there is one of that name.
  let method: DeclaredMethod?
  /// Whether the place is the method's name.
  private(set) var isMethod = false
  /// Whether it is in the request's own members, or in its parameters.
  private(set) var isEnvelope = false
  /// The parameter, or the member of one, that the place is in.
  private(set) var member: Schema.Member?
  /// The members that the object around the place may have; empty where that is not known.
  private(set) var siblings: [Schema.Member] = []
  /// The object of the request in its line: empty, or its place in a batch.
  let request: String

  init(_ place: JSONOutline.Place, in outline: JSONOutline) {
    var path = place.path[...]
    var request = ""
    if case .element(let index)? = path.first, outline.root?.kind == .array {
      request = "/\(index)"
      path = path.dropFirst()
    }
    self.request = request
    let name = outline.node(at: request + "/method").map { outline.word(of: $0) }
    method = name.flatMap(Declarations.method)
    isMethod = path == [.member("method")]
    isEnvelope = path.count <= 1 && path.first != .member("params")
    guard path.first == .member("params"), let method else { return }
    siblings = method.params
    var members = method.params
    for step in path.dropFirst() {
      siblings = members
      switch step {
      case .member(let name): member = members.first { $0.name == name }
      case .element(let index):
        // Parameters by position; or an element of what is already known.
        if member == nil, members.indices.contains(index) { member = members[index] }
      }
      members = member?.schema.members ?? []
    }
    if case .missingKey = place.role { siblings = path.count > 1 ? members : method.params }
    if path.count == 1 {
      if case .key = place.role {
        isEnvelope = true
        siblings = []
      }
    }
  }
}

extension Schema {
  /// The members of an object, of the elements of an array, or of whatever has some.
  var members: [Member] {
    switch self {
    case .object(let members): members
    case .array(let element, _): element.members
    case .nullable(let schema): schema.members
    case .oneOf(let schemas): schemas.flatMap(\.members)
    case .named(let shared): shared.schema.members
    case .string, .choice, .hex, .number, .integer, .integers, .anyInteger, .boolean, .null,
      .anyObject, .anyArray:
      []
    }
  }

  /// The words that the value may be, as JSON; empty where it is no choice.
  var choices: [String] {
    switch self {
    case .choice(let words): words.map { "\"\($0)\"" }
    case .integers(let numbers): numbers.map { "\($0)" }
    case .boolean: ["true", "false"]
    case .array(let element, _): element.choices
    case .nullable(let schema): schema.choices
    case .oneOf(let schemas): schemas.flatMap(\.choices)
    case .named(let shared): shared.schema.choices
    case .string, .hex, .number, .integer, .anyInteger, .null, .object, .anyObject, .anyArray: []
    }
  }

  /// What the value may be, for people.
  var inShort: String {
    switch self {
    case .string: "a string"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .hex: "\"0x...\""
    case .number: "\"0x...\", or an integer below 2^53"
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .integers(let numbers): "one of \(numbers.map { "\($0)" }.joined(separator: ", "))"
    case .anyInteger: "an integer"
    case .boolean: "true or false"
    case .null: "null"
    case .nullable(let schema): "\(schema.inShort), or null"
    case .array(let element, let limit):
      "an array" + (limit.map { " of \($0) at most" } ?? "") + ", each \(element.inShort)"
    case .object(let members): "an object of \(members.map(\.name).joined(separator: ", "))"
    case .anyObject: "an object"
    case .anyArray: "an array"
    case .oneOf(let schemas): schemas.map(\.inShort).joined(separator: ", or ")
    case .named(let shared): shared.about
    }
  }
}
