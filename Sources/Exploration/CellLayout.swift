/// One quantity of a state: a number from 0 to `cardinality` - 1, in some bits of one word.
package struct Cell: Hashable, Sendable {
  package let word: Int
  package let shift: Int
  package let bits: Int
  package let cardinality: Int

  var mask: UInt64 { 1 << UInt64(bits) - 1 }
}

/// Which of a layout's cells.
package struct CellIndex: Hashable, Sendable {
  package let rawValue: Int

  package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Where in the words of a state its quantities lie.
///
/// Cells fill word after word in the order in which they were added; none lies across two.
package struct CellLayout: Hashable, Sendable {
  /// Words of the widest state.
  package static let wordLimit = 4

  package private(set) var cells: [Cell] = []
  private var word = 0
  private var used = 0

  package init() {}

  /// Words of a state, more than `wordLimit` where it cannot be packed.
  package var wordCount: Int { word + 1 }

  /// Adds a cell of the least width for its values.
  package mutating func add(cardinality: Int) -> CellIndex {
    precondition(cardinality > 0, "a cell has a value")
    let bits = Int.bitWidth - (cardinality - 1).leadingZeroBitCount
    // The highest bit of the first word is the mark.
    if used + bits > (word == 0 ? 63 : 64) {
      word += 1
      used = 0
    }
    cells.append(Cell(word: word, shift: used, bits: bits, cardinality: cardinality))
    used += bits
    return CellIndex(cells.count - 1)
  }

  package subscript(index: CellIndex) -> Cell { cells[index.rawValue] }
}

extension PackedState {
  @inline(__always)
  subscript(cell: Cell) -> Int {
    get { Int(truncatingIfNeeded: self[word: cell.word] &>> UInt64(cell.shift) & cell.mask) }
    set {
      let cleared = self[word: cell.word] & ~(cell.mask &<< UInt64(cell.shift))
      self[word: cell.word] =
        cleared | UInt64(truncatingIfNeeded: newValue) &<< UInt64(cell.shift)
    }
  }
}
