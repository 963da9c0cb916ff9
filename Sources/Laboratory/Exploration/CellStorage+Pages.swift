import Exploration
import Hypervisor

/// Pages: who owns them, and whether they are still held.
extension CellStorage {
  func page(_ mfn: MFN) -> PageInfo? {
    if populatedIndex(mfn) != nil {
      var page = space.start.page(space.start.mfn(of: .sharedInfo, in: space.first.index))
      page?.kind = .populated
      return page
    }
    guard var page = space.start.page(mfn) else { return nil }
    guard let number = space.number(of: page.owner), let special = page.special else {
      return page
    }
    let owner = space.domains[number]
    if let dead = owner.deathCell(of: special), cells.read(dead) == 1 {
      page.allocated = false
      page.references = references(ofPeer: .peer(number, special))
    }
    if let pins = pinCell(of: special) { page.references += UInt32(cells.read(pins)) }
    if case .status = special, isStatusFree(owner) { page.kind = .free }
    return page
  }

  /// References to a page beside that of its allocation: mappings of other domains, and one for those
  /// that nothing accounts for.
  private func references(ofPeer page: ExplorationSpace.Content) -> UInt32 {
    guard let cell = space.surplus[page], let value = space.valueOf[page] else { return 0 }
    var count: UInt32 = cells.read(cell) == ExplorationSpace.Surplus.leaked.rawValue ? 1 : 0
    for domain in space.domains {
      for column in domain.p2m where cells.read(column) == value { count += 1 }
    }
    return count
  }

  /// The cell that tells how many vCPUs hold `page`, if that matters.
  private func pinCell(of page: SpecialPage) -> CellIndex? {
    switch page {
    case .grant(let frame): space.pins.isEmpty ? nil : space.pins[frame]
    case .status: space.statusPins
    case .sharedInfo: nil
    }
  }

  mutating func takeReference(to mfn: MFN) -> Bool {
    addReferences(1, to: mfn)
    return true
  }

  mutating func dropReference(to mfn: MFN) { addReferences(-1, to: mfn) }

  private mutating func addReferences(_ count: Int, to mfn: MFN) {
    guard let page = countedPage(mfn) else {
      preconditionFailure("references of \(mfn) are not explored")
    }
    guard case .peer(_, let special) = page, space.valueOf[page] == nil else {
      referencesLeftOver[page, default: 0] += count
      return
    }
    // Nobody else maps it. One vCPU drops what it took before anybody looks. Rules are also tried on
    // states that cannot be, in which the count would leave its range.
    guard let cell = pinCell(of: special) else { return }
    cells.write(min(max(cells.read(cell) + count, 0), space.plan.vcpus), to: cell)
  }

  mutating func dropAllocationReference(to mfn: MFN) {
    if let index = populatedIndex(mfn) {
      freed.append(index)
      space.budget?.add(1, to: cells)
      return
    }
    guard let page = space.start.page(mfn), let special = page.special,
      let cell = cells(of: page.owner).deathCell(of: special)
    else { preconditionFailure("the allocation of \(mfn) is not explored") }
    cells.write(1, to: cell)
  }

  mutating func allocatePages(order: Int, for domain: DomainIndex) -> MFN? {
    guard let budget = space.budget, budget.take(order: order, from: cells) else { return nil }
    return order == 0 ? unmappedPopulatedMFN : Self.unmappedSuperpage
  }

  mutating func notePopulated(_ mfn: MFN, at gfn: GFN?, in domain: DomainIndex) {}
  mutating func takeBackPopulated(_ mfn: MFN, in domain: DomainIndex) {}
}

/// Superpages: what is explored of the GFNs that they map, and what lies behind those.
extension CellStorage {
  /// What is mapped at a GFN that is not explored: a page of a superpage, which is known to be populated.
  func restEntry(at gfn: GFN) -> P2MEntry? {
    guard let rest = rest(at: gfn), cells.read(rest.isPopulated) == 1 else { return nil }
    return P2MEntry(Self.unmappedSuperpage, .ramReadWrite)
  }

  private func rest(at gfn: GFN) -> StateLayout.Rest? {
    space.rests.first { $0.first <= gfn.rawValue && gfn.rawValue < $0.end }
  }

  mutating func setSuperpage(
    _ entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) -> [P2MEntry] {
    precondition(gfn.rawValue == space.plan.firstGFN, "superpages begin where the window does")
    let domain = cells(of: domain)
    var replaced: [P2MEntry] = []
    for index in domain.p2m.indices {
      let before = content(at: index, in: domain)
      if let entry = self.entry(before, at: index, in: domain) { replaced.append(entry) }
      let page = P2MEntry(Self.unmappedSuperpage, .ramReadWrite)
      set(page, at: index, in: domain, index == 0 ? .requested : .replaced)
    }
    for rest in space.rests where rest.first < gfn.rawValue + 1 << UInt64(order) {
      cells.write(1, to: rest.isPopulated)
    }
    // Pages behind those explored are the domain's RAM, and nothing goes with their entries.
    return replaced
  }

  /// The pages behind those explored are decreased at once.
  mutating func decreaseLeaf(at gfn: GFN, pageCount: UInt64, in domain: DomainIndex) -> UInt64 {
    guard let rest = rest(at: gfn), gfn.rawValue == rest.first,
      rest.end - rest.first <= pageCount, cells.read(rest.isPopulated) == 1
    else { return 0 }
    cells.write(0, to: rest.isPopulated)
    space.budget?.add(Int(rest.end - rest.first), to: cells)
    return rest.end - rest.first
  }

  /// One page stands for all of the pages behind those explored that are populated together.
  func firstEntry(
    from first: UInt64, to end: UInt64, in domain: DomainIndex,
    where condition: (P2MEntry) -> Bool
  ) -> GFN? {
    let places = space.plan.window.map(\.rawValue) + space.rests.map(\.first)
    return places.lazy.filter { first <= $0 && $0 < end }.map { GFN($0) }
      .first { gfn in entry(at: gfn, in: domain).map(condition) ?? false }
  }
}
