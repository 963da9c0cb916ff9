import Hypervisor
import Testing

/// What x86 does where no recording says it, or where a sentence says it better.
@Suite struct X86RuleTests {
  private static let everyPreset = Guest.everyX86Preset
  private static let old = ["x86-4.10.0", "x86-4.10.1", "x86-4.15.0"]
  private static let new = ["x86-4.17.0", "x86-4.17.7", "x86-4.22"]
  private static let pinning = ["x86-4.15.1"] + new

  @Test(arguments: everyPreset)
  func unmappingClearsTheM2P(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.unmap(0x38000) == 0)
    #expect(guest.tracked(0) == nil)
    #expect(guest.mapForeign(0x40004, at: 0x38000) == 0)
    #expect(guest.mapGrant(0, at: 0x39000) == 0)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40004))
    #expect(guest.broken == [])
  }

  @Test(arguments: everyPreset)
  func aFrameMovesAndIsNeverBusy(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.mapGrant(0, at: 0x39000) == 0)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.physmapEffects.sorted() == ["+0x39000 requested", "-0x38000 moved"])
    #expect(guest.mapGrant(0, at: 0x39000) == 0)
    #expect(guest.page(at: 0x39000) == Guest.grant(0))
  }

  @Test(arguments: everyPreset)
  func aFrameOverAForeignPageIsRefusedAndOldReleasesLoseItsMapping(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.mapForeign(0x40004, at: 0x39000) == 0)
    #expect(guest.mapGrant(0, at: 0x39000) == -6)
    #expect(guest.page(at: 0x39000) == Guest.foreign(0x40004))
    #expect(guest.tracked(0) == (Self.new.contains(preset) ? 0x38000 : nil))
  }

  @Test(arguments: everyPreset)
  func aFrameOverRAMFreesThePage(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x40000) == 0)
    #expect(guest.pages(of: DomainID(1)) == 15)
    #expect(guest.populate(0x41000) == 1)
  }

  @Test(arguments: everyPreset)
  func aFrameBeyondTheP2MLosesItsMappingAndIsNotStuck(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.mapGrant(0, at: Guest.beyond) == -2)
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.tracked(0) == nil)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
  }

  @Test(arguments: everyPreset)
  func populatingOverAForeignPageCrashesTheDomain(preset: String) throws {
    var guest = try Guest(preset, maxPages: 20)
    #expect(guest.mapForeign(0x40004, at: 0x38000) == 0)
    #expect(guest.populate(0x38000) == -1)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40004))
    let crash = guest.machine.domains.first { $0.id == DomainID(1) }?.crash
    #expect(crash == .foreignReplaced(GFN(0x38000)))
    #expect(guest.unmap(0x38000) == 1000, "a crashed domain makes no hypercall")
    #expect(guest.populate(0x38000, of: DomainID(2)) == 0, "the others go on")
  }

  @Test(arguments: everyPreset)
  func populatingOverDeviceMemoryCrashesTheDomainFrom4151On(preset: String) throws {
    var guest = try Guest(preset, maxPages: 20)
    #expect(guest.mapDevice(at: 0x38000) == 0)
    #expect(guest.populate(0x38000) == (Self.pinning.contains(preset) ? -1 : 1))
  }

  @Test(arguments: everyPreset)
  func aDeadFrameIsRefusedFrom4151On(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.decrease(0x38000) == 1)
    #expect(guest.mapGrant(0, at: 0x39000) == (Self.pinning.contains(preset) ? -16 : 0))
    #expect(guest.unmap(0x39000) == -2)
    #expect(guest.decrease(0x39000) == 0)
  }

  // MARK: Version 2

  @Test(arguments: everyPreset)
  func version2HasAStatusFrameForEightGrantFrames(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapStatus(0, at: 0x38000) == -22)
    #expect(guest.mapGrant(8, at: 0x38000) == 0)
    #expect(guest.setVersion(2) == 0)
    let table = guest.machine.domains[0].grantTable
    #expect(table.version == 2)
    #expect(table.statusFrames.count == 2)
    #expect(guest.mapStatus(1, at: 0x39000) == 0)
    #expect(guest.page(at: 0x39000) == Guest.status(1))
    #expect(guest.page(at: 0x38000) == Guest.grant(8))
  }

  @Test(arguments: everyPreset)
  func aStatusFrameThatDoesNotExistGrowsTheTableFrom415On(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(2) == 0)
    let grows = !preset.hasPrefix("x86-4.10")
    #expect(guest.mapStatus(2, at: 0x38000) == (grows ? 0 : -22))
    #expect(guest.frameCount == (grows ? 24 : 1))
    #expect(guest.mapStatus(8, at: 0x39000) == -22)
  }

  @Test(arguments: everyPreset, [0, 3])
  func thereAreOnlyVersions1And2(preset: String, version: Int) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(version) == -22)
    #expect(guest.machine.domains[0].grantTable.version == 1)
  }

  @Test(arguments: Guest.everyPreset)
  func armHasNoVersion2(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(2) == -38)
    #expect(guest.setVersion(1) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == -22)
  }

  /// XSA-255.
  @Test func on4100AStatusFrameIsFreedWhileItIsMapped() throws {
    var guest = try Guest("x86-4.10.0")
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.setVersion(1) == 0)
    #expect(guest.page(at: 0x38000) == .free)
    #expect(guest.broken == [.noDangling])
    #expect(
      guest.machine.standingViolations(of: Set(Property.always)).map(\.property) == [
        .noDangling
      ])
    #expect(guest.unmap(0x38000) == -2)
  }

  @Test(arguments: everyPreset.filter { $0 != "x86-4.10.0" })
  func elsewhereAStatusFrameIsUnmappedFirst(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.mapGrant(0, at: 0x39000) == 0)
    #expect(guest.setVersion(1) == 0)
    #expect(guest.physmapEffects == ["-0x38000 version-switch"])
    #expect(guest.page(at: 0x38000) == nil)
    #expect(guest.page(at: 0x39000) == Guest.grant(0))
    #expect(guest.broken == [])
  }

  @Test func aFreedPageThatIsStillMappedComesBackAsAnotherStatusFrame() throws {
    var guest = try Guest("x86-4.10.0")
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.setVersion(1) == 0)
    #expect(guest.setVersion(2) == 0)
    #expect(guest.page(at: 0x38000) == Guest.status(0))
    #expect(guest.broken == [.trackingAgrees])
    #expect(guest.mapStatus(0, at: 0x39000) == 0)
    #expect(guest.broken == [.singleMapping])
    #expect(guest.machine.standingViolations(of: [.singleMapping]).count == 1)
  }

  @Test(arguments: everyPreset)
  func aDeadStatusFrameIsFreshAfterVersion1And2(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.decrease(0x38000) == 1)
    #expect(guest.setVersion(1) == 0)
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.unmap(0x38000) == 0)
  }

  @Test(arguments: everyPreset)
  func aDestroyedDomainTakesItsStatusFramesWithIt(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.setVersion(2) == 0)
    #expect(guest.mapStatus(0, at: 0x38000) == 0)
    #expect(guest.setVersion(1) == 0)
    try guest.machine.destroyDomain(DomainID(1))
    #expect(guest.machine.standingViolations(of: Set(Property.always)) == [])
  }

  // MARK: A domain's own pages

  @Test(arguments: everyPreset)
  func ownPagesMoveBetweenGFNs(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(guest.move(0x38000, to: 0x39000) == 0)
    #expect(guest.tracked(0) == 0x39000)
    #expect(guest.move(0x40000, to: 0x39000) == 0)
    #expect(guest.page(at: 0x39000) == .ram(gfn: GFN(0x40000)))
    #expect(guest.page(at: 0x40000) == nil)
    #expect(guest.tracked(0) == nil)
  }

  @Test(arguments: everyPreset)
  func movingToTheVerySameGFNUnhooksAFrameBefore417(preset: String) throws {
    var guest = try Guest(preset)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    let isNew = Self.new.contains(preset)
    #expect(guest.move(0x38000, to: 0x38000) == (isNew ? 0 : -18))
    #expect(guest.page(at: 0x38000) == (isNew ? Guest.grant(0) : nil))
  }

  @Test(arguments: everyPreset)
  func onlyAPageOfItsOwnMoves(preset: String) throws {
    var guest = try Guest(preset)
    let code = preset == "x86-4.22" ? -13 : -22
    #expect(guest.move(0x38000, to: 0x39000) == code)
    #expect(guest.move(Guest.beyond, to: 0x39000) == code)
    #expect(guest.mapForeign(0x40004, at: 0x38000) == 0)
    #expect(guest.move(0x38000, to: 0x39000) == code)
  }
}
