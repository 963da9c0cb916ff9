import Jansson
import Testing

@Suite struct WriterTests {
  @Test("Commas stand between members and between elements only")
  func commas() {
    let text = written { writer in
      writer.beginObject()
      writer.key("a")
      writer.beginArray()
      writer.endArray()
      writer.key("b")
      writer.beginArray()
      writer.element()
      writer.null()
      writer.element()
      writer.boolean(true)
      writer.element()
      writer.string("[")
      writer.element()
      writer.boolean(false)
      writer.endArray()
      writer.endObject()
    }
    #expect(text == "{\"a\":[],\"b\":[null,true,\"[\",false]}")
  }

  @Test(
    "Frame numbers are hex strings without leading zeros",
    arguments: [
      (0, "0x0"), (9, "0x9"), (0xA, "0xa"), (0xF, "0xf"), (0x10, "0x10"), (0x38000, "0x38000"),
      (1 << 53, "0x20000000000000"), (UInt64.max, "0xffffffffffffffff"),
    ])
  func hex(_ value: UInt64, _ text: String) {
    #expect(written { $0.hex(value) } == "\"\(text)\"")
  }

  @Test(
    "Integers are decimal up to the edges of Int64",
    arguments: [0, 1, -1, 9, 10, 99, 100, -10, 999_999_999_999_999_999, 1_000_000_000_000_000_000]
      + [Int64.max, Int64.min, Int64.min + 1])
  func integer(_ value: Int64) {
    #expect(written { $0.integer(value) } == "\(value)")
  }

  @Test(
    "Strings are escaped to ASCII",
    arguments: [
      ("", ""), ("plain ~", "plain ~"), ("\"\\/", "\\\"\\\\/"), ("\n\r\t", "\\n\\r\\t"),
      ("\u{0}\u{1}\u{8}\u{1F}", "\\u0000\\u0001\\u0008\\u001f"), ("\u{7F}", "\\u007f"),
      ("é€", "\\u00e9\\u20ac"), ("a😀b", "a\\ud83d\\ude00b"), ("\u{10FFFF}", "\\udbff\\udfff"),
    ])
  func escapes(_ text: String, _ escaped: String) {
    let dynamic = text
    #expect(written { $0.string(dynamic) } == "\"\(escaped)\"")
  }

  @Test("Bytes that are not UTF-8 become U+FFFD")
  func invalidUTF8() {
    let bytes: [UInt8] = [0x61, 0xFF, 0x62]
    let text = written { writer in
      unsafe bytes.withUnsafeBufferPointer { unsafe writer.string($0) }
    }
    #expect(text == "\"a\\ufffdb\"")
  }

  @Test(
    "A parsed value is copied as it was",
    arguments: [
      "null", "true", "false", "-9223372036854775808", "1.5", "-2.5e-09", "1e+300",
      "\"\\u00e9\\n\"",
      "[]", "{}", "[1,[2,{\"a\":[]}],\"x\"]", "{\"z\":1,\"a\":{\"\\\"\":null},\"\\u20ac\":[false]}",
    ])
  func copied(_ text: String) throws {
    #expect(try parse(text) { view in written { $0.value(view) } } == text)
  }

  @Test("What was written since a mark can be taken back")
  func rewind() {
    let text = written { writer in
      writer.beginObject()
      let mark = writer.mark
      writer.key("result")
      writer.beginArray()
      writer.rewind(to: mark)
      writer.key("error")
      writer.null()
      writer.endObject()
    }
    #expect(text == "{\"error\":null}")
  }

  @Test(
    "A writer grows with what it holds, and can be used again", arguments: [1, 70_000, 3 << 20])
  func growth(_ size: Int) {
    var writer = JSONWriter()
    for _ in 1...2 {
      writer.string(String(repeating: "x", count: size))
      #expect(writer.count == size + 2)
      writer.removeAll()
      #expect(writer.text == "")
    }
    writer.raw("{}")
    #expect(writer.text == "{}")
  }

  @Test("A writer can be appended to another")
  func append() {
    var body = JSONWriter()
    var all = JSONWriter()
    all.append(body)
    body.integer(7)
    all.append(body)
    all.append(body)
    #expect(all.text == "77")
  }
}
