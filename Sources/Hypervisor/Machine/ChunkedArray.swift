/// An array by 512 elements, so that a copy shares what is not written: writing to one of two copies
/// takes as long as a chunk does, and not as long as the array.
///
/// Public to be inlined, and so specialised, in other modules.
public struct ChunkedArray<Element> {
  @inlinable static var bits: Int { 9 }
  /// All full but the last.
  @usableFromInline var chunks: ContiguousArray<ContiguousArray<Element>> = []
  public internal(set) var count = 0

  package init() {}

  package mutating func append(_ element: Element) {
    if Self.slot(of: count) == 0 { chunks.append([]) }
    chunks[chunks.count - 1].append(element)
    count += 1
  }

  /// Removes the last element; `nil` where there is none.
  package mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    let last = chunks[chunks.count - 1].popLast()
    if Self.slot(of: count) == 0 { chunks.removeLast() }
    return last
  }

  /// Removes an element, and moves those behind it.
  package mutating func remove(at index: Int) {
    for next in index + 1..<count { self[next - 1] = self[next] }
    _ = popLast()
  }

  @inlinable @inline(__always)
  static func chunk(of index: Int) -> Int { index &>> bits }

  @inlinable @inline(__always)
  static func slot(of index: Int) -> Int { index & (1 &<< bits &- 1) }
}

extension ChunkedArray: RandomAccessCollection, MutableCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }

  @inlinable
  public subscript(index: Int) -> Element {
    @inline(__always)
    _read { yield chunks[Self.chunk(of: index)][Self.slot(of: index)] }
    @inline(__always)
    _modify { yield &chunks[Self.chunk(of: index)][Self.slot(of: index)] }
  }
}

extension ChunkedArray: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Element...) {
    self.init()
    for element in elements { append(element) }
  }
}

extension ChunkedArray: Sendable where Element: Sendable {}
