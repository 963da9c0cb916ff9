import Exploration
import Hypervisor
import Testing

@testable import Laboratory

/// What explorations come to, exactly.
@Suite struct ExplorerTests {
  static func plan(
    _ preset: String, _ gfns: Int, _ frames: Int, _ pages: Int,
    _ symmetries: Set<ExplorationPlan.Symmetry> = [],
    _ properties: Set<Property> = [.noCollateralRemoval]
  ) throws -> ExplorationPlan {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = gfns
    plan.frames = frames
    plan.foreignPages = pages
    plan.symmetry = .exactly(symmetries)
    plan.properties = properties
    plan.keepsGoing = true
    return plan
  }

  static func explore(_ plan: ExplorationPlan) throws -> ExplorationReport {
    try ExplorationSpace(plan).explore { _ in true }
  }

  // MARK: Counts

  @Test(arguments: [
    ("xen-4.16", 4, 2, 2, 3_213, 64_260, 6),
    ("xen-4.14", 4, 2, 2, 3_213, 64_260, 6),
    ("xen-4.17", 4, 2, 2, 405, 8_100, 4),
    ("xen-4.16-clear-on-put", 4, 2, 2, 405, 8_100, 4),
    ("xen-4.16", 5, 3, 2, 106_488, 3_194_640, 8),
  ])
  func everyStateIsFoundOnce(
    preset: String, gfns: Int, frames: Int, pages: Int, states: Int, transitions: Int, depth: Int
  ) throws {
    let report = try Self.explore(Self.plan(preset, gfns, frames, pages))
    #expect(report.states == states)
    #expect(report.transitions == transitions)
    #expect(report.depth == depth)
  }

  @Test(arguments: [
    (4, 2, 2, 133), (6, 3, 2, 1_574), (8, 3, 2, 2_913),
  ])
  func statesThatDifferInGFNsAndPagesOnlyAreOne(
    gfns: Int, frames: Int, pages: Int, states: Int
  ) throws {
    let plan = try Self.plan("xen-4.16", gfns, frames, pages, [.gfn, .page])
    #expect(try Self.explore(plan).states == states)
  }

  @Test(arguments: [(6, 3, 2, 464), (8, 3, 2, 852)])
  func framesToo(gfns: Int, frames: Int, pages: Int, states: Int) throws {
    let plan = try Self.plan("xen-4.16", gfns, frames, pages, [.gfn, .page, .frame])
    #expect(try Self.explore(plan).states == states)
  }

  static let symmetries: [Set<ExplorationPlan.Symmetry>] = [
    [.gfn], [.page], [.frame], [.gfn, .page], [.page, .frame], [.gfn, .page, .frame],
  ]

  /// Explorations that are small, but together have every operation and every property.
  struct Sample: Sendable {
    let preset: String
    let sizes: [Int]
    var kinds: Set<ExploredOperation.Kind>? = nil
    let properties: Set<Property>
  }

  static let samples: [Sample] = [
    Sample(
      preset: "xen-4.16", sizes: [3, 2, 1], kinds: [.mapGrantFrame, .decrease, .populate],
      properties: [.trackingAgrees, .noDangling]),
    Sample(
      preset: "xen-5a4a2cef08", sizes: [3, 2, 2],
      properties: [.trackingAgrees, .noCollateralRemoval]),
    Sample(
      preset: "xen-4.17", sizes: [3, 2, 1],
      kinds: [.mapGrantFrame, .mapSharedInfo, .mapDevice, .decrease, .setUpGrantTable],
      properties: [.singleMapping]),
    Sample(preset: "xen-4.17", sizes: [2, 1, 2], properties: Set(Property.always)),
    Sample(preset: "xen-4.14", sizes: [2, 2, 2], properties: Set(Property.always)),
  ]

  @Test(arguments: samples.indices)
  func symmetryChangesNeitherVerdictNorDepth(number: Int) throws {
    let sample = Self.samples[number]
    var plan = try Self.plan(
      sample.preset, sample.sizes[0], sample.sizes[1], sample.sizes[2], [], sample.properties)
    plan.operations = sample.kinds
    plan.triesInvalidArguments = true
    let plain = try Self.explore(plan)
    for symmetries in Self.symmetries {
      plan.symmetry = .exactly(symmetries)
      let reduced = try Self.explore(plan)
      #expect(reduced.verdict == plain.verdict)
      #expect(reduced.depth == plain.depth)
      #expect(reduced.states <= plain.states)
      #expect(Self.lengths(reduced) == Self.lengths(plain))
    }
    plan.symmetry = .automatic
    #expect(try Self.explore(plan).states < plain.states / 2)
  }

  /// How many operations the shortest history that breaks each property has.
  static func lengths(_ report: ExplorationReport) -> [Property: Int] {
    Dictionary(
      uniqueKeysWithValues: report.counterexamples.map { ($0.property, $0.history.count) })
  }

  // MARK: Counterexamples

  @Test func theShortestLossHasThreeSteps() throws {
    let report = try Self.explore(Self.plan("xen-4.16", 4, 2, 2))
    let (a, b) = (GFN(0x38000), GFN(0x38001))
    #expect(
      report.counterexamples == [
        ExplorationReport.Counterexample(
          property: .noCollateralRemoval,
          history: [
            .whole(.mapGrantFrame(0, at: a)),
            .whole(.mapForeignPage(source: GFN(0x40000), at: a)),
            .whole(.mapGrantFrame(0, at: b)),
          ])
      ])
  }

  @Test(
    arguments: Preset.all.map(\.name),
    [[], [.gfn, .page, .frame]] as [Set<ExplorationPlan.Symmetry>])
  func everyCounterexampleBreaksItsPropertyOnALiveMachine(
    preset: String, symmetries: Set<ExplorationPlan.Symmetry>
  ) throws {
    var plan = try Self.plan(preset, 2, 2, 1, symmetries, Set(Property.always))
    plan.triesInvalidArguments = true
    let space = try ExplorationSpace(plan)
    for counterexample in space.explore({ _ in true }).counterexamples {
      var walk = Walk(space)
      for operation in counterexample.history.dropLast() {
        walk.perform(operation)
        #expect(!walk.machine.violations.contains { $0.property == counterexample.property })
      }
      let last = try #require(counterexample.history.last)
      walk.perform(last)
      #expect(walk.difference == nil)
      #expect(walk.machine.violations.contains { $0.property == counterexample.property })
    }
  }

  // MARK: Negative controls

  /// A preset to which no property of the first three is lost, and what taking one step away breaks.
  @Test(arguments: [
    ("xen-4.17", \Knobs.tracking, Tracking.array, Property.trackingAgrees),
    ("xen-4.20", \Knobs.tracking, Tracking.array, Property.trackingAgrees),
    ("xen-4.16-clear-on-put", \Knobs.tracking, Tracking.array, Property.noCollateralRemoval),
  ])
  func aForgottenStepIsFound(
    preset: String, knob: WritableKeyPath<Knobs, Tracking> & Sendable, mutated: Tracking,
    property: Property
  ) throws {
    var plan = try Self.plan(
      preset, 3, 2, 1, [.gfn, .page, .frame],
      [.noCollateralRemoval, .trackingAgrees, .singleMapping])
    #expect(try Self.explore(plan).verdict == .holds)
    plan.knobs[keyPath: knob] = mutated
    let report = try Self.explore(plan)
    #expect(report.verdict == .violated)
    #expect(report.counterexamples.contains { $0.property == property })
  }

  // MARK: Limits

  @Test func aLimitIsAVerdict() throws {
    var plan = try Self.plan("xen-4.17", 4, 2, 2)
    plan.depth = 2
    #expect(try Self.explore(plan).verdict == .bounded(by: .depth))
    plan.depth = .max
    plan.states = 100
    let report = try Self.explore(plan)
    #expect(report.verdict == .bounded(by: .states))
    #expect(report.states == 100)
    plan.states = .max
    plan.memory = 1 << 12
    #expect(try Self.explore(plan).verdict == .bounded(by: .memory))
  }

  @Test func whatLeaksWithoutEndBoundsTheSearch() throws {
    var plan = try Self.plan("xen-4.17", 2, 1, 1, [], [.referencesBalance])
    plan.operations = [.mapForeignPage]
    let report = try Self.explore(plan)
    #expect(report.verdict == .violated)
    #expect(report.counterexamples.first?.history.count == 2)
  }

  @Test func aPlanThatCannotBeCarriedOutIsRefused() throws {
    var plan = try Self.plan("xen-4.16", 4, 7, 2, [.frame])
    #expect(throws: ExplorationPlan.Fault.self) { try ExplorationSpace(plan) }
    plan.symmetry = .automatic
    #expect(plan.symmetries == [.gfn, .page])
    plan.properties = [.regionDiscipline]
    plan.symmetry = .exactly([.gfn])
    #expect(throws: ExplorationPlan.Fault.self) { try ExplorationSpace(plan) }
    plan.symmetry = .automatic
    #expect(plan.symmetries == [.page])
  }

  // MARK: Every property

  /// A preset and operations that break each property, and how few it takes.
  struct Breach: Sendable {
    let property: Property
    let preset: String
    var kinds: Set<ExploredOperation.Kind>? = nil
    let steps: Int
  }

  static let breaches: [Breach] = [
    Breach(property: .noCollateralRemoval, preset: "xen-4.16", steps: 3),
    Breach(property: .trackingAgrees, preset: "xen-4.16", steps: 2),
    Breach(property: .singleMapping, preset: "x86-4.10.0", steps: 4),
    Breach(property: .referencesBalance, preset: "xen-4.22", steps: 2),
    Breach(property: .noDangling, preset: "x86-4.10.0", steps: 2),
    Breach(property: .regionDiscipline, preset: "xen-4.22", steps: 1),
  ]

  @Test func everyPropertyHasABreach() {
    #expect(Set(Self.breaches.map(\.property)) == Set(Property.allCases))
  }

  @Test(arguments: breaches)
  func everyPropertyCanBeBroken(breach: Breach) throws {
    var plan = ExplorationPlan(try #require(Preset.named(breach.preset)))
    plan.gfns = 3
    plan.frames = 1
    plan.foreignPages = 1
    plan.operations = breach.kinds
    plan.properties = [breach.property]
    let space = try ExplorationSpace(plan)
    let report = space.explore { _ in true }
    #expect(report.verdict == .violated)
    let history = try #require(report.counterexamples.first?.history)
    #expect(history.count == breach.steps)

    var machine = space.start
    for transition in history {
      #expect(machine.standingViolations(of: [breach.property]) == [])
      _ = transition.perform(on: &machine)
    }
    #expect(machine.standingViolations(of: [breach.property]) != [])
  }
}
