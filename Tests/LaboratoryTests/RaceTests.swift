import Hypervisor
import Testing

@testable import Laboratory

/// The published bugs of x86's status frames: where they are found, and where they are not.
@Suite struct RaceTests {
  private static func explore(
    _ preset: String, _ bug: Bug, _ symmetry: ExplorationPlan.SymmetryChoice = .automatic
  ) throws -> (ExplorationSpace, ExplorationReport) {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = 2
    plan.frames = 1
    plan.foreignPages = 0
    plan.vcpus = bug.vcpus
    plan.operations = bug.operations
    plan.symmetry = symmetry
    plan.properties = [bug.property]
    let space = try ExplorationSpace(plan)
    return (space, space.explore { _ in true })
  }

  /// The property that a bug breaks, a release that has it and the one that fixed it.
  struct Bug: CustomTestStringConvertible {
    let name: String
    let vcpus: Int
    let property: Property
    let broken: String
    let mended: String
    let steps: Int
    /// `nil` for all.
    var operations: Set<ExploredOperation.Kind>? = nil

    var testDescription: String { name }
  }

  static let bugs = [
    Bug(
      name: "XSA-255", vcpus: 1, property: .noDangling, broken: "x86-4.10.0",
      mended: "x86-4.10.1", steps: 2),
    Bug(
      name: "XSA-379", vcpus: 2, property: .singleMapping, broken: "x86-4.15.0",
      mended: "x86-4.15.1", steps: 6,
      // Once a page was freed while it was on its way, it may be mapped twice on 4.15.1 too.
      operations: [.mapGrantFrame, .unmap]),
    Bug(
      name: "XSA-384", vcpus: 2, property: .noDangling, broken: "x86-4.15.0",
      mended: "x86-4.17.7", steps: 6),
    Bug(
      name: "XSA-486", vcpus: 2, property: .noDangling, broken: "x86-4.15.1",
      mended: "x86-4.17.7", steps: 6),
    Bug(
      name: "XSA-486 in 4.17.0", vcpus: 2, property: .noDangling, broken: "x86-4.17.0",
      mended: "x86-4.22", steps: 6),
  ]

  @Test(arguments: bugs)
  func theBugIsFoundAndItsFixHolds(bug: Bug) throws {
    let (space, report) = try Self.explore(bug.broken, bug)
    #expect(report.verdict == .violated)
    let history = try #require(report.counterexamples.first?.history)
    #expect(history.count == bug.steps)

    var machine = space.start
    var broken: [[Property]] = []
    for transition in history {
      #expect(transition.canHappen(on: machine))
      _ = transition.perform(on: &machine)
      broken.append(machine.violations.map(\.property))
    }
    #expect(broken.last?.contains(bug.property) == true)
    #expect(!broken.dropLast().joined().contains(bug.property))

    #expect(try Self.explore(bug.mended, bug).1.verdict == .holds)
  }

  @Test(arguments: bugs)
  func symmetryChangesNeitherVerdictNorDepth(bug: Bug) throws {
    let (_, plain) = try Self.explore(bug.broken, bug, .exactly([]))
    let (_, reduced) = try Self.explore(bug.broken, bug)
    #expect(reduced.verdict == plain.verdict)
    let lengths = [reduced, plain].map { $0.counterexamples.map(\.history.count) }
    #expect(lengths[0] == lengths[1])
    let (_, whole) = try Self.explore(bug.mended, bug, .exactly([]))
    let (_, folded) = try Self.explore(bug.mended, bug)
    #expect(whole.verdict == folded.verdict)
    #expect(whole.depth == folded.depth)
    #expect(folded.states < whole.states)
  }
}
