import Glibc

/// The memory of page tables: slabs of 2 MiB, aligned to that, of 512 pages each.
///
/// The first page of a slab counts for each of the others how many words lead to it: counts that lie
/// together, so that copying a table of tables touches few cache lines, and are found from a table's
/// address alone. Fresh pages come zeroed from the kernel. A slab without tables is given back.
@safe
struct TableSlabs {
  static let pageSize: UInt = 4096
  static let slabSize: UInt = 2 << 20
  private static let pageCount = 512

  /// The addresses of slabs that have a page left, the last one first in line.
  private var open: [UInt] = []
  private var slabCount = 0

  /// What stands in a slab's first page, in words of 32 bits.
  private enum Header {
    /// By number of a page: how many words lead to it; for a free one, the next free one's number.
    static let counts = 0
    /// The first free page that was used before; 0 is none.
    static let freeList = 512
    /// The first page that was never used.
    static let fresh = 513
    /// Pages in use.
    static let live = 514
    /// Where the slab stands in `open`.
    static let position = 515
  }

  /// A page to which one word leads; `nil` where the host has none. One that was used before still
  /// holds what it held.
  mutating func allocate() -> (words: Table, isReused: Bool)? {
    if open.isEmpty, !addSlab() { return nil }
    let slab = unsafe Self.slab(of: open[open.count - 1])
    let page: Int
    let reused = unsafe slab[Header.freeList]
    if reused != 0 {
      page = Int(reused)
      unsafe slab[Header.freeList] = slab[Header.counts + page]
    } else {
      page = unsafe Int(slab[Header.fresh])
      unsafe slab[Header.fresh] += 1
    }
    unsafe slab[Header.counts + page] = 1
    unsafe slab[Header.live] += 1
    if unsafe slab[Header.freeList] == 0, unsafe slab[Header.fresh] == UInt32(Self.pageCount) {
      open.removeLast()
    }
    let address = UInt(bitPattern: slab) + UInt(page) * Self.pageSize
    guard let table = Table(bits: UInt64(address)) else { return nil }
    return (table, reused != 0)
  }

  /// Takes back the page of `table`.
  mutating func free(_ table: Table) {
    let address = UInt(table.bits)
    let slab = unsafe Self.slab(of: address)
    let page = Self.page(of: address)
    let wasFull =
      unsafe slab[Header.freeList] == 0 && slab[Header.fresh] == UInt32(Self.pageCount)
    unsafe slab[Header.counts + page] = slab[Header.freeList]
    unsafe slab[Header.freeList] = UInt32(page)
    unsafe slab[Header.live] -= 1
    if wasFull {
      unsafe slab[Header.position] = UInt32(open.count)
      open.append(UInt(bitPattern: slab))
    }
    // One empty slab stays for the next machine.
    if unsafe slab[Header.live] == 0, open.count > 1 { unsafe remove(slab) }
  }

  /// How many words lead to the page at `address`.
  @inline(__always)
  static func count(of address: UInt) -> UnsafeMutablePointer<UInt32> {
    unsafe slab(of: address) + page(of: address)
  }

  @inline(__always)
  private static func slab(of address: UInt) -> UnsafeMutablePointer<UInt32> {
    guard let slab = unsafe UnsafeMutablePointer<UInt32>(bitPattern: address & ~(slabSize &- 1))
    else { preconditionFailure("a table lies in a slab") }
    return unsafe slab
  }

  @inline(__always)
  private static func page(of address: UInt) -> Int {
    Int(bitPattern: (address & (slabSize &- 1)) / pageSize)
  }

  /// - Returns: whether the host had the memory.
  private mutating func addSlab() -> Bool {
    // Twice as much holds an aligned slab; what lies around that goes back.
    let size = Int(2 * Self.slabSize)
    let mapped = unsafe mmap(
      nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return false }
    let first = UInt(bitPattern: mapped)
    let aligned = (first + Self.slabSize - 1) & ~(Self.slabSize - 1)
    Self.unmap(first, aligned - first)
    Self.unmap(aligned + Self.slabSize, first + Self.slabSize - aligned)
    let slab = unsafe Self.slab(of: aligned)
    // A large tree is walked with fewer misses of the TLB; a small one does not need 2 MiB at once.
    if slabCount > 0 { unsafe madvise(slab, Int(Self.slabSize), MADV_HUGEPAGE) }
    slabCount += 1
    unsafe slab[Header.fresh] = 1
    unsafe slab[Header.position] = UInt32(open.count)
    open.append(aligned)
    return true
  }

  private mutating func remove(_ slab: UnsafeMutablePointer<UInt32>) {
    let position = unsafe Int(slab[Header.position])
    slabCount -= 1
    let last = open.removeLast()
    if position < open.count {
      open[position] = last
      unsafe Self.slab(of: last)[Header.position] = UInt32(position)
    }
    Self.unmap(UInt(bitPattern: slab), Self.slabSize)
  }

  private static func unmap(_ address: UInt, _ size: UInt) {
    guard size > 0 else { return }
    let result = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), Int(size))
    precondition(result == 0, "a slab's memory can be given back")
  }

  /// Gives everything back; no table may be in use.
  mutating func removeAll() {
    for slab in open { Self.unmap(slab, Self.slabSize) }
    open.removeAll()
  }
}
