/// How entries come into a physmap and leave it.
extension MachineStorage {
  /// Puts `entry` at `gfn` as the request asked; `nil` is INVALID_GFN. Whatever was there is
  /// replaced without a word, and put only if it was another page.
  ///
  /// - Throws: `invalidGFN`, `beyondP2M`, `outOfTables`; nothing has changed then.
  ///
  /// Xen: `p2m_insert_mapping`, `__p2m_set_entry`
  mutating func put(
    _ entry: P2MEntry, at gfn: GFN?, in domain: DomainIndex, source: GFN? = nil
  ) throws(HypercallError) {
    guard let gfn else { throw .invalidGFN }
    guard gfn.rawValue < p2mLimit else { throw .beyondP2M(gfn: gfn, limit: p2mLimit) }
    let old = self.entry(at: gfn, in: domain)
    try setEntry(entry, at: gfn, in: domain, source: source, cause: .requested)
    if let old, old.mfn != entry.mfn { putPage(of: old, in: domain) }
  }

  /// Puts 2^`order` pages of RAM that lie together from `gfn` on; `nil` is INVALID_GFN. Leaves are as
  /// large as the alignment of GFN, MFN and of what is left to do allows.
  ///
  /// - Returns: pages that were put before `error` ended it.
  ///
  /// Xen: `p2m_set_entry`
  mutating func putRAM(
    _ first: MFN, order: Int, at gfn: GFN?, in domain: DomainIndex
  ) -> (done: UInt64, error: HypercallError?) {
    let count: UInt64 = 1 << UInt64(order)
    var done: UInt64 = 0
    do throws(HypercallError) {
      while done < count {
        guard let gfn, let next = GFN(rawValue: gfn.rawValue &+ done) else { throw .invalidGFN }
        let entry = P2MEntry(MFN(first.rawValue + done), .ramReadWrite)
        let alignment = entry.mfn.rawValue | next.rawValue | (count - done)
        let leaf = PageTable.leafOrders.last { alignment % (1 << UInt64($0)) == 0 } ?? 0
        if leaf == 0 {
          try put(entry, at: next, in: domain)
        } else {
          try putSuperpage(entry, order: leaf, at: next, in: domain)
        }
        done += 1 << UInt64(leaf)
      }
      return (done, nil)
    } catch {
      return (done, error)
    }
  }

  /// Entries of 4 KiB below are put, larger ones are not.
  ///
  /// Xen: `p2m_free_entry`
  private mutating func putSuperpage(
    _ entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) {
    guard gfn.rawValue < p2mLimit else { throw .beyondP2M(gfn: gfn, limit: p2mLimit) }
    let replaced = try setSuperpage(entry, order: order, at: gfn, in: domain)
    for old in replaced { putPage(of: old, in: domain) }
  }

  /// Removes what is at `gfn`, if anything is. A larger leaf is split for it.
  ///
  /// - Throws: `beyondP2M`, `outOfTables`; nothing has changed then.
  ///
  /// Xen: `p2m_remove_mapping`
  mutating func remove(
    at gfn: GFN, in domain: DomainIndex, cause: Effect.Cause
  ) throws(HypercallError) {
    guard gfn.rawValue < p2mLimit else { throw .beyondP2M(gfn: gfn, limit: p2mLimit) }
    switch knobs.removalCheck {
    case .none: break
    case .mfnMatch: noteWalk()
    }
    guard let old = entry(at: gfn, in: domain) else { return noteWalk() }
    try setEntry(nil, at: gfn, in: domain, source: nil, cause: cause)
    putPage(of: old, in: domain)
  }

  /// What goes with an entry that went: a foreign page's reference, a frame's tracking.
  ///
  /// Xen: `p2m_put_l3_page`
  private mutating func putPage(of entry: P2MEntry, in domain: DomainIndex) {
    switch knobs.tracking {
    case .array, .pageInfo, .m2p: break
    case .arrayClearedOnPut: noteTrackingComparisons(maxGrantFrames)
    }
    switch entry.type {
    case .mapForeignReadWrite: dropReference(to: entry.mfn)
    case .mmioDirectDevice: break
    case .ramReadWrite: forgetTracking(of: entry.mfn, in: domain)
    }
  }

  private mutating func forgetTracking(of mfn: MFN, in domain: DomainIndex) {
    guard let page = page(mfn), page.isXenheap else { return }
    switch knobs.tracking {
    case .array:
      break  // The bug.
    case .arrayClearedOnPut, .pageInfo, .m2p:
      if let special = page.special { setTracked(special, to: nil, in: domain) }
    }
  }

  /// Removes what is at `gfn`, where `mfn` is believed to be.
  ///
  /// - Throws: `otherPageAtTrackedGFN` where the release looks first, `outOfTables`; nothing has
  ///   changed then.
  mutating func removeBelieved(
    _ mfn: MFN, at gfn: GFN, in domain: DomainIndex, cause: Effect.Cause
  ) throws(HypercallError) {
    let entry = entry(at: gfn, in: domain)
    let isIt = entry?.mfn == mfn
    switch knobs.removalCheck {
    case .none: break
    case .mfnMatch:
      if let entry, entry.type.isAnyRAM, !isIt {
        throw .otherPageAtTrackedGFN(
          domain: id(of: domain), page: page(mfn)?.special, mfn: mfn, at: gfn)
      }
    }
    try remove(at: gfn, in: domain, cause: isIt ? cause : .staleTracking)
  }

  /// Unmaps the page at `gfn`; `nil` is INVALID_GFN.
  ///
  /// - Throws: `nothingMapped` where nothing, a device, or a page without references is; `outOfTables`.
  ///
  /// Xen: `XENMEM_remove_from_physmap`
  package mutating func unmap(_ gfn: GFN?, in domain: DomainIndex) throws(HypercallError) {
    noteWalk()
    guard let gfn, gfn.rawValue < p2mLimit, let entry = entry(at: gfn, in: domain),
      isReferable(entry), !referenceFails(1, in: domain)
    else { throw .nothingMapped(domain: id(of: domain), gfn: gfn) }
    try remove(at: gfn, in: domain, cause: .requested)
  }

  /// Whether a reference can be taken to the page that `entry` maps.
  ///
  /// Xen: `p2m_get_page_from_gfn`
  func isReferable(_ entry: P2MEntry) -> Bool {
    switch entry.type {
    case .mmioDirectDevice: false
    case .ramReadWrite, .mapForeignReadWrite: !isDead(entry.mfn)
    }
  }

  /// Whether a page has no reference left, so that none can be taken.
  ///
  /// Xen: `get_page` fails
  func isDead(_ mfn: MFN) -> Bool {
    page(mfn).map { $0.references == 0 } ?? true
  }

  /// Maps a page of device memory at `gfn`; `nil` is INVALID_GFN.
  ///
  /// - Throws: `invalidGFN`, `beyondP2M`, `outOfTables`, `domainCrashed`.
  ///
  /// Xen: `map_dev_mmio_page`, on x86 `set_mmio_p2m_entry`
  package mutating func mapDevice(
    _ mfn: MFN, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    try checkReplaceable(at: gfn, in: domain)
    try put(P2MEntry(mfn, .mmioDirectDevice), at: gfn, in: domain)
  }

  /// Maps shared_info at `gfn`; `nil` is INVALID_GFN.
  ///
  /// - Throws: `noSuchSharedInfo`, `sharedInfoBusy`, `invalidGFN`, `beyondP2M`, `outOfTables`; on
  ///   x86 also `notInP2M`, `foreignInTheWay`, `deviceInTheWay`.
  ///
  /// Xen: `XENMAPSPACE_shared_info`
  package mutating func mapSharedInfo(
    _ index: UInt64, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    guard index == 0 else { throw .noSuchSharedInfo(index: index) }
    let mfn = mfn(of: .sharedInfo, in: domain)
    let tracked = tracked(.sharedInfo, in: domain)
    switch (knobs.remap, architecture) {
    case (.busy, _):
      if let tracked { throw .sharedInfoBusy(domain: id(of: domain), at: tracked) }
    case (.move, .arm):
      if let tracked { try remove(at: tracked, in: domain, cause: .moved) }
    case (.moveUnlessSame, .arm):
      if let tracked, tracked != gfn { try remove(at: tracked, in: domain, cause: .moved) }
    case (.move, .x86), (.moveUnlessSame, .x86): break  // It leaves where it was as it moves.
    }
    switch architecture {
    case .arm: try put(P2MEntry(mfn, .ramReadWrite), at: gfn, in: domain)
    case .x86: try putMoving(mfn, from: tracked, at: gfn, in: domain)
    }
    switch knobs.tracking {
    case .array, .arrayClearedOnPut: break  // Only grant frames have an array.
    case .pageInfo, .m2p: setTracked(.sharedInfo, to: gfn, in: domain)
    }
  }
}
