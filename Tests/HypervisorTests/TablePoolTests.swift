import Hypervisor
import Testing

/// What fails, and what stays, where the pool of a P2M has no table left.
@Suite struct TablePoolTests {
  /// Tables that 16 pages of RAM take beyond the root.
  private static let tables = 3

  @Test func ramTakesFromThePoolAsEverythingDoes() throws {
    let guest = try Guest("xen-4.16", poolPages: Self.tables)
    #expect(guest.tableCount == Self.tables)
    #expect(throws: Machine.CreationError.tablePool(limit: 2)) {
      _ = try Guest("xen-4.16", poolPages: 2)
    }
  }

  @Test func theHardwareDomainTakesFromTheHeap() throws {
    var configuration = MachineConfiguration(preset: .default)
    configuration.p2mPoolPages = 0
    var machine = Machine(configuration)
    try machine.createDomain(DomainConfiguration(id: DomainID(0), ram: [Guest.ram]))
    #expect(throws: Machine.CreationError.tablePool(limit: 0)) {
      try machine.createDomain(DomainConfiguration(id: DomainID(1), ram: [Guest.ram]))
    }
  }

  @Test(arguments: Guest.everyPreset)
  func whereATableIsMissingTheArrayIsWrittenAllTheSame(preset: String) throws {
    var guest = try Guest(preset, poolPages: Self.tables)
    #expect(guest.mapGrant(0, at: 0x80000) == -12)
    #expect(guest.page(at: 0x80000) == nil)
    let hasArray = !Guest.pageInfoPresets.contains(preset)
    #expect(guest.tracked(0) == (hasArray ? 0x80000 : nil))
    #expect(guest.broken == (hasArray ? [.trackingAgrees] : []))
    #expect(guest.mapGrant(0, at: 0x40020) == 0, "where there are tables")
  }

  @Test func everyWayToMapNeedsATable() throws {
    var guest = try Guest("xen-4.16", maxPages: 100, poolPages: Self.tables)
    #expect(guest.mapForeign(0x40000, at: 0x80000) == -12)
    #expect(guest.references(toForeignPage: 0x40000) == 1)
    #expect(guest.mapSharedInfo(at: 0x80000) == -12)
    #expect(guest.mapDevice(at: 0x80000) == -12)
    #expect(guest.populate(0x80000) == 0)
    #expect(guest.pages(of: DomainID(1)) == 17, "the page is allocated, and lost")
  }

  @Test func tablesOnTheWayStayThoughTheLastOneIsMissing() throws {
    var guest = try Guest("xen-4.16", poolPages: Self.tables + 1)
    #expect(guest.mapSharedInfo(at: 1 << 30) == -12, "it needs three")
    #expect(guest.tableCount == Self.tables + 1)
    #expect(guest.mapSharedInfo(at: 0x80000) == -12, "the one that was left is in use")
  }

  @Test(arguments: [0, 1])
  func aSplitThatCannotBeCompletedIsUndone(left: Int) throws {
    // RAM of 1 GiB takes one table, and to split it down to 4 KiB takes two.
    let ram = Guest.ram(pages: 1 << 18, order: 18)
    var guest = try Guest("xen-4.16", ram: ram, poolPages: 1 + left, alone: true)
    #expect(guest.unmap(0x45678) == -12)
    #expect(guest.physmapEffects.isEmpty)
    #expect(guest.decrease(0x45678) == 0)
    #expect(guest.order(at: 0x45678) == 18)
    #expect(guest.leaves == LevelCounts(0, 1, 0, 0))
    #expect(guest.tableCount == 1)
  }

  @Test func aStrayRemovalThatCannotSplitLeavesTheFrameStuck() throws {
    var guest = try Guest("xen-4.16", maxPages: 1 << 20, poolPages: Self.tables + 1)
    #expect(guest.mapGrant(0, at: 0x80004) == -12)
    #expect(guest.tracked(0) == 0x80004)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.mapGrant(0, at: 0x40020) == -12)
    #expect(guest.tracked(0) == 0x80004)
    #expect(guest.order(at: 0x80004) == 9)
  }

  @Test func decreasingASuperpageEndsWhereTheTablesDo() throws {
    // The root's entry and 1 GiB take one table; splitting takes one, and each 2 MiB one more.
    let ram = Guest.ram(pages: 1 << 18, order: 18)
    var guest = try Guest("xen-4.16", ram: ram, poolPages: 1 + 1 + 4)
    #expect(guest.decrease(0x40000, order: 18) == 0)
    #expect(guest.page(at: 0x40000 + 4 * 512 - 1) == nil)
    #expect(guest.order(at: 0x40000 + 4 * 512) == 9)
    #expect(guest.pages(of: DomainID(1)) == 1 << 18 - 4 * 512)
  }
}
