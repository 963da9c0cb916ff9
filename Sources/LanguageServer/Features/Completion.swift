import JSONRPC
import Jansson
import P2MProtocol

/// What could stand at a place: whole requests on an empty line, members, methods, and values that the
/// declarations or the session know.
extension LanguageServer {
  mutating func completion(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    let hasSnippets = client.hasSnippets
    let actors = provisions.actorNames
    return try withDocument(params) { document throws(RPCError) in
      guard let position = Position(params["position"]) else { return .null }
      let (line, byte) = document.text.place(position)
      let completion = Completion(
        document: document, line: line, byte: byte, hasSnippets: hasSnippets, actors: actors)
      let items = completion.items()
      return .object([
        "isIncomplete": .boolean(items.count > Limits.places),
        "items": .array(items.prefix(Limits.places).enumerated().map { completion.json($1, $0) }),
      ])
    }
  }
}

/// Something that could stand there.
struct CompletionItem {
  /// LSP's numbers.
  enum Kind: Int64 {
    case method = 2
    case field = 5
    case value = 12
    case keyword = 14
    case reference = 18
    case constant = 21
  }

  var label: String
  var kind: Kind
  var detail: String
  var documentation: String?
  /// The text that takes the place of what is there.
  var text: String
  /// The same with places to go on at, as LSP's snippets have it.
  var snippet: String?
}

/// What could stand at one place of a document.
struct Completion {
  let document: OpenDocument
  let line: Int
  private let outline: JSONOutline
  private let place: JSONOutline.Place
  private let schema: SchemaPlace
  private let byte: Int
  private let hasSnippets: Bool
  private let actors: [String]

  init(document: OpenDocument, line: Int, byte: Int, hasSnippets: Bool, actors: [String]) {
    self.document = document
    self.line = line
    self.byte = byte
    self.hasSnippets = hasSnippets
    self.actors = actors
    outline = document.outline(line)
    place = outline.place(at: byte)
    schema = SchemaPlace(place, in: outline)
  }

  func items() -> [CompletionItem] {
    switch place.role {
    case .outside: outline.root == nil ? requests() : []
    case .key, .missingKey: keys()
    case .value, .missingValue: values()
    }
  }

  // MARK: On the wire

  /// The bytes that an item takes the place of.
  private var replaced: Range<Int> { place.token ?? byte..<byte }

  func json(_ item: CompletionItem, _ number: Int) -> JSONTree {
    let range = document.text.range(line: line, replaced)
    let old = String(decoding: outline.text[replaced], as: UTF8.self)
    let digits = String(number)
    return .object([
      "label": .string(item.label),
      "kind": .integer(item.kind.rawValue),
      "detail": .string(item.detail),
      "documentation": item.documentation.map { .string($0) },
      "sortText": .string(String(repeating: "0", count: 4 - min(4, digits.count)) + digits),
      // Editors compare this with what is replaced, the quote included.
      "filterText": .string(old.hasPrefix("\"") ? "\"\(item.label)\"" : item.text),
      "insertTextFormat": .integer(hasSnippets && item.snippet != nil ? 2 : 1),
      "textEdit": .object([
        "range": range.json,
        "newText": .string(hasSnippets ? item.snippet ?? item.text : item.text),
      ]),
    ])
  }

  // MARK: Requests

  /// Whole requests, for an empty line.
  private func requests() -> [CompletionItem] {
    let id = document.nextID
    return Declarations.methods.map { method in
      let isNote = method.name == "session.note"
      let head =
        "{\"jsonrpc\":\"2.0\"," + (isNote ? "" : "\"id\":\(id),") + "\"method\":\"\(method.name)\""
      let required = method.params.filter(\.isRequired)
      return CompletionItem(
        label: method.name, kind: .method, detail: "a request",
        documentation: method.declaration.summary,
        text: head + (required.isEmpty ? "}" : ",\"params\":{\(plain(required))}}"),
        snippet: required.isEmpty
          ? nil : escaped(head) + ",\"params\":{\(stops(required))\\}\\}$0")
    }
  }

  /// Members with values that stand for what is to be written.
  private func plain(_ members: [Schema.Member]) -> String {
    members.map { "\"\($0.name)\":\(placeholder($0))" }.joined(separator: ",")
  }

  /// The same as stops of a snippet.
  private func stops(_ members: [Schema.Member]) -> String {
    members.enumerated().map { index, member in
      "\"\(member.name)\":${\(index + 1):\(escaped(placeholder(member)))}"
    }.joined(separator: ",")
  }

  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "\\$}".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }

  private func placeholder(_ member: Schema.Member) -> String {
    // Frames of a grant table are counted, all other numbers are those of frames.
    if case .number = member.schema, member.name == "frame" || member.name == "index" { return "0" }
    return placeholder(member.schema)
  }

  private func placeholder(_ schema: Schema) -> String {
    switch schema {
    case .string, .hex: "\"\""
    case .number: "\"0x0\""
    case .choice(let words): "\"\(words.first ?? "")\""
    case .integer(let range): "\(range.lowerBound)"
    case .integers(let numbers): "\(numbers.first ?? 0)"
    case .anyInteger: "0"
    case .boolean: "false"
    case .null: "null"
    case .array, .anyArray: "[]"
    case .object(let members): "{\(plain(members.filter(\.isRequired)))}"
    case .anyObject: "{}"
    case .nullable(let schema): placeholder(schema)
    case .oneOf(let schemas): schemas.first.map(placeholder) ?? "null"
    case .named(let shared): placeholder(shared.schema)
    }
  }

  // MARK: Members

  private func keys() -> [CompletionItem] {
    guard isAtNewMember else { return [] }
    let taken = (place.container ?? outline.root)?.children.compactMap { child in
      child.key?.touches(byte) == true ? nil : outline.name(of: child)
    }
    let isBare = if case .key(let key) = place.role { !hasValue(key) } else { true }
    if schema.isEnvelope {
      return envelope.filter { taken?.contains($0.name) != true }.map { name, value, about in
        key(name, value, about, isBare: isBare)
      }
    }
    return schema.siblings.filter { taken?.contains($0.name) != true }.map { member in
      key(
        member.name, placeholder(member),
        "\(member.about)\(member.isRequired ? "" : " (optional)")", isBare: isBare)
    }
  }

  private var envelope: [(name: String, value: String, about: String)] {
    [
      ("jsonrpc", "\"2.0\"", "the protocol's version"),
      ("id", "\(document.nextID)", "by which the reply belongs to the request"),
      ("method", "\"\"", "what is to be done"),
      ("params", "{}", "its parameters"),
    ]
  }

  private func key(
    _ name: String, _ value: String, _ about: String, isBare: Bool
  ) -> CompletionItem {
    let key = "\"\(name)\""
    return CompletionItem(
      label: name, kind: .field, detail: about, text: isBare ? "\(key):\(value)" : key,
      snippet: isBare ? "\(key):${1:\(escaped(value))}" : nil)
  }

  /// Whether what stands before the place lets a member begin.
  private var isAtNewMember: Bool {
    let start = place.token?.lowerBound ?? byte
    let before = outline.text[..<start].last { !$0.isBlank }
    return before == .init(ascii: "{") || before == .init(ascii: ",")
  }

  private func hasValue(_ key: Range<Int>) -> Bool {
    outline.text[key.upperBound...].first { !$0.isBlank } == .init(ascii: ":")
  }

  // MARK: Values

  private func values() -> [CompletionItem] {
    if schema.isMethod { return methods() }
    if case .value(let node) = place.role, node.kind == .object || node.kind == .array { return [] }
    guard let member = schema.member else { return [] }
    let known = document.knownValues(
      of: member.name, method: schema.method?.name ?? "", outside: line, actors: actors,
      domain: domain)
    let words = member.schema.choices.map { (text: $0, detail: member.about) }
    return (known + words).map { value in
      CompletionItem(
        label: value.text.filter { $0 != "\"" }, kind: known.isEmpty ? .constant : .reference,
        detail: value.detail, text: value.text)
    }
  }

  /// The domain that the nearest object around the place names.
  private var domain: Int64? {
    for count in (0..<max(place.path.count, 1)).reversed() {
      let pointer = place.path.prefix(count).map(\.pointer).joined() + "/domain"
      if let node = outline.node(at: pointer) { return Int64(outline.word(of: node)) }
    }
    return nil
  }

  private func methods() -> [CompletionItem] {
    let hasParams = outline.child(at: "\(schema.request)/params") != nil
    return Declarations.methods.map { method in
      let required = method.params.filter(\.isRequired)
      let name = "\"\(method.name)\""
      return CompletionItem(
        label: method.name, kind: .method,
        detail: method.params.map { $0.isRequired ? $0.name : "[\($0.name)]" }
          .joined(separator: ", "),
        documentation: method.declaration.summary, text: name,
        snippet: hasParams || required.isEmpty
          ? nil : "\(name),\"params\":{\(stops(required))\\}")
    }
  }
}
