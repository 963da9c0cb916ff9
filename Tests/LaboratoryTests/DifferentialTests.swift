import Hypervisor
import Testing

@testable import Laboratory

/// The cells of explorations beside live machines, over random histories.
@Suite struct DifferentialTests {
  private static func space(_ preset: String, vcpus: Int = 1) throws -> ExplorationSpace {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = 4
    plan.frames = 3
    plan.foreignPages = 2
    plan.budget = 3
    plan.operations = Set(ExploredOperation.Kind.allCases)
    plan.triesInvalidArguments = vcpus == 1
    plan.vcpus = vcpus
    plan.properties = Set(Property.always)
    return try ExplorationSpace(plan)
  }

  /// The first difference in `count` random histories of 40 operations.
  private static func difference(
    _ space: ExplorationSpace, _ machine: Machine, histories count: Int
  ) -> String? {
    var random = RandomSequence(state: 1)
    for _ in 0..<count {
      var walk = Walk(space, machine: machine)
      for _ in 0..<40 {
        guard let operation = space.transitions.randomElement(using: &random) else { return nil }
        walk.perform(operation)
      }
      if let difference = walk.difference { return difference }
    }
    return nil
  }

  @Test(arguments: Preset.all.map(\.name))
  func everyRandomHistoryIsTheSame(preset: String) throws {
    let space = try Self.space(preset)
    #expect(Self.difference(space, space.start, histories: 60) == nil)
  }

  @Test(arguments: Preset.all.map(\.name))
  func soIsEveryRandomHistoryOfTwoVCPUs(preset: String) throws {
    let space = try Self.space(preset, vcpus: 2)
    #expect(Self.difference(space, space.start, histories: 60) == nil)
  }

  /// Machines that differ in one knob, to see that a difference would be seen.
  @Test(arguments: [
    "tracking", "remap", "removalCheck", "invalidGFN", "foreign", "clear-on-put",
  ])
  func anotherMachineIsNotTheSame(knob: String) throws {
    let (preset, change): (String, (inout Knobs) -> Void) =
      switch knob {
      case "tracking": ("xen-4.17", { $0.tracking = .array })
      case "remap": ("xen-4.17", { $0.remap = .move })
      case "removalCheck": ("xen-5a4a2cef08", { $0.removalCheck = .none })
      case "invalidGFN": ("xen-4.16", { $0.invalidGFN = .early })
      case "foreign": ("xen-4.16", { $0.statusFramePinning = .none })
      default: ("xen-4.16", { $0.tracking = .arrayClearedOnPut })
      }
    let space = try Self.space(preset)
    var plan = space.plan
    change(&plan.knobs)
    let other = try ExplorationSpace(plan).start
    #expect(Self.difference(space, other, histories: 200) != nil)
  }
}
