/// How x86 brings a page to a GFN: what is there goes first, and the page leaves where it was.
extension MachineStorage {
  /// Puts the domain's own page `mfn` at `gfn`; `nil` is INVALID_GFN. What is there is removed, and
  /// so is the page where it was, `old`.
  ///
  /// What was changed before a failure stays changed.
  /// - Throws: `foreignInTheWay`, `deviceInTheWay`, `otherPageAtTrackedGFN`, `notInP2M`,
  ///   `outOfTables`.
  ///
  /// Xen: `xenmem_add_to_physmap_one`
  mutating func putMoving(
    _ mfn: MFN, from old: GFN?, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    try makeRoom(for: mfn, at: gfn, in: domain)
    try put(mfn, movedFrom: old, at: gfn, in: domain)
  }

  private mutating func put(
    _ mfn: MFN, movedFrom old: GFN?, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    if let old, old != gfn { try removeBelieved(mfn, at: old, in: domain, cause: .moved) }
    try setReachable(P2MEntry(mfn, .ramReadWrite), at: gfn, in: domain)
  }

  private mutating func setReachable(
    _ entry: P2MEntry, at gfn: GFN?, in domain: DomainIndex, source: GFN? = nil
  ) throws(HypercallError) {
    guard let gfn, gfn.rawValue < p2mLimit else { throw .notInP2M(gfn) }
    try setEntry(entry, at: gfn, in: domain, source: source, cause: .requested)
  }

  /// Removes what is at `gfn`: a page of Xen's own is unhooked, the domain's RAM is freed.
  ///
  /// - Parameter mfn: the domain's own page that is to come there; `nil` for a foreign one.
  private mutating func makeRoom(
    for mfn: MFN?, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    guard let gfn, gfn.rawValue < p2mLimit, let entry = entry(at: gfn, in: domain) else { return }
    switch entry.type {
    case .mmioDirectDevice:
      switch knobs.mmioReplacement {
      case .replaced: return
      case .refused: throw .deviceInTheWay(domain: id(of: domain), gfn: gfn)
      }
    case .ramReadWrite, .mapForeignReadWrite: break
    }
    if page(entry.mfn)?.isXenheap == true {
      return try remove(at: gfn, in: domain, cause: .requested)
    }
    switch knobs.gmfnMove {
    case .v410: break
    case .v415, .v417, .v422: if entry.mfn == mfn { return }
    }
    guard isOwn(entry, in: domain) else {
      throw .foreignInTheWay(domain: id(of: domain), gfn: gfn)
    }
    try remove(at: gfn, in: domain, cause: .requested)
    dropAllocationReference(to: entry.mfn)
  }

  /// Whether the entry maps a page that the domain can take a reference to as its own.
  ///
  /// Xen: `get_page(page, d)`
  private func isOwn(_ entry: P2MEntry, in domain: DomainIndex) -> Bool {
    switch entry.type {
    case .ramReadWrite: isReferable(entry)
    case .mapForeignReadWrite, .mmioDirectDevice: false
    }
  }

  /// Maps the foreign page `mfn`, to which a reference is held, at `gfn`; `nil` is INVALID_GFN.
  ///
  /// - Throws: `foreignInTheWay`, `deviceInTheWay`, `notInP2M`, `outOfTables`.
  ///
  /// Xen: `p2m_add_foreign`
  mutating func putForeign(
    _ mfn: MFN, from source: GFN, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    try makeRoom(for: nil, at: gfn, in: domain)
    let entry = P2MEntry(mfn, .mapForeignReadWrite)
    try setReachable(entry, at: gfn, in: domain, source: source)
  }

  /// Moves the domain's own page at `source` to `gfn`; `nil` is INVALID_GFN.
  ///
  /// - Throws: `sourceNotRAM`, `nothingToMove`, `notWhereTracked`, and as `putMoving`.
  ///
  /// Xen: `XENMAPSPACE_gmfn` within `xenmem_add_to_physmap_one`
  package mutating func moveOwnPage(
    from source: GFN?, to gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    let reachable = source.flatMap { $0.rawValue < p2mLimit ? $0 : nil }
    let entry = reachable.flatMap { self.entry(at: $0, in: domain) }
    switch knobs.gmfnMove {
    case .v422:
      guard let entry, entry.type == .ramReadWrite else {
        throw .sourceNotRAM(domain: id(of: domain), gfn: source)
      }
    case .v410, .v415, .v417: break
    }
    guard let source = reachable, let entry, isOwn(entry, in: domain), takeReference(to: entry.mfn)
    else { throw .nothingToMove(domain: id(of: domain), gfn: source) }
    do throws(HypercallError) {
      try move(entry.mfn, from: source, to: gfn, in: domain)
    } catch {
      dropReference(to: entry.mfn)
      throw error
    }
    dropReference(to: entry.mfn)
  }

  /// Releases differ in when they ask whether the page is at `source` as the M2P has it.
  private mutating func move(
    _ mfn: MFN, from source: GFN, to gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    switch knobs.gmfnMove {
    case .v410, .v415:
      try makeRoom(for: mfn, at: gfn, in: domain)
      try checkTracked(mfn, at: source, in: domain)
    case .v417, .v422:
      try checkTracked(mfn, at: source, in: domain)
      try makeRoom(for: mfn, at: gfn, in: domain)
    }
    try put(mfn, movedFrom: source, at: gfn, in: domain)
    if let special = page(mfn)?.special { setTracked(special, to: gfn, in: domain) }
  }

  private func checkTracked(
    _ mfn: MFN, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) {
    // Of RAM the P2M tells what the M2P would.
    let isThere =
      if let special = page(mfn)?.special {
        tracked(special, in: domain) == gfn
      } else {
        entry(at: gfn, in: domain)?.mfn == mfn
      }
    guard isThere else { throw .notWhereTracked(domain: id(of: domain), gfn: gfn) }
  }

  /// Whether 2^`order` pages may be put from `gfn` on without making room first; x86 crashes the
  /// domain otherwise, Arm replaces anything.
  ///
  /// - Throws: `domainCrashed`.
  ///
  /// Xen: `p2m_add_page`
  func checkReplaceable(
    at gfn: GFN?, order: Int = 0, in domain: DomainIndex
  ) throws(HypercallError) {
    switch architecture {
    case .arm: return
    case .x86: break
    }
    guard let gfn, gfn.rawValue < p2mLimit else { return }
    let end = min(gfn.rawValue + 1 << UInt64(order), p2mLimit)
    let obstacle = firstEntry(from: gfn.rawValue, to: end, in: domain) { !isReplaceable($0) }
    guard let obstacle, let entry = entry(at: obstacle, in: domain) else { return }
    switch entry.type {
    case .mapForeignReadWrite:
      throw .domainCrashed(id(of: domain), .foreignReplaced(obstacle))
    case .mmioDirectDevice:
      throw .domainCrashed(id(of: domain), .deviceReplaced(obstacle))
    case .ramReadWrite: preconditionFailure("RAM can be replaced")
    }
  }

  private func isReplaceable(_ entry: P2MEntry) -> Bool {
    switch (entry.type, knobs.mmioReplacement) {
    case (.mapForeignReadWrite, _), (.mmioDirectDevice, .refused): false
    case (.mmioDirectDevice, .replaced), (.ramReadWrite, _): true
    }
  }
}
