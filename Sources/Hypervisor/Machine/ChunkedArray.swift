/// An array by 512 elements, so that a copy shares what is not written: writing to one of two copies
/// takes as long as a chunk does, and not as long as the array.
package struct ChunkedArray<Element> {
  /// Elements of a chunk; a power of two.
  private static var chunkSize: Int { 512 }

  /// All full but the last.
  private var chunks: ContiguousArray<ContiguousArray<Element>> = []
  package private(set) var count = 0

  package init() {}

  package mutating func append(_ element: Element) {
    if count % Self.chunkSize == 0 { chunks.append([]) }
    chunks[chunks.count - 1].append(element)
    count += 1
  }

  /// Removes the last element; `nil` where there is none.
  package mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    let last = chunks[chunks.count - 1].popLast()
    if count % Self.chunkSize == 0 { chunks.removeLast() }
    return last
  }

  /// Removes an element, and moves those behind it.
  package mutating func remove(at index: Int) {
    for next in index + 1..<count { self[next - 1] = self[next] }
    _ = popLast()
  }
}

extension ChunkedArray: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(index: Int) -> Element {
    get { chunks[index / Self.chunkSize][index % Self.chunkSize] }
    _modify { yield &chunks[index / Self.chunkSize][index % Self.chunkSize] }
  }
}

extension ChunkedArray: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: Element...) {
    self.init()
    for element in elements { append(element) }
  }
}

extension ChunkedArray: Sendable where Element: Sendable {}
