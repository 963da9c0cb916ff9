import Hypervisor
import Testing

/// The operations, row by row.
@Suite struct RuleTests {
  @Test(arguments: Guest.everyPreset)
  func aFrameThatDoesNotExistYetIsGrownAndStaysThoughTheMapFails(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(3, at: Guest.beyond) == -22)
    #expect(guest.frameCount == 4)
    #expect(
      guest.machine.log.effects.contains(.growth(domain: DomainID(1), before: 1, after: 4)))
  }

  @Test(arguments: Guest.everyPreset)
  func anIndexOutOfRangeChangesNothing(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(64, at: 0x38000)
    #expect(guest.frameCount == 1)
    #expect(guest.machine.log.effects == [])
  }

  @Test(arguments: Guest.arrayPresets)
  func invalidGFNIsTheOnlyWayToClearTheArray(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: 0x38000)
    #expect(guest.mapGrant(0, at: Guest.nowhere) == -22)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.tracked(0) == nil)
    #expect(guest.physmapEffects == ["-0x38000 moved"])
  }

  @Test(arguments: Guest.pageInfoPresets + ["xen-5a4a2cef08"])
  func invalidGFNIsRefusedBeforeAnythingGrows(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(3, at: Guest.nowhere) == -22)
    #expect(guest.frameCount == 1)
  }

  @Test(arguments: Guest.arrayPresets)
  func aFrameMappedBeyondTheP2MIsStuckForGood(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: Guest.beyond)
    #expect(guest.tracked(0) == Guest.beyond)
    #expect(guest.mapGrant(0, at: 0x38000) == -22)
    #expect(guest.page(at: 0x38000) == nil)
  }

  @Test(arguments: Guest.pageInfoPresets)
  func aFrameRefusedBeyondTheP2MIsNotStuck(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: Guest.beyond)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
  }

  @Test(arguments: Guest.arrayPresets)
  func mappingADeadFrameFailsAndStillRemovesWhatTheArrayNames(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: 0x38000)
    #expect(guest.decrease(0x38000) == 1)
    _ = guest.mapForeign(0x40000, at: 0x38000)
    #expect(guest.mapGrant(0, at: 0x38001) == -16)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.tracked(0) == 0x38000)
    #expect(guest.broken == [.noCollateralRemoval])
  }

  @Test func theDevelopmentReleaseNoticesADeadFrameBeforeTheRemoval() throws {
    var guest = try Guest("xen-5a4a2cef08")
    _ = guest.mapGrant(0, at: 0x38000)
    _ = guest.decrease(0x38000)
    _ = guest.mapForeign(0x40000, at: 0x38000)
    #expect(guest.mapGrant(0, at: 0x38001) == -16)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40000))
  }

  @Test(arguments: Guest.everyPreset)
  func aDeadSharedInfoCanBeMappedAndNoLongerRemoved(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapSharedInfo(at: 0x38000)
    #expect(guest.decrease(0x38000) == 1)
    #expect(guest.mapSharedInfo(at: 0x38001) == 0)
    #expect(guest.unmap(0x38001) == -2)
    #expect(guest.decrease(0x38001) == 0)
    #expect(guest.page(at: 0x38001) == .sharedInfo)
  }

  @Test(arguments: Guest.everyPreset)
  func aDirectMappedDomainGetsItsOwnPageBack(preset: String) throws {
    var guest = try Guest(preset, directMapped: true)
    #expect(guest.decrease(0x40003) == 1)
    #expect(guest.page(at: 0x40003) == nil)
    #expect(guest.populate(0x40003) == 1)
    #expect(guest.page(at: 0x40003) == .ram(gfn: GFN(0x40003)))
    #expect(guest.populate(0x38000) == 0)
    #expect(guest.pages(of: DomainID(1)) == 16)
  }

  @Test(arguments: Guest.everyPreset)
  func aDecreaseOfRAMGivesBudgetAndOneOfAGrantFrameNone(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.populate(0x38000) == 0)
    _ = guest.mapGrant(0, at: 0x38001)
    _ = guest.decrease(0x38001)
    #expect(guest.populate(0x38000) == 0)
    _ = guest.decrease(0x40000)
    #expect(guest.populate(0x38000) == 1)
    #expect(guest.page(at: 0x38000) == .populated(n: 0))
    let told = guest.machine.log.effects.contains { effect in
      guard case .physmap(_, _, _, let after?, _) = effect else { return false }
      return after.page == .populated(n: 0)
    }
    #expect(told)
    #expect(guest.populate(0x38002) == 0)
  }

  @Test(arguments: Guest.everyPreset)
  func replacedOrUnmappedRAMStaysAllocatedAndLeaksBudget(preset: String) throws {
    var guest = try Guest(preset, maxPages: 17)
    #expect(guest.populate(0x40000) == 1)
    #expect(guest.unmap(0x40001) == 0)
    #expect(guest.pages(of: DomainID(1)) == 17)
    #expect(guest.populate(0x40001) == 0)
  }

  @Test(arguments: Guest.everyPreset)
  func aNewPageThatCannotBeMappedIsLost(preset: String) throws {
    var guest = try Guest(preset, maxPages: 17)
    #expect(guest.populate(Guest.beyond) == (preset == "xen-4.14" ? 1 : 0))
    #expect(guest.pages(of: DomainID(1)) == 17)
  }

  @Test(arguments: Guest.everyPreset)
  func aForeignMappingOutlivesItsOwnersPage(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapForeign(0x40002, at: 0x38000)
    #expect(guest.decrease(0x40002, of: DomainID(2)) == 1)
    #expect(guest.pages(of: DomainID(2)) == 16)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40002))
    #expect(guest.mapForeign(0x40002, at: 0x38001) == -22)
    #expect(guest.unmap(0x38000) == 0)
    #expect(guest.pages(of: DomainID(2)) == 15)
  }

  @Test(arguments: Guest.everyPreset)
  func anotherDomainsGrantFrameCanBeMappedAndItsTrackingIsNotTouched(preset: String) throws {
    var guest = try Guest(preset)
    let other = DomainID(2)
    try guest.machine.addToPhysmap(
      caller: other, target: other, .grantTable, index: 0, at: GFN(0x39000))
    #expect(guest.mapForeign(0x39000, at: 0x38000) == 0)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x39000))
    #expect(guest.unmap(0x38000) == 0)
    let index = try #require(guest.machine.index(of: other))
    #expect(guest.machine.tracked(.grant(0), in: index) == GFN(0x39000))
  }

  @Test(arguments: Guest.everyPreset)
  func aPageMappedTwiceAtOneGFNKeepsAReferenceTooMany(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapForeign(0x40002, at: 0x38000)
    _ = guest.mapForeign(0x40002, at: 0x38000)
    #expect(guest.broken == [.referencesBalance])
    _ = guest.unmap(0x38000)
    #expect(guest.references(toForeignPage: 0x40002) == 2)
    #expect(guest.machine.standingViolations(of: [.referencesBalance]).count == 1)
  }

  @Test(arguments: Guest.pageInfoPresets)
  func whateverReplacesAFrameMakesXenForgetIt(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: 0x38000)
    #expect(guest.mapGrant(1, at: 0x38000) == 0)
    #expect(guest.tracked(0) == nil)
    #expect(guest.tracked(1) == 0x38000)
    #expect(guest.mapDevice(at: 0x38000) == 0)
    #expect(guest.tracked(1) == nil)
  }

  @Test func aHypervisorThatDiedDoesNothingAnyMore() throws {
    var guest = try Guest("xen-4.16")
    #expect(guest.mapGrant(1 << 32, at: 0x38000) == 1000)
    #expect(guest.mapGrant(0, at: 0x38000) == 1000)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.machine.panic?.index == 1 << 32)
  }

  @Test(arguments: [1 << 61, 1 << 62, 7 << 61] as [UInt64])
  func anIndexWhoseOffsetWrapsIsTheFrameAtTwoGFNs(alias: UInt64) throws {
    var guest = try Guest("xen-4.16")
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.mapGrant(alias, at: 0x38001) == 0)
    #expect(guest.page(at: 0x38000) == Guest.grant(0))
    #expect(guest.page(at: 0x38001) == Guest.grant(0))
    #expect(guest.broken == [.trackingAgrees, .singleMapping])
  }

  @Test func theOverflowGrowsTheTableBeforeItKills() throws {
    var guest = try Guest("xen-4.16")
    #expect(guest.mapGrant(1 << 32 + 5, at: 0x38000) == 1000)
    #expect(guest.frameCount == 6)
  }

  @Test func aDestroyedDomainGivesItsMemoryBack() throws {
    var machine = Machine(
      MachineConfiguration(preset: .default), memory: HostMemory(limit: 30))
    let ram = try #require(GuestRange(first: GFN(0), pageCount: 512 * 8))
    for _ in 0..<10 {
      try machine.createDomain(DomainConfiguration(id: DomainID(1), ram: [ram]))
      #expect(throws: Machine.CreationError.hostMemory) {
        try machine.createDomain(DomainConfiguration(id: DomainID(2), ram: [ram]))
      }
      try machine.destroyDomain(DomainID(1))
    }
  }

  @Test func noHistoryTakesMoreMemoryThanTheHostGives() throws {
    var configuration = MachineConfiguration(preset: .default)
    configuration.maxGrantFrames = Limits.grantFrames
    var machine = Machine(configuration, memory: HostMemory(limit: 100))
    let me = DomainID(1)
    let ram = try #require(GuestRange(first: GFN(0), pageCount: 512 * 32))
    try machine.createDomain(DomainConfiguration(id: me, ram: [ram]))
    let status = try machine.setUpGrantTable(caller: me, target: me, frames: 65_536)
    #expect(status == .generalError)
    var unmapped = 0
    for chunk in 0..<32 {
      do {
        try machine.removeFromPhysmap(caller: me, target: me, GFN(UInt64(chunk) * 512))
        unmapped += 1
      } catch {
        #expect(error == .outOfHostMemory(domain: me, gfn: GFN(UInt64(chunk) * 512)))
      }
    }
    #expect((1..<32).contains(unmapped))
    #expect(machine.standingViolations(of: Set(Property.always)) == [])
  }
}
