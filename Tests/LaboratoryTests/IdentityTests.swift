import Exploration
import Hypervisor
import Testing

@testable import Laboratory

/// Live machines told apart: a search of them beside the search of packed states.
@Suite struct IdentityTests {
  /// Operations that leave no reference behind, of which there could be any number.
  static let kinds: [Set<ExploredOperation.Kind>] = [
    [.mapGrantFrame, .unmap], [.mapGrantFrame, .mapDevice, .unmap],
    [.mapGrantFrame, .mapSharedInfo, .decrease], [.mapGrantFrame, .setGrantVersion, .unmap],
  ]

  @Test(arguments: ["xen-4.16", "xen-5a4a2cef08", "xen-4.17", "x86-4.15.0", "x86-4.22"], kinds)
  func asManyMachinesAreFoundAsPackedStates(
    preset: String, kinds: Set<ExploredOperation.Kind>
  ) throws {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = 2
    plan.frames = 2
    plan.foreignPages = 0
    plan.operations = kinds
    plan.symmetry = .exactly([])
    plan.properties = [.noCollateralRemoval]
    plan.keepsGoing = true
    let space = try ExplorationSpace(plan)
    let packed = space.explore { _ in true }

    // The tables that the first mapping takes are there from the start.
    var start = space.start
    let me = ExploredOperation.domain
    let gfn = GFN(ExplorationSpace.firstGFN)
    _ = try start.populatePhysmap(caller: me, target: me, gfn)
    _ = try start.decreaseReservation(caller: me, target: me, gfn)
    let system = NumberedSystem<Machine>(
      first: start, transitionCount: space.transitions.count,
      step: { number, machine in
        guard space.transitions[number].canHappen(on: machine) else { return .impossible }
        _ = space.transitions[number].perform(on: &machine)
        let isLost = machine.violations.contains { $0.property == .noCollateralRemoval }
        return .done(isLost ? PropertySet(0) : [])
      },
      identity: { $0.identity(withLosses: false) })
    var options = SearchOptions(properties: PropertySet(0))
    options.keepsGoing = true
    options.memory = 1 << 20
    let live = NumberedSystem.explore(system, options) { _ in true }
    #expect(live.states == packed.states)
    #expect(live.depth == packed.depth)
    #expect(live.violations.map(\.trace.count) == packed.counterexamples.map(\.history.count))
  }

  /// What could be forgotten: each makes a difference to what can happen.
  @Test func whatMattersIsPartOfIt() throws {
    var machine = Machine(MachineConfiguration(preset: .default))
    try machine.createDomain(DomainConfiguration(id: DomainID(1), maxPages: 4))
    let domain = try #require(machine.index(of: DomainID(1)))
    let changes: [(inout Machine) -> Void] = [
      { $0.injectFault(at: .reference, after: 0, in: domain) },
      { $0.injectFault(at: .reference, after: 1, in: domain) },
      { $0.injectFault(at: .pageAllocation, after: 1, in: domain) },
      { $0.injectFault(at: .tableAllocation, after: 1, in: domain) },
      { _ = try? $0.setUpGrantTable(caller: DomainID(1), target: DomainID(1), frames: 2) },
      { _ = try? $0.populatePhysmap(caller: DomainID(1), target: DomainID(1), GFN(1)) },
      {
        try? $0.addToPhysmap(
          caller: DomainID(1), target: DomainID(1), .grantTable, index: 1 << 32, at: GFN(1))
      },
    ]
    var identities: Set<[UInt64]> = [machine.identity(withLosses: true)]
    for change in changes {
      var other = machine
      change(&other)
      #expect(identities.insert(other.identity(withLosses: true)).inserted)
    }
  }
}
