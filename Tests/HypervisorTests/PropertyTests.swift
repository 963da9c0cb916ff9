import Hypervisor
import Testing

/// Each property has a machine that breaks it; otherwise it would say nothing.
@Suite struct PropertyTests {
  @Test func trackingDisagreesFromTheUnmapOnAndIsToldOnce() throws {
    var guest = try Guest("xen-4.16")
    _ = guest.mapGrant(0, at: 0x38000)
    _ = guest.unmap(0x38000)
    #expect(guest.broken == [.trackingAgrees])
    _ = guest.populate(0x38000)
    #expect(guest.broken == [])
    #expect(guest.machine.standingViolations(of: [.trackingAgrees]).count == 1)
  }

  @Test func aFrameAtTwoGFNsIsNoticed() throws {
    var guest = try Guest("xen-4.16")
    _ = guest.mapGrant(0, at: 0x38000)
    _ = guest.mapGrant(1 << 61, at: 0x38001)
    let found = guest.machine.standingViolations(of: [.singleMapping])
    #expect(found == [.multiplyMapped(domain: DomainID(1), page: .grant(0), count: 2)])
  }

  // No history of one vCPU on Arm breaks this one; the storage is driven past the rules.
  @Test func aFreePageThatIsStillMappedIsNoticed() throws {
    var guest = try Guest("xen-4.17")
    let me = try #require(guest.machine.index(of: DomainID(1)))
    let page = try #require(guest.machine.entry(at: GFN(0x40000), in: me)).mfn
    guest.machine.dropAllocationReference(to: page)
    let found = guest.machine.standingViolations(of: [.noDangling])
    #expect(found == [.dangling(domain: DomainID(1), mfn: page)])
  }

  @Test(arguments: Guest.everyPreset)
  func noHistoryOfOneFrameEverMapsItTwice(preset: String) throws {
    var guest = try Guest(preset)
    for gfn in [0x38000, 0x38001, 0x40000, 0x38000] as [UInt64] {
      _ = guest.mapGrant(0, at: gfn)
      _ = guest.mapGrant(1, at: gfn)
    }
    #expect(guest.machine.standingViolations(of: [.singleMapping]) == [])
  }

  @Test func theDisciplineIsBrokenByAnythingElseInTheFirstRegion() throws {
    var guest = try Guest("xen-4.16")
    let index = try #require(guest.machine.index(of: DomainID(1)))
    let bank = try #require(GuestRange(first: GFN(0x38000), pageCount: 16))
    guest.machine.addRegion(Region(name: "bank0", range: bank, kind: .grantTable), to: index)
    _ = guest.mapGrant(0, at: 0x38000)
    _ = guest.mapGrant(1, at: 0x38001)
    #expect(guest.machine.standingViolations(of: [.regionDiscipline]) == [])
    _ = guest.mapGrant(3, at: 0x38002)
    _ = guest.mapForeign(0x40000, at: 0x38003)
    let found = guest.machine.standingViolations(of: [.regionDiscipline])
    #expect(
      found == [
        .undisciplined(domain: DomainID(1), gfn: GFN(0x38002), page: Guest.grant(3)),
        .undisciplined(domain: DomainID(1), gfn: GFN(0x38003), page: Guest.foreign(0x40000)),
      ])
  }

  @Test(arguments: Guest.everyPreset)
  func noReleaseOnArmLeavesAFreePageMapped(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapForeign(0x40002, at: 0x38000)
    _ = guest.decrease(0x40002, of: DomainID(2))
    _ = guest.mapGrant(0, at: 0x38000)
    #expect(guest.machine.standingViolations(of: [.noDangling, .referencesBalance]) == [])
  }
}
