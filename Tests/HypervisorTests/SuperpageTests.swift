import Hypervisor
import Testing

/// Leaves of 2 MiB and 1 GiB: how they come, how they are split, and what goes with them.
@Suite struct SuperpageTests {
  private static let many: UInt64 = 1 << 20

  // MARK: Populating

  @Test(
    arguments: [
      (0x80000, 9, [0, 0, 1, 0]),  // aligned to it
      (0x80000, 18, [0, 1, 0, 0]),
      (0x80200, 18, [0, 0, 512, 0]),  // a multiple of 2 MiB only
      (0x80001, 9, [0, 0, 0, 512]),  // of 4 KiB only
    ] as [(UInt64, Int, [Int])])
  func leavesAreAsLargeAsTheGFNIsAligned(gfn: UInt64, order: Int, leaves: [Int]) throws {
    var guest = try Guest("xen-4.16", maxPages: Self.many)
    let before = guest.leaves
    #expect(guest.populate(gfn, order: order) == 1)
    let added = guest.leaves &- before
    #expect((0..<4).map { added[$0] } == leaves)
    #expect(guest.page(at: gfn + 1 << UInt64(order) - 1) == .populated(n: 0))
    #expect(guest.pages(of: DomainID(1)) == 16 + 1 << UInt64(order))
  }

  @Test func aSuperpageIsToldAsOneEntry() throws {
    var guest = try Guest("xen-4.16", maxPages: Self.many)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.physmapEffects == ["+0x80000 requested"])
    #expect(guest.order(at: 0x80000) == 9)
  }

  @Test(arguments: [9, 18])
  func aSuperpageNeedsTheBudgetForAllItsPages(order: Int) throws {
    let enough = 16 + 1 << UInt64(order)
    var poor = try Guest("xen-4.16", maxPages: UInt64(enough - 1))
    #expect(poor.populate(0x80000, order: order) == 0)
    #expect(poor.physmapEffects.isEmpty)
    var rich = try Guest("xen-4.16", maxPages: UInt64(enough))
    #expect(rich.populate(0x80000, order: order) == 1)
    #expect(rich.populate(0x100000) == 0)
  }

  @Test(arguments: ["xen-4.14", "xen-4.16"])
  func whatIsMappedBeforeThePhysmapEndsStays(preset: String) throws {
    var guest = try Guest(preset, maxPages: Self.many)
    let isUnchecked = preset == "xen-4.14"
    #expect(guest.populate((1 << 36) - 1, order: 9) == (isUnchecked ? 1 : 0))
    #expect(guest.page(at: (1 << 36) - 1) == .populated(n: 0))
    #expect(guest.pages(of: DomainID(1)) == 16 + 512)
    #expect(guest.populate(0x50000) == 1)
    #expect(guest.page(at: 0x50000) == .populated(n: 1))
  }

  @Test func aDirectMappedDomainGetsItsOwnRAMBack() throws {
    let ram = Guest.ram(pages: 1024, order: 0)
    var guest = try Guest("xen-4.16", directMapped: true, ram: ram)
    #expect(guest.decrease(0x40000, order: 9) == 1)
    #expect(guest.page(at: 0x40000) == nil)
    #expect(guest.populate(0x40000, order: 9) == 1)
    #expect(guest.order(at: 0x40000) == 9)
    #expect(guest.page(at: 0x40123) == .ram(gfn: GFN(0x40123)))
    #expect(guest.populate(0x40200, order: 18) == 0, "not all of that is its own")
  }

  // MARK: What a superpage replaces

  @Test func aSuperpagePutsTheEntriesThatWereThere() throws {
    var guest = try Guest("xen-4.16", maxPages: Self.many)
    #expect(guest.mapForeign(0x40003, at: 0x80010) == 0)
    #expect(guest.references(toForeignPage: 0x40003) == 2)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.references(toForeignPage: 0x40003) == 1)
    #expect(guest.physmapEffects == ["+0x80000 requested", "+0x80010 replaced"])
    #expect(guest.broken.isEmpty)
  }

  @Test func theTablesBelowASuperpageGoBackToThePool() throws {
    var guest = try Guest("xen-4.16", maxPages: Self.many)
    _ = guest.populate(0x80000)
    _ = guest.populate(0x80200)
    let before = guest.tableCount
    #expect(guest.populate(0x80000, order: 18) == 1)
    #expect(guest.tableCount == before - 3, "two of 4 KiB entries, and theirs")
    #expect(guest.leaves == LevelCounts(0, 1, 0, 16))
  }

  @Test(arguments: Guest.everyPreset)
  func aFrameUnderASuperpageIsForgottenOnlyWherePuttingForgets(preset: String) throws {
    var guest = try Guest(preset, maxPages: Self.many)
    #expect(guest.mapGrant(0, at: 0x80004) == 0)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.page(at: 0x80004) == .populated(n: 0))
    let isStale = Guest.arrayPresets.contains(preset) || preset == "xen-5a4a2cef08"
    #expect(guest.tracked(0) == (isStale ? 0x80004 : nil))
  }

  // MARK: Splitting

  @Test(arguments: Guest.arrayPresets)
  func aStrayRemovalPunchesAHoleIntoASuperpage(preset: String) throws {
    var guest = try Guest(preset, maxPages: Self.many)
    #expect(guest.mapGrant(0, at: 0x80004) == 0)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.mapGrant(0, at: 0x38000) == 0)
    #expect(
      guest.physmapEffects == [
        "+0x80000 split", "-0x80004 stale-tracking", "+0x38000 requested",
      ])
    #expect(guest.broken == [.noCollateralRemoval])
    #expect(guest.page(at: 0x80003) == .populated(n: 0))
    #expect(guest.order(at: 0x80003) == 0)
    #expect(guest.page(at: 0x80004) == nil)
  }

  @Test func anEntryWithinOneGiBSplitsItTwice() throws {
    var guest = try Guest("xen-4.16", ram: Guest.ram(pages: 1 << 18, order: 18))
    #expect(guest.leaves == LevelCounts(0, 1, 0, 0))
    #expect(guest.unmap(0x45678) == 0)
    #expect(
      guest.physmapEffects == ["+0x40000 split", "+0x45600 split", "-0x45678 requested"])
    #expect(guest.leaves == LevelCounts(0, 0, 511, 511))
    #expect(guest.page(at: 0x7ffff) == .ram(gfn: GFN(0x7ffff)))
  }

  @Test func theFirstEntryOfASuperpageIsToldAfterItsSplit() throws {
    var guest = try Guest("xen-4.16", ram: Guest.ram(pages: 512, order: 9))
    #expect(guest.unmap(0x40000) == 0)
    #expect(guest.physmapEffects == ["+0x40000 split", "-0x40000 requested"])
  }

  // MARK: Decreasing

  @Test(arguments: [9, 18])
  func decreasingASuperpageGivesAllItsPagesBack(order: Int) throws {
    var guest = try Guest("xen-4.16", maxPages: 16 + 1 << UInt64(order))
    #expect(guest.populate(0x80000, order: order) == 1)
    #expect(guest.decrease(0x80000, order: order) == 1)
    #expect(guest.physmapEffects == ["-0x80000 requested"])
    #expect(guest.pages(of: DomainID(1)) == 16)
    #expect(guest.leaves == LevelCounts(0, 0, 0, 16))
    #expect(guest.populate(0x80000, order: order) == 1, "there is budget again")
  }

  @Test func aPageThatSomebodyMapsOutlivesItsSuperpage() throws {
    var guest = try Guest("xen-4.16")
    let me = DomainID(1)
    let ram = Guest.ram(pages: 512, order: 9)
    try guest.machine.createDomain(DomainConfiguration(id: DomainID(3), ram: [ram]))
    #expect(guest.mapForeign(0x40007, at: 0x80000, from: DomainID(3)) == 0)
    #expect(guest.decrease(0x40000, order: 9, of: DomainID(3)) == 1)
    #expect(guest.pages(of: DomainID(3)) == 1)
    #expect(guest.page(at: 0x80000) == .foreign(domain: DomainID(3), gfn: GFN(0x40007)))
    #expect(guest.unmap(0x80000, of: me) == 0)
    #expect(guest.pages(of: DomainID(3)) == 0)
    #expect(guest.broken.isEmpty)
  }

  @Test func aDecreaseEndsAtTheFirstPageThatIsNotItsOwn() throws {
    var guest = try Guest("xen-4.16", ram: Guest.ram(pages: 512, order: 9))
    #expect(guest.mapForeign(0x40001, at: 0x40100) == 0)
    #expect(guest.decrease(0x40000, order: 9) == 0)
    #expect(guest.page(at: 0x400ff) == nil)
    #expect(guest.page(at: 0x40101) == .ram(gfn: GFN(0x40101)))
    #expect(guest.pages(of: DomainID(1)) == 256)
  }

  // MARK: RAM

  @Test func ramHasTheLargestLeavesThatFit() throws {
    let ram = try #require(
      GuestRange(first: GFN(0x401f0), pageCount: 2 * 512 + 32, order: 18))
    let guest = try Guest("xen-4.16", ram: ram)
    #expect(guest.leaves == LevelCounts(0, 0, 2, 32))
    #expect(guest.order(at: 0x401ff) == 0)
    #expect(guest.order(at: 0x40200) == 9)
  }

  @Test func aFreeRangeIsFoundBehindASuperpage() throws {
    let guest = try Guest("xen-4.16", ram: Guest.ram(pages: 512, order: 9))
    let range = try #require(GuestRange(first: GFN(0x40080), pageCount: 0x200))
    let me = try #require(guest.machine.index(of: DomainID(1)))
    #expect(guest.machine.firstFreeGFN(in: range, pageCount: 1, of: me) == GFN(0x40200))
    #expect(guest.machine.firstFreeGFN(in: range, pageCount: 0x80, of: me) == GFN(0x40200))
    #expect(guest.machine.firstFreeGFN(in: range, pageCount: 0x81, of: me) == nil)
    let within = try #require(GuestRange(first: GFN(0x40080), pageCount: 0x100))
    #expect(guest.machine.firstFreeGFN(in: within, pageCount: 1, of: me) == nil)
  }
}
