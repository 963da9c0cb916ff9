/// Text that stands in JSON as it is: printable ASCII without quotes and backslashes.
package enum PlainText {
  /// How many bytes there are before the first that needs an escape. Eight are looked at at once.
  package static func prefix(of text: UnsafeBufferPointer<UInt8>) -> Int {
    guard let start = unsafe UnsafeRawPointer(text.baseAddress) else { return 0 }
    var count = 0
    while count &+ 8 <= text.count,
      isPlain(unsafe start.loadUnaligned(fromByteOffset: count, as: UInt64.self))
    {
      count &+= 8
    }
    while count < text.count, !needsEscape(unsafe text[count]) { count &+= 1 }
    return count
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte >= 0x7F || byte == .init(ascii: "\"") || byte == .init(ascii: "\\")
  }

  /// Whether none of eight bytes needs an escape.
  @inline(__always)
  private static func isPlain(_ bytes: UInt64) -> Bool {
    // A byte's highest bit says that it is not ASCII already; else, that one of these holds.
    let escaped =
      (bytes &- each(0x20)) | isZero(bytes ^ each(.init(ascii: "\"")))
      | isZero(bytes ^ each(.init(ascii: "\\"))) | isZero(bytes ^ each(0x7F)) | bytes
    return escaped & each(0x80) == 0
  }

  /// The byte eight times.
  @inline(__always)
  private static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// Whether some byte is zero, in the highest bits. Right only as long as all are ASCII.
  @inline(__always)
  private static func isZero(_ bytes: UInt64) -> UInt64 { bytes &- each(1) }
}
