import Exploration
import Hypervisor

/// What the rules ask of cells.
extension CellStorage: MachineStorage {
  var knobs: Knobs { space.plan.knobs }
  var architecture: Architecture { space.plan.cpu.architecture }
  var p2mLimit: UInt64 { space.start.p2mLimit }
  var maxGrantFrames: Int { space.start.maxGrantFrames }

  func index(of domain: DomainID) -> DomainIndex? { space.start.index(of: domain) }
  func id(of domain: DomainIndex) -> DomainID { space.start.id(of: domain) }
  func isPrivileged(_ domain: DomainIndex) -> Bool { space.start.isPrivileged(domain) }
  func isDirectMapped(_ domain: DomainIndex) -> Bool { space.start.isDirectMapped(domain) }

  func entry(at gfn: GFN, in domain: DomainIndex) -> P2MEntry? {
    guard id(of: domain) != space.plan.owner else {
      return space.start.entry(at: gfn, in: domain)
    }
    guard let index = space.index(of: gfn) else { return restEntry(at: gfn) }
    let domain = cells(of: domain)
    return entry(content(at: index, in: domain), at: index, in: domain)
  }

  mutating func setEntry(
    _ entry: P2MEntry?, at gfn: GFN, in domain: DomainIndex, source: GFN?, cause: Effect.Cause
  ) throws(HypercallError) {
    guard let index = space.index(of: gfn) else {
      preconditionFailure("\(gfn) was changed, which is not explored")
    }
    set(entry, at: index, in: cells(of: domain), cause)
  }

  mutating func set(
    _ entry: P2MEntry?, at index: Int, in domain: DomainCells, _ cause: Effect.Cause
  ) {
    let before = content(at: index, in: domain)
    let after = content(of: entry)
    if before.isForeign { referencesLeftOver[before, default: 0] += 1 }
    if after.isForeign { referencesLeftOver[after, default: 0] -= 1 }
    guard let value = space.valueOf[after] else {
      preconditionFailure("\(after) was mapped, which no explored operation maps")
    }
    cells.write(value, to: domain.p2m[index])
    log.append(
      .physmap(
        domain: domain.id, gfn: GFN(space.plan.firstGFN + UInt64(index)),
        before: mapping(before, at: index, in: domain),
        after: entry.map { Mapping(entry: $0, page: name(of: after, in: domain)) },
        cause: cause))
  }

  func grantFrameCount(of domain: DomainIndex) -> Int { space.plan.frames }

  func statusFrameCount(of domain: DomainIndex) -> Int {
    space.plan.hasVersion2 && !isStatusFree(cells(of: domain)) ? 1 : 0
  }

  mutating func growGrantTable(
    of domain: DomainIndex, to count: Int, statusFrames statusCount: Int
  ) -> Bool {
    precondition(count == space.plan.frames, "all frames that are explored exist from the start")
    if statusCount > 0, statusFrameCount(of: domain) == 0 {
      let domain = cells(of: domain)
      if let dead = domain.statusDead { cells.write(0, to: dead) }
      // A new frame is tracked nowhere, whatever a vCPU wrote of the page since it was freed.
      if let tracked = domain.statusTracked { cells.write(0, to: tracked) }
      log.append(.statusGrowth(domain: domain.id, before: 0, after: 1))
    }
    return true
  }

  mutating func freeStatusFrames(of domain: DomainIndex) {
    let domain = cells(of: domain)
    guard let tracked = domain.statusTracked else { return }
    cells.write(0, to: tracked)
    log.append(.statusGrowth(domain: domain.id, before: 1, after: 0))
  }

  func grantVersion(of domain: DomainIndex) -> Int {
    guard space.plan.hasVersion2 else { return 1 }
    return isStatusFree(cells(of: domain)) ? 1 : 2
  }

  mutating func setGrantVersion(to version: Int, of domain: DomainIndex) {
    let before = grantVersion(of: domain)
    let domain = cells(of: domain)
    guard let cell = domain.isVersion1 else {
      preconditionFailure("the version was changed, which nothing does")
    }
    cells.write(2 - version, to: cell)
    log.append(.version(domain: domain.id, before: before, after: version))
  }

  func mfn(of page: SpecialPage, in domain: DomainIndex) -> MFN {
    space.start.mfn(of: page, in: domain)
  }

  func tracked(_ page: SpecialPage, in domain: DomainIndex) -> GFN? {
    cells(of: domain).trackingCell(of: page).flatMap { tracked($0) }
  }

  mutating func setTracked(_ page: SpecialPage, to gfn: GFN?, in domain: DomainIndex) {
    let own = cells(of: domain)
    guard let cell = own.trackingCell(of: page) else {
      preconditionFailure("\(page) was tracked, which nothing maps")
    }
    let before = tracked(page, in: domain)
    cells.write(space.place(of: gfn), to: cell)
    if page == .sharedInfo { return }
    log.append(.tracking(domain: own.id, page: page, before: before, after: gfn))
  }
}

extension ExplorationSpace.Content {
  /// Whether it is another domain's page, to which the mapping should hold a reference.
  var isForeign: Bool {
    switch self {
    case .foreign, .peer: true
    case .nothing, .grant, .status, .sharedInfo, .device, .populated: false
    }
  }
}
