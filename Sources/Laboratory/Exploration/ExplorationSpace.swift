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
  }

  /// The first GFN that is explored; the others follow.
  package static let firstGFN: UInt64 = 0x38000
  /// The GFN at which the other domain has its first page.
  package static let firstSource: UInt64 = 0x40000

  package let plan: ExplorationPlan
  /// The machine before anything was done.
  package let start: Machine
  package let operations: [ExploredOperation]
  /// What is tried in every state.
  package let transitions: [ExploredTransition]
  let domain: DomainIndex
  let layout: CellLayout
  /// The contents that there are; a cell's value is a position.
  let contents: [Content]
  let valueOf: [Content: Int]
  let p2m: [CellIndex]
  /// Where each frame is tracked: nowhere, a GFN's number + 1, or beyond the P2M.
  let tracked: [CellIndex]
  /// Where shared_info is tracked, if anything maps it.
  let sharedInfoTracked: CellIndex?
  /// References of each foreign page that nothing accounts for, if that is judged.
  let surplus: [CellIndex]
  /// Whether each frame was given back, if that can be.
  let dead: [CellIndex]
  let sharedInfoDead: CellIndex?
  /// Pages that the domain may still allocate, if it can.
  let budget: CellIndex?
  /// Where the status frame is tracked, if there is version 2.
  let statusTracked: CellIndex?
  /// Whether the status frame's allocation was given back, if that can be.
  let statusDead: CellIndex?
  /// Whether the grant table is in version 1, if that can be.
  let isVersion1: CellIndex?
  /// Whether the domain was crashed, if that can be.
  let crashed: CellIndex?
  /// vCPUs that hold a reference to the status frame, and to each grant frame, if that matters.
  let statusPins: CellIndex?
  let pins: [CellIndex]
  /// What each vCPU is in the midst of, if there are several.
  let vcpus: [VCPUCells]

  /// - Throws: `ExplorationPlan.Fault`.
  package init(_ plan: ExplorationPlan) throws(ExplorationPlan.Fault) {
    try plan.check()
    self.plan = plan
    start = Self.makeMachine(plan)
    guard let domain = start.index(of: ExploredOperation.domain) else {
      preconditionFailure("the explored domain was just created")
    }
    self.domain = domain
    operations = Self.makeOperations(plan)
    transitions = ExploredTransition.all(of: operations, vcpus: plan.vcpus)

    let kinds = plan.alphabet
    var contents = [Content.nothing]
    contents += (0..<plan.frames).map { .grant($0) }
    contents += (0..<plan.foreignPages).map { .foreign($0) }
    if plan.hasVersion2 { contents.append(.status) }
    if kinds.contains(.mapSharedInfo) { contents.append(.sharedInfo) }
    if kinds.contains(.mapDevice) { contents.append(.device) }
    if kinds.contains(.populate) { contents.append(.populated) }
    self.contents = contents
    valueOf = Dictionary(uniqueKeysWithValues: contents.enumerated().map { ($1, $0) })

    let places = 1 + plan.gfns + (plan.triesInvalidArguments ? 1 : 0)
    let surplusCount = plan.judged.contains(.referencesBalance) ? plan.foreignPages : 0
    let canDie = kinds.contains(.decrease)
    var layout = CellLayout()
    func add(_ count: Int, cardinality: Int) -> [CellIndex] {
      (0..<count).map { _ in layout.add(cardinality: cardinality) }
    }
    p2m = add(plan.gfns, cardinality: contents.count)
    tracked = add(plan.frames, cardinality: places)
    surplus = add(surplusCount, cardinality: Surplus.allCases.count)
    dead = add(canDie ? plan.frames : 0, cardinality: 2)
    sharedInfoTracked = add(kinds.contains(.mapSharedInfo) ? 1 : 0, cardinality: places).first
    sharedInfoDead =
      add(canDie && kinds.contains(.mapSharedInfo) ? 1 : 0, cardinality: 2).first
    budget = add(kinds.contains(.populate) ? 1 : 0, cardinality: plan.budget + 1).first
    let leaves = plan.hasVersion2 && kinds.contains(.setGrantVersion)
    statusTracked = add(plan.hasVersion2 ? 1 : 0, cardinality: places).first
    statusDead = add(plan.hasVersion2 && (canDie || leaves) ? 1 : 0, cardinality: 2).first
    isVersion1 = add(leaves ? 1 : 0, cardinality: 2).first
    let canCrash = plan.cpu.architecture == .x86 || plan.hasVersion2
    crashed = add(canCrash ? 1 : 0, cardinality: 2).first
    let several = plan.vcpus > 1
    statusPins = add(several && statusDead != nil ? 1 : 0, cardinality: plan.vcpus + 1).first
    pins = add(several && canDie ? plan.frames : 0, cardinality: plan.vcpus + 1)
    vcpus = (0..<(several ? plan.vcpus : 0)).map { _ in
      VCPUCells(
        phase: layout.add(cardinality: VCPUCells.Phase.allCases.count),
        page: layout.add(cardinality: plan.frames + 1),
        target: layout.add(cardinality: places), old: layout.add(cardinality: places))
    }
    self.layout = layout
    guard layout.wordCount <= CellLayout.wordLimit else {
      throw .tooLarge(words: layout.wordCount, limit: CellLayout.wordLimit)
    }
  }

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
    if let budget { values[budget.rawValue] = plan.budget }
    return values
  }

  /// A domain that does things, with all its grant frames, and another one that has pages.
  private static func makeMachine(_ plan: ExplorationPlan) -> Machine {
    var configuration = MachineConfiguration(
      preset: plan.preset, cpu: plan.cpu, vcpus: plan.vcpus)
    configuration.knobs = plan.knobs
    var machine = Machine(configuration)
    do {
      try machine.createDomain(
        DomainConfiguration(
          id: ExploredOperation.domain, privileged: true, maxPages: UInt64(plan.budget)))
      let pages = GuestRange(first: GFN(firstSource), pageCount: UInt64(plan.foreignPages))
      if let pages, plan.foreignPages > 0 {
        try machine.createDomain(
          DomainConfiguration(id: ExploredOperation.otherDomain, ram: [pages]))
      }
    } catch {
      preconditionFailure("the host has no memory for the smallest machine")
    }
    let setup = ExploredOperation.setUpGrantTable(frames: UInt64(plan.frames))
    precondition(setup.perform(on: &machine).status == .okay, "frames within the limit can be")
    if plan.judged.contains(.regionDiscipline),
      let range = GuestRange(first: GFN(firstGFN), pageCount: UInt64(plan.gfns)),
      let domain = machine.index(of: ExploredOperation.domain)
    {
      machine.addRegion(Region(name: "bank0", range: range, kind: .grantTable), to: domain)
    }
    if plan.hasVersion2 {
      let reply = ExploredOperation.setGrantVersion(2).perform(on: &machine)
      precondition(reply.error == nil, "a table that has version 2 can have it")
    }
    return machine
  }

  private static func makeOperations(_ plan: ExplorationPlan) -> [ExploredOperation] {
    var gfns: [GFN?] = (0..<plan.gfns).map { GFN(firstGFN + UInt64($0)) }
    var frames = (0..<plan.frames).map { UInt64($0) }
    if plan.triesInvalidArguments {
      gfns += [GFN(plan.cpu.p2mLimit), nil]
      frames.append(UInt64(Limits.defaultGrantFrames))
    }
    if plan.hasVersion2 { frames.append(GrantTable.statusFlag) }
    let sources = (0..<plan.foreignPages).map { GFN(firstSource + UInt64($0)) }
    return plan.alphabet.flatMap { kind -> [ExploredOperation] in
      switch kind {
      case .mapGrantFrame:
        frames.flatMap { frame in gfns.map { .mapGrantFrame(frame, at: $0) } }
      case .mapForeignPage:
        sources.flatMap { source in gfns.map { .mapForeignPage(source: source, at: $0) } }
      case .unmap: gfns.map { .unmap($0) }
      case .populate: gfns.map { .populate($0) }
      case .decrease: gfns.map { .decrease($0) }
      case .mapSharedInfo: gfns.map { .mapSharedInfo(at: $0) }
      case .mapDevice: gfns.map { .mapDevice(at: $0) }
      case .setUpGrantTable: (1...plan.frames).map { .setUpGrantTable(frames: UInt64($0)) }
      case .setGrantVersion: [.setGrantVersion(1), .setGrantVersion(2)]
      }
    }
  }
}
