/// Giving memory to a domain and taking it back.
extension MachineStorage {
  /// Puts 2^`order` pages of the domain's own at `gfn`; `nil` is INVALID_GFN. A direct-mapped domain
  /// gets the pages whose MFN is the GFN, if it owns them; another one new pages, if it may have so many.
  ///
  /// - Returns: extents done, 0 or 1. New pages that could not be mapped stay allocated, and what was
  ///   mapped before a failure stays mapped.
  /// - Throws: `domainCrashed`, on x86.
  ///
  /// Xen: `populate_physmap`
  package mutating func populate(
    _ gfn: GFN?, order: Int = 0, in domain: DomainIndex
  ) throws(HypercallError) -> Int {
    let isDirectMapped = isDirectMapped(domain)
    let pages =
      isDirectMapped
      ? ownRAM(at: gfn, order: order, of: domain) : allocatePages(order: order, for: domain)
    guard let first = pages else { return 0 }
    try checkReplaceable(at: gfn, order: order, in: domain)
    if !isDirectMapped { notePopulated(first, at: gfn, in: domain) }
    let (done, error) = putRAM(first, order: order, at: gfn, in: domain)
    guard error != nil else { return 1 }
    switch knobs.populateInsert {
    case .unchecked: return 1
    case .checked:
      if !isDirectMapped, done == 0 { takeBackPopulated(first, in: domain) }
      return 0
    }
  }

  private mutating func ownRAM(at gfn: GFN?, order: Int, of domain: DomainIndex) -> MFN? {
    guard let gfn, gfn.rawValue < p2mLimit, !referenceFails(1 << order, in: domain) else {
      return nil
    }
    let owner = id(of: domain)
    let isOwn = everyPage(from: MFN(gfn.rawValue), order: order) { page in
      page.kind == .ram && page.owner == owner && page.references > 0
    }
    return isOwn ? MFN(gfn.rawValue) : nil
  }

  /// Takes the domain's own 2^`order` pages from `gfn` on away, one by one; `nil` is INVALID_GFN. The
  /// first that is not its own ends it. Unless the domain is direct-mapped the pages' allocation goes
  /// too: a grant frame is then dead.
  ///
  /// - Returns: extents done, 0 or 1; pages before the one that ended it are gone all the same.
  ///
  /// Xen: `decrease_reservation`
  package mutating func decrease(_ gfn: GFN?, order: Int = 0, in domain: DomainIndex) -> Int {
    let count: UInt64 = 1 << UInt64(order)
    var done: UInt64 = 0
    while done < count {
      guard let gfn, let page = GFN(rawValue: gfn.rawValue &+ done) else { return 0 }
      let atOnce = decreaseLeaf(at: page, pageCount: count - done, in: domain)
      done += atOnce
      guard atOnce == 0 else { continue }
      guard decreasePage(page, in: domain) else { return 0 }
      done += 1
    }
    return 1
  }

  /// Xen: `guest_remove_page`
  private mutating func decreasePage(_ gfn: GFN, in domain: DomainIndex) -> Bool {
    noteWalk()
    guard gfn.rawValue < p2mLimit, let entry = entry(at: gfn, in: domain), isDecreasable(entry),
      !referenceFails(1, in: domain)
    else { return false }
    do throws(HypercallError) {
      try remove(at: gfn, in: domain, cause: .requested)
    } catch {
      return false
    }
    if entry.type == .ramReadWrite, !isDirectMapped(domain) {
      dropAllocationReference(to: entry.mfn)
    }
    return true
  }

  private func isDecreasable(_ entry: P2MEntry) -> Bool {
    switch (entry.type, architecture, knobs.mmioReplacement) {
    case (.ramReadWrite, _, _): isReferable(entry)
    case (.mmioDirectDevice, .x86, .replaced): true
    case (.mmioDirectDevice, .x86, .refused), (.mmioDirectDevice, .arm, _): false
    case (.mapForeignReadWrite, _, _): false
    }
  }
}
