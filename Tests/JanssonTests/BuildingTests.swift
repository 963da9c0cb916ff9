import Jansson
import Testing

@Suite struct BuildingTests {
  /// What `parsed` makes the member `b` of, beside two others; `nil` where the parser refuses it.
  private func object(of parsed: String) -> (text: String, size: Int)? {
    guard var document = JSONDocument(), document.add("a", -7) else { return nil }
    let size = unsafe Array(parsed.utf8).withUnsafeBufferPointer { bytes in
      unsafe document.add("b", parsing: bytes)
    }
    let isAdded = unsafe Array("x y".utf8).withUnsafeBufferPointer { bytes in
      unsafe document.add("c", ascii: bytes)
    }
    guard let size, isAdded else { return nil }
    return (written { $0.value(document.root) }, size)
  }

  @Test(
    "Members are in the order in which they were added, and what was parsed ends with its bracket",
    arguments: [
      ("{}", "{}"), ("[1,2]", "[1,2]"), (" {\"d\":[null]}}", "{\"d\":[null]}"), ("[]x", "[]"),
      ("[[]]],", "[[]]"),
    ])
  func members(_ text: String, _ value: String) throws {
    let (written, size) = try #require(object(of: text))
    #expect(written == "{\"a\":-7,\"b\":\(value),\"c\":\"x y\"}")
    #expect(text.prefix(size).hasSuffix(value))
  }

  @Test(
    "What the parser refuses is not added",
    arguments: [
      "", "1", "\"d\"", "null", "{", "{\"d\":1,\"d\":2}", "[1\u{0}]", "{}\u{0}", "[\"\u{1}\"]",
    ])
  func refused(_ text: String) {
    #expect(object(of: text) == nil)
  }
}
