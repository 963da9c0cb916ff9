import Jansson
import P2MProtocol
import Testing

@testable import LanguageServer

@Suite struct JSONOutlineTests {
  @Test("On what is JSON, the outline and the parser agree", arguments: 0..<300)
  func agreesWithParser(_ seed: UInt64) throws {
    var random = Random(seed: seed)
    let text = Array(random.document(depth: 5).utf8)
    let document = try JSONDocument(parsing: text.span)
    defer { extendLifetime(document) }
    let outline = JSONOutline(text)
    let root = try #require(outline.root)
    #expect(!outline.isCut)
    try compare(outline, root, document.root, at: "")
  }

  private func compare(
    _ outline: JSONOutline, _ node: JSONOutline.Node, _ view: JSONView, at pointer: String
  ) throws {
    #expect(node.isClosed)
    let slice = Array(outline.text[node.range])
    let part = try JSONDocument(parsing: slice.span)
    defer { extendLifetime(part) }
    #expect(part.root.json == view.json)
    #expect(outline.node(at: pointer)?.range == node.range)
    #expect(outline.nearestRange(to: pointer + "/nowhere/at/all") == node.range)
    #expect(node.children.count == view.count)
    for (index, child) in node.children.enumerated() {
      let value = try #require(child.value)
      if view.kind == .object {
        let member = Array(view.members)[index]
        #expect(outline.name(of: child) == member.name)
        try compare(outline, value, member.value, at: "\(pointer)/\(Self.escaped(member.name))")
      } else {
        try compare(outline, value, try #require(view[index]), at: "\(pointer)/\(index)")
      }
    }
  }

  private static func escaped(_ name: String) -> String {
    name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
  }

  @Test("Whatever a line is cut to, every part of the outline lies within it", arguments: 0..<50)
  func torn(_ seed: UInt64) {
    var random = Random(seed: seed)
    let text = Array(random.document(depth: 4).utf8)
    for length in 0...text.count {
      let outline = JSONOutline(Array(text[..<length]))
      if let root = outline.root { within(0..<length, root) }
      for offset in 0...length { _ = outline.place(at: offset) }
    }
  }

  private func within(_ range: Range<Int>, _ node: JSONOutline.Node) {
    #expect(range.lowerBound <= node.range.lowerBound && node.range.upperBound <= range.upperBound)
    for child in node.children {
      if let value = child.value { within(node.range, value) }
    }
  }

  @Test("What nests too deep is cut")
  func deep() {
    let deep = Array((String(repeating: "[", count: 100_000)).utf8)
    #expect(JSONOutline(deep).isCut)
  }

  @Test(
    "A place is within a name, a value, or where one is missing",
    arguments: [
      (#"|{"a":1}"#, "value"), (#"{|}"#, "key? "), (#"{|"a":1}"#, "key /a"),
      (#"{"a|":1}"#, "key /a"),
      (#"{"a":|1}"#, "value /a"), (#"{"a":1|}"#, "value /a"), (#"{"a":1,|}"#, "key? "),
      (#"{"a":|}"#, "value? /a"), (#"{"a": |"#, "value? /a"), (#"{"a":"x|"#, "value /a"),
      (#"{"a":{"b":|}}"#, "value? /a/b"), (#"{"a":{|}}"#, "key? /a"),
      (#"{"a":[1,|2]}"#, "value /a/1"),
      (#"{"a":[1,|]}"#, "value? /a/1"), (#"{"a":[|]}"#, "value? /a/0"), (#"{"a":{}|}"#, "key? "),
      (#"{"a":1}|"#, "outside"), ("|", "outside"), (#"{"a":1 |,"b":2}"#, "key? "),
      (#"{"method":"gra|"#, "value /method"), (#"{"a":{"b":1|"#, "value /a/b"),
    ])
  func places(_ marked: String, expected: String) throws {
    let bytes = Array(marked.utf8)
    let offset = try #require(bytes.firstIndex(of: .init(ascii: "|")))
    let outline = JSONOutline(bytes.filter { $0 != .init(ascii: "|") })
    let place = outline.place(at: offset)
    let path = place.path.map(\.pointer).joined()
    let role =
      switch place.role {
      case .key: "key \(path)"
      case .value: path.isEmpty ? "value" : "value \(path)"
      case .missingValue: "value? \(path)"
      case .missingKey: "key? \(path)"
      case .outside: "outside"
      }
    #expect(role == expected)
  }
}

extension Random {
  fileprivate mutating func blanks() -> String {
    ["", "", "", " ", "\t", "  ", "\r"].randomElement(using: &self)!
  }

  fileprivate mutating func string() -> String {
    let parts = [
      "a", "b~", "/", #"\""#, #"\\"#, "ä", "😀", #"\u00e9"#, #"\ud83d\ude00"#, "[", "}", ",",
    ]
    let count = Int.random(in: 0...5, using: &self)
    return (0..<count).map { _ in parts.randomElement(using: &self)! }.joined()
  }

  /// JSON with blanks wherever they may be.
  fileprivate mutating func document(depth: Int) -> String {
    let kinds = depth > 0 ? 6 : 4
    let value: String
    switch Int.random(in: 0..<kinds, using: &self) {
    case 0: value = ["null", "true", "false"].randomElement(using: &self)!
    case 1: value = "\(Int.random(in: -999...999, using: &self))"
    case 2: value = ["1.5", "-0.25e3", "0"].randomElement(using: &self)!
    case 3: value = "\"\(string())\""
    case 4:
      let count = Int.random(in: 0...4, using: &self)
      value =
        "[" + (0..<count).map { _ in document(depth: depth - 1) }.joined(separator: ",")
        + blanks() + "]"
    default:
      let count = Int.random(in: 0...4, using: &self)
      let members = (0..<count).map { index in
        "\(blanks())\"\(index)\(string())\"\(blanks()):\(document(depth: depth - 1))"
      }
      value = "{" + members.joined(separator: ",") + blanks() + "}"
    }
    return blanks() + value + blanks()
  }
}
