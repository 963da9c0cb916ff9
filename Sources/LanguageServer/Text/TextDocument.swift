/// The text of a document, by lines: what an edit costs depends on the lines that it touches.
package struct TextDocument: Sendable {
  /// How a line ends. A carriage return alone ends one too, as LSP has it.
  package enum Ending: Hashable, Sendable {
    case lineFeed, carriageReturnLineFeed, carriageReturn
    /// The text ends here; of the last line only.
    case none

    var bytes: [UInt8] {
      switch self {
      case .lineFeed: [0x0A]
      case .carriageReturnLineFeed: [0x0D, 0x0A]
      case .carriageReturn: [0x0D]
      case .none: []
      }
    }
  }

  package struct Line: Hashable, Sendable {
    /// UTF-8 without the line's end.
    package let text: [UInt8]
    package let ending: Ending
  }

  /// Lines that an edit has put in the place of others.
  package struct LineChange: Hashable, Sendable {
    package let replaced: Range<Int>
    package let count: Int
  }

  /// At least one; the last of them has no ending.
  package private(set) var lines: [Line]
  /// Bytes of the text.
  package private(set) var size: Int
  package let encoding: PositionEncoding

  package init(_ text: [UInt8], encoding: PositionEncoding) {
    lines = Self.split(text)
    size = text.count
    self.encoding = encoding
  }

  /// The whole text.
  package var text: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(size)
    for line in lines { text += line.text + line.ending.bytes }
    return text
  }

  /// How new lines are to end: as the first one does.
  var newLine: [UInt8] {
    lines[0].ending == .none ? Ending.lineFeed.bytes : lines[0].ending.bytes
  }

  // MARK: Edits

  /// Replaces what lies in `range`; what lies beyond the text counts as its end.
  ///
  /// - Returns: which lines have changed.
  package mutating func replace(_ range: PositionRange, with text: [UInt8]) -> LineChange {
    let start = place(range.start)
    var end = place(range.end)
    if end < start { end = start }
    var first = start.line
    // The carriage return before may get its line feed.
    if start.byte == 0, first > 0, lines[first - 1].ending == .carriageReturn { first -= 1 }
    var joined: [UInt8] = []
    if first < start.line { joined += lines[first].text + lines[first].ending.bytes }
    joined += lines[start.line].text[..<start.byte] + text
    let last = lines[end.line]
    joined += last.text[end.byte...] + last.ending.bytes
    var pieces = Self.split(joined)
    if last.ending != .none { pieces.removeLast() }
    let replaced = first..<end.line + 1
    size += joined.count - lines[replaced].reduce(0) { $0 + $1.text.count + $1.ending.bytes.count }
    lines.replaceSubrange(replaced, with: pieces)
    return LineChange(replaced: replaced, count: pieces.count)
  }

  /// Replaces the whole text.
  package mutating func replace(with text: [UInt8]) -> LineChange {
    let replaced = lines.indices
    lines = Self.split(text)
    size = text.count
    return LineChange(replaced: replaced, count: lines.count)
  }

  private static func split(_ text: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var start = 0
    var index = 0
    while index < text.count {
      let ending: Ending
      switch text[index] {
      case 0x0A: ending = .lineFeed
      case 0x0D:
        ending =
          index + 1 < text.count && text[index + 1] == 0x0A
          ? .carriageReturnLineFeed : .carriageReturn
      default:
        index += 1
        continue
      }
      lines.append(Line(text: Array(text[start..<index]), ending: ending))
      index += ending.bytes.count
      start = index
    }
    lines.append(Line(text: Array(text[start...]), ending: .none))
    return lines
  }

  // MARK: Places

  /// The line and the byte in it at a position.
  package func place(_ position: Position) -> (line: Int, byte: Int) {
    guard position.line < lines.count else {
      return (lines.count - 1, lines[lines.count - 1].text.count)
    }
    let text = lines[position.line].text
    let byte = encoding.byte(ofColumn: position.character, in: text.span)
    return (position.line, byte)
  }

  /// The position of a byte in a line.
  package func position(line: Int, byte: Int) -> Position {
    let text = lines[line].text
    return Position(line: line, character: encoding.column(ofByte: byte, in: text.span))
  }

  /// The positions around bytes of a line.
  package func range(line: Int, _ bytes: Range<Int>) -> PositionRange {
    PositionRange(
      position(line: line, byte: bytes.lowerBound), position(line: line, byte: bytes.upperBound))
  }

  /// The line without the blanks around it.
  package func range(ofLine line: Int) -> PositionRange {
    let text = lines[line].text
    let start = text.firstIndex { !$0.isBlank } ?? 0
    let end = text.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
    return range(line: line, start..<end)
  }

  /// The whole document.
  package var wholeRange: PositionRange {
    let last = lines.count - 1
    return PositionRange(
      Position(line: 0, character: 0), position(line: last, byte: lines[last].text.count))
  }
}

extension UInt8 {
  /// Whether JSON has it between tokens.
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
