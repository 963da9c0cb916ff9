import Hypervisor

/// The machine at the start.
extension ExplorationSpace {
  /// Domains that do things, with all their grant frames, and another one that has pages.
  static func makeMachine(_ plan: ExplorationPlan) -> Machine {
    var configuration = MachineConfiguration(
      preset: plan.preset, cpu: plan.cpu, vcpus: plan.vcpus)
    configuration.knobs = plan.knobs
    var machine = Machine(configuration)
    do {
      for id in plan.actingDomains {
        try machine.createDomain(
          DomainConfiguration(id: id, privileged: true, maxPages: UInt64(plan.budget)))
      }
      let pages = GuestRange(first: GFN(firstSource), pageCount: UInt64(plan.foreignPages))
      if let pages, plan.foreignPages > 0 {
        try machine.createDomain(DomainConfiguration(id: plan.owner, ram: [pages]))
      }
    } catch {
      preconditionFailure("the host has no memory for the smallest machine")
    }
    for id in plan.actingDomains { prepare(id, of: &machine, plan) }
    return machine
  }

  private static func prepare(
    _ id: DomainID, of machine: inout Machine, _ plan: ExplorationPlan
  ) {
    guard let domain = machine.index(of: id) else {
      preconditionFailure("the acting domains were just created")
    }
    let setup = ExploredOperation.setUpGrantTable(frames: UInt64(plan.frames))
    let status = setup.perform(on: &machine, as: id).status
    precondition(status == .okay, "frames within the limit can be")
    for region in plan.regions { machine.addRegion(region, to: domain) }
    if plan.hasVersion2 {
      let reply = ExploredOperation.setGrantVersion(2).perform(on: &machine, as: id)
      precondition(reply.error == nil, "a table that has version 2 can have it")
    }
  }
}

extension ExplorationPlan {
  /// The regions of each acting domain.
  package var regions: [Region] {
    guard hasBanks || judged.contains(.regionDiscipline) else { return [] }
    let banks: [(String, UInt64, Int, Region.Kind)] = [
      ("bank0", firstGFN, bankPages, .grantTable),
      ("bank1", firstGFN + UInt64(bankPages), gfns - bankPages, .extended),
    ]
    return banks.compactMap { name, first, count, kind in
      GuestRange(first: GFN(first), pageCount: UInt64(count)).map {
        Region(name: name, range: $0, kind: kind)
      }
    }
  }
}
