import Hypervisor
import Testing

/// The bug of 2021, and what each release and proposal makes of it.
@Suite struct StaleFrameTests {
  /// Map grant frame 0 at A, unmap A, map a foreign page at A, map grant frame 0 at B.
  private func history(on preset: String) throws -> (guest: Guest, last: Int) {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.unmap(0x38000) == 0)
    #expect(guest.mapForeign(0x40004, at: 0x38000) == 0)
    let last = guest.mapGrant(0, at: 0x38010)
    return (guest, last)
  }

  @Test(arguments: Guest.arrayPresets)
  func withTheArrayTheForeignPageIsGoneWithoutAWord(preset: String) throws {
    let (guest, last) = try history(on: preset)
    #expect(last == 0)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.page(at: 0x38010) == Guest.grant(0))
    #expect(guest.physmapEffects == ["-0x38000 stale-tracking", "+0x38010 requested"])
    #expect(guest.broken == [.noCollateralRemoval])
    #expect(guest.references(toForeignPage: 0x40004) == 1)
  }

  @Test(arguments: Guest.pageInfoPresets + ["xen-4.16-clear-on-put"])
  func withTheGFNForgottenOnUnmapTheForeignPageStays(preset: String) throws {
    let (guest, last) = try history(on: preset)
    #expect(last == 0)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40004))
    #expect(guest.page(at: 0x38010) == Guest.grant(0))
    #expect(guest.broken == [])
    #expect(guest.references(toForeignPage: 0x40004) == 2)
  }

  @Test func withTheMFNCheckedThePageStaysAndTheFrameIsStuckUntilTheGFNIsEmpty() throws {
    var (guest, last) = try history(on: "xen-5a4a2cef08")
    #expect(last == -84)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40004))
    #expect(guest.page(at: 0x38010) == nil)
    #expect(guest.machine.log.effects == [])
    #expect(guest.unmap(0x38000) == 0)
    #expect(guest.mapGrant(0, at: 0x38010) == 0)
  }

  @Test(arguments: Guest.arrayPresets)
  func theStaleEntryIsHarmlessWhereTheFrameGoesBackToItsGFN(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.mapGrant(0, at: 0x38000)
    _ = guest.unmap(0x38000)
    #expect(guest.broken == [.trackingAgrees])
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.page(at: 0x38000) == Guest.grant(0))
    #expect(guest.broken == [])
    #expect(guest.machine.standingViolations(of: Set(Property.always)) == [])
  }

  @Test(arguments: Guest.arrayPresets)
  func aPageOfRAMIsLostJustTheSame(preset: String) throws {
    var guest = try Guest(preset)
    _ = guest.decrease(0x40008)
    _ = guest.mapGrant(0, at: 0x40008)
    #expect(guest.populate(0x40008) == 1)
    _ = guest.mapGrant(0, at: 0x38000)
    #expect(guest.page(at: 0x40008) == nil)
    #expect(guest.broken == [.noCollateralRemoval])
  }

  @Test func aLossStandsUntilSomebodyNamesTheGFNAgain() throws {
    var (guest, _) = try history(on: "xen-4.16")
    #expect(guest.machine.standingViolations(of: [.noCollateralRemoval]).count == 1)
    _ = guest.mapForeign(0x40005, at: 0x38000)
    #expect(guest.machine.standingViolations(of: [.noCollateralRemoval]) == [])
  }
}
