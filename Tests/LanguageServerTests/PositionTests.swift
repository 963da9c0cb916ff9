import Testing

@testable import LanguageServer

@Suite struct PositionTests {
  @Test(
    "A column counts UTF-16 code units, or bytes",
    arguments: [
      ("", 0, 0, 0), ("abc", 2, 2, 2), ("\ta", 1, 1, 1), ("äb", 2, 1, 2), ("äb", 3, 2, 3),
      ("€b", 3, 1, 3), ("😀b", 4, 2, 4), ("😀b", 5, 3, 5), ("a😀", 5, 3, 5),
    ])
  func columns(_ text: String, byte: Int, utf16: Int, utf8: Int) {
    let bytes = Array(text.utf8)
    #expect(PositionEncoding.utf16.column(ofByte: byte, in: bytes.span) == utf16)
    #expect(PositionEncoding.utf8.column(ofByte: byte, in: bytes.span) == utf8)
    #expect(PositionEncoding.utf16.byte(ofColumn: utf16, in: bytes.span) == byte)
    #expect(PositionEncoding.utf8.byte(ofColumn: utf8, in: bytes.span) == byte)
  }

  @Test("A column within a character is its beginning, one beyond the line its end")
  func between() {
    let bytes = Array("a😀é".utf8)
    #expect(PositionEncoding.utf16.byte(ofColumn: 2, in: bytes.span) == 1)
    #expect(PositionEncoding.utf8.byte(ofColumn: 3, in: bytes.span) == 1)
    for encoding in [PositionEncoding.utf8, .utf16] {
      #expect(encoding.byte(ofColumn: 99, in: bytes.span) == bytes.count)
      #expect(encoding.byte(ofColumn: .max, in: bytes.span) == bytes.count)
    }
  }
}
