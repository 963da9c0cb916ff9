import Testing

@testable import LanguageServer

@Suite struct TextDocumentTests {
  @Test(
    "A line ends with LF, CR LF or CR, and the last one with the text",
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb", ["a", "b"]), ("a\rb", ["a", "b"]),
      ("\n\r\n\r", ["", "", "", ""]), ("a\n\rb", ["a", "", "b"]),
    ])
  func lines(_ text: String, expected: [String]) {
    let document = TextDocument(Array(text.utf8), encoding: .utf16)
    #expect(document.lines.map { String(decoding: $0.text, as: UTF8.self) } == expected)
    #expect(document.text == Array(text.utf8))
  }

  @Test("Whatever edits lead to a text, its lines are those of the text", arguments: 0..<200)
  func randomEdits(_ seed: UInt64) {
    var random = Random(seed: seed)
    let pieces = ["a", "\n", "\r\n", "\r", "ä", "😀", "\t", "€", "xyz", ""]
    func text(_ random: inout Random) -> [UInt8] {
      let count = Int.random(in: 0...6, using: &random)
      return Array((0..<count).map { _ in pieces.randomElement(using: &random)! }.joined().utf8)
    }
    for encoding in [PositionEncoding.utf8, .utf16] {
      var document = TextDocument(text(&random), encoding: encoding)
      for _ in 0..<40 {
        let old = document
        let places = [random.place(in: old), random.place(in: old)].sorted()
        let (start, end) = (old.place(places[0]), old.place(places[1]))
        let new = text(&random)
        let expected =
          old.text[..<old.offset(start)] + new
          + old.text[max(old.offset(start), old.offset(end))...]
        let change = document.replace(PositionRange(places[0], places[1]), with: new)
        let fresh = TextDocument(Array(expected), encoding: encoding)
        #expect(document.lines == fresh.lines)
        #expect(document.size == expected.count)
        var lines = old.lines
        let added = change.replaced.lowerBound..<change.replaced.lowerBound + change.count
        lines.replaceSubrange(change.replaced, with: document.lines[added])
        #expect(lines == document.lines, "the change tells which lines are new")
      }
    }
  }

  @Test("What lies beyond the text counts as its end, and an end before its start as the start")
  func beyond() {
    var document = TextDocument(Array("ab\ncd".utf8), encoding: .utf16)
    _ = document.replace(
      PositionRange(Position(line: 7, character: 0), Position(line: 9, character: 9)),
      with: Array("!".utf8))
    #expect(document.text == Array("ab\ncd!".utf8))
    _ = document.replace(
      PositionRange(Position(line: 1, character: 0), Position(line: 0, character: 0)),
      with: Array("?".utf8))
    #expect(document.text == Array("ab\n?cd!".utf8))
  }
}

extension Random {
  /// Some position, now and then one beyond the text.
  fileprivate mutating func place(in document: TextDocument) -> Position {
    Position(
      line: .random(in: 0...document.lines.count, using: &self),
      character: .random(in: 0...6, using: &self))
  }
}

extension TextDocument {
  fileprivate func offset(_ place: (line: Int, byte: Int)) -> Int {
    lines[..<place.line].reduce(place.byte) { $0 + $1.text.count + $1.ending.bytes.count }
  }
}
