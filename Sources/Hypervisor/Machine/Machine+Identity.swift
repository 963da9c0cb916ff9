/// Telling machines apart by what matters for all that can still happen to them.
extension Machine {
  /// Words that two machines have in common if every history does the same to both and breaks the
  /// same properties. What pages are called is left out: it changes what is told, and nothing else.
  ///
  /// The machines have the same configuration. As many words as there is to tell: some per leaf, per
  /// table, per grant frame and per page that anything happened to.
  ///
  /// - Parameter withLosses: whether it matters what was lost before, as `StateCheck` tells.
  package func identity(withLosses: Bool) -> [UInt64] {
    var words: [UInt64] = [panic == nil ? 0 : 1]
    for domain in domains {
      domain.tell(&words)
      if withLosses { words.append(list: [domain.lost.keys.map(\.rawValue).sorted()]) }
    }
    frameTable.tell(&words)
    return words
  }
}

extension Domain {
  fileprivate func tell(_ words: inout [UInt64]) {
    words.append(UInt64(id.rawValue))
    words.append(configuration.maxPages)
    let flags = [configuration.privileged, configuration.directMapped, crash != nil]
    words.append(flags.bits)
    words.append(allocatedPages)
    words.append(sharedInfoTracked.word)
    words.append(UInt64(grantTable.version))
    words.append(p2m.pool.failsAfter.word)
    words.append(faults.pageAllocation.word)
    words.append(faults.reference.word)
    words.append(list: [p2m.tables])
    words.append(list: grantTable.frames.map { $0.words })
    words.append(list: grantTable.statusFrames.map { $0.words })
    words.append(list: progress.map { $0?.words ?? [] })
    words.append(list: regions.map { $0.words })
    words.append(
      list: grantTable.abandoned.sorted { $0.key.rawValue < $1.key.rawValue }.map { mfn, places in
        [mfn.rawValue] + places.map(\.rawValue).sorted()
      })
    words.append(
      list: grantTable.abandonedTracking.sorted { $0.key < $1.key }.map {
        [UInt64($0.key), $0.value.rawValue]
      })
    var leaves: [UInt64] = []
    p2m.forEachLeaf(from: 0, to: p2m.limit) { leaf in
      leaves.append(leaf.gfn.rawValue << 8 | UInt64(leaf.order))
      leaves.append(leaf.entry.bits)
      return true
    }
    words.append(list: [leaves])
  }
}

extension PageTable {
  /// The first frame that each table reaches, level by level: where they are decides what it takes to
  /// map more.
  fileprivate var tables: [UInt64] {
    var found: [UInt64] = []
    var level = (0..<root.wordCount).compactMap { slot -> (table: Table, first: UInt64)? in
      guard !root[slot].isLeaf, let table = Table(bits: root[slot]) else { return nil }
      return (table, UInt64(slot) << UInt64(Level.order(root.level)))
    }
    var depth = root.level + 1
    while !level.isEmpty {
      found += level.map { $0.first << 8 | UInt64(depth) }
      guard depth < Level.leaf else { break }
      let order = UInt64(Level.order(depth))
      level = level.flatMap { table, first in
        (0..<Table.wordCount).compactMap { slot in
          guard !table[slot].isLeaf, let below = Table(bits: table[slot]) else { return nil }
          return (below, first + UInt64(slot) << order)
        }
      }
      depth += 1
    }
    return found
  }
}

extension GrantTable.Frame {
  fileprivate var words: [UInt64] {
    [mfn.rawValue, tracked.word, [disagrees, isMultiplyMapped].bits]
      + mappedAt.map(\.rawValue).sorted()
  }
}

extension Region {
  fileprivate var words: [UInt64] {
    [range.first.rawValue, range.pageCount, cursor.map { $0 + 1 } ?? 0]
      + name.utf8.map { UInt64($0) }
  }
}

extension OperationInProgress {
  fileprivate var words: [UInt64] {
    switch self {
    case .lookingUp(let mapping): [1] + mapping.words
    case .inserting(let mapping): [2] + mapping.words
    case .ending(let mapping, nil): [3] + mapping.words
    case .ending(let mapping, .domainCrashed?): [4] + mapping.words
    case .ending(let mapping, _?): [5] + mapping.words
    case .detaching(let frame, let gfn): [6, UInt64(frame), gfn.word]
    case .releasing(let frame): [7, UInt64(frame)]
    }
  }
}

extension FrameMapping {
  fileprivate var words: [UInt64] { [mfn.rawValue, gfn.word, old.word] }
}

extension FrameTable {
  fileprivate func tell(_ words: inout [UInt64]) {
    words.append(list: [freeHeapPages.map(\.rawValue), danglingPages.map(\.rawValue)])
    words.append(list: extents.map { $0.words })
    forEachTouchedPage { mfn, page in
      words.append(mfn.rawValue)
      words.append(contentsOf: page.words)
    }
  }
}

extension PageExtent {
  fileprivate var words: [UInt64] {
    [first.rawValue, pageCount, UInt64(owner.rawValue), isOrphaned ? 1 : 0, heldPages.word]
      + chunks.map { UInt64($0.common.rawValue) << 1 | ($0.pages.isEmpty ? 0 : 1) }
  }
}

extension PageInfo {
  fileprivate var words: [UInt64] {
    // Which populated page it is is no more than its name.
    let (kind, index): (UInt64, UInt32) =
      switch self.kind {
      case .ram: (0, 0)
      case .populated: (1, 0)
      case .grant: (2, self.index)
      case .status: (3, self.index)
      case .sharedInfo: (4, 0)
      case .free: (5, 0)
      }
    let flags = [allocated, isOrphaned, isUnbalanced, isDangling].bits
    return [
      kind << 40 | flags << 32 | UInt64(owner.rawValue), UInt64(index) << 32 | UInt64(references),
      UInt64(foreignMappings) << 32 | UInt64(ownMappings),
    ]
  }
}

// MARK: Words

extension [UInt64] {
  /// Appends lists so that no other lists come to the same words.
  fileprivate mutating func append(list: some Collection<[UInt64]>) {
    append(UInt64(list.count))
    for words in list {
      append(UInt64(words.count))
      append(contentsOf: words)
    }
  }
}

extension [Bool] {
  fileprivate var bits: UInt64 { reduce(0) { $0 << 1 | ($1 ? 1 : 0) } }
}

extension GFN? {
  fileprivate var word: UInt64 { map { $0.rawValue + 1 } ?? 0 }
}

extension Int? {
  fileprivate var word: UInt64 { map { UInt64($0) + 1 } ?? 0 }
}
