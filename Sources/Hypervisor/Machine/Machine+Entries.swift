/// Setting and removing P2M entries; telling it, and keeping count of what is mapped.
extension Machine {
  package func entry(at gfn: GFN, in domain: DomainIndex) -> P2MEntry? {
    domains[domain.rawValue].p2m[gfn]
  }

  package mutating func setEntry(
    _ entry: P2MEntry?, at gfn: GFN, in domain: DomainIndex, source: GFN?, cause: Effect.Cause
  ) throws(HypercallError) {
    let leaf = domains[domain.rawValue].p2m.leaf(at: gfn)
    var before: Mapping?
    if let leaf { before = mapping(of: leaf.entry, order: 0, at: gfn, in: domain) }
    guard prepare(before?.entry), prepare(entry) else {
      throw .outOfHostMemory(domain: id(of: domain), gfn: gfn)
    }
    let tables = domains[domain.rawValue].p2m.tableCount
    let outcome =
      if let entry {
        domains[domain.rawValue].p2m.set(entry, at: gfn)
      } else {
        domains[domain.rawValue].p2m.remove(at: gfn)
      }
    if meter != nil {
      noteChange(
        splits: outcome == .done ? (leaf?.order ?? 0) / 9 : 0,
        taken: domains[domain.rawValue].p2m.tableCount - tables,
        old: leaf != nil && outcome == .done, new: entry != nil && outcome == .done)
    }
    try check(outcome, at: gfn, in: domain)
    if let leaf, leaf.order > 0 { noteSplit(of: leaf, to: 0, in: domain) }
    if let before { countMapping(before.entry, at: gfn, in: domain, present: false) }
    if let entry { countMapping(entry, at: gfn, in: domain, present: true) }
    noteSource(of: entry, source, at: gfn, in: domain)
    var after: Mapping?
    if let entry { after = mapping(of: entry, order: 0, at: gfn, in: domain) }
    log.append(
      .physmap(domain: id(of: domain), gfn: gfn, before: before, after: after, cause: cause))
  }

  package mutating func setSuperpage(
    _ entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) -> [P2MEntry] {
    let end = gfn.rawValue + 1 << UInt64(order)
    var before: [(leaf: PageTable.Leaf, mapping: Mapping)] = []
    domains[domain.rawValue].p2m.forEachLeaf(from: gfn.rawValue, to: end) { leaf in
      let rest = min(leaf.order, order)
      before.append((leaf, mapping(of: leaf.entry, order: rest, at: leaf.gfn, in: domain)))
      return true
    }
    for (leaf, _) in before where leaf.order == 0 && !prepare(leaf.entry) {
      throw .outOfHostMemory(domain: id(of: domain), gfn: gfn)
    }
    let tables = domains[domain.rawValue].p2m.tableCount
    let outcome = domains[domain.rawValue].p2m.set(entry, at: gfn, order: order)
    let larger = before.first.map { $0.leaf.order > order ? $0.leaf.order - order : 0 } ?? 0
    noteChange(
      splits: outcome == .done ? larger / 9 : 0,
      taken: domains[domain.rawValue].p2m.tableCount - tables,
      old: !before.isEmpty && outcome == .done, new: outcome == .done)
    try check(outcome, at: gfn, in: domain)

    if let leaf = before.first?.leaf, leaf.order > order {
      noteSplit(of: leaf, to: order, in: domain)
    }
    for (leaf, mapping) in before {
      forget(mapping, at: leaf.gfn, in: domain)
    }
    frameTable.updateAll(entry.mfn, order: order) { $0.ownMappings += 1 }
    noteReplacement(of: before.map { ($0.leaf.gfn, $0.mapping) }, at: gfn, in: domain)
    return before.filter { $0.leaf.order == 0 }.map(\.leaf.entry)
  }

  package func firstEntry(
    from first: UInt64, to end: UInt64, in domain: DomainIndex,
    where condition: (P2MEntry) -> Bool
  ) -> GFN? {
    var found: GFN?
    domains[domain.rawValue].p2m.forEachLeaf(from: first, to: end) { leaf in
      if condition(leaf.entry) { found = leaf.gfn }
      return found == nil
    }
    return found
  }

  package mutating func decreaseLeaf(
    at gfn: GFN, pageCount: UInt64, in domain: DomainIndex
  ) -> UInt64 {
    guard pageCount > 1, gfn.rawValue < p2mLimit,
      let leaf = domains[domain.rawValue].p2m.leaf(at: gfn),
      leaf.order > 0, leaf.first == gfn, leaf.pageCount <= pageCount,
      everyPage(from: leaf.entry.mfn, order: leaf.order, satisfies: { $0.references > 0 }),
      domains[domain.rawValue].faults.reference.map({ $0 >= leaf.pageCount }) ?? true,
      domains[domain.rawValue].p2m.removeLeaf(at: gfn, order: leaf.order)
    else { return 0 }
    precondition(!referenceFails(1 << leaf.order, in: domain), "no reference was to fail")
    noteDecrease(order: leaf.order)
    let before = mapping(of: leaf.entry, order: leaf.order, at: gfn, in: domain)
    log.appendDistinct(
      .physmap(domain: id(of: domain), gfn: gfn, before: before, after: nil, cause: .requested))
    frameTable.updateAll(leaf.entry.mfn, order: leaf.order) { $0.ownMappings -= 1 }
    if !isDirectMapped(domain) {
      dropAllocationReferences(to: leaf.entry.mfn, order: leaf.order, of: domain)
    }
    return leaf.pageCount
  }

  private func check(
    _ outcome: PageTable.Outcome, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) {
    switch outcome {
    case .done: return
    case .noTable: throw .outOfTables(domain: id(of: domain), gfn: gfn)
    case .noMemory: throw .outOfHostMemory(domain: id(of: domain), gfn: gfn)
    }
  }

  /// Tells that `leaf` was split down to the leaf of `order` that covers the frame it is seen from.
  private mutating func noteSplit(of leaf: PageTable.Leaf, to order: Int, in domain: DomainIndex) {
    var split = leaf
    while split.order > order {
      let (whole, next) = (split.whole, split.order - 9)
      log.appendDistinct(
        .physmap(
          domain: id(of: domain), gfn: whole.gfn,
          before: mapping(of: whole.entry, order: whole.order, at: whole.gfn, in: domain),
          after: mapping(of: whole.entry, order: next, at: whole.gfn, in: domain),
          cause: .split))
      split = PageTable.Leaf(gfn: leaf.gfn, entry: leaf.entry, order: next)
    }
  }

  /// Tells what a superpage at `gfn` replaced: at `gfn` as requested, elsewhere beside it.
  private mutating func noteReplacement(
    of before: [(gfn: GFN, mapping: Mapping)], at gfn: GFN, in domain: DomainIndex
  ) {
    let id = id(of: domain)
    let isFirst = before.first?.gfn == gfn
    log.appendDistinct(
      .physmap(
        domain: id, gfn: gfn, before: isFirst ? before.first?.mapping : nil,
        after: mapping(at: gfn, in: domain), cause: .requested))
    for (gfn, mapping) in before.dropFirst(isFirst ? 1 : 0) {
      log.appendDistinct(
        .physmap(
          domain: id, gfn: gfn, before: mapping, after: self.mapping(at: gfn, in: domain),
          cause: .replaced))
    }
  }

  /// Keeps count of a leaf at `gfn` that is gone.
  private mutating func forget(_ gone: Mapping, at gfn: GFN, in domain: DomainIndex) {
    guard gone.order > 0 else {
      countMapping(gone.entry, at: gfn, in: domain, present: false)
      return noteSource(of: nil, nil, at: gfn, in: domain)
    }
    let first = gone.entry.mfn
    frameTable.updateAll(first, order: gone.order) { $0.ownMappings -= 1 }
    recycleFreePages(from: first, order: gone.order)
  }
}

/// The pages of superpages.
extension Machine {
  package func everyPage(
    from first: MFN, order: Int, satisfies condition: (PageInfo) -> Bool
  ) -> Bool {
    frameTable.forEachRun(first, count: 1 << order) { _, page, _ in condition(page) }
  }

  /// Drops the references that the allocation of these pages took, where they are still held; they
  /// are mapped no more.
  private mutating func dropAllocationReferences(
    to first: MFN, order: Int, of domain: DomainIndex
  ) {
    var runs: [(first: MFN, count: Int, references: UInt32)] = []
    var freed = 0
    _ = frameTable.forEachRun(first, count: 1 << order) { mfn, page, count in
      guard page.allocated else { return true }
      if page.references == 1 { freed += count }
      if let last = runs.last, last.references == page.references,
        last.first.rawValue + UInt64(last.count) == mfn.rawValue
      {
        runs[runs.count - 1].count += count
      } else {
        runs.append((mfn, count, page.references))
      }
      return true
    }
    frameTable.updateAll(first, order: order) { page in
      guard page.allocated else { return }
      page.allocated = false
      page.references -= 1
      if page.references == 0 { page.kind = .free }
    }
    for run in runs {
      log.appendDistinct(
        .references(
          first: run.first, pages: run.count, before: run.references,
          after: run.references - 1))
    }
    domains[domain.rawValue].allocatedPages -= UInt64(freed)
    recycleFreePages(from: first, order: order)
  }

  /// Lets those of these pages be used again that are free and not mapped.
  private mutating func recycleFreePages(from first: MFN, order: Int) {
    var free: [(MFN, Int)] = []
    _ = frameTable.forEachRun(first, count: 1 << order) { mfn, page, count in
      if page.kind == .free, !page.isMapped { free.append((mfn, count)) }
      return true
    }
    for (mfn, count) in free { frameTable.recycle(mfn, count: count) }
  }

  /// Whether an operation on 2^`order` pages from `gfn` on changes, and tells, few enough leaves.
  ///
  /// - Parameter isMapping: whether it maps pages there, or takes them away.
  package func canTellChanges(
    order: Int, from gfn: GFN?, of domain: DomainID, isMapping: Bool
  ) -> Bool {
    guard order > 0, let gfn, gfn.rawValue < p2mLimit, let domain = index(of: domain) else {
      return true
    }
    let limit = Limits.leavesPerOperation
    if isMapping, order > 9, gfn.rawValue % 512 != 0 { return false }
    var leaves = 0
    let end = gfn.rawValue + 1 << UInt64(order)
    domains[domain.rawValue].p2m.forEachLeaf(from: gfn.rawValue, to: end) { _ in
      leaves += 1
      return leaves <= limit
    }
    return leaves <= limit
  }
}
