import Hypervisor
import Testing

/// What operations cost the hypervisor.
@Suite struct CostTests {
  private func guest(_ preset: String, ram: GuestRange = Guest.ram, frames: Int = 64) throws
    -> Guest
  {
    try Guest(preset, maxPages: 1 << 20, ram: ram, costFrames: frames)
  }

  @Test(arguments: [
    ("xen-4.16", 2, 0), ("xen-4.16-clear-on-put", 2, 64), ("xen-5a4a2cef08", 3, 0),
    ("xen-4.17", 3, 0),
  ])
  func unmappingWalksTheTablesAndTheProposalTheArrayToo(
    preset: String, walks: Int, comparisons: Int
  ) throws {
    var guest = try guest(preset)
    #expect(guest.unmap(0x40000) == 0)
    let cost = try #require(guest.machine.cost)
    #expect(cost.tableWalks == walks)
    #expect(cost.trackingComparisons == comparisons)
    #expect(cost.entryWrites == 1)
    #expect(cost.tlbFlushes == 1)
    #expect(cost.tablesAllocated == 0)
  }

  @Test func theProposalComparesAsManyFramesAsThereMayBe() throws {
    var guest = try guest("xen-4.16-clear-on-put", frames: 1024)
    #expect(guest.unmap(0x40000) == 0)
    #expect(guest.machine.cost?.trackingComparisons == 1024)
  }

  @Test func aMappingMakesTheTablesThatItNeeds() throws {
    var guest = try guest("xen-4.16")
    #expect(guest.mapSharedInfo(at: 1 << 30) == 0)
    let cost = try #require(guest.machine.cost)
    #expect(cost.tablesAllocated == 3)
    #expect(cost.entryWrites == 3 + 1)
    #expect(cost.tlbFlushes == 0)
  }

  @Test func aSplitWritesWholeTables() throws {
    var guest = try guest("xen-4.16", ram: Guest.ram(pages: 1 << 18, order: 18))
    #expect(guest.unmap(0x45678) == 0)
    let cost = try #require(guest.machine.cost)
    #expect(cost.tablesAllocated == 2)
    #expect(cost.entryWrites == 2 * 512 + 1 + 2 + 1)
    #expect(cost.tlbFlushes == 2)
  }

  /// What is done at once costs what it costs done one by one.
  @Test(arguments: ["xen-4.16", "xen-4.16-clear-on-put", "xen-4.17"], [9, 18])
  func decreasingALeafCostsWhatItsPagesDo(preset: String, order: Int) throws {
    let ram = Guest.ram(pages: 1 << UInt64(order), order: order)
    var whole = try guest(preset, ram: ram)
    #expect(whole.decrease(0x40000, order: order) == 1)
    var single = try guest(preset, ram: ram)
    var sum = Cost()
    for gfn in 0x40000..<UInt64(0x40000 + 1 << order) {
      guard single.decrease(gfn) == 1, let cost = single.machine.cost else { break }
      sum += cost
    }
    #expect(whole.machine.cost == sum)
    #expect(whole.leaves == single.leaves)
    #expect(whole.tableCount == single.tableCount)
    #expect(whole.pages(of: DomainID(1)) == single.pages(of: DomainID(1)))
  }

  @Test func aMachineThatIsNotAskedDoesNotTell() throws {
    var guest = try Guest("xen-4.16")
    _ = guest.unmap(0x40000)
    #expect(guest.machine.cost == nil)
  }
}

extension Cost {
  fileprivate static func += (sum: inout Cost, cost: Cost) { sum = sum.adding(cost) }
}
