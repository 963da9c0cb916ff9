/// Why an LSP header cannot be used: what is wrong, and what was expected.
package enum HeaderFault: String {
  case noColon = "a header line is 'Name: value'"
  case textBeforeName = "bytes before 'Content-Length:', so the length before it was too small"
  case badLength = "Content-Length is a decimal number of bytes"
  case noLength = "the header has no 'Content-Length: N'"
  case tooLong = "a header line is longer than 4096 bytes"
  case lengthTooLarge = "another header begins within the body, so its Content-Length is too large"
  case inputEnds = "the input ends before the message does"
}

/// What is known of a header that is still being read.
struct PartialHeader {
  var isEmpty = true
  var length: Int?
}

extension FrameReader {
  /// How a header is recognised where the input makes no sense otherwise.
  private static var name: StaticString { "Content-Length:" }
  /// The longest `Content-Length: N` that is recognised within a body, in bytes.
  private static var longestHeader: Int { 40 }

  /// State `.header`: one line of a header; a blank one ends it.
  mutating func takeHeaderLine(after header: PartialHeader) -> Event? {
    let lineFeed = firstIndex(of: UInt8(ascii: "\n"), in: scanned..<end)
    let stop = lineFeed ?? end
    if stop - begin > Limits.header { return malformed(.tooLong) }
    let line = trimmed(begin..<stop)
    guard let lineFeed else {
      scanned = end
      return atEnd && !(header.isEmpty && line.isEmpty) ? malformed(.inputEnds) : starved
    }
    if line.isEmpty { return endHeader(header, at: lineFeed + 1) }
    var header = header
    header.isEmpty = false
    if matchesName(at: begin, ignoringCase: true) {
      let value = line.lowerBound + Self.name.utf8CodeUnitCount..<line.upperBound
      guard let length = number(in: value) else { return malformed(.badLength) }
      header.length = length
    } else if firstName(in: line) != nil {
      return malformed(.textBeforeName)
    } else if firstIndex(of: UInt8(ascii: ":"), in: line) == nil {
      return malformed(.noColon)
    }
    move(to: lineFeed + 1, .header(header))
    return nil
  }

  private mutating func endHeader(_ header: PartialHeader, at position: Int) -> Event? {
    guard let length = header.length else {
      if !header.isEmpty { return malformed(.noLength) }
      move(to: position, .header(header))
      return nil
    }
    move(to: position, length > maxMessage ? .skippedBody(length) : .body(length))
    return length > maxMessage ? .tooLong : nil
  }

  /// State `.body`: one message, unless a header within shows that the length is wrong.
  mutating func takeBody(_ length: Int) -> Event? {
    let stop = min(end, begin + length)
    if let header = header(in: begin..<stop) {
      move(to: header, .header(PartialHeader()))
      return .malformed(.lengthTooLarge)
    }
    scanned = stop
    guard stop == begin + length else { return atEnd ? malformed(.inputEnds) : .starved }
    let body = begin..<stop
    move(to: stop, .header(PartialHeader()))
    return .message(body)
  }

  /// State `.skippedBody`: a body over the limit; all but its end is dropped as it comes.
  mutating func skipBody(_ length: Int) -> Event? {
    let stop = length < end - begin ? begin + length : end
    if let header = header(in: begin..<stop) {
      move(to: header, .header(PartialHeader()))
    } else if stop - begin == length {
      move(to: stop, .header(PartialHeader()))
    } else {
      let kept = max(begin, stop - Self.longestHeader)
      state = .skippedBody(length - (kept - begin))
      begin = kept
      scanned = stop
      return starved
    }
    return nil
  }

  /// State `.lost`: input is skipped up to the next header.
  mutating func findHeader() -> Event? {
    if let header = firstName(in: begin..<end) {
      move(to: header, .header(PartialHeader()))
      return nil
    }
    begin = max(begin, end - Self.name.utf8CodeUnitCount)
    scanned = begin
    return starved
  }

  /// Gives up the header at `begin`, and looks for the next one behind its first byte.
  private mutating func malformed(_ fault: HeaderFault) -> Event {
    move(to: min(begin + 1, end), .lost)
    return .malformed(fault)
  }

  // MARK: Recognising headers

  /// Where `Content-Length: N`, CR stands among the bytes of a body that are not scanned yet.
  ///
  /// No JSON text has a raw carriage return within a string, so this is never part of a message.
  private func header(in body: Range<Int>) -> Int? {
    var from = scanned
    while let lineEnd = firstIndex(of: UInt8(ascii: "\r"), in: from..<body.upperBound) {
      let line = max(body.lowerBound, lineEnd - Self.longestHeader)..<lineEnd
      if let name = firstName(in: line),
        number(in: name + Self.name.utf8CodeUnitCount..<lineEnd) != nil
      {
        return name
      }
      from = lineEnd + 1
    }
    return nil
  }

  private func firstName(in range: Range<Int>) -> Int? {
    var from = range.lowerBound
    while let found = firstIndex(of: UInt8(ascii: "C"), in: from..<range.upperBound) {
      if found + Self.name.utf8CodeUnitCount > range.upperBound { return nil }
      if matchesName(at: found, ignoringCase: false) { return found }
      from = found + 1
    }
    return nil
  }

  private func matchesName(at position: Int, ignoringCase: Bool) -> Bool {
    guard position + Self.name.utf8CodeUnitCount <= end else { return false }
    let caseBit: UInt8 = ignoringCase ? 0x20 : 0
    return unsafe UnsafeBufferPointer(
      start: Self.name.utf8Start, count: Self.name.utf8CodeUnitCount
    ).enumerated().allSatisfy { bytes[position + $0.offset] | caseBit == $0.element | caseBit }
  }

  /// A decimal number with blanks around it; `nil` if it is none or has more than 18 digits.
  private func number(in range: Range<Int>) -> Int? {
    let blankless = trimmed(range)
    var position = blankless.lowerBound
    while position < blankless.upperBound, Self.isBlank(bytes[position]) { position += 1 }
    guard (1...18).contains(blankless.upperBound - position) else { return nil }
    var value = 0
    for byte in bytes[position..<blankless.upperBound] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
