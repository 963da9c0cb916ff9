/// Giving memory to a domain and taking it back.
extension MachineStorage {
  /// Puts a page of the domain's own at `gfn`; `nil` is INVALID_GFN. A direct-mapped domain gets
  /// the page whose MFN is the GFN, if it owns that; another one a new page, if it may have one.
  ///
  /// - Returns: extents done, 0 or 1. A new page that could not be mapped stays allocated.
  /// - Throws: `domainCrashed`, on x86.
  ///
  /// Xen: `populate_physmap`
  package mutating func populate(
    _ gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) -> Int {
    let isDirectMapped = isDirectMapped(domain)
    let page = isDirectMapped ? ownRAM(at: gfn, of: domain) : allocatePage(for: domain)
    guard let mfn = page else { return 0 }
    try checkReplaceable(at: gfn, in: domain)
    if !isDirectMapped { notePopulated(mfn, at: gfn, in: domain) }
    do throws(HypercallError) {
      try put(P2MEntry(mfn, .ramReadWrite), at: gfn, in: domain)
      return 1
    } catch {
      switch knobs.populateInsert {
      case .unchecked: return 1
      case .checked:
        if !isDirectMapped { takeBackPopulated(mfn, in: domain) }
        return 0
      }
    }
  }

  private func ownRAM(at gfn: GFN?, of domain: DomainIndex) -> MFN? {
    guard let gfn, gfn.rawValue < p2mLimit, let page = page(MFN(gfn.rawValue)), page.kind == .ram,
      page.owner == id(of: domain), page.references > 0
    else { return nil }
    return MFN(gfn.rawValue)
  }

  /// Takes the domain's own page at `gfn` away; `nil` is INVALID_GFN. Unless the domain is
  /// direct-mapped the page's allocation goes too: a grant frame is then dead.
  ///
  /// - Returns: extents done, 0 or 1.
  ///
  /// Xen: `guest_remove_page`
  package mutating func decrease(_ gfn: GFN?, in domain: DomainIndex) -> Int {
    guard let gfn, gfn.rawValue < p2mLimit, let entry = entry(at: gfn, in: domain),
      isDecreasable(entry)
    else { return 0 }
    do throws(HypercallError) {
      try remove(at: gfn, in: domain, cause: .requested)
    } catch {
      return 0
    }
    if entry.type == .ramReadWrite, !isDirectMapped(domain) {
      dropAllocationReference(to: entry.mfn)
    }
    return 1
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
