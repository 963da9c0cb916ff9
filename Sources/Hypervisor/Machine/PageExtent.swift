/// Pages that lie together: RAM of a domain, or a superpage that it populated.
///
/// Their `page_info` follows from the extent as long as nothing happens to single pages, and is kept
/// by 512 pages, which is what the smallest superpage maps. A copy shares what is not written.
struct PageExtent {
  static let pagesPerChunk: UInt64 = 512

  /// The `page_info` of the extent's pages within 512 pages of the host that begin at a multiple.
  struct Chunk {
    /// Each page's own; empty where `common` says it all.
    var pages: ContiguousArray<PageInfo> = []
    var common: Common
  }

  /// What happened to pages that only ever come and go together.
  enum Common: UInt8, CaseIterable {
    case mapped
    case unmapped
    case free
  }

  let first: MFN
  let pageCount: UInt64
  let owner: DomainID
  /// `ram` or `populated`.
  let kind: PageInfo.Kind
  /// Which populate this is of.
  var index: UInt32 = 0
  /// The GFN that the first page was first at.
  var firstGFN: GFN?
  private(set) var chunks: ContiguousArray<Chunk>
  /// The memory of chunks that have pages of their own.
  private var leases: [HostMemory.Lease] = []
  /// Whether the owner was destroyed; the pages live on for those that map them.
  private(set) var isOrphaned = false
  /// Pages that are not free yet, where the extent goes with the last; `nil` where its owner keeps it.
  var heldPages: Int?

  init(
    first: MFN, pageCount: UInt64, owner: DomainID, kind: PageInfo.Kind, firstGFN: GFN?,
    _ common: Common
  ) {
    self.first = first
    self.pageCount = pageCount
    self.owner = owner
    self.kind = kind
    self.firstGFN = firstGFN
    let last = first.rawValue + pageCount - 1
    let chunkCount = last / Self.pagesPerChunk - first.rawValue / Self.pagesPerChunk + 1
    chunks = ContiguousArray(repeating: Chunk(common: common), count: Int(chunkCount))
  }

  /// The first raw frame number behind it.
  var end: UInt64 { first.rawValue + pageCount }

  /// The page at `mfn`, which is one of the extent's.
  @inline(__always)
  subscript(mfn: MFN) -> PageInfo {
    let chunk = chunk(of: mfn)
    guard !chunks[chunk].pages.isEmpty else { return page(mfn, chunks[chunk].common) }
    return chunks[chunk].pages[slot(of: mfn)]
  }

  /// Changes that page, for which `prepare` has made room.
  mutating func update<R>(_ mfn: MFN, _ change: (inout PageInfo) -> R) -> R {
    let chunk = self.chunk(of: mfn)
    if chunks[chunk].pages.isEmpty { materialise(chunk) }
    return change(&chunks[chunk].pages[slot(of: mfn)])
  }

  /// Makes room for changing the page at `mfn` alone.
  ///
  /// - Returns: whether the host has the memory.
  mutating func prepare(_ mfn: MFN, from memory: HostMemory, lease: Int) -> Bool {
    guard chunks[chunk(of: mfn)].pages.isEmpty else { return true }
    guard let lease = HostMemory.Lease(memory, lease) else { return false }
    leases.append(lease)
    materialise(chunk(of: mfn))
    return true
  }

  /// Changes all pages from `mfn` to the end of their chunk alike.
  ///
  /// - Returns: the first raw frame number behind them.
  mutating func updateChunk(from mfn: MFN, _ change: (inout PageInfo) -> Void) -> UInt64 {
    let chunk = self.chunk(of: mfn)
    let range = pages(of: chunk)
    if chunks[chunk].pages.isEmpty {
      var page = page(mfn, chunks[chunk].common)
      change(&page)
      if let common = Common.allCases.first(where: { self.page(mfn, $0) == page }),
        mfn.rawValue == range.lowerBound
      {
        chunks[chunk].common = common
        return range.upperBound
      }
      materialise(chunk)
    }
    for slot in slot(of: mfn)..<chunks[chunk].pages.count { change(&chunks[chunk].pages[slot]) }
    return range.upperBound
  }

  /// The pages from `mfn` on that have the same `page_info`, but for their GFN: the rest of a chunk,
  /// or this one. Raw frame number behind them.
  func endOfRun(from mfn: MFN) -> UInt64 {
    let chunk = self.chunk(of: mfn)
    return chunks[chunk].pages.isEmpty ? pages(of: chunk).upperBound : mfn.rawValue + 1
  }

  /// Takes the pages from their owner, which was destroyed.
  mutating func orphan() {
    isOrphaned = true
    var held = 0
    for chunk in chunks.indices {
      for page in chunks[chunk].pages.indices {
        chunks[chunk].pages[page].orphan()
        if chunks[chunk].pages[page].kind != .free { held += 1 }
      }
    }
    heldPages = held
  }

  /// Calls `body` for each page that anything has happened to alone.
  func forEachTouchedPage(_ body: (MFN, PageInfo) -> Void) {
    for (number, chunk) in chunks.enumerated() where !chunk.pages.isEmpty {
      for (mfn, page) in zip(pages(of: number), chunk.pages) { body(MFN(mfn), page) }
    }
  }

  /// A page to which only happened what `common` says.
  private func page(_ mfn: MFN, _ common: Common) -> PageInfo {
    let gfn = firstGFN.map { GFN($0.rawValue + mfn.rawValue - first.rawValue) }
    var page = PageInfo(kind: kind, owner: owner, ownMappings: 1, index: index, firstGFN: gfn)
    switch common {
    case .mapped: break
    case .unmapped: page.ownMappings = 0
    case .free:
      page.ownMappings = 0
      page.allocated = false
      page.references = 0
      page.kind = .free
    }
    if isOrphaned { page.orphan() }
    return page
  }

  @inline(__always)
  private func chunk(of mfn: MFN) -> Int {
    Int(truncatingIfNeeded: mfn.rawValue / Self.pagesPerChunk &- firstChunk)
  }

  /// Where the page is among those of its chunk; the first chunk may begin within its 512 pages.
  @inline(__always)
  private func slot(of mfn: MFN) -> Int {
    let start = max(mfn.rawValue & ~(Self.pagesPerChunk &- 1), first.rawValue)
    return Int(truncatingIfNeeded: mfn.rawValue &- start)
  }

  @inline(__always)
  private var firstChunk: UInt64 { first.rawValue / Self.pagesPerChunk }

  /// Raw frame numbers of the extent's pages in a chunk.
  private func pages(of chunk: Int) -> Range<UInt64> {
    let start = (firstChunk + UInt64(chunk)) * Self.pagesPerChunk
    return max(start, first.rawValue)..<min(start + Self.pagesPerChunk, end)
  }

  private mutating func materialise(_ chunk: Int) {
    let common = chunks[chunk].common
    chunks[chunk].pages = ContiguousArray(pages(of: chunk).map { page(MFN($0), common) })
  }
}
