import Glibc

/// Cuts what a descriptor delivers into messages, which stay where they were read.
///
/// Ask `next` until it is `.starved`, then `fill`, and again. How the bytes are spread over reads
/// makes no difference to what comes out. Memory is bounded: what is too long is skipped unbuffered.
package struct FrameReader: ~Copyable {
  private static let initialCapacity = 1 << 16
  /// A buffer that has grown beyond this many bytes is given back once it is empty enough.
  private static let keptCapacity = 1 << 20

  /// What comes next in the input.
  package enum Event: Equatable {
    /// A message: its place in `bytes`, until the next `fill`.
    case message(Range<Int>)
    /// A message over the limit, which is skipped.
    case tooLong
    /// A header that cannot be used, and why; input is skipped to the next one.
    case malformed(HeaderFault)
    /// Nothing until the next `fill`.
    case starved
    /// The end of input.
    case end
  }

  /// What the byte at `begin` belongs to.
  enum State {
    /// A byte order mark, perhaps; then the byte that decides on the framing.
    case start, undecided
    /// A line, or what is left of one that was too long.
    case line, restOfLine
    /// A header line, a body of so many bytes, one that is too long, or nothing that makes sense.
    case header(PartialHeader)
    case body(Int)
    case skippedBody(Int)
    case lost
  }

  /// The read buffer; `begin..<end` is unread.
  package private(set) var bytes: [UInt8]
  var begin = 0
  var end = 0
  /// Up to here the unread bytes hold nothing that the current state looks for.
  var scanned = 0
  var state = State.start
  private(set) var atEnd = false
  /// How many bytes of the input came before those in `bytes`.
  private(set) var passed = 0
  /// Up to here the messages that wait have been looked through.
  var looked = Place()
  /// The connection's framing: forced, or decided by the first byte that is not blank.
  package internal(set) var framing: Framing?
  let maxMessage: Int

  /// A reader of one connection.
  ///
  /// - Parameters:
  ///   - framing: forces a framing; `nil` to let the first byte decide.
  ///   - maxMessage: the longest line or body that is accepted, in bytes.
  package init(framing: Framing? = nil, maxMessage: Int = Limits.message) {
    self.framing = framing
    self.maxMessage = maxMessage
    bytes = Self.buffer(of: Self.initialCapacity)
  }

  /// A buffer whose memory is not touched before it is read into; nobody looks beyond `end`.
  private static func buffer(of size: Int) -> [UInt8] {
    unsafe Array(unsafeUninitializedCapacity: size) { _, count in count = size }
  }

  /// The next message or what stands in its place.
  package mutating func next() -> Event {
    while true {
      let event =
        switch state {
        case .line: takeLine()
        case .restOfLine: skipLine()
        case .header(let header): takeHeaderLine(after: header)
        case .body(let length): takeBody(length)
        case .skippedBody(let length): skipBody(length)
        case .lost: findHeader()
        case .start: skipByteOrderMark()
        case .undecided: decideFraming()
        }
      if let event { return event }
    }
  }

  /// Reads more input, waiting for it.
  ///
  /// - Throws: `StreamError` where the descriptor cannot be read.
  package mutating func fill(from descriptor: Descriptor) throws(StreamError) {
    try fill(from: descriptor, keeping: maxMessage + Limits.header)
  }

  /// The same, with a buffer of so many bytes at most.
  mutating func fill(from descriptor: Descriptor, keeping limit: Int) throws(StreamError) {
    makeRoom(within: limit)
    let count = try descriptor.read(into: &bytes, at: end)
    end += count
    atEnd = count == 0
  }

  /// Moves what is unread to the front, and has room behind it.
  private mutating func makeRoom(within limit: Int) {
    let unread = end - begin
    if bytes.count > Self.keptCapacity, unread < Self.initialCapacity {
      bytes = bytes[begin..<end] + Self.buffer(of: Self.initialCapacity - unread)
    } else if begin > 0 {
      unsafe bytes.withUnsafeMutableBytes { all in
        unsafe all.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[begin..<end]))
      }
    }
    passed += begin
    scanned -= begin
    begin = 0
    end = unread
    if end == bytes.count {
      let growth = max(1, min(bytes.count, limit - bytes.count))
      // To the byte: left to itself, an array of 16 MiB doubles.
      bytes.reserveCapacity(bytes.count + growth)
      bytes.append(contentsOf: repeatElement(0, count: growth))
    }
  }

  // MARK: For the states

  /// What a state answers that needs bytes which are not there.
  var starved: Event { atEnd ? .end : .starved }

  /// Goes on at `position` in another state.
  mutating func move(to position: Int, _ state: State) {
    begin = position
    scanned = position
    self.state = state
  }

  /// The first place of a byte within the range.
  @inline(__always)
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    unsafe bytes.withUnsafeBytes { all in
      guard let start = all.baseAddress,
        let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - start
    }
  }

  /// The range without the blanks at its end, the carriage return among them.
  @inline(__always)
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var stop = range.upperBound
    while stop > range.lowerBound, Self.isBlank(bytes[stop - 1]) { stop -= 1 }
    return range.lowerBound..<stop
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool {
    switch byte {
    case .init(ascii: " "), .init(ascii: "\t"), .init(ascii: "\r"), .init(ascii: "\n"): true
    default: false
    }
  }
}
