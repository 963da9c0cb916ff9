/// The levels of a P2M, from the uppermost down. Xen: `level_orders`
enum Level {
  static let leaf = 3

  /// Order of what one word of a table of `level` spans.
  @inline(__always)
  static func order(_ level: Int) -> Int { 27 &- 9 &* level }

  /// The level whose words span 2^`order` frames.
  @inline(__always)
  static func spanning(order: Int) -> Int { leaf - order / 9 }
}

/// A number for each level: of leaves, or of splits. At level 0 it is 0: Arm has no leaves there.
package typealias LevelCounts = SIMD4<Int>

/// What a word of a table holds: nothing, a leaf, or the way to a table of the next level.
///
/// A leaf is a packed `P2MEntry`, whose low four bits are its type and never zero; a table's address
/// is a multiple of 4 KiB, and the bit above the type says that other words may lead there as well.
/// Only where it is set do writers have to ask the table.
extension UInt64 {
  static let maybeShared: UInt64 = 0x10

  @inline(__always)
  var isLeaf: Bool { self & 0xf != 0 }

  /// Whether this leads to a table, and no other word does.
  @inline(__always)
  var isOwnTable: Bool { self != 0 && self & 0x1f == 0 }
}

/// A page table: 512 words.
@safe
struct Table {
  static let wordCount = 512

  private let words: UnsafeMutablePointer<UInt64>

  /// The table to which a word leads that is no leaf; `nil` for a word of nothing.
  @inline(__always)
  init?(bits: UInt64) {
    let address = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(bits & ~0xfff))
    guard let address = unsafe address else { return nil }
    unsafe words = address
  }

  /// The table's address, as a word that leads to it.
  @inline(__always)
  var bits: UInt64 { unsafe UInt64(UInt(bitPattern: words)) }

  @inline(__always)
  subscript(slot: Int) -> UInt64 {
    get { unsafe words[slot] }
    nonmutating set { unsafe words[slot] = newValue }
  }

  /// Where the word for `gfn` stands, in a table of `level`.
  @inline(__always)
  func place(of gfn: GFN, level: Int) -> Place { unsafe Place(words + gfn.slot(level: level)) }

  /// How many words lead here.
  @inline(__always)
  private(set) var references: UInt32 {
    get { unsafe TableSlabs.count(of: UInt(bits)).pointee }
    nonmutating set { unsafe TableSlabs.count(of: UInt(bits)).pointee = newValue }
  }

  @inline(__always)
  var isShared: Bool { references > 1 }

  /// Counts one more word that leads here.
  @inline(__always)
  func retain() { references &+= 1 }

  /// Counts one less, and frees the table with the last, and what only it leads to.
  func release(level: Int, to memory: HostMemory) {
    references -= 1
    guard references == 0 else { return }
    if level < Level.leaf {
      for slot in 0..<Self.wordCount where !self[slot].isLeaf {
        Table(bits: self[slot])?.release(level: level + 1, to: memory)
      }
    }
    memory.free(self)
  }

  /// A table with the same words; `nil` where there is no memory for it.
  func copy(level: Int, from memory: HostMemory) -> Table? {
    guard let copy = memory.makeTable(isFilledLater: true) else { return nil }
    if level < Level.leaf {
      for slot in 0..<Self.wordCount {
        let bits = self[slot]
        guard let table = Table(bits: bits), !bits.isLeaf else { continue }
        self[slot] = bits | .maybeShared
        table.retain()
      }
    }
    unsafe copy.words.update(from: words, count: Self.wordCount)
    return copy
  }

  func clear() { unsafe words.update(repeating: 0, count: Self.wordCount) }

  /// Fills the table with the 512 leaves that `leaf`, which spans a word of `level`, is made of.
  func fill(splitting leaf: UInt64, level: Int) {
    let step = UInt64(1) << (Level.order(level + 1) + P2MEntry.typeBits)
    for slot in 0..<Self.wordCount { self[slot] = leaf + UInt64(slot) * step }
  }

  /// Adds up the leaves, by level, and the tables, this one included, from here on down.
  func count(level: Int, leaves: inout LevelCounts, tables: inout Int) {
    tables += 1
    for slot in 0..<Self.wordCount where self[slot] != 0 {
      if self[slot].isLeaf {
        leaves[level] += 1
      } else {
        Table(bits: self[slot])?.count(level: level + 1, leaves: &leaves, tables: &tables)
      }
    }
  }
}

/// A word of a table that nobody shares.
@safe
struct Place {
  private let word: UnsafeMutablePointer<UInt64>

  @inline(__always)
  init(_ word: UnsafeMutablePointer<UInt64>) { unsafe self.word = word }

  @inline(__always)
  var bits: UInt64 {
    get { unsafe word.pointee }
    nonmutating set { unsafe word.pointee = newValue }
  }

  /// Sets this entry of 4 KiB and those behind it, all in one table, to pages that lie together.
  func fill(_ entry: P2MEntry, pageCount: UInt64) {
    for offset in 0..<pageCount { unsafe word[Int(offset)] = entry.advanced(by: offset).bits }
  }
}

/// The uppermost tables, which lie together; with the last owner of them the whole tree goes.
///
/// Xen: `p2m->root`
@safe
final class RootTable {
  /// The level of these tables: 0 or 1.
  let level: Int
  /// Words of all of them.
  let wordCount: Int
  private let shift: UInt64
  let memory: HostMemory
  private let words: UnsafeMutablePointer<UInt64>

  /// Empty tables; `nil` where there is no memory for them.
  convenience init?(level: Int, tableCount: Int, memory: HostMemory) {
    self.init(level: level, uninitialised: tableCount, memory: memory)
    unsafe words.initialize(repeating: 0, count: wordCount)
  }

  /// Tables whose words are still to be set.
  private init?(level: Int, uninitialised tableCount: Int, memory: HostMemory) {
    guard memory.take(tableCount) else { return nil }
    self.level = level
    self.memory = memory
    shift = UInt64(Level.order(level))
    wordCount = tableCount * Table.wordCount
    unsafe words = .allocate(capacity: wordCount)
  }

  /// A root with the same tables below it; `nil` where there is no memory for it.
  convenience init?(copying other: RootTable) {
    self.init(
      level: other.level, uninitialised: other.wordCount / Table.wordCount,
      memory: other.memory)
    for slot in 0..<wordCount {
      let bits = other[slot]
      guard let table = Table(bits: bits), !bits.isLeaf else { continue }
      unsafe other.words[slot] = bits | .maybeShared
      table.retain()
    }
    unsafe words.initialize(from: other.words, count: wordCount)
  }

  deinit {
    for slot in 0..<wordCount where !self[slot].isLeaf {
      Table(bits: self[slot])?.release(level: level + 1, to: memory)
    }
    unsafe words.deallocate()
    memory.give(wordCount / Table.wordCount)
  }

  @inline(__always)
  subscript(slot: Int) -> UInt64 { unsafe words[slot] }

  /// Which word leads to `gfn`, which the root reaches.
  @inline(__always)
  func slot(of gfn: GFN) -> Int {
    Int(truncatingIfNeeded: gfn.rawValue &>> shift)
  }

  /// Where that word stands.
  @inline(__always)
  func place(of gfn: GFN) -> Place { unsafe Place(words + slot(of: gfn)) }
}

extension GFN {
  /// Which word of a table of `level` leads to this frame; not of the root.
  @inline(__always)
  func slot(level: Int) -> Int {
    Int(truncatingIfNeeded: rawValue &>> UInt64(truncatingIfNeeded: Level.order(level)))
      & (Table.wordCount &- 1)
  }
}
