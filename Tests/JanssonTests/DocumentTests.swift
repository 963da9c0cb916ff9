import Jansson
import Testing

@Suite struct DocumentTests {
  @Test(
    "What is not JSON is refused",
    arguments: [
      "", " ", "{", "[1", "nul", "{\"a\":1,}", "{'a':1}", "01", "+1", ".5", "NaN", "Infinity",
      "1 2", "{} {}", "[1]]", "\"tab\tin a string\"",
      "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
      "\"\\u0000\"", "{\"\\u0000\":1}", "\u{0}1", "1\u{0}", "\"a\u{0}b\"", "[1\u{0}]",
      "[true\u{0}]", "{}\u{0}",
      "9223372036854775808", "-9223372036854775809", "1e400", "\"\\ud800\"",
    ])
  func refused(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try parse(text) { _ in } }
  }

  @Test(
    "Invalid UTF-8 is refused, and the message about it is clean",
    arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x1B]])
  func invalidUTF8(_ bytes: [UInt8]) throws {
    let text = [UInt8(ascii: "x")] + bytes
    let fault = #expect(throws: JSONSyntaxError.self) { _ = try JSONDocument(parsing: text.span) }
    let message = try #require(fault).message
    #expect(!message.isEmpty)
    #expect(message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test("A fault is reported with its place")
  func place() {
    let fault = #expect(throws: JSONSyntaxError.self) {
      try parse("{\"a\": 1,\n \"b\" 2}") { _ in }
    }
    #expect(fault?.line == 2)
    #expect(fault?.column == 6)
    #expect(fault?.position == 15)
    #expect(fault?.message.contains("':' expected") == true)
  }

  @Test(
    "Integers are exact up to the edges of Int64",
    arguments: [
      ("0", 0), ("-0", 0), ("9007199254740993", 9_007_199_254_740_993),
      ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ])
  func integers(_ text: String, _ value: Int64) throws {
    #expect(try parse(text) { $0.integer } == value)
  }
}
