import Exploration
import Hypervisor

/// What a plan comes to: the machine at the start, the operations, and the cells of its states.
package struct ExplorationSpace {
  /// What is mapped at a GFN, as a number in a cell.
  enum Content: Hashable, Sendable {
    case nothing
    case grant(Int)
    case foreign(Int)
    /// The status frame, or the page that it was.
    case status
    case sharedInfo
    case device
    /// A page that a populate made; it is known by where it is.
    case populated
    /// A page of Xen's own that the acting domain of this number has, mapped by another one.
    case peer(Int, SpecialPage)
  }

  /// The first GFN that is explored, unless a superpage of 1 GiB has to begin there.
  package static let firstGFN: UInt64 = 0x38000
  /// The GFN at which the other domain has its first page.
  package static let firstSource: UInt64 = 0x40000

  package let plan: ExplorationPlan
  /// The machine before anything was done.
  package let start: Machine
  /// What is tried in every state.
  package let transitions: [ExploredTransition]
  let layout: CellLayout
  /// The contents that there are; a cell's value is a position.
  let contents: [Content]
  let valueOf: [Content: Int]
  /// In order of their identifiers.
  let domains: [DomainCells]
  /// References of each counted page that nothing accounts for.
  let surplus: [Content: CellIndex]
  /// The same of the foreign pages, in order, if it is judged.
  let pageSurplus: [CellIndex]
  /// Pages that the domain may still allocate, if it can.
  let budget: PageCount?
  /// Whether the pages are populated that belong to a superpage of order 9 and then of order 18, and lie
  /// behind those explored.
  let rests: [Rest]
  /// vCPUs that hold a reference to the status frame, and to each grant frame, if that matters.
  let statusPins: CellIndex?
  let pins: [CellIndex]
  /// What each vCPU is in the midst of, if there are several.
  let vcpus: [VCPUCells]

  /// GFNs behind the window that a superpage maps, and nothing else: they are all populated, or none is.
  struct Rest: Hashable, Sendable {
    let first: UInt64
    let end: UInt64
    let isPopulated: CellIndex
  }

  /// - Throws: `ExplorationPlan.Fault`.
  package init(_ plan: ExplorationPlan) throws(ExplorationPlan.Fault) {
    try plan.check()
    self.plan = plan
    let start = Self.makeMachine(plan)
    self.start = start
    transitions = ExploredTransition.all(of: plan)
    contents = Self.makeContents(plan)
    valueOf = Dictionary(uniqueKeysWithValues: contents.enumerated().map { ($1, $0) })

    let kinds = plan.operationKinds
    let places = 1 + plan.gfns + (plan.triesInvalidArguments ? 1 : 0)
    let canDie = kinds.contains(.decrease)
    var layout = CellLayout()
    func add(_ count: Int, cardinality: Int) -> [CellIndex] {
      (0..<count).map { _ in layout.add(cardinality: cardinality) }
    }
    func add(_ isThere: Bool, cardinality: Int) -> CellIndex? {
      isThere ? layout.add(cardinality: cardinality) : nil
    }
    var domains = plan.actingDomains.map { id in
      guard let index = start.index(of: id) else {
        preconditionFailure("the acting domains were just created")
      }
      return DomainCells(id: id, index: index)
    }
    for each in domains.indices {
      domains[each].p2m = add(plan.gfns, cardinality: contents.count)
    }
    for each in domains.indices {
      domains[each].tracked = add(plan.frames, cardinality: places)
    }
    pageSurplus = add(
      plan.judged.contains(.referencesBalance) ? plan.foreignPages : 0,
      cardinality: Surplus.allCases.count)
    var surplus: [Content: CellIndex] = [:]
    for (page, cell) in pageSurplus.enumerated() { surplus[.foreign(page)] = cell }
    for case .peer(let number, let page) in contents {
      surplus[.peer(number, page)] = layout.add(cardinality: Surplus.allCases.count)
    }
    self.surplus = surplus
    for each in domains.indices {
      domains[each].dead = add(canDie ? plan.frames : 0, cardinality: 2)
      let maps = kinds.contains(.mapSharedInfo)
      domains[each].sharedInfoTracked = add(maps, cardinality: places)
      domains[each].sharedInfoDead = add(canDie && maps, cardinality: 2)
    }
    let hasSuperpages = !plan.superpageOrders.isEmpty
    budget =
      kinds.contains(.populate)
      ? PageCount(upTo: plan.budget, hasSuperpages: hasSuperpages, in: &layout) : nil
    var behind = plan.firstGFN + UInt64(plan.gfns)
    rests = (kinds.contains(.populate) ? plan.restOrders : []).map { order in
      let end = plan.firstGFN + 1 << UInt64(order)
      defer { behind = end }
      return Rest(first: behind, end: end, isPopulated: layout.add(cardinality: 2))
    }
    let leaves = plan.hasVersion2 && kinds.contains(.setGrantVersion)
    for each in domains.indices {
      domains[each].statusTracked = add(plan.hasVersion2, cardinality: places)
      domains[each].statusDead = add(plan.hasVersion2 && (canDie || leaves), cardinality: 2)
      domains[each].isVersion1 = add(leaves, cardinality: 2)
      let canCrash = plan.cpu.architecture == .x86 || plan.hasVersion2
      domains[each].crashed = add(canCrash, cardinality: 2)
    }
    let several = plan.vcpus > 1
    statusPins = add(several && domains[0].statusDead != nil, cardinality: plan.vcpus + 1)
    pins = add(several && canDie ? plan.frames : 0, cardinality: plan.vcpus + 1)
    vcpus = (0..<(several ? plan.vcpus : 0)).map { _ in
      VCPUCells(
        phase: layout.add(cardinality: VCPUCells.Phase.allCases.count),
        page: layout.add(cardinality: plan.frames + 1),
        target: layout.add(cardinality: places), old: layout.add(cardinality: places))
    }
    self.domains = domains
    self.layout = layout
    guard layout.wordCount <= CellLayout.wordLimit else {
      throw .tooLarge(words: layout.wordCount, limit: CellLayout.wordLimit)
    }
  }

  /// The only domain that acts where there are several vCPUs or superpages; the first otherwise.
  var first: DomainCells { domains[0] }

  /// References of a page beyond those that its allocation and its mappings account for.
  enum Surplus: Int, CaseIterable {
    case none
    /// One or more.
    case leaked
    /// One or more are missing.
    case missing
  }

  /// The value of each cell at the start.
  var firstValues: [Int] {
    var values = [Int](repeating: 0, count: layout.cells.count)
    for (cell, value) in budget?.values(plan.budget) ?? [] { values[cell.rawValue] = value }
    return values
  }

  private static func makeContents(_ plan: ExplorationPlan) -> [Content] {
    let kinds = plan.operationKinds
    var contents = [Content.nothing]
    contents += (0..<plan.frames).map { .grant($0) }
    contents += (0..<plan.foreignPages).map { .foreign($0) }
    if plan.hasVersion2 { contents.append(.status) }
    if kinds.contains(.mapSharedInfo) { contents.append(.sharedInfo) }
    if kinds.contains(.mapDevice) { contents.append(.device) }
    if kinds.contains(.populate) { contents.append(.populated) }
    guard plan.domains > 1, kinds.contains(.mapForeignPage) else { return contents }
    for number in 0..<plan.domains {
      contents += (0..<plan.frames).map { .peer(number, .grant($0)) }
      if plan.hasVersion2 { contents.append(.peer(number, .status(0))) }
      if kinds.contains(.mapSharedInfo) { contents.append(.peer(number, .sharedInfo)) }
    }
    return contents
  }
}

extension ExplorationPlan {
  /// The orders up to the largest superpage: what lies behind the window of each is counted apart.
  fileprivate var restOrders: [Int] {
    PageTable.leafOrders.filter { $0 > 0 && $0 <= superpageOrders.last ?? 0 }
  }
}
