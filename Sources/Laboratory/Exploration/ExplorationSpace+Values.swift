import Exploration
import Hypervisor

/// The states of an exploration beside the machine that they stand for.
extension ExplorationSpace {
  /// Storage on which an operation can be done, in a state with these values of its cells.
  func storage(_ values: [Int]) -> CellStorage {
    let storage = CellStorage(self, CellRecorder(layout))
    storage.cells.begin(values)
    return storage
  }

  /// The properties of states that do not hold where the cells have these values.
  func broken(_ values: [Int]) -> Set<Property> {
    let judge = StateJudge<SIMD4<UInt64>>(self)
    let broken = judge.broken(in: SIMD4<UInt64>(values, layout))
    return Set(judged.filter { !set([$0]).isDisjoint(with: broken) })
  }

  /// The values of the cells that stand for `machine`, which came from `start` by operations that are
  /// explored.
  func values(of machine: Machine) -> [Int] {
    var values = firstValues
    for domain in domains { tell(domain, of: machine, &values) }
    for (content, cell) in surplus {
      values[cell.rawValue] = surplus(of: content, machine).rawValue
    }
    let allocated = Int(machine.domains[first.index.rawValue].allocatedPages)
    for (cell, value) in budget?.values(plan.budget - allocated) ?? [] {
      values[cell.rawValue] = value
    }
    for rest in rests {
      let isPopulated = machine.entry(at: GFN(rest.first), in: first.index) != nil
      values[rest.isPopulated.rawValue] = isPopulated ? 1 : 0
    }
    return values
  }

  private func tell(_ domain: DomainCells, of machine: Machine, _ values: inout [Int]) {
    let index = domain.index
    for (gfn, cell) in zip(plan.window, domain.p2m) {
      guard let value = valueOf[content(of: machine.entry(at: gfn, in: index), machine)] else {
        preconditionFailure("\(gfn) maps what no explored operation maps")
      }
      values[cell.rawValue] = value
    }
    let isFree = machine.grantVersion(of: index) == 1
    var pages = (0..<plan.frames).map { SpecialPage.grant($0) } + [.sharedInfo]
    if plan.hasVersion2, !isFree { pages.append(.status(0)) }
    for page in pages {
      if let cell = domain.trackingCell(of: page) {
        values[cell.rawValue] = place(of: machine.tracked(page, in: index))
      }
      if let cell = domain.deathCell(of: page) {
        let isHeld = machine.page(machine.mfn(of: page, in: index))?.allocated == true
        values[cell.rawValue] = isHeld ? 0 : 1
      }
    }
    if isFree, let cell = domain.statusDead { values[cell.rawValue] = 1 }
    if let cell = domain.isVersion1 { values[cell.rawValue] = isFree ? 1 : 0 }
    if let cell = domain.crashed {
      values[cell.rawValue] = machine.domains[index.rawValue].crash == nil ? 0 : 1
    }
  }

  /// The number of a tracked GFN in its cell.
  func place(of gfn: GFN?) -> Int {
    guard let gfn else { return 0 }
    return index(of: gfn).map { $0 + 1 } ?? plan.gfns + 1
  }

  /// The number of `gfn` among those explored.
  func index(of gfn: GFN) -> Int? {
    let index = gfn.rawValue &- plan.firstGFN
    return index < UInt64(plan.gfns) ? Int(index) : nil
  }

  private func content(of entry: P2MEntry?, _ machine: Machine) -> Content {
    guard let entry else { return .nothing }
    guard entry.type != .mmioDirectDevice, let page = machine.page(entry.mfn) else {
      return .device
    }
    let isForeign = entry.type == .mapForeignReadWrite
    switch page.kind {
    case .grant where isForeign, .status where isForeign, .sharedInfo where isForeign:
      guard let special = page.special, let number = number(of: page.owner) else { break }
      return .peer(number, special)
    case .grant: return .grant(Int(page.index))
    case .status: return .status
    case .sharedInfo: return .sharedInfo
    case .populated: return .populated
    // Nothing else that is freed stays mapped.
    case .free: return .status
    case .ram:
      guard let gfn = page.firstGFN else { break }
      return .foreign(Int(gfn.rawValue - Self.firstSource))
    }
    preconditionFailure("RAM is not explored")
  }

  /// Which of the acting domains `id` is.
  func number(of id: DomainID) -> Int? { actors.firstIndex(of: id) }

  private func surplus(of content: Content, _ machine: Machine) -> Surplus {
    let mfn: MFN?
    switch content {
    case .foreign(let page):
      let source = GFN(Self.firstSource + UInt64(page))
      mfn = machine.index(of: plan.owner).flatMap { machine.entry(at: source, in: $0)?.mfn }
    case .peer(let number, let page):
      // What is no more has no references.
      if case .status = page, machine.grantVersion(of: domains[number].index) == 1 { return .none }
      mfn = machine.mfn(of: page, in: domains[number].index)
    case .nothing, .grant, .status, .sharedInfo, .device, .populated: mfn = nil
    }
    guard let page = mfn.flatMap({ machine.page($0) }) else {
      preconditionFailure("a page is counted that is not there")
    }
    if page.references == page.accountedReferences { return .none }
    return page.references > page.accountedReferences ? .leaked : .missing
  }
}
