/// A domain's stage-2 table: 512-entry tables in four levels, leaves at 4 KiB.
///
/// A value: a copy costs nothing and shares all tables; writing then copies the four tables on the
/// path to the entry, once. A look-up is four loads. As in Xen, a table stays when its last entry
/// goes.
package struct PageTable {
  /// Frames that four levels reach.
  package static let reach: UInt64 = 1 << 36

  private var root: RootTable
  /// Tables below the root.
  package private(set) var tableCount = 0

  /// Entries that there are.
  package private(set) var entryCount = 0

  /// An empty table, whose tables are taken from `memory`; `nil` where that has no room.
  package init?(memory: HostMemory) {
    guard let root = RootTable(memory: memory) else { return nil }
    self.root = root
  }

  /// The entry at `gfn`, which must be below `reach`.
  package subscript(gfn: GFN) -> P2MEntry? {
    guard let table = leafTable(of: gfn) else { return nil }
    return P2MEntry(bits: table[gfn.slot(level: 3)])
  }

  /// Sets the entry at `gfn`, which must be below `reach`, and adds the tables it takes, if
  /// `tableLimit` and the host's memory allow them.
  ///
  /// - Returns: whether the entry could be set.
  package mutating func set(_ entry: P2MEntry, at gfn: GFN, tableLimit: Int) -> Bool {
    guard let leaf = writableLeaf(of: gfn, tableLimit: tableLimit) else { return false }
    let slot = gfn.slot(level: 3)
    if leaf[slot] == 0 { entryCount += 1 }
    leaf[slot] = entry.bits
    return true
  }

  /// Removes the entry at `gfn`, which must be below `reach`.
  ///
  /// - Returns: whether it could be; the host may have no memory left to copy a shared table.
  package mutating func remove(at gfn: GFN) -> Bool {
    guard self[gfn] != nil else { return true }
    guard let leaf = writableLeaf(of: gfn, tableLimit: .max) else { return false }
    leaf[gfn.slot(level: 3)] = 0
    entryCount -= 1
    return true
  }

  /// Calls `body` for each entry from `first` on, below `end`, in order of GFN, until it answers
  /// false. Empty tables are skipped whole.
  package func forEachEntry(
    from first: UInt64, to end: UInt64, _ body: (GFN, P2MEntry) -> Bool
  ) {
    var frame = first
    let end = min(end, Self.reach)
    scan: while frame < end {
      var table = root.table
      for level in 0..<3 {
        guard let next = table.child(GFN(frame).slot(level: level)) else {
          let span = GFN.span(level: level)
          frame = (frame / span + 1) * span
          continue scan
        }
        table = next
      }
      let tableEnd = min(end, (frame / 512 + 1) * 512)
      while frame < tableEnd {
        let gfn = GFN(frame)
        if let entry = P2MEntry(bits: table[gfn.slot(level: 3)]), !body(gfn, entry) { return }
        frame += 1
      }
    }
  }

  @inline(__always)
  private func leafTable(of gfn: GFN) -> Table? {
    guard let second = root.table.child(gfn.slot(level: 0)),
      let third = second.child(gfn.slot(level: 1))
    else { return nil }
    return third.child(gfn.slot(level: 2))
  }

  /// The lowest table of `gfn`, which nobody shares; `nil` where there is no room for it.
  private mutating func writableLeaf(of gfn: GFN, tableLimit: Int) -> Table? {
    if !isKnownUniquelyReferenced(&root) {
      guard let own = RootTable(copying: root) else { return nil }
      root = own
    }
    var table = root.table
    for level in 0..<3 {
      let slot = gfn.slot(level: level)
      if let child = table.child(slot) {
        guard let own = root.unshared(child, level: level + 1) else { return nil }
        table[slot] = own.bits
        table = own
      } else {
        // The tables still missing are those of this level and of all below it.
        guard tableCount + 3 - level <= tableLimit, let new = Table(root.memory) else {
          return nil
        }
        tableCount += 1
        table[slot] = new.bits
        table = new
      }
    }
    return table
  }
}

extension GFN {
  /// Which word of a table of `level` leads to this frame.
  @inline(__always)
  fileprivate func slot(level: Int) -> Int {
    Int(truncatingIfNeeded: rawValue &>> UInt64(27 &- 9 &* level)) & 511
  }

  /// Frames that one word of a table of `level` spans.
  fileprivate static func span(level: Int) -> UInt64 { 1 << UInt64(27 - 9 * level) }
}
