import CMemory
import Glibc

/// Zeroed memory straight from the kernel, on huge pages where there are any: a table that is probed
/// at random would otherwise miss the TLB as well.
///
/// Memory that was never written takes no room.
@safe
struct MappedArray<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  /// `nil` where the host has not the memory.
  init?(capacity: Int) {
    guard let raw = unsafe Self.map(capacity) else { return nil }
    unsafe base = raw.assumingMemoryBound(to: Element.self)
    self.capacity = capacity
  }

  deinit { unsafe munmap(base, Self.size(capacity)) }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { elements[index] }
    nonmutating set { elements[index] = newValue }
  }

  /// The elements, to be held in a local variable by a loop: the compiler then knows that writing
  /// one does not move them. Valid until the array grows, is renewed or goes.
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

  /// Makes room for `capacity` elements; moves page tables, not bytes.
  /// - Returns: whether the host has the memory; nothing has changed otherwise.
  mutating func grow(to capacity: Int) -> Bool {
    let raw = unsafe resize_mapping(base, Self.size(self.capacity), Self.size(capacity))
    guard let raw = unsafe raw, unsafe raw != MAP_FAILED else { return false }
    unsafe base = raw.assumingMemoryBound(to: Element.self)
    self.capacity = capacity
    return true
  }

  /// Makes room for `capacity` elements, no fewer than before, all of them zero.
  ///
  /// What is there is zeroed in place: the kernel takes longer to give pages than to write them.
  /// - Returns: whether the host has the memory; nothing has changed otherwise.
  mutating func renew(capacity: Int) -> Bool {
    let before = self.capacity
    guard grow(to: capacity) else { return false }
    unsafe memset(base, 0, Self.size(before))
    return true
  }

  private static func size(_ capacity: Int) -> Int { capacity * MemoryLayout<Element>.stride }

  private static func map(_ capacity: Int) -> UnsafeMutableRawPointer? {
    let raw = unsafe mmap(
      nil, size(capacity), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
      -1, 0)
    guard let raw = unsafe raw, unsafe raw != MAP_FAILED else { return nil }
    unsafe madvise(raw, size(capacity), MADV_HUGEPAGE)
    return unsafe raw
  }
}
