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
    plan.maxPages = 3
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

  /// One of each set of rules for pages and superpages.
  static let presets = [
    "xen-4.14", "xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "x86-4.10.0",
    "x86-4.15.0", "x86-4.22",
  ]

  @Test(arguments: presets, [[0, 9], [0, 9, 18]] as [Set<Int>])
  func soIsEveryRandomHistoryWithSuperpages(preset: String, orders: Set<Int>) throws {
    var plan = try Self.space(preset).plan
    plan.orders = orders
    plan.maxPages = orders.contains(18) ? (1 << 18) + 1027 : 1027
    let space = try ExplorationSpace(plan)
    #expect(Self.difference(space, space.start, histories: 8) == nil)
  }

  @Test(arguments: presets, [2, 3])
  func soIsEveryRandomHistoryOfSeveralDomains(preset: String, domains: Int) throws {
    var plan = try Self.space(preset).plan
    plan.gfns = 3
    plan.frames = 2
    plan.foreignPages = domains == 2 ? 1 : 0
    plan.domains = domains
    plan.operations = Set(ExploredOperation.Kind.allCases).subtracting([.populate])
    if plan.knobs.statusFreeing == .blind { plan.operations?.remove(.setGrantVersion) }
    let space = try ExplorationSpace(plan)
    #expect(Self.difference(space, space.start, histories: 20) == nil)
  }

  @Test(arguments: presets)
  func soIsEveryRandomHistoryWithActors(preset: String) throws {
    var plan = try Self.space(preset).plan
    let random = plan.explored
    let steps = [
      (0, []), (1, [Errno.EBUSY, .EINVAL, .EILSEQ]), (2, []), (3, [.EBUSY]), (4, [.EINVAL]),
    ]
    plan.actors = (0..<12).map { number in
      ExploredActor(
        "actor \(number)", as: ExploredOperation.domain,
        steps.map { step, errors in
          .init(random[(number * 131 + step * 57) % random.count], mayFail: Set(errors))
        })
    }
    let space = try ExplorationSpace(plan)
    #expect(Self.difference(space, space.start, histories: 20) == nil)
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
