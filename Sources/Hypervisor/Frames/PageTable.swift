/// A domain's stage-2 table: 512-entry tables in four levels, leaves at 4 KiB.
///
/// All tables lie in one array, 512 words each, the root first; a word of an upper table is the
/// index of the next table, of a lowest one a packed `P2MEntry`; zero is nothing. A look-up is four
/// loads. As in Xen, a table stays when its last entry goes.
package struct PageTable: Sendable {
  private static let entriesPerTable = 512
  private static let bitsPerLevel: UInt64 = 9

  /// Frames that four levels reach.
  package static let reach: UInt64 = 1 << 36

  private var words = ContiguousArray<UInt64>(repeating: 0, count: entriesPerTable)

  package init() {}

  /// Tables below the root.
  package var tableCount: Int { words.count / Self.entriesPerTable - 1 }

  /// The entry at `gfn`, which must be below `reach`.
  package subscript(gfn: GFN) -> P2MEntry? {
    guard let slot = slot(of: gfn) else { return nil }
    return P2MEntry(bits: words[slot])
  }

  /// Sets the entry at `gfn`, which must be below `reach`, and adds the tables it takes, if
  /// `tableLimit` allows them.
  ///
  /// - Returns: whether the entry could be set.
  package mutating func set(_ entry: P2MEntry, at gfn: GFN, tableLimit: Int) -> Bool {
    var table = 0
    for level in 0..<3 {
      let slot = Self.slot(gfn, level: level, table: table)
      if words[slot] == 0 {
        // The tables still missing are those of this level and of all below it.
        guard tableCount + 3 - level <= tableLimit else { return false }
        words[slot] = UInt64(tableCount + 1)
        words.append(contentsOf: repeatElement(0, count: Self.entriesPerTable))
      }
      table = Int(words[slot])
    }
    words[Self.slot(gfn, level: 3, table: table)] = entry.bits
    return true
  }

  /// Removes the entry at `gfn`, which must be below `reach`.
  package mutating func remove(at gfn: GFN) {
    guard let slot = slot(of: gfn) else { return }
    words[slot] = 0
  }

  /// Calls `body` for each entry from `first` on, below `end`, in order of GFN, until it answers
  /// false. Empty tables are skipped whole.
  package func forEachEntry(
    from first: UInt64, to end: UInt64, _ body: (GFN, P2MEntry) -> Bool
  ) {
    var frame = first
    let end = min(end, Self.reach)
    scan: while frame < end {
      var table = 0
      for level in 0..<3 {
        let word = words[Self.slot(GFN(frame), level: level, table: table)]
        guard word != 0 else {
          let span = Self.span(level: level)
          frame = (frame / span + 1) * span
          continue scan
        }
        table = Int(word)
      }
      let tableEnd = min(end, (frame / 512 + 1) * 512)
      while frame < tableEnd {
        let word = words[Self.slot(GFN(frame), level: 3, table: table)]
        if let entry = P2MEntry(bits: word), !body(GFN(frame), entry) { return }
        frame += 1
      }
    }
  }

  /// Where the word of `gfn` lies in the lowest table, if that table exists.
  private func slot(of gfn: GFN) -> Int? {
    var table = 0
    for level in 0..<3 {
      let word = words[Self.slot(gfn, level: level, table: table)]
      guard word != 0 else { return nil }
      table = Int(word)
    }
    return Self.slot(gfn, level: 3, table: table)
  }

  /// Frames that one word of a table of `level` spans.
  private static func span(level: Int) -> UInt64 { 1 << (bitsPerLevel * UInt64(3 - level)) }

  private static func slot(_ gfn: GFN, level: Int, table: Int) -> Int {
    let index = (gfn.rawValue >> (bitsPerLevel * UInt64(3 - level))) & 511
    return table * entriesPerTable + Int(index)
  }
}
