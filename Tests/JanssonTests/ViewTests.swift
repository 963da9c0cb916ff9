import Jansson
import Testing

@Suite struct ViewTests {
  @Test(
    "A value knows its kind",
    arguments: [
      ("null", JSONView.Kind.null), ("true", .boolean), ("false", .boolean), ("1", .integer),
      ("1.0", .real), ("1e3", .real), ("\"1\"", .string), ("[]", .array), ("{}", .object),
    ])
  func kind(_ text: String, _ kind: JSONView.Kind) throws {
    #expect(try parse(text) { $0.kind } == kind)
  }

  @Test(
    "An accessor of another kind answers nil",
    arguments: ["null", "1.5", "[1]", "{\"a\":1}"])
  func otherKinds(_ text: String) throws {
    try parse(text) { view in
      #expect(view.integer == nil)
      #expect(view.boolean == nil)
      #expect(view.string == nil)
      #expect(!view.equals(""))
    }
  }

  @Test("Members and elements are found, or nil")
  func lookUp() throws {
    try parse("{\"a\":[10,true],\"b\":{\"c\":\"d\"}}") { root in
      #expect(root.count == 2)
      #expect(root["a"]?.count == 2)
      #expect(root["a"]?[0]?.integer == 10)
      #expect(root["a"]?[1]?.boolean == true)
      #expect(root["a"]?[2]?.kind == nil)
      #expect(root["a"]?[-1]?.kind == nil)
      #expect(root["b"]?["c"]?.equals("d") == true)
      #expect(root["c"]?.kind == nil)
      #expect(root[0]?.kind == nil)
      #expect(root["a"]?["a"]?.kind == nil)
    }
  }

  @Test("A string equals only itself", arguments: ["", "gf", "gfn ", "gfm", "GFN"])
  func unequal(_ other: String) throws {
    try parse("\"\(other)\"") { #expect(!$0.equals("gfn")) }
    try parse("\"gfn\"") { #expect($0.equals("gfn")) }
  }

  @Test("Members come in document order")
  func order() throws {
    try parse("{\"z\":1,\"a\":2,\"\\u00e9\":3,\"m\":{}}") { root in
      #expect(root.members.map(\.name) == ["z", "a", "é", "m"])
      #expect(root.members.compactMap(\.value.integer) == [1, 2, 3])
      #expect(root.members.map { $0.isNamed("a") } == [false, true, false, false])
    }
  }

  @Test("Only objects have members", arguments: ["[1]", "1", "null", "\"a\"", "{}"])
  func noMembers(_ text: String) throws {
    try parse(text) { #expect(Array($0.members).isEmpty) }
  }
}
