/// The `page_info` of every page of the host.
///
/// Three stretches of machine frames that never meet: RAM of direct-mapped domains below 2^36,
/// where MFN = GFN; pages allocated one by one from 2^36 on; RAM of other domains and superpages that
/// they populated from 2^37 on. What lies there costs no memory here until something happens to single
/// pages.
///
/// Xen: `frame_table`
package struct FrameTable {
  private static let heapBase: UInt64 = 1 << 36
  private static let ramBase: UInt64 = 1 << 37
  private static let pagesPerLease = Int(PageExtent.pagesPerChunk)
  /// What 512 pages take, in tables, and the grant frames that some of them are.
  private static let leaseSize = 12

  /// Pages allocated one by one, the free ones included.
  private var heap = ChunkedArray<PageInfo>()
  private(set) var freeHeapPages = ChunkedArray<MFN>()
  /// Pages of Xen's own that are free, though mapped.
  private(set) var danglingPages: [MFN] = []
  private var heapLeases: [HostMemory.Lease] = []
  /// In order of their machine frames.
  private(set) var extents: ContiguousArray<PageExtent> = []
  private let memory: HostMemory

  /// A table without pages, which takes what it needs from `memory`.
  init(memory: HostMemory) { self.memory = memory }

  /// Pages in extents: RAM and superpages that domains have, or of which somebody still maps a page.
  private(set) var ramPages: UInt64 = 0

  /// Pages allocated one by one, the free ones included.
  package var heapPageCount: Int { heap.count }

  /// The page, or `nil` where the host has none.
  package subscript(mfn: MFN) -> PageInfo? {
    if let index = heapIndex(mfn) { return heap[index] }
    guard let extent = extentIndex(mfn) else { return nil }
    return extents[extent][mfn]
  }

  /// Makes room for changing the page at `mfn`.
  ///
  /// - Returns: whether the host has the memory.
  mutating func prepare(_ mfn: MFN) -> Bool {
    guard heapIndex(mfn) == nil, let extent = extentIndex(mfn) else { return true }
    return extents[extent].prepare(mfn, from: memory, lease: Self.leaseSize)
  }

  /// Changes the page at `mfn`, which must exist, and returns what `change` does.
  package mutating func update<R>(_ mfn: MFN, _ change: (inout PageInfo) -> R) -> R {
    if let index = heapIndex(mfn) { return change(&heap[index]) }
    guard let extent = extentIndex(mfn) else {
      preconditionFailure("no page_info for MFN \(mfn)")
    }
    return extents[extent].update(mfn, change)
  }

  /// Changes the pages of a superpage alike: 2^`order` from `first` on, a multiple of that.
  mutating func updateAll(_ first: MFN, order: Int, _ change: (inout PageInfo) -> Void) {
    var next = first.rawValue
    while next < first.rawValue + 1 << UInt64(order) {
      guard let extent = extentIndex(MFN(next)) else {
        preconditionFailure("no page_info for MFN \(MFN(next))")
      }
      next = extents[extent].updateChunk(from: MFN(next), change)
    }
  }

  /// Calls `body` for the `count` pages from `first` on, pages that are alike but for their GFN
  /// together, until it answers false: with the first of them, its `page_info`, and how many they are.
  ///
  /// - Returns: whether all pages exist and `body` never answered false.
  package func forEachRun(_ first: MFN, count: Int, _ body: (MFN, PageInfo, Int) -> Bool) -> Bool {
    let end = first.rawValue + UInt64(count)
    var next = first.rawValue
    while next < end {
      guard let extent = extentIndex(MFN(next)) else { return false }
      let runEnd = min(end, extents[extent].endOfRun(from: MFN(next)))
      guard body(MFN(next), extents[extent][MFN(next)], Int(runEnd - next)) else { return false }
      next = runEnd
    }
    return true
  }

  /// A page from the heap: a free one that nothing maps, or a new one; `nil` where there is no
  /// memory for more.
  mutating func allocate(_ page: PageInfo) -> MFN? {
    if let mfn = freeHeapPages.popLast() {
      update(mfn) { $0 = page }
      return mfn
    }
    if heapPageCount % Self.pagesPerLease == 0 {
      guard let lease = HostMemory.Lease(memory, Self.leaseSize) else { return nil }
      heapLeases.append(lease)
    }
    heap.append(page)
    return MFN(Self.heapBase + UInt64(heapPageCount - 1))
  }

  /// A page for Xen's own use: one that is free though mapped, if there is any, as Xen knows nothing
  /// of that; it stays mapped.
  mutating func allocateXenheap(_ page: PageInfo) -> MFN? {
    guard let mfn = danglingPages.popLast() else { return allocate(page) }
    update(mfn) { reused in
      let old = reused
      reused = page
      reused.ownMappings = old.ownMappings
      reused.foreignMappings = old.foreignMappings
    }
    return mfn
  }

  /// Frees a page of Xen's own, to which no reference is left, mapped or not.
  mutating func free(_ mfn: MFN) {
    let isMapped = update(mfn) { page in
      page.kind = .free
      return page.isMapped
    }
    if isMapped { danglingPages.append(mfn) } else { freeHeapPages.append(mfn) }
  }

  /// Pages for a superpage of 2^`order`, a multiple of that, which nothing maps yet; `nil` where there
  /// is no memory for more.
  mutating func allocateSuperpage(order: Int, owner: DomainID) -> MFN? {
    let count: UInt64 = 1 << UInt64(order)
    guard ramPages + count <= Limits.ramPages,
      let first = room(for: count, alignedTo: count, offset: 0)
    else { return nil }
    var extent = PageExtent(
      first: first, pageCount: count, owner: owner, kind: .populated, firstGFN: nil, .unmapped)
    extent.index = PageInfo.neverMapped
    extent.heldPages = Int(count)
    insert(extent)
    return first
  }

  /// Gives the pages of that superpage the number of their populate, and where they are first.
  mutating func number(_ first: MFN, _ index: UInt32, at gfn: GFN?) {
    guard let extent = extentIndex(first) else {
      return update(first) { page in
        page.index = index
        page.firstGFN = gfn
      }
    }
    extents[extent].index = index
    extents[extent].firstGFN = gfn
  }

  /// Notes that a free page was mapped, by a vCPU that was on its way with it.
  mutating func noteDangling(_ mfn: MFN) {
    guard let index = freeHeapPages.lastIndex(of: mfn) else { return }
    freeHeapPages.remove(at: index)
    danglingPages.append(mfn)
  }

  /// Lets `count` pages from `first` on be used again, which are free. Nothing may map them any more.
  package mutating func recycle(_ first: MFN, count: Int = 1) {
    if heapIndex(first) != nil {
      danglingPages.removeAll { $0 == first }
      return freeHeapPages.append(first)
    }
    guard let extent = extentIndex(first), let held = extents[extent].heldPages else { return }
    extents[extent].heldPages = held - count
    if held == count {
      ramPages -= extents[extent].pageCount
      extents.remove(at: extent)
    }
  }

  /// Takes all pages of `owner` from it, which was destroyed: those that nobody else maps are free.
  package mutating func releasePages(of owner: DomainID) {
    for index in 0..<heapPageCount {
      let mfn = MFN(Self.heapBase + UInt64(index))
      let isFreed = update(mfn) { page in
        guard page.owner == owner, !page.isOrphaned else { return false }
        // A free page counts once nothing maps it any more.
        guard page.kind != .free || page.ownMappings > 0 else { return false }
        page.orphan()
        return page.kind == .free && !page.isMapped
      }
      if isFreed { recycle(mfn) }
    }
    for extent in extents.indices
    where extents[extent].owner == owner && !extents[extent].isOrphaned {
      extents[extent].orphan()
      if extents[extent].heldPages == 0 { ramPages -= extents[extent].pageCount }
    }
    extents.removeAll { $0.heldPages == 0 }
  }

  /// RAM for a domain.
  ///
  /// - Parameters:
  ///   - directMapped: whether the machine frames are to be the guest frames.
  ///   - order: leaves of this order are to be able to map it.
  /// - Returns: the first machine frame, or `nil` if another direct-mapped domain has some of them.
  package mutating func addRAM(
    _ range: GuestRange, owner: DomainID, directMapped: Bool, order: Int = 0
  ) -> MFN? {
    let first: MFN
    if directMapped {
      let isTaken = extents.contains {
        $0.first.rawValue < range.end && range.first.rawValue < $0.end
      }
      if isTaken { return nil }
      first = MFN(range.first.rawValue)
    } else {
      let alignment: UInt64 = 1 << UInt64(order)
      let room = room(
        for: range.pageCount, alignedTo: alignment, offset: range.first.rawValue % alignment)
      guard let room else { preconditionFailure("the host has room for 2^24 pages of RAM") }
      first = room
    }
    insert(
      PageExtent(
        first: first, pageCount: range.pageCount, owner: owner, kind: .ram,
        firstGFN: range.first, .mapped))
    return first
  }

  /// Where `count` machine frames are free that begin `offset` behind a multiple of `alignment`: behind
  /// all extents, or where the frame numbers end there, between them.
  private func room(for count: UInt64, alignedTo alignment: UInt64, offset: UInt64) -> MFN? {
    func aligned(_ frame: UInt64) -> UInt64 { frame &+ (offset &- frame) % alignment }
    let behind = aligned(max(Self.ramBase, extents.last?.end ?? 0))
    if behind + count <= MFN.limit { return MFN(behind) }
    var candidate = aligned(Self.ramBase)
    for extent in extents where extent.end > Self.ramBase {
      if candidate + count <= extent.first.rawValue { return MFN(candidate) }
      candidate = aligned(extent.end)
    }
    return nil
  }

  private mutating func insert(_ extent: PageExtent) {
    extents.insert(extent, at: extentsBeginning(before: extent.first.rawValue))
    ramPages += extent.pageCount
  }

  /// Calls `body` for each page that anything has happened to alone: the heap's in order of
  /// allocation, then those of extents.
  package func forEachTouchedPage(_ body: (MFN, PageInfo) -> Void) {
    for (index, page) in heap.enumerated() {
      body(MFN(Self.heapBase + UInt64(index)), page)
    }
    for extent in extents { extent.forEachTouchedPage(body) }
  }

  private func heapIndex(_ mfn: MFN) -> Int? {
    let offset = mfn.rawValue &- Self.heapBase
    return offset < UInt64(heapPageCount) ? Int(offset) : nil
  }

  @inline(__always)
  private func extentIndex(_ mfn: MFN) -> Int? {
    let index = extentsBeginning(before: mfn.rawValue &+ 1) &- 1
    return index >= 0 && mfn.rawValue < extents[index].end ? index : nil
  }

  /// How many extents begin before a raw frame number.
  private func extentsBeginning(before frame: UInt64) -> Int {
    var low = 0
    var high = extents.count
    while low < high {
      let middle = (low &+ high) &>> 1
      if extents[middle].first.rawValue < frame { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
