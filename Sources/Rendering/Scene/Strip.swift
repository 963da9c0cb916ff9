/// A domain's guest frames as blocks, in order; where no block is, nothing is.
///
/// Neighbours that are alike are always one block, so that what was there before makes no difference.
package struct Strip: Hashable, Sendable {
  package private(set) var blocks: ContiguousArray<Block> = []

  package init() {}

  /// The blocks that are gone, and those that are new.
  package struct Change: Hashable, Sendable {
    /// The first frame of each, which were blocks before.
    package var removed: [UInt64] = []
    package var added: [Block] = []

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty }
  }

  /// The block that covers a raw frame number.
  package func block(at frame: UInt64) -> Block? {
    let index = firstEnding(after: frame)
    guard index < blocks.count, blocks[index].first <= frame else { return nil }
    return blocks[index]
  }

  /// Puts `new`, which lie in order within `range`, in the place of all that was in it.
  package mutating func replace(_ range: Range<UInt64>, with new: [Block]) {
    var low = firstEnding(after: range.lowerBound)
    // A neighbour may become one with what is new.
    if low > 0, blocks[low - 1].end == range.lowerBound { low -= 1 }
    var high = low
    while high < blocks.count, blocks[high].first <= range.upperBound { high += 1 }
    let old = blocks[low..<high]
    var merged: ContiguousArray<Block> = []
    for block in old where block.first < range.lowerBound {
      Self.append(block.at(block.first..<min(block.end, range.lowerBound)), to: &merged)
    }
    for block in new { Self.append(block, to: &merged) }
    for block in old where block.end > range.upperBound {
      Self.append(block.at(max(block.first, range.upperBound)..<block.end), to: &merged)
    }
    blocks.replaceSubrange(low..<high, with: merged)
  }

  /// What is different from how the strip was.
  func change(since old: Strip) -> Change {
    Self.difference(from: old.blocks[...], to: blocks[...])
  }

  /// Makes the strip what `other` is.
  package mutating func become(_ other: Strip) -> Change {
    let change = Self.difference(from: blocks[...], to: other.blocks[...])
    blocks = other.blocks
    return change
  }

  /// Appends a block behind all others.
  package mutating func append(_ block: Block) { Self.append(block, to: &blocks) }

  /// Does a change again that another strip told.
  package mutating func apply(_ change: Change) {
    guard !change.isEmpty else { return }
    let removed = Set(change.removed)
    blocks.removeAll { removed.contains($0.first) }
    for block in change.added {
      blocks.insert(block, at: firstEnding(after: block.first))
    }
  }

  private static func append(_ block: Block, to blocks: inout ContiguousArray<Block>) {
    if let last = blocks.last, last.end == block.first, last.content == block.content,
      block.content.isMergeable
    {
      blocks[blocks.count - 1] = last.at(last.first..<block.end)
    } else {
      blocks.append(block)
    }
  }

  private static func difference(
    from old: ArraySlice<Block>, to new: ArraySlice<Block>
  ) -> Change {
    var change = Change()
    var next = new.startIndex
    for block in old {
      while next < new.endIndex, new[next].first < block.first {
        change.added.append(new[next])
        next += 1
      }
      if next < new.endIndex, new[next].first == block.first {
        if new[next] != block {
          change.removed.append(block.first)
          change.added.append(new[next])
        }
        next += 1
      } else {
        change.removed.append(block.first)
      }
    }
    change.added += new[next...]
    return change
  }

  /// The index of the first block that ends behind a raw frame number.
  private func firstEnding(after frame: UInt64) -> Int {
    var low = 0
    var high = blocks.count
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].end > frame { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
