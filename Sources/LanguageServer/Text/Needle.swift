import Glibc

/// Bytes that are looked for in many texts.
///
/// Found by one of them that is rare in replies, so that most of a text is passed over many bytes at
/// a time.
struct Needle {
  private let bytes: [UInt8]
  private let rare: Int

  /// - Parameter text: ASCII, not empty.
  init(_ text: String) {
    bytes = Array(text.utf8)
    let letters = "vyT".utf8
    rare = letters.lazy.compactMap { [bytes] in bytes.firstIndex(of: $0) }.first ?? 0
  }

  /// Whether the bytes are somewhere in `text`.
  func isIn(_ text: [UInt8]) -> Bool {
    unsafe text.withUnsafeBytes { text in
      guard let start = text.baseAddress, text.count >= bytes.count else { return false }
      var from = rare
      let last = text.count - (bytes.count - rare)
      while from <= last,
        let found = unsafe memchr(start + from, Int32(bytes[rare]), last - from + 1)
      {
        let place = unsafe UnsafeRawPointer(found) - start
        if unsafe memcmp(start + place - rare, bytes, bytes.count) == 0 { return true }
        from = place + 1
      }
      return false
    }
  }
}
