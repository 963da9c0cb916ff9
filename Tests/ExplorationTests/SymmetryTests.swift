import Testing

@testable import Exploration

/// Canonical forms beside all renamings, tried one by one.
@Suite struct SymmetryTests {
  /// Three columns; contents: nothing, two pointing items, two plain ones. Each pointing item has a
  /// pointer and a flag, each plain one a number.
  struct Shape {
    var layout = CellLayout()
    let columns, pointers, flags, numbers: [CellIndex]

    init() {
      var layout = CellLayout()
      columns = (0..<3).map { _ in layout.add(cardinality: 5) }
      // Nowhere, a column, or something that is none.
      pointers = (0..<2).map { _ in layout.add(cardinality: 5) }
      flags = (0..<2).map { _ in layout.add(cardinality: 2) }
      numbers = (0..<2).map { _ in layout.add(cardinality: 2) }
      self.layout = layout
    }

    func symmetry(_ columnsToo: Bool, _ plain: Bool, _ pointing: Bool) -> ColumnSymmetry {
      func cells(_ indices: [CellIndex]) -> [Cell] { indices.map { layout[$0] } }
      return ColumnSymmetry(
        columns: cells(columns), pointers: cells(pointers), columnsAreAlike: columnsToo,
        plainKinds: plain
          ? [.init(firstContent: 3, numbers: cells(numbers).map { [$0] })] : [],
        pointingKind: pointing
          ? .init(firstContent: 1, numbers: cells(flags).map { [$0] }, pointers: [0, 1]) : nil)
    }

    var all: [[Int]] {
      layout.cells.reduce([[]]) { states, cell in
        states.flatMap { state in (0..<cell.cardinality).map { state + [$0] } }
      }
    }
  }

  static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  /// `values` with column i called `columns[i]`, and the items exchanged or not.
  static func renamed(
    _ values: [Int], _ columns: [Int], plain: Bool, pointing: Bool
  ) -> [Int] {
    func content(_ value: Int) -> Int {
      switch value {
      case 1, 2: pointing ? 3 - value : value
      case 3, 4: plain ? 7 - value : value
      default: value
      }
    }
    func place(_ value: Int) -> Int { (1...3).contains(value) ? columns[value - 1] + 1 : value }
    var result = values
    for column in 0..<3 { result[columns[column]] = content(values[column]) }
    for item in 0..<2 {
      result[3 + (pointing ? 1 - item : item)] = place(values[3 + item])
      result[5 + (pointing ? 1 - item : item)] = values[5 + item]
      result[7 + (plain ? 1 - item : item)] = values[7 + item]
    }
    return result
  }

  @Test(arguments: [true, false], [true, false])
  func statesHaveOneFormExactlyIfARenamingMakesThemOne(columns: Bool, plain: Bool) {
    for pointing in [true, false] {
      let shape = Shape()
      let symmetry = shape.symmetry(columns, plain, pointing)
      let scratch = ColumnSymmetry.Scratch(symmetry)
      var forms: [UInt64: UInt64] = [:]
      for values in shape.all {
        let form = symmetry.canonical(UInt64(values, shape.layout), scratch)
        // Of all renamings the least stands for the orbit.
        var least = UInt64.max
        for order in columns ? Self.orders : [[0, 1, 2]] {
          for exchanges in 0..<4 {
            let (first, second) = (exchanges & 1 == 1, exchanges & 2 == 2)
            if first && !plain || second && !pointing { continue }
            let other = Self.renamed(values, order, plain: first, pointing: second)
            least = min(least, UInt64(other, shape.layout))
          }
        }
        if forms[least, default: form] != form {
          Issue.record("two forms of one orbit: \(values)")
          return
        }
        forms[least] = form
      }
      #expect(Set(forms.values).count == forms.count)
    }
  }
}
