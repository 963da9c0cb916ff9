extension JSONWriter {
  // MARK: Structure

  /// Opens an object.
  @inlinable @inline(__always)
  package mutating func beginObject() { byte(.init(ascii: "{")) }

  /// Closes an object.
  @inlinable @inline(__always)
  package mutating func endObject() { byte(.init(ascii: "}")) }

  /// Opens an array.
  @inlinable @inline(__always)
  package mutating func beginArray() { byte(.init(ascii: "[")) }

  /// Closes an array.
  @inlinable @inline(__always)
  package mutating func endArray() { byte(.init(ascii: "]")) }

  /// Names the next value of an object, after a comma unless it is the first.
  ///
  /// - Parameter name: ASCII that needs no escape.
  @inlinable @inline(__always)
  package mutating func key(_ name: StaticString) {
    separate(after: .init(ascii: "{"))
    let size = name.utf8CodeUnitCount
    let room = unsafe reserve(size &+ 3)
    unsafe room[0] = .init(ascii: "\"")
    unsafe (room + 1).update(from: name.utf8Start, count: size)
    unsafe room[size &+ 1] = .init(ascii: "\"")
    unsafe room[size &+ 2] = .init(ascii: ":")
    advance(size &+ 3)
  }

  /// Names the next value of an object by any string, escaped to ASCII.
  @_disfavoredOverload
  package mutating func key(_ name: String) {
    separate(after: .init(ascii: "{"))
    string(name)
    byte(.init(ascii: ":"))
  }

  /// Begins the next value of an array: a comma unless it is the first.
  @inlinable @inline(__always)
  package mutating func element() { separate(after: .init(ascii: "[")) }

  /// A comma, unless the last byte is `opening`.
  @inlinable @inline(__always)
  mutating func separate(after opening: UInt8) {
    if last != opening { byte(.init(ascii: ",")) }
  }

  @inlinable @inline(__always)
  mutating func byte(_ byte: UInt8) {
    unsafe reserve(1).pointee = byte
    advance(1)
  }

  // MARK: Constants

  /// Bytes that are written as they are: several tokens at once, or what frames a message.
  @inlinable @inline(__always)
  package mutating func raw(_ text: StaticString) {
    unsafe reserve(text.utf8CodeUnitCount).update(
      from: text.utf8Start, count: text.utf8CodeUnitCount)
    advance(text.utf8CodeUnitCount)
  }

  /// `null`.
  @inlinable @inline(__always)
  package mutating func null() { raw("null") }

  /// `true` or `false`.
  @inlinable @inline(__always)
  package mutating func boolean(_ value: Bool) { value ? raw("true") : raw("false") }

  /// Everything that another writer holds.
  package mutating func append(_ other: borrowing JSONWriter) {
    other.withBytes { bytes in
      unsafe bytes.withUnsafeBufferPointer { unsafe copy($0) }
    }
  }

  /// What another writer holds from `mark` on.
  package mutating func append(_ other: borrowing JSONWriter, from mark: Mark) {
    other.withBytes { append($0.extracting(mark.count...)) }
  }

  /// Bytes that are JSON already.
  package mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe copy($0) }
  }

  mutating func copy(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    unsafe reserve(bytes.count).update(from: source, count: bytes.count)
    advance(bytes.count)
  }

  // MARK: Numbers

  /// A decimal number.
  @inlinable @inline(__always)
  package mutating func integer(_ value: Int64) {
    // Domains, frames and counts are digits, mostly.
    if 0..<10 ~= value {
      byte(.init(ascii: "0") &+ UInt8(truncatingIfNeeded: value))
    } else {
      digits(of: value)
    }
  }

  @usableFromInline
  mutating func digits(of value: Int64) {
    let digitsAtMost = 20
    let room = unsafe reserve(digitsAtMost)
    let sign = value < 0 ? 1 : 0
    unsafe room[0] = .init(ascii: "-")
    var size = 1
    var bound: UInt64 = 10
    while size < 19, value.magnitude >= bound {
      size &+= 1
      bound &*= 10
    }
    var rest = value.magnitude
    var index = sign &+ size
    while index > sign {
      index &-= 1
      unsafe room[index] = .init(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    advance(sign &+ size)
  }

  /// A frame number or an address: `"0x..."`, quoted, lower case, no leading zeros.
  ///
  /// A string, because numbers from 2^53 do not survive JavaScript, Lua or Emacs.
  package mutating func hex(_ value: UInt64) {
    let room = unsafe reserve(20)
    unsafe room[0] = .init(ascii: "\"")
    let size = unsafe Self.put(hex: value, room + 1)
    unsafe room[size &+ 1] = .init(ascii: "\"")
    advance(size &+ 2)
  }

  /// The same without quotes, within a string that `raw` opens and closes.
  package mutating func bareHex(_ value: UInt64) {
    advance(unsafe Self.put(hex: value, reserve(18)))
  }

  /// - Returns: how many bytes it takes, 18 at most.
  @inline(__always)
  private static func put(hex value: UInt64, _ room: UnsafeMutablePointer<UInt8>) -> Int {
    let size = max(1, (67 &- value.leadingZeroBitCount) / 4)
    unsafe room[0] = .init(ascii: "0")
    unsafe room[1] = .init(ascii: "x")
    var rest = value
    var index = size &+ 1
    while index > 1 {
      unsafe room[index] = hexDigit(rest)
      rest &>>= 4
      index &-= 1
    }
    return size &+ 2
  }

  /// Text that needs no escape, within a string that `raw` opens and closes.
  package mutating func bareText(_ ascii: String) {
    var ascii = ascii
    ascii.withUTF8 { unsafe copy($0) }
  }

  /// The lowest four bits as a digit.
  @inline(__always)
  static func hexDigit(_ bits: some BinaryInteger) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: bits) & 15
    return digit &+ (digit < 10 ? .init(ascii: "0") : .init(ascii: "a") &- 10)
  }
}
