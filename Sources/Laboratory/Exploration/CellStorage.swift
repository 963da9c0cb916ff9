import Exploration
import Hypervisor

/// A machine whose state is cells that record what is read and written: the storage on which the
/// rules run while an exploration learns what they do.
///
/// What no operation changes, such as the other domain, is asked of the machine at the start.
struct CellStorage {
  let space: ExplorationSpace
  let cells: CellRecorder
  /// What the operation changed, but for references.
  private(set) var log = EffectLog()
  /// References taken and mappings gone, less those dropped and added, of each foreign page.
  private var referencesLeftOver: [Int]
  /// GFNs whose populated page was freed.
  private var freed: [Int] = []
  private(set) var hasSaturated = false

  init(_ space: ExplorationSpace) {
    self.space = space
    cells = CellRecorder(space.layout)
    referencesLeftOver = [Int](repeating: 0, count: space.plan.foreignPages)
  }

  init(_ space: ExplorationSpace, _ cells: CellRecorder) {
    self.space = space
    self.cells = cells
    referencesLeftOver = [Int](repeating: 0, count: space.plan.foreignPages)
  }

  /// Does `operation` on the cells as they are, and notes in them what it leaves of references.
  @discardableResult
  mutating func perform(_ operation: ExploredOperation) -> OperationReply {
    let reply = operation.perform(on: &self, in: space.domain)
    if let error = reply.error { noteCrash(error) }
    noteReferences()
    return reply
  }

  /// Whether the domain does nothing any more.
  var isCrashed: Bool { space.crashed.map { cells.read($0) == 1 } ?? false }

  func noteCrash(_ error: HypercallError) {
    guard case .domainCrashed = error else { return }
    guard let crashed = space.crashed else {
      preconditionFailure("a domain was crashed, which cannot be")
    }
    cells.write(1, to: crashed)
  }

  mutating func noteReferences() {
    for page in referencesLeftOver.indices where referencesLeftOver[page] != 0 {
      noteLeftOver(referencesLeftOver[page], of: page)
    }
  }

  /// The properties of operations that the last one broke.
  var broken: Set<Property> {
    var broken: Set<Property> = []
    if log.effects.contains(where: { $0.collateralRemoval != nil }) {
      broken.insert(.noCollateralRemoval)
    }
    if freed.contains(where: { content(at: $0) == .populated }) { broken.insert(.noDangling) }
    return broken
  }

  private mutating func noteLeftOver(_ change: Int, of page: Int) {
    guard page < space.surplus.count else {
      // Too many references are nobody's loss but the page's. Too few would have to be counted.
      if change < 0 { hasSaturated = true }
      return
    }
    let cell = space.surplus[page]
    guard let surplus = ExplorationSpace.Surplus(rawValue: cells.read(cell)) else {
      preconditionFailure("a surplus was stored that is none")
    }
    if surplus != .none || abs(change) > 1 { hasSaturated = true }
    let result: ExplorationSpace.Surplus =
      switch (surplus, change > 0) {
      case (.none, true), (.leaked, _): .leaked
      case (.none, false), (.missing, _): .missing
      }
    cells.write(result.rawValue, to: cell)
  }

  /// What is mapped at the GFN number `index`.
  func content(at index: Int) -> ExplorationSpace.Content {
    space.contents[cells.read(space.p2m[index])]
  }
}

/// Names of the cells' values as the rules know them.
extension CellStorage {
  /// Heap pages that the machine at the start has not: the populated page at each GFN, and one more
  /// that is not mapped yet.
  private static let firstPopulated: UInt64 = (1 << 36) + (1 << 24)

  private func populatedMFN(at index: Int) -> MFN { MFN(Self.firstPopulated + UInt64(index)) }
  private var unmappedPopulatedMFN: MFN { populatedMFN(at: space.plan.gfns) }

  private func populatedIndex(_ mfn: MFN) -> Int? {
    let index = mfn.rawValue &- Self.firstPopulated
    return index <= UInt64(space.plan.gfns) ? Int(index) : nil
  }

  private var other: DomainIndex? { space.start.index(of: ExploredOperation.otherDomain) }

  private func foreignEntry(_ page: Int) -> P2MEntry? {
    other.flatMap { space.start.entry(at: source(page), in: $0) }
  }

  private func source(_ page: Int) -> GFN { GFN(ExplorationSpace.firstSource + UInt64(page)) }

  private func entry(_ content: ExplorationSpace.Content, at index: Int) -> P2MEntry? {
    switch content {
    case .nothing: nil
    case .grant(let frame):
      P2MEntry(space.start.mfn(of: .grant(frame), in: space.domain), .ramReadWrite)
    case .status: P2MEntry(space.start.mfn(of: .status(0), in: space.domain), .ramReadWrite)
    case .foreign(let page): foreignEntry(page).map { P2MEntry($0.mfn, .mapForeignReadWrite) }
    case .sharedInfo: P2MEntry(space.start.mfn(of: .sharedInfo, in: space.domain), .ramReadWrite)
    case .device: P2MEntry(ExploredOperation.deviceMFN, .mmioDirectDevice)
    case .populated: P2MEntry(populatedMFN(at: index), .ramReadWrite)
    }
  }

  private func content(of entry: P2MEntry?) -> ExplorationSpace.Content {
    guard let entry else { return .nothing }
    switch entry.type {
    case .mmioDirectDevice: return .device
    case .mapForeignReadWrite:
      guard let page = foreignPage(entry.mfn) else { break }
      return .foreign(page)
    case .ramReadWrite:
      if populatedIndex(entry.mfn) != nil { return .populated }
      switch space.start.page(entry.mfn)?.special {
      case .grant(let frame)?: return .grant(frame)
      case .status?: return .status
      case .sharedInfo?: return .sharedInfo
      case nil: break
      }
    }
    preconditionFailure("\(entry.mfn) was mapped, which no explored operation maps")
  }

  private func foreignPage(_ mfn: MFN) -> Int? {
    (0..<space.plan.foreignPages).first { foreignEntry($0)?.mfn == mfn }
  }

  private func mapping(_ content: ExplorationSpace.Content, at index: Int) -> Mapping? {
    entry(content, at: index).map { Mapping(entry: $0, page: name(of: content)) }
  }

  private func name(of content: ExplorationSpace.Content) -> PageName {
    switch content {
    case .nothing: .free
    case .grant(let frame): .grant(domain: ExploredOperation.domain, frame: frame)
    case .foreign(let page):
      .foreign(domain: ExploredOperation.otherDomain, gfn: source(page))
    case .status where isStatusFree: .free
    case .status: .status(domain: ExploredOperation.domain, frame: 0)
    case .sharedInfo: .sharedInfo
    case .device: .device
    // Which one it is cannot be told of a state.
    case .populated: .populated(n: 0)
    }
  }

  /// Whether the page that the status frame was is nobody's.
  private var isStatusFree: Bool { grantVersion(of: space.domain) == 1 }

  func tracked(_ cell: CellIndex) -> GFN? {
    switch cells.read(cell) {
    case 0: nil
    case let place where place <= space.plan.gfns:
      GFN(ExplorationSpace.firstGFN + UInt64(place - 1))
    default: GFN(p2mLimit)
    }
  }
}

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
    guard domain == space.domain, let index = space.index(of: gfn) else {
      return space.start.entry(at: gfn, in: domain)
    }
    return entry(content(at: index), at: index)
  }

  mutating func setEntry(
    _ entry: P2MEntry?, at gfn: GFN, in domain: DomainIndex, source: GFN?, cause: Effect.Cause
  ) throws(HypercallError) {
    guard domain == space.domain, let index = space.index(of: gfn) else {
      preconditionFailure("\(gfn) was changed, which is not explored")
    }
    let before = content(at: index)
    let after = content(of: entry)
    if case .foreign(let page) = before { referencesLeftOver[page] += 1 }
    if case .foreign(let page) = after { referencesLeftOver[page] -= 1 }
    guard let value = space.valueOf[after] else {
      preconditionFailure("\(after) was mapped, which no explored operation maps")
    }
    cells.write(value, to: space.p2m[index])
    log.append(
      .physmap(
        domain: ExploredOperation.domain, gfn: gfn, before: mapping(before, at: index),
        after: entry.map { Mapping(entry: $0, page: name(of: after)) }, cause: cause))
  }

  func grantFrameCount(of domain: DomainIndex) -> Int { space.plan.frames }

  func statusFrameCount(of domain: DomainIndex) -> Int {
    space.plan.hasVersion2 && !isStatusFree ? 1 : 0
  }

  mutating func growGrantTable(
    of domain: DomainIndex, to count: Int, statusFrames statusCount: Int
  ) -> Bool {
    precondition(count == space.plan.frames, "all frames that are explored exist from the start")
    if statusCount > 0, statusFrameCount(of: domain) == 0 {
      if let dead = space.statusDead { cells.write(0, to: dead) }
      // A new frame is tracked nowhere, whatever a vCPU wrote of the page since it was freed.
      if let tracked = space.statusTracked { cells.write(0, to: tracked) }
      log.append(.statusGrowth(domain: ExploredOperation.domain, before: 0, after: 1))
    }
    return true
  }

  mutating func freeStatusFrames(of domain: DomainIndex) {
    guard let tracked = space.statusTracked else { return }
    cells.write(0, to: tracked)
    log.append(.statusGrowth(domain: ExploredOperation.domain, before: 1, after: 0))
  }

  func grantVersion(of domain: DomainIndex) -> Int {
    guard space.plan.hasVersion2 else { return 1 }
    return space.isVersion1.map { 2 - cells.read($0) } ?? 2
  }

  mutating func setGrantVersion(to version: Int, of domain: DomainIndex) {
    guard let cell = space.isVersion1 else {
      preconditionFailure("the version was changed, which nothing does")
    }
    let before = grantVersion(of: domain)
    cells.write(2 - version, to: cell)
    log.append(.version(domain: ExploredOperation.domain, before: before, after: version))
  }

  func mfn(of page: SpecialPage, in domain: DomainIndex) -> MFN {
    space.start.mfn(of: page, in: domain)
  }

  private func trackingCell(of page: SpecialPage) -> CellIndex? {
    switch page {
    case .grant(let frame): space.tracked[frame]
    case .status: space.statusTracked
    case .sharedInfo: space.sharedInfoTracked
    }
  }

  func tracked(_ page: SpecialPage, in domain: DomainIndex) -> GFN? {
    trackingCell(of: page).flatMap { tracked($0) }
  }

  mutating func setTracked(_ page: SpecialPage, to gfn: GFN?, in domain: DomainIndex) {
    guard let cell = trackingCell(of: page) else {
      preconditionFailure("\(page) was tracked, which nothing maps")
    }
    let before = tracked(page, in: domain)
    cells.write(space.place(of: gfn), to: cell)
    if page == .sharedInfo { return }
    log.append(
      .tracking(domain: ExploredOperation.domain, page: page, before: before, after: gfn))
  }

  func page(_ mfn: MFN) -> PageInfo? {
    if populatedIndex(mfn) != nil {
      var page = space.start.page(space.start.mfn(of: .sharedInfo, in: space.domain))
      page?.kind = .populated
      return page
    }
    guard var page = space.start.page(mfn) else { return nil }
    guard page.owner == ExploredOperation.domain, let special = page.special else { return page }
    if let dead = deathCell(of: special), cells.read(dead) == 1 {
      page.references = 0
      page.allocated = false
    }
    if let pins = pinCell(of: special) { page.references += UInt32(cells.read(pins)) }
    if case .status = special, isStatusFree { page.kind = .free }
    return page
  }

  /// The cell that tells whether `page` was given back, if it can be.
  private func deathCell(of page: SpecialPage) -> CellIndex? {
    switch page {
    case .grant(let frame): space.dead.isEmpty ? nil : space.dead[frame]
    case .status: space.statusDead
    case .sharedInfo: space.sharedInfoDead
    }
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
    if let page = foreignPage(mfn) {
      referencesLeftOver[page] += count
      return
    }
    guard let special = space.start.page(mfn)?.special else {
      preconditionFailure("references of \(mfn) are not explored")
    }
    // One vCPU drops what it took before anybody looks. Rules are also tried on states that cannot be,
    // in which the count would leave its range.
    guard let cell = pinCell(of: special) else { return }
    cells.write(min(max(cells.read(cell) + count, 0), space.plan.vcpus), to: cell)
  }

  mutating func dropAllocationReference(to mfn: MFN) {
    if let index = populatedIndex(mfn) {
      freed.append(index)
      if let budget = space.budget {
        cells.write(min(cells.read(budget) + 1, space.plan.budget), to: budget)
      }
      return
    }
    guard let special = space.start.page(mfn)?.special, let cell = deathCell(of: special) else {
      preconditionFailure("the allocation of \(mfn) is not explored")
    }
    cells.write(1, to: cell)
  }

  mutating func setSuperpage(
    _ entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) -> [P2MEntry] {
    preconditionFailure("superpages are not explored")
  }

  mutating func allocatePages(order: Int, for domain: DomainIndex) -> MFN? {
    precondition(order == 0, "superpages are not explored")
    guard let budget = space.budget, cells.read(budget) > 0 else { return nil }
    cells.write(cells.read(budget) - 1, to: budget)
    return unmappedPopulatedMFN
  }

  mutating func notePopulated(_ mfn: MFN, at gfn: GFN?, in domain: DomainIndex) {}
  mutating func takeBackPopulated(_ mfn: MFN, in domain: DomainIndex) {}
}
