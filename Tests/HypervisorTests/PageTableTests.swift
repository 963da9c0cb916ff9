import Hypervisor
import Testing

@Suite struct PageTableTests {
  @Test(arguments: [0, 1, 511, 512, 0x3_ffff, 0x40_0000, (1 << 36) - 1] as [UInt64])
  func anEntryIsWhereItWasSetAndNowhereElse(frame: UInt64) throws {
    var table = try #require(PageTable(memory: HostMemory()))
    let entry = P2MEntry(MFN(0x1234), .ramReadWrite)
    let isSet = table.set(entry, at: GFN(frame))
    #expect(isSet == .done)
    #expect(table[GFN(frame)] == entry)
    #expect(table[GFN(frame ^ 1)] == nil)
    let isRemoved = table.remove(at: GFN(frame))
    #expect(isRemoved == .done)
    #expect(table[GFN(frame)] == nil)
  }

  @Test func entriesAreFoundInOrderWhereverTheyAre() throws {
    var table = try #require(PageTable(memory: HostMemory()))
    let frames: [UInt64] = [0, 5, 511, 512, 1 << 18, 1 << 27, (1 << 36) - 1]
    for frame in frames.reversed() {
      let isSet = table.set(P2MEntry(MFN(frame), .ramReadWrite), at: GFN(frame))
      #expect(isSet == .done)
    }
    var found: [UInt64] = []
    table.forEachLeaf(from: 1, to: PageTable.reach) { leaf in
      #expect(leaf.entry.mfn.rawValue == leaf.gfn.rawValue)
      found.append(leaf.gfn.rawValue)
      return true
    }
    #expect(found == Array(frames.dropFirst()))
  }

  @Test func anEntryThatNeedsMoreTablesThanThereAreIsNotSet() throws {
    var table = try #require(PageTable(pool: TablePool(limit: 2), memory: HostMemory()))
    let entry = P2MEntry(MFN(1), .ramReadWrite)
    let withTooFew = table.set(entry, at: GFN(7))
    #expect(withTooFew == .noTable)
    #expect(table[GFN(7)] == nil)
    #expect(table.tableCount == 2, "as in Xen, the tables on the way stay")
    table.pool.limit = 3
    let withEnough = table.set(entry, at: GFN(7))
    #expect(withEnough == .done)
    let farAway = table.set(entry, at: GFN(1 << 35))
    #expect(farAway == .noTable)
    #expect(table[GFN(7)] == entry)
  }

  @Test func aCopyKeepsWhatItHadWhateverIsWrittenLater() throws {
    let memory = HostMemory()
    var table = try #require(PageTable(memory: memory))
    let (old, new) = (P2MEntry(MFN(1), .ramReadWrite), P2MEntry(MFN(2), .ramReadWrite))
    let frames: [UInt64] = [0, 1, 512, 1 << 27]
    for frame in frames {
      let isSet = table.set(old, at: GFN(frame))
      #expect(isSet == .done)
    }
    let copy = table
    for frame in frames {
      let isSet = table.set(new, at: GFN(frame))
      #expect(isSet == .done)
      #expect(copy[GFN(frame)] == old)
      #expect(table[GFN(frame)] == new)
    }
    let isRemoved = table.remove(at: GFN(1))
    #expect(isRemoved == .done)
    #expect(copy[GFN(1)] == old)
  }

  @Test func copiesShareTheTablesThatNobodyWroteTo() throws {
    let memory = HostMemory(limit: 12)
    var table = try #require(PageTable(memory: memory))
    let entry = P2MEntry(MFN(1), .ramReadWrite)
    let isSet = table.set(entry, at: GFN(0))
    #expect(isSet == .done)
    var copies = [table, table]
    let first = copies[0].set(entry, at: GFN(1))
    let second = copies[1].set(entry, at: GFN(1))
    #expect(first == .done && second == .done, "four tables each, of twelve")
    let third = table.set(entry, at: GFN(1 << 35))
    #expect(third == .noMemory)
    copies.removeAll()
    let again = table.set(entry, at: GFN(1 << 35))
    #expect(again == .done, "what the copies had is given back")
  }
}
