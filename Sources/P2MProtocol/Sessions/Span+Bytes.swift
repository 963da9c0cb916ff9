import Glibc

extension [UInt8] {
  /// A copy of these bytes.
  package init(copying bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension Span<UInt8> {
  /// Whether both have the same bytes.
  package func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { some in
      unsafe other.withUnsafeBytes { other in
        guard let start = some.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(start, second, some.count) == 0
      }
    }
  }

  /// Whether it begins with these bytes.
  func hasPrefix(_ prefix: Span<UInt8>) -> Bool {
    count >= prefix.count && extracting(first: prefix.count).isEqual(to: prefix)
  }

  /// Where `byte` stands first from `start` on, which may be the end.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    unsafe withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress,
        let found = unsafe memchr(first + start, Int32(byte), bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - first
    }
  }
}
