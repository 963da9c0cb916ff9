import Hypervisor
import Testing

/// An operation that is made to fail answers as Xen's does, and leaves what Xen's leaves.
@Suite struct FaultTests {
  private func guest(
    _ preset: String = "xen-4.16", directMapped: Bool = false, failing site: FaultSite,
    after: Int = 0
  ) throws -> Guest {
    var guest = try Guest(preset, directMapped: directMapped, maxPages: 1 << 20)
    let me = try #require(guest.machine.index(of: DomainID(1)))
    guest.machine.injectFault(at: site, after: after, in: me)
    return guest
  }

  @Test(arguments: Guest.everyPreset)
  func aTableThatCannotBeHadFailsTheInsertOnce(preset: String) throws {
    var guest = try guest(preset, failing: .tableAllocation)
    #expect(guest.mapGrant(0, at: 0x80000) == -12)
    let hasArray = !Guest.pageInfoPresets.contains(preset)
    #expect(guest.tracked(0) == (hasArray ? 0x80000 : nil))
    #expect(guest.mapGrant(0, at: 0x80000) == 0, "once")
    #expect(guest.page(at: 0x80000) == Guest.grant(0))
  }

  @Test(arguments: [0, 1, 2])
  func theAttemptsBeforeItSucceed(after: Int) throws {
    var guest = try guest(failing: .tableAllocation, after: after)
    // Three tables are missing there.
    #expect(guest.mapSharedInfo(at: 1 << 30) == -12)
    #expect(guest.tableCount == 3 + after)
    #expect(guest.mapSharedInfo(at: 1 << 30) == 0)
  }

  @Test(arguments: [0, 1])
  func aSplitIsUndone(after: Int) throws {
    let ram = Guest.ram(pages: 1 << 18, order: 18)
    var guest = try Guest("xen-4.16", ram: ram)
    let me = try #require(guest.machine.index(of: DomainID(1)))
    guest.machine.injectFault(at: .tableAllocation, after: after, in: me)
    #expect(guest.unmap(0x45678) == -12)
    #expect(guest.order(at: 0x45678) == 18)
    #expect(guest.tableCount == 1)
    #expect(guest.unmap(0x45678) == 0)
  }

  @Test(arguments: [0, 9, 18])
  func aPageThatCannotBeAllocatedIsNoExtent(order: Int) throws {
    var guest = try guest(failing: .pageAllocation)
    #expect(guest.populate(0x80000, order: order) == 0)
    #expect(guest.physmapEffects.isEmpty)
    #expect(guest.populate(0x80000, order: order) == 1)
    #expect(guest.page(at: 0x80000) == .populated(n: 0))
  }

  @Test func aGrantFrameThatCannotBeAllocatedIsOutOfRange() throws {
    var guest = try guest(failing: .pageAllocation, after: 1)
    #expect(guest.mapGrant(2, at: 0x80000) == -22)
    #expect(guest.frameCount == 1)
    #expect(guest.mapGrant(2, at: 0x80000) == 0)
    #expect(guest.frameCount == 3)
  }

  @Test func aReferenceThatCannotBeTakenFailsEveryOperationInItsOwnWay() throws {
    var mapping = try guest(failing: .reference)
    #expect(mapping.mapGrant(0, at: 0x80000) == -16)
    #expect(mapping.mapGrant(0, at: 0x80000) == 0)
    var foreign = try guest(failing: .reference)
    #expect(foreign.mapForeign(0x40000, at: 0x80000) == -22)
    #expect(foreign.references(toForeignPage: 0x40000) == 1)
    var unmapping = try guest(failing: .reference)
    #expect(unmapping.unmap(0x40000) == -2)
    #expect(unmapping.unmap(0x40000) == 0)
    var decreasing = try guest(failing: .reference)
    #expect(decreasing.decrease(0x40000) == 0)
    #expect(decreasing.decrease(0x40000) == 1)
    var populating = try guest(directMapped: true, failing: .reference)
    #expect(populating.populate(0x40000) == 0)
    #expect(populating.populate(0x40000) == 1)
  }

  @Test func aDecreaseFailsAtThePageWhoseReferenceDoes() throws {
    var guest = try guest(failing: .reference, after: 100)
    #expect(guest.populate(0x80000, order: 9) == 1)
    #expect(guest.decrease(0x80000, order: 9) == 0)
    #expect(guest.page(at: 0x80000 + 99) == nil)
    #expect(guest.page(at: 0x80000 + 100) == .populated(n: 0))
  }
}
