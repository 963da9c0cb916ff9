import CMemory
import Glibc

/// Zeroed memory straight from the kernel, on huge pages where there are any: a table that is probed
/// at random would otherwise miss the TLB as well.
///
/// Memory that was never written takes no room, only addresses; so there is no growing.
@safe
struct MappedArray<Element: BitwiseCopyable>: ~Copyable {
  /// Huge pages lie at multiples of this, 2 MiB.
  private static var alignment: Int { 1 << 21 }

  private let mapping: UnsafeMutableRawBufferPointer
  private let base: UnsafeMutablePointer<Element>
  let capacity: Int

  /// `nil` where the host has not the addresses.
  init?(capacity: Int) {
    let size = capacity * MemoryLayout<Element>.stride
    let isLarge = size >= Self.alignment
    let mapped = isLarge ? size + Self.alignment : size
    let raw = unsafe mmap(
      nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let raw = unsafe raw, unsafe raw != MAP_FAILED else { return nil }
    unsafe mapping = UnsafeMutableRawBufferPointer(start: raw, count: mapped)
    let start = unsafe isLarge ? raw.alignedUp(toMultipleOf: Self.alignment) : raw
    if isLarge { unsafe madvise(start, size, MADV_HUGEPAGE) }
    unsafe base = start.assumingMemoryBound(to: Element.self)
    self.capacity = capacity
  }

  deinit { unsafe munmap(mapping.baseAddress, mapping.count) }

  /// Gives the memory of elements from `start` to `end` - 1 back, as far as they fill huge pages; they are
  /// zero then.
  /// - Returns: the first that was not given back, where the next call begins.
  func discard(from start: Int, to end: Int) -> Int {
    let unit = Self.alignment / MemoryLayout<Element>.stride
    let end = end / unit * unit
    guard end > start else { return start }
    unsafe madvise(base + start, (end - start) * MemoryLayout<Element>.stride, MADV_DONTNEED)
    return end
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { elements[index] }
    nonmutating set { elements[index] = newValue }
  }

  /// The elements, to be held in a local variable by a loop: the compiler then knows that writing
  /// one does not move them. Valid until the array goes.
  @inline(__always)
  var elements: Elements { unsafe Elements(base: base, capacity: capacity) }

  @safe
  struct Elements {
    fileprivate let base: UnsafeMutablePointer<Element>
    let capacity: Int

    @inline(__always)
    subscript(index: Int) -> Element {
      get {
        assert(index >= 0 && index < capacity)
        return unsafe base[index]
      }
      nonmutating set {
        assert(index >= 0 && index < capacity)
        unsafe base[index] = newValue
      }
    }

    @inline(__always)
    func prefetch(_ index: Int) { unsafe prefetch_for_write(base + index) }
  }
}

/// States that one thread sets while others look. The first word is set last, so whoever sees it sees the
/// rest.
extension MappedArray.Elements where Element: PackedState {
  @inline(__always)
  private func words(_ index: Int) -> UnsafeMutablePointer<UInt64> {
    assert(index >= 0 && index < capacity)
    return unsafe UnsafeMutableRawPointer(base + index).assumingMemoryBound(to: UInt64.self)
  }

  /// Whether `state` is seen at `index`.
  @inline(__always)
  func shows(_ state: Element, at index: Int) -> Bool {
    let words = unsafe words(index)
    var isThere = unsafe load_word(words) == state[word: 0]
    var word = 1
    while word < Element.wordCount {
      isThere = unsafe load_word(words + word) == state[word: word] && isThere
      word &+= 1
    }
    return isThere
  }

  /// Sets the element at `index`, which was zero.
  @inline(__always)
  func show(_ state: Element, at index: Int) {
    let words = unsafe words(index)
    var word = Element.wordCount
    while word > 0 {
      word &-= 1
      unsafe store_word(words + word, state[word: word])
    }
  }
}

/// Values at any byte.
extension MappedArray<UInt8>.Elements {
  @inline(__always)
  func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
    assert(offset >= 0 && offset + MemoryLayout<Value>.size <= capacity)
    return unsafe UnsafeRawPointer(base).loadUnaligned(fromByteOffset: offset, as: type)
  }

  @inline(__always)
  func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    assert(offset >= 0 && offset + MemoryLayout<Value>.size <= capacity)
    unsafe UnsafeMutableRawPointer(base).storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }
}
