import Hypervisor
import Testing

@testable import Laboratory

/// vCPUs in every order, on releases that there are and on those that there are not: whatever is asked
/// for, the machine counts right and does not fall.
@Suite struct TurnsTests {
  private static func space(_ preset: String, _ settings: [Knob.Setting]) throws -> ExplorationSpace
  {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.knobs = plan.knobs.setting(settings)
    plan.gfns = 3
    plan.frames = 2
    plan.foreignPages = 1
    plan.vcpus = 2
    plan.operations = Set(ExploredOperation.Kind.allCases)
    return try ExplorationSpace(plan)
  }

  /// What stands, counted anew, that no operation told.
  private static func untold(_ machine: Machine, told: Set<Property>) -> Set<Property> {
    let standing = machine.standingViolations(of: Set(Property.always)).map(\.property)
    return Set(standing).subtracting(told)
  }

  @Test(arguments: Preset.all.map(\.name))
  func noOrderOfStepsIsTooMuch(preset: String) throws {
    let space = try Self.space(preset, [])
    var random = RandomSequence(state: 7)
    for _ in 0..<40 {
      var machine = space.start
      var told: Set<Property> = []
      for _ in 0..<200 {
        let transition = try #require(Self.next(space, on: machine, &random))
        guard transition.canHappen(on: machine) else { continue }
        _ = transition.perform(on: &machine)
        told.formUnion(machine.violations.map(\.property))
      }
      #expect(Self.untold(machine, told: told).isEmpty)
    }
  }

  /// Steps are tried as often as beginnings, so that operations meet.
  private static func next(
    _ space: ExplorationSpace, on machine: Machine, _ random: inout RandomSequence
  ) -> ExploredTransition? {
    let steps = (0..<space.plan.vcpus).map { ExploredTransition.advance(vcpu: $0) }
    switch random.next(upperBound: 5 as UInt64) {
    case 0, 1: return steps.randomElement(using: &random)
    case 2:
      let versions = space.transitions.filter { transition in
        if case .begin(_, .setGrantVersion) = transition { true } else { false }
      }
      return versions.randomElement(using: &random)
    default: return space.transitions.randomElement(using: &random)
    }
  }

  @Test(
    arguments: Knob.all.map { "\($0.name)" }, ["xen-4.16", "xen-4.22", "x86-4.15.0", "x86-4.22"])
  func norIsAnyKnob(name: String, preset: String) throws {
    let knob = try #require(Knob.named(name))
    for text in knob.choices.texts {
      let space = try Self.space(preset, [try Knob.Setting("\(name)=\(text)")])
      var random = RandomSequence(state: 3)
      for _ in 0..<4 {
        var machine = space.start
        for _ in 0..<150 {
          let transition = try #require(Self.next(space, on: machine, &random))
          if transition.canHappen(on: machine) { _ = transition.perform(on: &machine) }
        }
        _ = machine.standingViolations(of: Set(Property.always))
      }
      var plan = space.plan
      plan.states = 2_000
      plan.keepsGoing = true
      #expect(try ExplorationSpace(plan).explore { _ in true }.states <= 2_000)
    }
  }
}
