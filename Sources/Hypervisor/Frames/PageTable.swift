/// A domain's stage-2 table as the hardware has it: tables of 512 entries in three or four levels,
/// leaves of 4 KiB, 2 MiB and 1 GiB.
///
/// A value: a copy costs nothing and shares all tables; writing then copies the tables on the path to
/// the entry, once. A look-up is a load a level. As in Xen on Arm, a table stays when its last entry
/// goes; only a larger leaf in its place frees it.
///
/// Xen: `struct p2m_domain`
package struct PageTable {
  /// Frames that four levels reach.
  package static let reach: UInt64 = 1 << 36

  /// The orders that a leaf can have, smallest first.
  package static let leafOrders = [0, 9, 18]

  /// Where leaves of `order` stand in `LevelCounts`.
  package static func level(ofOrder order: Int) -> Int { Level.spanning(order: order) }

  private(set) var root: RootTable
  /// Where the tables below the root come from.
  package var pool: TablePool
  /// Leaves that were split, by level; those of a split that then failed too.
  ///
  /// Xen: `p2m->stats.shattered`
  package internal(set) var shattered = LevelCounts.zero

  /// An empty table as `cpu` has it. `pool` gives the tables below the root, `memory` what they all
  /// take of the host; `nil` where that has no room.
  package init?(cpu: CPU = .cortexA57, pool: TablePool = TablePool(), memory: HostMemory) {
    let root = RootTable(level: cpu.rootLevel, tableCount: cpu.rootTableCount, memory: memory)
    guard let root else { return nil }
    self.root = root
    self.pool = pool
  }

  /// The first raw frame number that the tables do not reach.
  package var limit: UInt64 { UInt64(root.wordCount) << UInt64(Level.order(root.level)) }

  /// Leaves that there are, by level; counted by walking all tables, so that no change has to.
  ///
  /// Xen: `p2m->stats.mappings`, which loses one whenever a leaf replaces another page's
  package var mappings: LevelCounts {
    var leaves = LevelCounts.zero
    var tables = 0
    for slot in 0..<root.wordCount where root[slot] != 0 {
      if root[slot].isLeaf {
        leaves[root.level] += 1
      } else {
        Table(bits: root[slot])?.count(level: root.level + 1, leaves: &leaves, tables: &tables)
      }
    }
    return leaves
  }

  /// Leaves of any size; counted as `mappings` are.
  package var leafCount: Int { mappings.wrappedSum() }

  /// Tables below the root.
  package var tableCount: Int { pool.taken }

  /// What the tables take of the host's memory, those included that copies share.
  package var bytes: Int {
    (tableCount + root.wordCount / Table.wordCount) * Int(TableSlabs.pageSize)
  }

  /// A leaf, or its part from some frame on.
  package struct Leaf: Hashable, Sendable {
    /// The frame, and the entry for it.
    package let gfn: GFN
    package let entry: P2MEntry
    /// 2^`order` pages are mapped by the whole leaf.
    package let order: Int

    /// The leaf's first frame.
    package var first: GFN { GFN(gfn.rawValue & ~(pageCount - 1)) }
    /// The first raw frame number behind the leaf.
    package var end: UInt64 { first.rawValue + pageCount }
    /// Pages that the whole leaf maps.
    package var pageCount: UInt64 { 1 << UInt64(order) }
    /// The whole leaf.
    package var whole: Leaf { part(from: first) }

    /// The leaf as seen from `gfn`, one of its frames.
    package func part(from gfn: GFN) -> Leaf {
      Leaf(
        gfn: gfn, entry: entry.advanced(by: gfn.rawValue &- self.gfn.rawValue), order: order)
    }
  }

  /// The entry of the 4 KiB at `gfn`, which must be below `limit`, whatever leaf covers them.
  ///
  /// Xen: `p2m_get_entry`
  @inline(__always)
  package subscript(gfn: GFN) -> P2MEntry? {
    let (bits, level) = word(of: gfn)
    guard level < Level.leaf else { return P2MEntry(bits: bits) }
    let offset = gfn.rawValue & (1 &<< UInt64(truncatingIfNeeded: Level.order(level)) &- 1)
    return P2MEntry(bits: bits)?.advanced(by: offset)
  }

  /// The leaf that covers `gfn`, which must be below `limit`, as seen from there.
  package func leaf(at gfn: GFN) -> Leaf? {
    let (bits, level) = word(of: gfn)
    guard let entry = P2MEntry(bits: bits) else { return nil }
    let order = Level.order(level)
    return Leaf(
      gfn: gfn, entry: entry.advanced(by: gfn.rawValue & (1 << UInt64(order) - 1)), order: order)
  }

  /// The leaf that covers `gfn`, or zero, and the level at which the walk ended.
  @inline(__always)
  private func word(of gfn: GFN) -> (bits: UInt64, level: Int) {
    var bits = root[root.slot(of: gfn)]
    if root.level == 0 {
      guard let table = Table(bits: bits) else { return (0, 0) }
      bits = table[gfn.slot(level: 1)]
    }
    if _slowPath(bits.isLeaf) { return (bits, 1) }
    guard let second = Table(bits: bits) else { return (0, 1) }
    bits = second[gfn.slot(level: 2)]
    if _slowPath(bits.isLeaf) { return (bits, 2) }
    guard let third = Table(bits: bits) else { return (0, 2) }
    return (third[gfn.slot(level: 3)], 3)
  }

  /// Calls `body` for each leaf from `first` on, below `end`, in order of GFN, until it answers
  /// false; for a leaf that begins before `first` with its part from there. Empty tables are skipped
  /// whole, and a large leaf is one.
  package func forEachLeaf(from first: UInt64, to end: UInt64, _ body: (Leaf) -> Bool) {
    var frame = first
    let end = min(end, limit)
    scan: while frame < end {
      let gfn = GFN(frame)
      var bits = root[root.slot(of: gfn)]
      var level = root.level
      while level < Level.leaf, !bits.isLeaf {
        guard let table = Table(bits: bits) else { break }
        level += 1
        if level == Level.leaf {
          guard visit(table, from: &frame, to: end, body) else { return }
          continue scan
        }
        bits = table[gfn.slot(level: level)]
      }
      let span = UInt64(1) << UInt64(Level.order(level))
      if let entry = P2MEntry(bits: bits) {
        let part = entry.advanced(by: frame & (span - 1))
        guard body(Leaf(gfn: gfn, entry: part, order: Level.order(level))) else { return }
      }
      frame = (frame / span + 1) * span
    }
  }

  /// The same within one table of the lowest level; `frame` is then behind it.
  @inline(__always)
  private func visit(
    _ table: Table, from frame: inout UInt64, to end: UInt64, _ body: (Leaf) -> Bool
  ) -> Bool {
    let tableEnd = min(end, (frame / UInt64(Table.wordCount) + 1) * UInt64(Table.wordCount))
    while frame < tableEnd {
      let gfn = GFN(frame)
      frame += 1
      if let entry = P2MEntry(bits: table[gfn.slot(level: Level.leaf)]),
        !body(Leaf(gfn: gfn, entry: entry, order: 0))
      {
        return false
      }
    }
    return true
  }

  /// Makes the root this table's own.
  ///
  /// - Returns: whether the host has the memory.
  @inline(__always)
  mutating func ownRoot() -> Bool {
    isKnownUniquelyReferenced(&root) || copyRoot()
  }

  @inline(never)
  private mutating func copyRoot() -> Bool {
    guard let own = RootTable(copying: root) else { return false }
    root = own
    return true
  }
}

/// Where a P2M's tables come from, and how many it has.
///
/// Xen: `d->arch.paging.p2m_freelist`
package struct TablePool: Hashable, Sendable {
  /// The most tables that there may be.
  package var limit: Int
  /// Tables in use.
  package internal(set) var taken = 0
  /// After how many more tables one is refused that there would be; `nil` for never.
  package var failsAfter: Int?

  package init(limit: Int = .max) { self.limit = limit }

  /// Whether `count` tables could be had.
  func has(_ count: Int) -> Bool {
    limit - taken >= count && failsAfter.map { $0 >= count } ?? true
  }

  /// Takes a table, if there is one.
  ///
  /// Xen: `p2m_alloc_page`
  mutating func take() -> Bool {
    if let left = failsAfter {
      failsAfter = left == 0 ? nil : left - 1
      if left == 0 { return false }
    }
    guard taken < limit else { return false }
    taken += 1
    return true
  }
}
