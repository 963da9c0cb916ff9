/// References to pages, and their allocation.
extension Machine {
  package mutating func takeReference(to mfn: MFN) -> Bool {
    guard frameTable.prepare(mfn) else { return false }
    let after = frameTable.update(mfn) { page in
      page.references += 1
      return page.references
    }
    log.append(.reference(mfn: mfn, before: after - 1, after: after))
    return true
  }

  package mutating func dropReference(to mfn: MFN) {
    let page = frameTable.update(mfn) { page -> PageInfo? in
      // None is left only of a page that was freed while a vCPU held it, and used anew.
      guard page.references > 0 else { return nil }
      page.references -= 1
      return page
    }
    guard let page else { return }
    log.append(.reference(mfn: mfn, before: page.references + 1, after: page.references))
    if page.references == 0 { release(mfn, page) }
  }

  package mutating func dropAllocationReference(to mfn: MFN) {
    let wasHeld = frameTable.update(mfn) { page in
      let held = page.allocated
      page.allocated = false
      return held
    }
    if wasHeld { dropReference(to: mfn) }
  }

  /// Takes a page without references from its domain. Xen keeps a xenheap page: it is dead.
  mutating func release(_ mfn: MFN, _ page: PageInfo) {
    guard page.kind != .free, !page.isXenheap || page.isOrphaned else { return }
    if !page.isOrphaned, let owner = index(of: page.owner) {
      domains[owner.rawValue].allocatedPages -= 1
    }
    frameTable.update(mfn) { $0.kind = .free }
    if !page.isMapped { frameTable.recycle(mfn) }
  }

  package mutating func allocatePages(order: Int, for domain: DomainIndex) -> MFN? {
    if pageAllocationFails(in: domain) { return nil }
    let maximum = domains[domain.rawValue].configuration.maxPages
    let count: UInt64 = 1 << UInt64(order)
    guard domains[domain.rawValue].allocatedPages + count <= maximum else { return nil }
    let owner = id(of: domain)
    let first: MFN?
    if order == 0 {
      guard frameTable.heapPageCount < Limits.heapPages else { return nil }
      let page = PageInfo(kind: .populated, owner: owner, index: PageInfo.neverMapped)
      first = frameTable.allocate(page)
    } else {
      first = frameTable.allocateSuperpage(order: order, owner: owner)
    }
    guard let first else { return nil }
    domains[domain.rawValue].allocatedPages += count
    log.append(
      order == 0
        ? .reference(mfn: first, before: 0, after: 1)
        : .references(first: first, pages: Int(count), before: 0, after: 1))
    return first
  }

  package mutating func notePopulated(_ first: MFN, at gfn: GFN?, in domain: DomainIndex) {
    let number = domains[domain.rawValue].populateCount
    domains[domain.rawValue].populateCount += 1
    frameTable.number(first, number, at: gfn)
  }

  package mutating func takeBackPopulated(_ first: MFN, in domain: DomainIndex) {
    domains[domain.rawValue].populateCount -= 1
    frameTable.number(first, PageInfo.neverMapped, at: nil)
  }

  /// Makes room for noting that `entry` comes or goes.
  ///
  /// - Returns: whether the host has the memory.
  mutating func prepare(_ entry: P2MEntry?) -> Bool {
    guard let entry, entry.type != .mmioDirectDevice else { return true }
    return frameTable.prepare(entry.mfn)
  }

  /// Keeps the page's and the frame's own count of where they are mapped.
  mutating func countMapping(
    _ entry: P2MEntry, at gfn: GFN, in domain: DomainIndex, present: Bool
  ) {
    switch entry.type {
    case .mmioDirectDevice:
      return
    case .mapForeignReadWrite:
      frameTable.update(entry.mfn) { page in
        if present { page.foreignMappings += 1 } else { page.foreignMappings -= 1 }
      }
    case .ramReadWrite:
      let page = frameTable.update(entry.mfn) { page in
        if present { page.ownMappings += 1 } else { page.ownMappings -= 1 }
        return page
      }
      if present, page.kind == .free { frameTable.noteDangling(entry.mfn) }
      noteMapped(entry, page, at: gfn, in: domain, present: present)
    }
    if !present, let page = frameTable[entry.mfn], page.kind == .free, !page.isMapped {
      frameTable.recycle(entry.mfn)
    }
  }

  /// Remembers where a foreign page is in its own domain, if that is not where it was first.
  mutating func noteSource(
    of entry: P2MEntry?, _ source: GFN?, at gfn: GFN, in domain: DomainIndex
  ) {
    if !domains[domain.rawValue].foreignSources.isEmpty {
      domains[domain.rawValue].foreignSources[gfn] = nil
    }
    guard let entry, let source, frameTable[entry.mfn]?.firstGFN != source else { return }
    domains[domain.rawValue].foreignSources[gfn] = source
  }
}

/// Naming what is mapped.
extension Machine {
  /// What is mapped at `gfn` of `domain`, which is below the P2M's limit.
  package func mapping(at gfn: GFN, in domain: DomainIndex) -> Mapping? {
    guard let leaf = domains[domain.rawValue].p2m.leaf(at: gfn) else { return nil }
    return mapping(of: leaf.entry, order: leaf.order, at: gfn, in: domain)
  }

  func mapping(of entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex) -> Mapping {
    Mapping(entry: entry, page: name(of: entry, at: gfn, in: domain), order: order)
  }

  /// Calls `body` for each leaf of `domain` from `first` on, below `end`: with its first GFN, or with
  /// `first` where the leaf begins before that, and what is mapped there.
  package func forEachMapping(
    from first: GFN, to end: UInt64, in domain: DomainIndex, _ body: (GFN, Mapping) -> Void
  ) {
    domains[domain.rawValue].p2m.forEachLeaf(from: first.rawValue, to: end) { leaf in
      body(leaf.gfn, mapping(of: leaf.entry, order: leaf.order, at: leaf.gfn, in: domain))
      return true
    }
  }

  /// Where Xen believes `page` mapped, if it is one of those that it tracks.
  package func tracked(_ page: PageInfo) -> GFN? {
    guard !page.isOrphaned, let owner = index(of: page.owner), let special = page.special else {
      return nil
    }
    return tracked(special, in: owner)
  }

  /// What a person would call the page that `entry`, at `gfn` of `domain`, maps.
  package func name(of entry: P2MEntry, at gfn: GFN, in domain: DomainIndex) -> PageName {
    switch entry.type {
    case .mmioDirectDevice: return .device
    case .mapForeignReadWrite:
      let page = knownPage(entry.mfn)
      let source = domains[domain.rawValue].foreignSources[gfn] ?? page.firstGFN
      guard let source else { preconditionFailure("a foreign page was mapped from nowhere") }
      return .foreign(domain: page.owner, gfn: source)
    case .ramReadWrite:
      return name(of: knownPage(entry.mfn))
    }
  }

  /// What its owner would call `page`.
  package func name(of page: PageInfo) -> PageName {
    switch page.kind {
    case .grant: .grant(domain: page.owner, frame: Int(page.index))
    case .status: .status(domain: page.owner, frame: Int(page.index))
    case .sharedInfo: .sharedInfo
    case .populated: .populated(n: Int(page.index))
    case .ram: page.firstGFN.map { .ram(gfn: $0) } ?? .free
    case .free: .free
    }
  }

  private func knownPage(_ mfn: MFN) -> PageInfo {
    guard let page = frameTable[mfn] else {
      preconditionFailure("a P2M entry maps MFN \(mfn), which does not exist")
    }
    return page
  }
}
