import Hypervisor
import Testing

@Suite struct PageTableTests {
  @Test(arguments: [0, 1, 511, 512, 0x3_ffff, 0x40_0000, (1 << 36) - 1] as [UInt64])
  func anEntryIsWhereItWasSetAndNowhereElse(frame: UInt64) {
    var table = PageTable()
    let entry = P2MEntry(MFN(0x1234), .ramReadWrite)
    let isSet = table.set(entry, at: GFN(frame), tableLimit: 3)
    #expect(isSet)
    #expect(table[GFN(frame)] == entry)
    #expect(table[GFN(frame ^ 1)] == nil)
    table.remove(at: GFN(frame))
    #expect(table[GFN(frame)] == nil)
  }

  @Test func entriesAreFoundInOrderWhereverTheyAre() {
    var table = PageTable()
    let frames: [UInt64] = [0, 5, 511, 512, 1 << 18, 1 << 27, (1 << 36) - 1]
    for frame in frames.reversed() {
      let isSet = table.set(P2MEntry(MFN(frame), .ramReadWrite), at: GFN(frame), tableLimit: 100)
      #expect(isSet)
    }
    var found: [UInt64] = []
    table.forEachEntry(from: 1, to: PageTable.reach) { gfn, entry in
      #expect(entry.mfn.rawValue == gfn.rawValue)
      found.append(gfn.rawValue)
      return true
    }
    #expect(found == Array(frames.dropFirst()))
  }

  @Test func anEntryThatNeedsMoreTablesThanThereAreChangesNothing() {
    var table = PageTable()
    let entry = P2MEntry(MFN(1), .ramReadWrite)
    let withTooFew = table.set(entry, at: GFN(7), tableLimit: 2)
    #expect(!withTooFew)
    #expect(table.tableCount == 0)
    let withEnough = table.set(entry, at: GFN(7), tableLimit: 3)
    #expect(withEnough)
    let farAway = table.set(entry, at: GFN(1 << 35), tableLimit: 5)
    #expect(!farAway)
    #expect(table.tableCount == 3)
  }
}
