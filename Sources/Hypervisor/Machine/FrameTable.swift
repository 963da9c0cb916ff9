/// The `page_info` of every page of the host.
///
/// Three stretches of machine frames that never meet: RAM of direct-mapped domains below 2^36,
/// where MFN = GFN; pages allocated one by one from 2^36 on; RAM of other domains from 2^37 on.
/// RAM that nothing happened to costs no memory here: its `page_info` follows from its extent.
///
/// Xen: `frame_table`
package struct FrameTable {
  /// Pages of RAM that lie together, in the host and in the guest.
  private struct Extent {
    let first: MFN
    let pageCount: UInt64
    let owner: DomainID
    let firstGFN: GFN
    /// `page_info` by 512 pages; empty where nothing happened yet.
    var chunks: ContiguousArray<ContiguousArray<PageInfo>>
    /// The chunks' memory.
    var leases: [HostMemory.Lease] = []
    /// Pages that live on for those that map them, once the owner was destroyed; `nil` before.
    var orphanCount: Int?

    func contains(_ mfn: MFN) -> Bool {
      mfn.rawValue &- first.rawValue < pageCount
    }

    /// RAM as it comes: allocated, and mapped once, in its owner's P2M.
    func initialPage(_ offset: UInt64) -> PageInfo {
      var page = PageInfo(
        kind: .ram, owner: owner, ownMappings: 1, firstGFN: GFN(firstGFN.rawValue + offset))
      if orphanCount != nil { page.orphan() }
      return page
    }
  }

  private static let heapBase: UInt64 = 1 << 36
  private static let ramBase: UInt64 = 1 << 37
  private static let pagesPerChunk = 512
  /// What a chunk takes, in tables: 512 pages, and the grant frames that some of them are.
  private static let chunkSize = 12

  /// Pages allocated one by one, by 512, so that a copy of the table shares what is not written.
  private var heap: ContiguousArray<ContiguousArray<PageInfo>> = []
  private var freeHeapPages: [MFN] = []
  /// Pages of Xen's own that are free, though mapped.
  private var danglingPages: [MFN] = []
  private var heapLeases: [HostMemory.Lease] = []
  private var extents: ContiguousArray<Extent> = []
  private let memory: HostMemory

  /// A table without pages, which takes what it needs from `memory`.
  init(memory: HostMemory) { self.memory = memory }

  /// Pages of RAM that domains have, or of which somebody still maps one.
  var ramPages: UInt64 { extents.reduce(0) { $0 + $1.pageCount } }

  /// Pages allocated one by one, the free ones included.
  package private(set) var heapPageCount = 0

  /// The page, or `nil` where the host has none.
  package subscript(mfn: MFN) -> PageInfo? {
    if let index = heapIndex(mfn) {
      return heap[index / Self.pagesPerChunk][index % Self.pagesPerChunk]
    }
    guard let extent = extents.firstIndex(where: { $0.contains(mfn) }) else { return nil }
    let offset = mfn.rawValue - extents[extent].first.rawValue
    let chunk = extents[extent].chunks[Int(offset / UInt64(Self.pagesPerChunk))]
    return chunk.isEmpty
      ? extents[extent].initialPage(offset) : chunk[Int(offset % UInt64(Self.pagesPerChunk))]
  }

  /// Makes room for changing the page at `mfn`.
  ///
  /// - Returns: whether the host has the memory.
  mutating func prepare(_ mfn: MFN) -> Bool {
    guard heapIndex(mfn) == nil, let extent = extents.firstIndex(where: { $0.contains(mfn) })
    else { return true }
    let offset = mfn.rawValue - extents[extent].first.rawValue
    let chunk = Int(offset / UInt64(Self.pagesPerChunk))
    guard extents[extent].chunks[chunk].isEmpty else { return true }
    guard let lease = HostMemory.Lease(memory, Self.chunkSize) else { return false }
    extents[extent].leases.append(lease)
    materialise(chunk, of: extent)
    return true
  }

  /// Changes the page at `mfn`, which must exist, and returns what `change` does.
  package mutating func update<R>(_ mfn: MFN, _ change: (inout PageInfo) -> R) -> R {
    if let index = heapIndex(mfn) {
      return change(&heap[index / Self.pagesPerChunk][index % Self.pagesPerChunk])
    }
    guard let extent = extents.firstIndex(where: { $0.contains(mfn) }) else {
      preconditionFailure("no page_info for MFN \(mfn)")
    }
    let offset = mfn.rawValue - extents[extent].first.rawValue
    let chunk = Int(offset / UInt64(Self.pagesPerChunk))
    if extents[extent].chunks[chunk].isEmpty { materialise(chunk, of: extent) }
    return change(&extents[extent].chunks[chunk][Int(offset % UInt64(Self.pagesPerChunk))])
  }

  /// A page from the heap: a free one that nothing maps, or a new one; `nil` where there is no
  /// memory for more.
  mutating func allocate(_ page: PageInfo) -> MFN? {
    if let mfn = freeHeapPages.popLast() {
      update(mfn) { $0 = page }
      return mfn
    }
    if heapPageCount % Self.pagesPerChunk == 0 {
      guard let lease = HostMemory.Lease(memory, Self.chunkSize) else { return nil }
      heapLeases.append(lease)
      heap.append([])
    }
    heap[heap.count - 1].append(page)
    heapPageCount += 1
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

  /// Notes that a free page was mapped, by a vCPU that was on its way with it.
  mutating func noteDangling(_ mfn: MFN) {
    guard let index = freeHeapPages.lastIndex(of: mfn) else { return }
    freeHeapPages.remove(at: index)
    danglingPages.append(mfn)
  }

  /// Lets `mfn` be used again, which is free. Nothing may map it any more.
  package mutating func recycle(_ mfn: MFN) {
    if heapIndex(mfn) != nil {
      danglingPages.removeAll { $0 == mfn }
      return freeHeapPages.append(mfn)
    }
    guard let extent = extents.firstIndex(where: { $0.contains(mfn) }),
      let orphans = extents[extent].orphanCount
    else { return }
    extents[extent].orphanCount = orphans - 1
    if orphans == 1 { extents.remove(at: extent) }
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
    where extents[extent].owner == owner && extents[extent].orphanCount == nil {
      var orphans = 0
      for chunk in extents[extent].chunks.indices {
        for page in extents[extent].chunks[chunk].indices {
          extents[extent].chunks[chunk][page].orphan()
          if extents[extent].chunks[chunk][page].kind != .free { orphans += 1 }
        }
      }
      extents[extent].orphanCount = orphans
    }
    extents.removeAll { $0.orphanCount == 0 }
  }

  /// RAM for a domain.
  ///
  /// - Parameter directMapped: whether the machine frames are to be the guest frames.
  /// - Returns: the first machine frame, or `nil` if another direct-mapped domain has some of them.
  package mutating func addRAM(
    _ range: GuestRange, owner: DomainID, directMapped: Bool
  ) -> MFN? {
    let first = directMapped ? range.first.rawValue : endOfRAM
    if directMapped {
      let taken = extents.contains {
        $0.first.rawValue < first + range.pageCount && first < $0.first.rawValue + $0.pageCount
      }
      if taken { return nil }
    }
    let chunkCount = (Int(range.pageCount) + Self.pagesPerChunk - 1) / Self.pagesPerChunk
    extents.append(
      Extent(
        first: MFN(first), pageCount: range.pageCount, owner: owner, firstGFN: range.first,
        chunks: ContiguousArray(repeating: [], count: chunkCount)))
    return MFN(first)
  }

  /// The first machine frame behind the RAM of domains that are not direct-mapped.
  private var endOfRAM: UInt64 {
    extents.reduce(Self.ramBase) { max($0, $1.first.rawValue + $1.pageCount) }
  }

  /// Calls `body` for each page that anything has happened to, in order of allocation.
  package func forEachTouchedPage(_ body: (MFN, PageInfo) -> Void) {
    for (index, page) in heap.joined().enumerated() {
      body(MFN(Self.heapBase + UInt64(index)), page)
    }
    for extent in extents {
      var mfn = extent.first.rawValue
      for chunk in extent.chunks {
        for (offset, page) in chunk.enumerated() { body(MFN(mfn + UInt64(offset)), page) }
        mfn += UInt64(Self.pagesPerChunk)
      }
    }
  }

  private func heapIndex(_ mfn: MFN) -> Int? {
    let offset = mfn.rawValue &- Self.heapBase
    return offset < UInt64(heapPageCount) ? Int(offset) : nil
  }

  private mutating func materialise(_ chunk: Int, of extent: Int) {
    let first = UInt64(chunk * Self.pagesPerChunk)
    let count = min(UInt64(Self.pagesPerChunk), extents[extent].pageCount - first)
    extents[extent].chunks[chunk] = ContiguousArray(
      (first..<first + count).map { extents[extent].initialPage($0) })
  }
}

/// Guest frames that lie together; at least one, all below 2^36.
package struct GuestRange: Hashable, Sendable {
  package let first: GFN
  package let pageCount: UInt64

  /// The range, or `nil` if it is empty or reaches 2^36.
  package init?(first: GFN, pageCount: UInt64) {
    guard pageCount > 0, first.rawValue < PageTable.reach,
      pageCount <= PageTable.reach - first.rawValue
    else { return nil }
    self.first = first
    self.pageCount = pageCount
  }

  /// The first raw frame number after it.
  package var end: UInt64 { first.rawValue + pageCount }

  package func contains(_ gfn: GFN) -> Bool {
    gfn.rawValue &- first.rawValue < pageCount
  }

  package func overlaps(_ other: GuestRange) -> Bool {
    first.rawValue < other.end && other.first.rawValue < end
  }
}
