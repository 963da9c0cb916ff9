import Glibc

extension StaticString {
  /// The constant's bytes, for C functions that take text.
  @inlinable @inline(__always)
  var characters: UnsafePointer<CChar> {
    unsafe UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Whether the constant has exactly these bytes: their number first, then `memcmp`.
  @inlinable @inline(__always)
  package func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.count == utf8CodeUnitCount, let start = bytes.baseAddress else {
      return bytes.count == utf8CodeUnitCount
    }
    return unsafe memcmp(start, utf8Start, utf8CodeUnitCount) == 0
  }
}
