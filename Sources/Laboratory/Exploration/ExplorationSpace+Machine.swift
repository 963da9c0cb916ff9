import Exploration
import Hypervisor

/// The states of an exploration beside the machine that they stand for.
extension ExplorationSpace {
  /// Storage on which an operation can be done, in a state with these values of its cells.
  func storage(_ values: [Int]) -> CellStorage {
    let storage = CellStorage(self)
    storage.cells.begin(values)
    return storage
  }

  /// The properties of states that do not hold where the cells have these values.
  func broken(_ values: [Int]) -> Set<Property> {
    guard let judge = StateJudge<SIMD4<UInt64>>(self) else { return [] }
    let broken = judge.broken(in: SIMD4<UInt64>(values, layout))
    return Set(plan.judged.filter { !set([$0]).isDisjoint(with: broken) })
  }

  /// The values of the cells that stand for `machine`, which came from `start` by operations that are
  /// explored.
  func values(of machine: Machine) -> [Int] {
    var values = firstValues
    for (index, cell) in p2m.enumerated() {
      let gfn = GFN(Self.firstGFN + UInt64(index))
      let page = machine.mapping(at: gfn, in: domain)?.page
      guard let value = valueOf[content(of: page)] else {
        preconditionFailure("\(gfn) maps what no explored operation maps")
      }
      values[cell.rawValue] = value
    }
    for (frame, cell) in tracked.enumerated() {
      values[cell.rawValue] = place(of: machine.tracked(.grant(frame), in: domain))
    }
    for (frame, cell) in dead.enumerated() {
      values[cell.rawValue] = isDead(machine.mfn(of: .grant(frame), in: domain), machine)
    }
    for (page, cell) in surplus.enumerated() {
      values[cell.rawValue] = surplus(ofPage: page, machine).rawValue
    }
    if let cell = sharedInfoTracked {
      values[cell.rawValue] = place(of: machine.tracked(.sharedInfo, in: domain))
    }
    if let cell = sharedInfoDead {
      values[cell.rawValue] = isDead(machine.mfn(of: .sharedInfo, in: domain), machine)
    }
    if let cell = budget {
      values[cell.rawValue] = plan.budget - Int(machine.domains[domain.rawValue].allocatedPages)
    }
    if let cell = isVersion1 {
      values[cell.rawValue] = machine.grantVersion(of: domain) == 1 ? 1 : 0
    }
    if let cell = statusTracked, machine.grantVersion(of: domain) == 2 {
      values[cell.rawValue] = place(of: machine.tracked(.status(0), in: domain))
    }
    if let cell = statusDead {
      let isFree = machine.grantVersion(of: domain) == 1
      values[cell.rawValue] =
        isFree ? 1 : isDead(machine.mfn(of: .status(0), in: domain), machine)
    }
    if let cell = crashed {
      values[cell.rawValue] = machine.domains[domain.rawValue].crash == nil ? 0 : 1
    }
    return values
  }

  /// The number of a tracked GFN in its cell.
  func place(of gfn: GFN?) -> Int {
    guard let gfn else { return 0 }
    return index(of: gfn).map { $0 + 1 } ?? plan.gfns + 1
  }

  /// The number of `gfn` among those explored.
  func index(of gfn: GFN) -> Int? {
    let index = gfn.rawValue &- Self.firstGFN
    return index < UInt64(plan.gfns) ? Int(index) : nil
  }

  private func content(of page: PageName?) -> Content {
    switch page {
    case nil: .nothing
    case .grant(_, let frame)?: .grant(frame)
    case .foreign(_, let gfn)?: .foreign(Int(gfn.rawValue - Self.firstSource))
    case .status?: .status
    case .populated?: .populated
    case .sharedInfo?: .sharedInfo
    case .device?: .device
    // Nothing else that is freed stays mapped.
    case .free?: .status
    case .ram?: preconditionFailure("RAM is not explored")
    }
  }

  private func isDead(_ mfn: MFN, _ machine: Machine) -> Int {
    machine.page(mfn)?.allocated == true ? 0 : 1
  }

  private func surplus(ofPage page: Int, _ machine: Machine) -> Surplus {
    let source = GFN(Self.firstSource + UInt64(page))
    guard let owner = machine.index(of: ExploredOperation.otherDomain),
      let entry = machine.entry(at: source, in: owner), let page = machine.page(entry.mfn)
    else { preconditionFailure("the other domain lost a page") }
    if page.references == page.accountedReferences { return .none }
    return page.references > page.accountedReferences ? .leaked : .missing
  }
}
