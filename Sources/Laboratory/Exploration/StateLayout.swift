import Exploration
import Hypervisor

/// Which quantities the states of a plan have, and where in a state they lie.
struct StateLayout {
  /// GFNs behind the window that a superpage maps, and nothing else: they are all populated, or none is.
  struct Rest: Hashable, Sendable {
    let first: UInt64
    let end: UInt64
    let isPopulated: CellIndex
  }

  private(set) var cells = CellLayout()
  /// In order of their identifiers.
  private(set) var domains: [DomainCells]
  /// References of each counted page that nothing accounts for.
  private(set) var surplus: [ExplorationSpace.Content: CellIndex] = [:]
  /// The same of the foreign pages, in order, if it is judged.
  private(set) var pageSurplus: [CellIndex] = []
  /// Pages that the domain may still allocate, if it can.
  private(set) var budget: PageCount?
  /// Whether the pages are populated that belong to a superpage of order 9 and then of order 18, and lie
  /// behind those explored.
  private(set) var rests: [Rest] = []
  /// vCPUs that hold a reference to the status frame, and to each grant frame, if that matters.
  private(set) var statusPins: CellIndex?
  private(set) var pins: [CellIndex] = []
  /// What each vCPU is in the midst of, if there are several.
  private(set) var vcpus: [VCPUCells] = []

  private let plan: ExplorationPlan
  private let kinds: Set<ExploredOperation.Kind>
  /// Places where something can be tracked, nowhere included.
  private let places: Int
  private let canDie: Bool
  /// Whether the grant table can leave version 2.
  private let leaves: Bool

  /// - Parameter domains: those that act, without cells.
  init(
    _ plan: ExplorationPlan, _ contents: [ExplorationSpace.Content], of domains: [DomainCells]
  ) {
    self.plan = plan
    self.domains = domains
    kinds = plan.operationKinds
    places = 1 + plan.gfns + (plan.triesInvalidArguments ? 1 : 0)
    canDie = kinds.contains(.decrease)
    leaves = plan.hasVersion2 && kinds.contains(.setGrantVersion)
    addFrames(contents)
    addReferences(contents)
    addDeaths()
    addMemory()
    addVersions()
    if plan.vcpus > 1 { addVCPUs() }
  }

  private mutating func add(_ count: Int, cardinality: Int) -> [CellIndex] {
    (0..<count).map { _ in cells.add(cardinality: cardinality) }
  }

  private mutating func add(_ isThere: Bool, cardinality: Int) -> CellIndex? {
    isThere ? cells.add(cardinality: cardinality) : nil
  }

  /// What is mapped at each GFN, and where frames are tracked.
  private mutating func addFrames(_ contents: [ExplorationSpace.Content]) {
    for each in domains.indices {
      domains[each].p2m = add(plan.gfns, cardinality: contents.count)
    }
    for each in domains.indices {
      domains[each].tracked = add(plan.frames, cardinality: places)
    }
  }

  private mutating func addReferences(_ contents: [ExplorationSpace.Content]) {
    let cardinality = ExplorationSpace.Surplus.allCases.count
    let isJudged = plan.judged.contains(.referencesBalance)
    pageSurplus = add(isJudged ? plan.foreignPages : 0, cardinality: cardinality)
    for (page, cell) in pageSurplus.enumerated() { surplus[.foreign(page)] = cell }
    // Whether a page that was given back is held by nothing decides what can be done with it.
    guard isJudged || canDie || leaves else { return }
    for case .peer(let number, let page) in contents {
      surplus[.peer(number, page)] = cells.add(cardinality: cardinality)
    }
  }

  private mutating func addDeaths() {
    let mapsSharedInfo = kinds.contains(.mapSharedInfo)
    for each in domains.indices {
      domains[each].dead = add(canDie ? plan.frames : 0, cardinality: 2)
      domains[each].sharedInfoTracked = add(mapsSharedInfo, cardinality: places)
      domains[each].sharedInfoDead = add(canDie && mapsSharedInfo, cardinality: 2)
    }
  }

  private mutating func addMemory() {
    guard kinds.contains(.populate) else { return }
    budget = PageCount(
      upTo: plan.budget, hasSuperpages: !plan.superpageOrders.isEmpty, in: &cells)
    var first = plan.firstGFN + UInt64(plan.gfns)
    for order in PageTable.leafOrders
    where order > 0 && order <= plan.superpageOrders.last ?? 0 {
      let end = plan.firstGFN + 1 << UInt64(order)
      rests.append(Rest(first: first, end: end, isPopulated: cells.add(cardinality: 2)))
      first = end
    }
  }

  private mutating func addVersions() {
    let canCrash = plan.cpu.architecture == .x86 || plan.hasVersion2
    for each in domains.indices {
      domains[each].statusTracked = add(plan.hasVersion2, cardinality: places)
      domains[each].statusDead = add(plan.hasVersion2 && (canDie || leaves), cardinality: 2)
      domains[each].isVersion1 = add(leaves, cardinality: 2)
      domains[each].crashed = add(canCrash, cardinality: 2)
    }
  }

  private mutating func addVCPUs() {
    statusPins = add(domains[0].statusDead != nil, cardinality: plan.vcpus + 1)
    pins = add(canDie ? plan.frames : 0, cardinality: plan.vcpus + 1)
    for _ in 0..<plan.vcpus {
      vcpus.append(
        VCPUCells(
          phase: cells.add(cardinality: VCPUCells.Phase.allCases.count),
          page: cells.add(cardinality: plan.frames + 1),
          target: cells.add(cardinality: places), old: cells.add(cardinality: places)))
    }
  }
}

extension ExplorationSpace {
  var layout: CellLayout { states.cells }
  var domains: [DomainCells] { states.domains }
  var surplus: [Content: CellIndex] { states.surplus }
  var budget: PageCount? { states.budget }
  var rests: [StateLayout.Rest] { states.rests }
  var statusPins: CellIndex? { states.statusPins }
  var pins: [CellIndex] { states.pins }
  var vcpus: [VCPUCells] { states.vcpus }

  /// The only domain that acts where there are several vCPUs or superpages; the first otherwise.
  var first: DomainCells { states.domains[0] }
}
