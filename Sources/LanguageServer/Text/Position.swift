import Jansson
import P2MProtocol

/// How the columns of positions are counted: in bytes, or in UTF-16 code units.
package enum PositionEncoding: String, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
}

/// A place between two characters of a document, as LSP counts: lines and columns from 0.
package struct Position: Hashable, Comparable, Sendable {
  package var line: Int
  package var character: Int

  package init(line: Int, character: Int) {
    self.line = line
    self.character = character
  }

  package static func < (one: Position, other: Position) -> Bool {
    (one.line, one.character) < (other.line, other.character)
  }
}

/// What lies between two positions.
package struct PositionRange: Hashable, Sendable {
  package var start: Position
  package var end: Position

  package init(_ start: Position, _ end: Position) {
    self.start = start
    self.end = end
  }
}

// MARK: Columns

extension PositionEncoding {
  /// The column of the byte at `offset`, which begins a character or ends the line.
  ///
  /// - Parameter text: valid UTF-8.
  func column(ofByte offset: Int, in text: Span<UInt8>) -> Int {
    guard self == .utf16 else { return offset }
    var column = 0
    for index in 0..<min(offset, text.count) { column += Self.units(of: text[index]) }
    return column
  }

  /// The byte at a column; within a character its first, beyond the line its end.
  func byte(ofColumn column: Int, in text: Span<UInt8>) -> Int {
    var offset = 0
    switch self {
    case .utf8:
      offset = min(column, text.count)
    case .utf16:
      var left = column
      while offset < text.count {
        let units = Self.units(of: text[offset])
        if units > left { break }
        left -= units
        offset += 1
      }
    }
    while offset > 0, offset < text.count, text[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  /// The UTF-16 code units of the character that `byte` begins; none for the bytes that follow.
  private static func units(of byte: UInt8) -> Int {
    if byte & 0xC0 == 0x80 { return 0 }
    return byte >= 0xF0 ? 2 : 1
  }
}

// MARK: On the wire

extension Position {
  /// Numbers beyond every document count as its end.
  init?(_ view: JSONView?) {
    guard let line = view?["line"]?.integer, let character = view?["character"]?.integer,
      line >= 0, character >= 0
    else { return nil }
    self.init(line: Int(clamping: line), character: Int(clamping: character))
  }

  var json: JSONTree {
    .object(["line": .integer(Int64(line)), "character": .integer(Int64(character))])
  }
}

extension PositionRange {
  init?(_ view: JSONView?) {
    guard let start = Position(view?["start"]), let end = Position(view?["end"]) else {
      return nil
    }
    self.init(start, end)
  }

  var json: JSONTree { .object(["start": start.json, "end": end.json]) }
}
