/// What must hold of page tables whatever was done to them, checked by walking every word. For tests.
extension PageTable {
  /// What does not hold of `trees`, which are all that there are in their memory.
  ///
  /// Leaves are at levels that can have them and aligned; each tree's counts of leaves and tables are
  /// those of its words; as many words lead to a table as it counts; nothing is held that no tree has.
  package static func faults(of trees: [PageTable]) -> [String] {
    var audit = Audit()
    for tree in trees { audit.visit(tree) }
    return audit.finish(trees.first?.root.memory)
  }

  private struct Audit {
    private var faults: [String] = []
    /// Words that lead to each table, of all trees together.
    private var waysTo: [UInt64: UInt32] = [:]
    /// Tables of which a word says that no other leads there.
    private var own: Set<UInt64> = []
    private var roots: [ObjectIdentifier: Int] = [:]
    /// Leaves by level and tables of sub-trees that were seen before.
    private var seen: [UInt64: (leaves: LevelCounts, tables: Int)] = [:]

    mutating func visit(_ tree: PageTable) {
      let isNew =
        roots.updateValue(
          tree.root.wordCount / Table.wordCount, forKey: ObjectIdentifier(tree.root))
        == nil
      var leaves = LevelCounts.zero
      var tables = 0
      for slot in 0..<tree.root.wordCount where tree.root[slot] != 0 {
        let below = visit(tree.root[slot], level: tree.root.level, isNew: isNew)
        leaves &+= below.leaves
        tables += below.tables
      }
      if tree.mappings != leaves { faults.append("counts \(tree.mappings) for \(leaves) leaves") }
      if tree.tableCount != tables {
        faults.append("counts \(tree.tableCount) tables for \(tables)")
      }
      if tree.tableCount > tree.pool.limit { faults.append("has more tables than its pool") }
    }

    /// Visits what a word that is not zero leads to.
    ///
    /// - Parameter isNew: whether the word itself was not seen before.
    private mutating func visit(
      _ bits: UInt64, level: Int, isNew: Bool
    ) -> (leaves: LevelCounts, tables: Int) {
      var leaves = LevelCounts.zero
      guard let entry = P2MEntry(bits: bits), !bits.isLeaf else {
        return visitLeaf(bits, level: level)
      }
      guard level < Level.leaf, let table = Table(bits: entry.bits) else {
        faults.append("a word of the lowest level leads to a table")
        return (leaves, 0)
      }
      if isNew { waysTo[table.bits, default: 0] += 1 }
      if isNew, bits.isOwnTable { own.insert(table.bits) }
      if let known = seen[table.bits] { return known }
      var tables = 1
      for slot in 0..<Table.wordCount where table[slot] != 0 {
        let below = visit(table[slot], level: level + 1, isNew: true)
        leaves &+= below.leaves
        tables += below.tables
      }
      seen[table.bits] = (leaves, tables)
      return (leaves, tables)
    }

    private mutating func visitLeaf(
      _ bits: UInt64, level: Int
    ) -> (leaves: LevelCounts, tables: Int) {
      var leaves = LevelCounts.zero
      if level == 0 { faults.append("there is a leaf at level 0") }
      let span: UInt64 = 1 << UInt64(Level.order(level))
      if let entry = P2MEntry(bits: bits), entry.mfn.rawValue % span != 0 {
        faults.append("the leaf of MFN \(entry.mfn) is not aligned")
      }
      leaves[level] = 1
      return (leaves, 0)
    }

    /// All that was found, with what the tables count of themselves.
    func finish(_ memory: HostMemory?) -> [String] {
      var faults = faults
      for (bits, ways) in waysTo {
        guard let table = Table(bits: bits) else { continue }
        if own.contains(bits), ways > 1 { faults.append("a word believes its table its own") }
        if table.references == ways { continue }
        faults.append("a table counts \(table.references) words that lead to it, not \(ways)")
      }
      let held = waysTo.count + roots.values.reduce(0, +)
      if let memory, memory.taken != held {
        faults.append("the host's memory has given \(memory.taken) tables, but there are \(held)")
      }
      return faults
    }
  }
}
