extension FrameReader {
  /// State `.start`: a UTF-8 byte order mark is skipped.
  mutating func skipByteOrderMark() -> Event? {
    let mark: InlineArray<3, UInt8> = [0xEF, 0xBB, 0xBF]
    var length = 0
    while length < 3, begin + length < end, bytes[begin + length] == mark[length] { length += 1 }
    if length < 3, begin + length == end, !atEnd { return .starved }
    move(to: length == 3 ? begin + 3 : begin, .undecided)
    return nil
  }

  /// State `.undecided`: the first byte that is not blank decides, unless a framing is forced.
  mutating func decideFraming() -> Event? {
    while begin < end, Self.isBlank(bytes[begin]) { begin += 1 }
    guard begin < end else { return starved }
    let decided = framing ?? (bytes[begin] == UInt8(ascii: "C") ? .contentLength : .ndjson)
    framing = decided
    switch decided {
    case .ndjson: move(to: begin, .line)
    case .contentLength: move(to: begin, .header(PartialHeader()))
    }
    return nil
  }

  /// State `.line`: one message, up to the line feed or the end of input; blank lines are ignored.
  mutating func takeLine() -> Event? {
    let lineFeed = firstIndex(of: UInt8(ascii: "\n"), in: scanned..<end)
    let stop = lineFeed ?? end
    if stop - begin > maxMessage {
      move(to: stop, .restOfLine)
      return .tooLong
    }
    guard lineFeed != nil || (atEnd && begin < end) else {
      scanned = end
      return starved
    }
    let line = trimmed(begin..<stop)
    move(to: lineFeed.map { $0 + 1 } ?? end, .line)
    return line.isEmpty ? nil : .message(line)
  }

  /// State `.restOfLine`: what is left of a line that was too long.
  mutating func skipLine() -> Event? {
    guard let lineFeed = firstIndex(of: UInt8(ascii: "\n"), in: begin..<end) else {
      move(to: end, .restOfLine)
      return starved
    }
    move(to: lineFeed + 1, .line)
    return nil
  }
}
