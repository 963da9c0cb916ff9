import Exploration
import Hypervisor
import Testing

@testable import Laboratory

/// Superpages, several domains, chosen arguments and actors.
@Suite struct AlphabetTests {
  private static func plan(
    _ preset: String, _ gfns: Int, _ frames: Int, _ pages: Int,
    _ kinds: Set<ExploredOperation.Kind>?, _ properties: Set<Property> = [.noCollateralRemoval]
  ) throws -> ExplorationPlan {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = gfns
    plan.frames = frames
    plan.foreignPages = pages
    plan.operations = kinds
    plan.properties = properties
    plan.keepsGoing = true
    return plan
  }

  private static func explore(_ plan: ExplorationPlan) throws -> ExplorationReport {
    try ExplorationSpace(plan).explore { _ in true }
  }

  private static func fault(_ plan: ExplorationPlan) -> ExplorationPlan.Fault? {
    do throws(ExplorationPlan.Fault) {
      _ = try ExplorationSpace(plan)
      return nil
    } catch {
      return error
    }
  }

  private static let memory: Set<ExploredOperation.Kind> = [
    .mapGrantFrame, .unmap, .populate, .decrease,
  ]

  // MARK: Superpages

  @Test(arguments: [
    ("xen-4.16", [9], 87, 5), ("xen-4.17", [9], 48, 5),
    ("xen-4.16-clear-on-put", [9], 48, 5), ("x86-4.22", [9], 395, 9),
  ])
  func everyStateWithSuperpagesIsFoundOnce(
    preset: String, orders: [Int], states: Int, depth: Int
  ) throws {
    var plan = try Self.plan(preset, 3, 1, 0, Self.memory)
    plan.orders = Set(orders)
    plan.operations?.insert(.setGrantVersion)
    if preset.hasPrefix("xen") { plan.operations?.remove(.setGrantVersion) }
    let report = try Self.explore(plan)
    #expect(report.states == states)
    #expect(report.depth == depth)
  }

  @Test(arguments: [9, 18])
  func aStaleFramePunchesAHoleInASuperpage(order: Int) throws {
    var plan = try Self.plan("xen-4.16", 2, 1, 0, Self.memory)
    plan.orders = [order]
    let space = try ExplorationSpace(plan)
    let report = space.explore { _ in true }
    let (a, b) = (GFN(space.plan.firstGFN), GFN(space.plan.firstGFN + 1))
    #expect(
      report.counterexamples.map(\.history) == [
        [
          .whole(.mapGrantFrame(0, at: a)), .whole(.populate(a, order: order)),
          .whole(.mapGrantFrame(0, at: b)),
        ]
      ])
    plan = try Self.plan("xen-4.17", 2, 1, 0, Self.memory)
    plan.orders = [order]
    #expect(try Self.explore(plan).verdict == .holds)
  }

  /// The first page that is not the domain's own ends a decrease; it matters where that is.
  @Test func aSuperpageTellsGFNsApart() throws {
    var plan = try Self.plan("xen-4.17", 3, 2, 1, Self.memory.union([.mapForeignPage]))
    plan.orders = [0, 9]
    #expect(plan.symmetries == [.page, .frame])
    plan.symmetry = .exactly([.gfn])
    #expect(
      Self.fault(plan)
        == .unsound(.gfn, reason: "a superpage is decreased page by page, the first GFN first"))

    let space = try ExplorationSpace(try Self.plan("xen-4.17", 3, 2, 1, nil))
    let gfns = (0..<3).map { GFN(space.plan.firstGFN + $0) }
    let left = [1, 2].map { foreign in
      var machine = space.start
      _ = ExploredOperation.mapGrantFrame(0, at: gfns[0]).perform(on: &machine)
      _ = ExploredOperation.mapForeignPage(source: GFN(0x40000), at: gfns[foreign])
        .perform(on: &machine)
      _ = ExploredOperation.mapGrantFrame(1, at: gfns[3 - foreign]).perform(on: &machine)
      _ = ExploredOperation.decrease(gfns[0], order: 9).perform(on: &machine)
      return machine.domains[0].p2m.leafCount
    }
    #expect(left == [2, 1])
  }

  @Test(arguments: ["xen-4.16", "xen-4.17", "x86-4.15.0"])
  func symmetryChangesNothingWithSuperpages(preset: String) throws {
    var plan = try Self.plan(
      preset, 2, 2, 1, Self.memory.union([.mapForeignPage]), Set(Property.always))
    plan.orders = [0, 9]
    // Single pages that leak use up a superpage's worth of them one by one.
    plan.depth = 5
    plan.symmetry = .exactly([])
    let plain = try Self.explore(plan)
    plan.symmetry = .automatic
    let reduced = try Self.explore(plan)
    #expect(reduced.states < plain.states)
    #expect(reduced.depth == plain.depth)
    #expect(ExplorerTests.lengths(reduced) == ExplorerTests.lengths(plain))
  }

  // MARK: Several domains

  @Test func domainsThatMapNothingOfEachOtherAreSquared() throws {
    var plan = try Self.plan("xen-4.17", 2, 1, 0, [.mapGrantFrame, .unmap])
    plan.symmetry = .exactly([])
    let one = try Self.explore(plan)
    plan.domains = 2
    let two = try Self.explore(plan)
    #expect(two.states == one.states * one.states)
    plan.domains = 3
    #expect(try Self.explore(plan).states == one.states * one.states * one.states)
  }

  /// Whoever maps another domain's status frame crashes the one that gives it back.
  @Test func aDomainIsCrashedThatLeavesVersion2WhileAnotherHoldsItsStatusFrame() throws {
    var plan = try Self.plan("x86-4.22", 1, 1, 0, nil)
    plan.domains = 2
    let space = try ExplorationSpace(plan)
    let (one, two) = (DomainID(1), DomainID(2))
    let gfn = GFN(space.plan.firstGFN)
    let history: [ExploredTransition] = [
      .whole(.mapGrantFrame(GrantTable.statusFlag, at: gfn), by: two),
      .whole(.mapForeignPage(from: two, source: gfn, at: gfn), by: one),
      .whole(.setGrantVersion(1), by: two),
      .whole(.unmap(gfn), by: one),
    ]
    var walk = Walk(space)
    for transition in history {
      #expect(space.transitions.contains(transition))
      walk.perform(transition)
    }
    #expect(walk.difference == nil)
    #expect(walk.machine.domains[1].crash == .statusFrameInUse(0))
    #expect(walk.machine.domains[0].crash == nil)
  }

  @Test func whatSeveralDomainsCannotDoIsSaid() throws {
    var plan = try Self.plan("xen-4.17", 2, 1, 1, [.populate])
    plan.domains = 2
    guard case .unsupported(let reason)? = Self.fault(plan) else {
      Issue.record("populated pages have no name with several domains")
      return
    }
    #expect(reason.hasPrefix("with several domains nothing is populated"))
    plan.operations = nil
    #expect(plan.symmetries == [.page])
    plan.vcpus = 2
    #expect(Self.fault(plan) == .unsupported("several domains have one vCPU each"))
    plan.vcpus = 1
    plan.gfns = 16
    #expect(Self.fault(plan) == .unsupported("all domains together have 24 GFNs at most"))
    plan.symmetry = .exactly([.frame])
    plan.gfns = 2
    #expect(
      Self.fault(plan)
        == .unsound(.frame, reason: "each domain has GFNs and frames of its own"))
  }

  // MARK: Chosen arguments

  @Test func onlyWhatIsChosenIsTried() throws {
    var plan = try Self.plan("xen-4.16", 3, 2, 1, nil)
    let first = UInt64(plan.firstGFN)
    plan.choices = [
      ArgumentChoice(.mapGrantFrame, [.frame: [0], .gfn: [first, first + 1]]),
      ArgumentChoice(.mapForeignPage, [.gfn: [first]]),
    ]
    let space = try ExplorationSpace(plan)
    #expect(
      space.transitions == [
        .whole(.mapForeignPage(source: GFN(0x40000), at: GFN(first))),
        .whole(.mapGrantFrame(0, at: GFN(first))), .whole(.mapGrantFrame(0, at: GFN(first + 1))),
        .whole(.unmap(GFN(first))), .whole(.unmap(GFN(first + 1))),
        .whole(.unmap(GFN(first + 2))),
      ])
    #expect(plan.symmetries == [.page])
    #expect(space.explore { _ in true }.counterexamples.map(\.history.count) == [3])
    plan.symmetry = .exactly([.gfn])
    #expect(
      Self.fault(plan)
        == .unsound(.gfn, reason: "operations or actors name some of the GFNs only"))
  }

  @Test func whereAllAreChosenAlikeSymmetryIsSound() throws {
    var plan = try Self.plan("xen-4.16", 3, 2, 2, nil)
    plan.choices = [ArgumentChoice(.mapGrantFrame, [.frame: [0, 1]])]
    #expect(plan.symmetries == [.gfn, .page, .frame])
    plan.choices = [ArgumentChoice(.mapForeignPage, [.source: [0x40000]])]
    #expect(plan.symmetries == [.gfn, .frame])
  }

  @Test func whatNoOperationHasCannotBeChosen() throws {
    var plan = try Self.plan("xen-4.16", 3, 2, 1, nil)
    plan.choices = [ArgumentChoice(.unmap, [.frame: [0]])]
    #expect(Self.fault(plan) == .noSuchArgument(.unmap, .frame))
    plan.choices = [ArgumentChoice(.mapGrantFrame, [.frame: [2]])]
    #expect(Self.fault(plan) == .noSuchArgument(.mapGrantFrame, .frame))
  }

  @Test(arguments: Preset.all.map(\.name))
  func whatCannotBeIsTriedAndLeavesNothing(preset: String) throws {
    var plan = try Self.plan(preset, 2, 1, 1, [.mapForeignPage], [.noDangling])
    let sound = try Self.explore(plan)
    plan.triesInvalidArguments = true
    let space = try ExplorationSpace(plan)
    let all = space.explore { _ in true }
    #expect(all.states == sound.states)
    let owners = Set(space.transitions.compactMap { $0.operation?[.owner] })
    #expect(owners == [1, 2, 3, 0x7ff0, 0x7ff1, 0x7ff2])
  }

  // MARK: Actors

  private static func actor(_ steps: [ExploredActor.Step]) -> ExploredActor {
    ExploredActor("an actor", as: ExploredOperation.domain, steps)
  }

  @Test func anActorIsOneTransition() throws {
    var plan = try Self.plan("xen-4.16", 2, 1, 1, [.mapGrantFrame])
    let (a, b) = (GFN(plan.firstGFN), GFN(plan.firstGFN + 1))
    plan.actors = [
      Self.actor([
        .init(.mapGrantFrame(0, at: a), mayFail: []), .init(.unmap(a), mayFail: []),
        .init(.mapForeignPage(source: GFN(0x40000), at: a), mayFail: []),
      ])
    ]
    let report = try Self.explore(plan)
    #expect(
      report.counterexamples.map(\.history) == [
        [.actor(plan.actors[0]), .whole(.mapGrantFrame(0, at: b))]
      ])
  }

  @Test func lossesWithinAnActorAreSeen() throws {
    var plan = try Self.plan("xen-4.16", 2, 1, 1, [.unmap])
    let (a, b) = (GFN(plan.firstGFN), GFN(plan.firstGFN + 1))
    let page = ExploredOperation.mapForeignPage(source: GFN(0x40000), at: a)
    // The page is there again in the end.
    plan.actors = [
      Self.actor(
        [.mapGrantFrame(0, at: a), page, .mapGrantFrame(0, at: b), page].map {
          .init($0, mayFail: [])
        })
    ]
    #expect(try Self.explore(plan).counterexamples.map(\.history.count) == [1])
    plan.knobs.tracking = .arrayClearedOnPut
    #expect(try Self.explore(plan).verdict == .holds)
  }

  @Test(arguments: [([], 1), ([.ENOENT], 2)] as [(Set<Errno>, Int)])
  func anActorStopsAtAnErrorThatItDoesNotForesee(mayFail: Set<Errno>, states: Int) throws {
    var plan = try Self.plan("xen-4.17", 1, 1, 0, [])
    let gfn = GFN(plan.firstGFN)
    plan.actors = [
      Self.actor([
        .init(.unmap(gfn), mayFail: mayFail), .init(.mapGrantFrame(0, at: gfn), mayFail: []),
      ])
    ]
    #expect(try Self.explore(plan).states == states)
  }

  @Test func anActorTellsGFNsApart() throws {
    var plan = try Self.plan("xen-4.16", 3, 2, 1, nil)
    let gfn = GFN(plan.firstGFN)
    plan.actors = [Self.actor([.init(.mapGrantFrame(0, at: gfn), mayFail: [])])]
    #expect(plan.symmetries == [.page])
    plan.symmetry = .exactly([])
    let plain = try Self.explore(plan)
    plan.symmetry = .automatic
    #expect(try Self.explore(plan).depth == plain.depth)
    plan.vcpus = 2
    plan.symmetry = .automatic
    #expect(
      Self.fault(plan)
        == .unsupported("an actor's operations are whole, so there is one vCPU"))
  }
}

extension ExploredTransition {
  fileprivate var operation: ExploredOperation? {
    guard case .whole(let operation, _) = self else { return nil }
    return operation
  }
}
