/// One quantity of a state: a number from 0 to `cardinality` - 1, in some bits of one word.
package struct Cell: Hashable, Sendable {
  package let word: Int
  package let shift: Int
  package let bits: Int
  package let cardinality: Int
  /// `bits` ones.
  package let mask: Int

  init(word: Int, shift: Int, bits: Int, cardinality: Int) {
    self.word = word
    self.shift = shift
    self.bits = bits
    self.cardinality = cardinality
    mask = 1 << bits - 1
  }

  /// The cell's bits in its word.
  var wordMask: UInt64 { UInt64(mask) << UInt64(shift) }
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
  /// The value of a cell. Inlinable, so that what judges states is compiled for each width.
  @inlinable
  package subscript(cell: Cell) -> Int {
    get {
      Int(truncatingIfNeeded: self[word: cell.word] &>> UInt64(truncatingIfNeeded: cell.shift))
        & cell.mask
    }
    set {
      let shift = UInt64(truncatingIfNeeded: cell.shift)
      let cleared = self[word: cell.word] & ~(UInt64(truncatingIfNeeded: cell.mask) &<< shift)
      self[word: cell.word] = cleared | UInt64(truncatingIfNeeded: newValue) &<< shift
    }
  }
}

extension PackedState {
  /// The state that has these values in its cells.
  package init(_ values: [Int], _ layout: CellLayout) {
    precondition(layout.wordCount <= Self.wordCount, "a state has too few words for its cells")
    precondition(values.count == layout.cells.count, "a state has one value a cell")
    self = .marked
    for (cell, value) in zip(layout.cells, values) { self[cell] = value }
  }
}
