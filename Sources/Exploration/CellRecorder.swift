/// The cells of one state as a rule reads and writes them, and a record of both.
///
/// What a rule does depends on nothing but what it reads; so the record of one run is true of every
/// state that has the same values in the cells that were read.
package final class CellRecorder {
  struct Access {
    let cell: CellIndex
    let value: Int
  }

  package let layout: CellLayout
  private var values: [Int]
  private var isKnown: [Bool]
  /// The first read of each cell that was not written before.
  private(set) var reads: [Access] = []
  private var writtenCells: [CellIndex] = []

  package init(_ layout: CellLayout) {
    self.layout = layout
    values = [Int](repeating: 0, count: layout.cells.count)
    isKnown = [Bool](repeating: false, count: layout.cells.count)
  }

  /// The cells as they are now, whoever reads them.
  package var currentValues: [Int] { values }

  /// Starts a new record with `values`, one a cell.
  package func begin(_ values: [Int]) {
    precondition(values.count == layout.cells.count, "a state has one value a cell")
    self.values = values
    reads.removeAll(keepingCapacity: true)
    writtenCells.removeAll(keepingCapacity: true)
    for index in isKnown.indices { isKnown[index] = false }
  }

  package func read(_ cell: CellIndex) -> Int {
    let value = values[cell.rawValue]
    if !isKnown[cell.rawValue] {
      isKnown[cell.rawValue] = true
      reads.append(Access(cell: cell, value: value))
    }
    return value
  }

  package func write(_ value: Int, to cell: CellIndex) {
    precondition(
      value >= 0 && value < layout[cell].cardinality, "\(value) does not fit in its cell")
    values[cell.rawValue] = value
    isKnown[cell.rawValue] = true
    if !writtenCells.contains(cell) { writtenCells.append(cell) }
  }

  /// The cells that were written, with their last values.
  var writes: [Access] {
    writtenCells.map { Access(cell: $0, value: values[$0.rawValue]) }
  }
}
