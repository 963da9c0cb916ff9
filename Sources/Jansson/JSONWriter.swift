import Glibc

/// Writes compact ASCII JSON straight into a growing buffer of bytes.
///
/// Replies are written, not built: no tree, no `String`, and one check for room a token. The writer
/// puts commas itself, but trusts its caller to nest and to pair keys with values.
///
/// Public, as the compiler inlines no member of another module's package type: a constant token is a
/// few moves where it is written, and a call and a copy otherwise.
@safe
public struct JSONWriter: ~Copyable {
  private static let initialCapacity = 1 << 16
  /// A buffer that has grown beyond this many bytes is given back by `removeAll`.
  private static let keptCapacity = 1 << 20

  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// How many bytes have been written.
  @usableFromInline package internal(set) var count = 0

  /// An empty writer.
  package init() {
    capacity = Self.initialCapacity
    unsafe start = Self.resize(nil, to: Self.initialCapacity)
  }

  deinit {
    unsafe free(start)
  }

  /// Whether nothing has been written.
  package var isEmpty: Bool { count == 0 }

  /// Lends the bytes written so far.
  package func withBytes<Result: ~Copyable, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe Span(_unsafeStart: start, count: count))
  }

  /// A copy of what was written so far.
  package var text: String {
    unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// Forgets everything written; keeps the memory unless it has become huge.
  package mutating func removeAll() {
    count = 0
    guard capacity > Self.keptCapacity else { return }
    capacity = Self.initialCapacity
    unsafe start = Self.resize(start, to: capacity)
  }

  // MARK: Taking back

  /// A place in what was written, to come back to.
  package struct Mark: Equatable {
    /// How many bytes had been written.
    package let count: Int
  }

  /// The end of what has been written so far.
  package var mark: Mark { Mark(count: count) }

  /// Takes back everything written since `mark`, e.g. the half of a result before an error.
  package mutating func rewind(to mark: Mark) {
    precondition(mark.count <= count, "a mark lies in what was written")
    count = mark.count
  }

  // MARK: Room

  /// Room for `size` more bytes; the caller fills it and then calls `advance`.
  @inlinable @inline(__always)
  mutating func reserve(_ size: Int) -> UnsafeMutablePointer<UInt8> {
    if _slowPath(capacity &- count < size) { grow(by: size) }
    return unsafe start + count
  }

  /// Counts `size` bytes that were filled in after `reserve`.
  @inlinable @inline(__always)
  mutating func advance(_ size: Int) { count &+= size }

  /// The last byte written; 0 if there is none.
  @inlinable @inline(__always)
  var last: UInt8 { count == 0 ? 0 : unsafe start[count &- 1] }

  @usableFromInline @inline(never)
  mutating func grow(by size: Int) {
    capacity = max(2 * capacity, count + size)
    unsafe start = Self.resize(start, to: capacity)
  }

  private static func resize(
    _ start: UnsafeMutablePointer<UInt8>?, to capacity: Int
  ) -> UnsafeMutablePointer<UInt8> {
    guard let resized = unsafe realloc(start, capacity) else {
      fatalError("no memory for \(capacity) bytes of output")
    }
    return unsafe resized.assumingMemoryBound(to: UInt8.self)
  }
}
