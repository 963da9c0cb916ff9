/// Setting and removing leaves.
extension PageTable {
  /// What came of a change.
  package enum Outcome: Hashable, Sendable {
    case done
    /// The pool has no table left. Nothing has changed that could be looked up; tables on the way
    /// to the entry stay, as in Xen.
    case noTable
    /// The host has no memory left.
    case noMemory
  }

  /// Sets the entry of the 4 KiB at `gfn`, which must be below `limit`. A larger leaf there is split.
  ///
  /// Xen: `__p2m_set_entry`
  package mutating func set(_ entry: P2MEntry, at gfn: GFN) -> Outcome {
    var outcome = Outcome.done
    if let place = place(of: gfn, level: Level.leaf, isMaking: true, &outcome) {
      place.bits = entry.bits
    }
    return outcome
  }

  /// Sets the entries of the 4 KiB from `gfn` on to pages that lie together: `pageCount` of them, or as
  /// many as stand in one table. A larger leaf there is split.
  ///
  /// - Returns: how many were set, if that was done.
  mutating func set(
    _ entry: P2MEntry, at gfn: GFN, pageCount: UInt64
  ) -> (outcome: Outcome, done: UInt64) {
    var outcome = Outcome.done
    let count = min(pageCount, UInt64(Table.wordCount - gfn.slot(level: Level.leaf)))
    if let place = place(of: gfn, level: Level.leaf, isMaking: true, &outcome) {
      place.fill(entry, pageCount: count)
    }
    return (outcome, count)
  }

  /// Sets the leaf of 2^`order` pages at `gfn`, of which both are multiples, and which is below
  /// `limit`. A larger leaf there is split; what is below is freed.
  ///
  /// Xen: `__p2m_set_entry`, `p2m_free_entry`
  package mutating func set(_ entry: P2MEntry, at gfn: GFN, order: Int) -> Outcome {
    let target = Level.spanning(order: order)
    var outcome = Outcome.done
    guard let place = place(of: gfn, level: target, isMaking: true, &outcome) else {
      return outcome
    }
    let old = place.bits
    place.bits = entry.bits
    if !old.isLeaf, let below = Table(bits: old) {
      var leaves = LevelCounts.zero
      var tables = 0
      below.count(level: target + 1, leaves: &leaves, tables: &tables)
      pool.taken -= tables
      below.release(level: target + 1, to: root.memory)
    }
    return .done
  }

  /// Removes the entry of the 4 KiB at `gfn`, which must be below `limit`, if there is one. A larger
  /// leaf is split; no other table is made or freed.
  ///
  /// Xen: `__p2m_set_entry` with `INVALID_MFN`
  package mutating func remove(at gfn: GFN) -> Outcome {
    var outcome = Outcome.done
    if let place = place(of: gfn, level: Level.leaf, isMaking: false, &outcome) {
      place.bits = 0
    }
    return outcome
  }

  /// Does what removing each page of the leaf of 2^`order` at `gfn` does, all at once: empty tables
  /// are left.
  ///
  /// - Returns: whether the tables can be had that this takes; nothing has changed otherwise.
  mutating func removeLeaf(at gfn: GFN, order: Int) -> Bool {
    let level = Level.spanning(order: order)
    let below = Level.leaf - level
    let taken = below == 2 ? 1 + Table.wordCount : 1
    var outcome = Outcome.done
    guard pool.has(taken), root.memory.has(taken),
      let place = place(of: gfn, level: level, isMaking: false, &outcome),
      let table = root.memory.makeTable()
    else { return false }
    precondition(place.bits.isLeaf && below > 0, "a leaf is removed whole that is none")
    if below == 2 {
      for slot in 0..<Table.wordCount {
        guard let lower = root.memory.makeTable() else {
          table.release(level: level + 1, to: root.memory)
          return false
        }
        table[slot] = lower.bits
      }
      shattered[level + 1] += Table.wordCount
    }
    for _ in 0..<taken { precondition(pool.take(), "the pool has what it was asked for") }
    place.bits = table.bits
    shattered[level] += 1
    return true
  }

  /// Where the word of `level` for `gfn` stands, in tables that nobody shares.
  ///
  /// - Returns: `nil` if it cannot be reached: where it is not `isMaking` because there is no table,
  ///   otherwise for the reason that `outcome` tells.
  @inline(__always)
  private mutating func place(
    of gfn: GFN, level target: Int, isMaking: Bool, _ outcome: inout Outcome
  ) -> Place? {
    guard ownRoot() else {
      outcome = .noMemory
      return nil
    }
    var place = root.place(of: gfn)
    if root.level == 0 {
      guard let next = step(from: place, of: gfn, level: 0, to: target, isMaking, &outcome) else {
        return nil
      }
      place = next
    }
    if target == 1 { return place }
    guard let second = step(from: place, of: gfn, level: 1, to: target, isMaking, &outcome) else {
      return nil
    }
    if target == 2 { return second }
    return step(from: second, of: gfn, level: 2, to: target, isMaking, &outcome)
  }

  /// The same from the word at `place`, of `level`, to the one of the next level.
  @inline(__always)
  private mutating func step(
    from place: Place, of gfn: GFN, level: Int, to target: Int, _ isMaking: Bool,
    _ outcome: inout Outcome
  ) -> Place? {
    if _slowPath(!place.bits.isOwnTable) {
      if !isMaking, place.bits == 0 { return nil }
      outcome = extend(place, of: gfn, level: level, to: target)
      guard case .done = outcome else { return nil }
    }
    return Table(bits: place.bits)?.place(of: gfn, level: level + 1)
  }

  /// Makes the word at `place` lead to a table of this tree's own: a new one, a copy of a shared one,
  /// or one of what its leaf is made of.
  @inline(never)
  private mutating func extend(
    _ place: Place, of gfn: GFN, level: Int, to target: Int
  ) -> Outcome {
    if place.bits.isLeaf { return split(place, of: gfn, level: level, to: target) }
    if let shared = Table(bits: place.bits) {
      guard shared.isShared else {
        place.bits = shared.bits
        return .done
      }
      guard let own = shared.copy(level: level + 1, from: root.memory) else { return .noMemory }
      shared.release(level: level + 1, to: root.memory)
      place.bits = own.bits
      return .done
    }
    guard pool.take() else { return .noTable }
    guard let new = root.memory.makeTable() else {
      pool.taken -= 1
      return .noMemory
    }
    place.bits = new.bits
    return .done
  }

  /// Splits the leaf at `place`, of `level`, down to the one of `target` that covers `gfn`.
  ///
  /// A split that cannot be completed is undone, except for what `shattered` tells.
  ///
  /// Xen: `p2m_split_superpage`
  private mutating func split(
    _ place: Place, of gfn: GFN, level: Int, to target: Int
  ) -> Outcome {
    guard pool.take() else { return .noTable }
    guard let table = root.memory.makeTable(isFilledLater: true) else {
      pool.taken -= 1
      return .noMemory
    }
    table.fill(splitting: place.bits, level: level)
    shattered[level] += 1
    if level + 1 < target {
      let lower = table.place(of: gfn, level: level + 1)
      let outcome = split(lower, of: gfn, level: level + 1, to: target)
      guard outcome == .done else {
        pool.taken -= 1
        table.release(level: level + 1, to: root.memory)
        return outcome
      }
    }
    place.bits = table.bits
    return .done
  }
}
