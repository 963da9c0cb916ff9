/// Which names of a system's states mean nothing, so that states which differ in them only are one.
///
/// A state is seen as columns, each with one content; cells that may point to a column; and items,
/// numbered things that contents name and that may have cells of their own. Renaming columns, or the
/// items of a kind, gives a state from which the same can happen, if the rules treat them alike.
package struct ColumnSymmetry: Sendable {
  /// Items of one kind: the content `firstContent` + i names item i.
  package struct Items: Sendable {
    let firstContent: Int
    let count: Int
    /// Cells of an item that hold numbers.
    let numberCount: Int
    /// Item after item; one array, as each is counted anew by each thread that looks into it.
    private let numbers: [Cell]
    /// For each item its number in `pointers`, if it has a cell that points to a column.
    let pointers: [Int]

    /// - Parameter numbers: for each item its cells that hold numbers, the same for all items.
    package init(firstContent: Int, numbers: [[Cell]], pointers: [Int] = []) {
      precondition(pointers.isEmpty || pointers.count == numbers.count, "items of a kind are alike")
      self.firstContent = firstContent
      count = numbers.count
      numberCount = numbers.first?.count ?? 0
      self.numbers = numbers.flatMap { $0 }
      self.pointers = pointers
      precondition(self.numbers.count == count * numberCount, "items of a kind are alike")
    }

    @inline(__always)
    func number(_ number: Int, of item: Int) -> Cell { numbers[item &* numberCount &+ number] }

    /// Gives the item called `place` in `result` the numbers of `item` in `state`.
    @inline(__always)
    func copyNumbers<State: PackedState>(
      of item: Int, in state: State, to place: Int, in result: inout State
    ) {
      var number = 0
      while number < numberCount {
        result[self.number(number, of: place)] = state[self.number(number, of: item)]
        number &+= 1
      }
    }
  }

  /// Items with pointers that may be interchangeable: their permutations are tried.
  package static let pointingItemLimit = 6
  /// Pointers and columns, as bits of a word.
  package static let pointerLimit = 16
  package static let columnLimit = 24

  /// The content of each column.
  let columns: [Cell]
  /// Zero for nowhere, i + 1 for column i; values beyond the columns are left alone.
  let pointers: [Cell]
  let columnsAreAlike: Bool
  /// Kinds whose items are interchangeable and have no pointers.
  let plainKinds: [Items]
  /// The kind whose items are interchangeable and have pointers, if there is one.
  let pointingKind: Items?
  /// Other ways to share out the values of cells that go together, each as pairs of a cell and the
  /// one whose value it takes: all permutations of alike bundles but the first.
  let exchanges: [[(to: Cell, from: Cell)]]

  /// - Parameter bundles: cells that belong to one of several alike things that nothing names.
  package init(
    columns: [Cell], pointers: [Cell], columnsAreAlike: Bool, plainKinds: [Items],
    pointingKind: Items?, bundles: [[Cell]] = []
  ) {
    precondition(columns.count <= Self.columnLimit && pointers.count <= Self.pointerLimit)
    precondition((pointingKind?.count ?? 0) <= Self.pointingItemLimit)
    self.columns = columns
    self.pointers = pointers
    self.columnsAreAlike = columnsAreAlike
    self.plainKinds = plainKinds
    self.pointingKind = pointingKind
    exchanges = Self.orders(of: Array(bundles.indices)).dropFirst().map { order in
      zip(bundles, order).flatMap { bundle, other in
        zip(bundle, bundles[other]).map { (to: $0, from: $1) }
      }
    }
  }

  private static func orders(of items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  /// What a canonical form is made in, so that nothing is allocated or counted for each.
  final class Scratch {
    let contents: MappedArray<Int>
    /// For each column the pointers to it, as bits.
    let pointersTo: MappedArray<UInt64>
    let keys: MappedArray<UInt64>
    let order: MappedArray<Int>
    let itemKeys: MappedArray<UInt64>
    let itemOrder: MappedArray<Int>
    /// Of the items with pointers, in the order being tried.
    let pointingKeys: MappedArray<UInt64>
    let pointingOrder: MappedArray<Int>
    let pointingPlaces: MappedArray<Int>

    init(_ symmetry: ColumnSymmetry) {
      let kinds = symmetry.plainKinds.map(\.count) + [symmetry.pointingKind?.count ?? 0]
      let size = max(symmetry.columns.count, kinds.max() ?? 0, 1)
      func array<Element>(of _: Element.Type) -> MappedArray<Element> {
        guard let array = MappedArray<Element>(capacity: size) else {
          preconditionFailure("the host has no memory for the names of one state")
        }
        return array
      }
      contents = array(of: Int.self)
      pointersTo = array(of: UInt64.self)
      keys = array(of: UInt64.self)
      order = array(of: Int.self)
      itemKeys = array(of: UInt64.self)
      itemOrder = array(of: Int.self)
      pointingKeys = array(of: UInt64.self)
      pointingOrder = array(of: Int.self)
      pointingPlaces = array(of: Int.self)
    }
  }

  /// The state that stands for `state` and for all that differ from it in names only.
  func canonical<State: PackedState>(_ state: State, _ scratch: Scratch) -> State {
    var best = canonicalItems(state, scratch)
    for exchange in exchanges {
      var exchanged = state
      for pair in exchange { exchanged[pair.to] = state[pair.from] }
      let other = canonicalItems(exchanged, scratch)
      if other.precedes(best) { best = other }
    }
    return best
  }

  /// The canonical form but for bundles.
  private func canonicalItems<State: PackedState>(_ state: State, _ scratch: Scratch) -> State {
    guard let pointingKind else { return canonicalColumns(state, scratch) }
    sortPointing(pointingKind, state, scratch)
    var best = canonicalColumns(ordered(state, pointingKind, scratch), scratch)
    while nextOrder(pointingKind, scratch) {
      let other = canonicalColumns(ordered(state, pointingKind, scratch), scratch)
      if other.precedes(best) { best = other }
    }
    return best
  }

  /// The canonical form as far as columns and items without pointers go.
  private func canonicalColumns<State: PackedState>(
    _ state: State, _ scratch: Scratch
  ) -> State {
    read(state, scratch)
    var result = state
    for kind in plainKinds { sort(kind, state, &result, scratch) }
    if columnsAreAlike { sortColumns(scratch) } else { keepColumns(scratch) }
    var place = 0
    while place < columns.count {
      let column = scratch.order[place]
      result[columns[place]] = scratch.contents[column]
      var rest = scratch.pointersTo[column]
      while rest != 0 {
        result[pointers[rest.trailingZeroBitCount]] = place &+ 1
        rest &= rest &- 1
      }
      place &+= 1
    }
    return result
  }

  private func read<State: PackedState>(_ state: State, _ scratch: Scratch) {
    var column = 0
    while column < columns.count {
      scratch.contents[column] = state[columns[column]]
      scratch.pointersTo[column] = 0
      column &+= 1
    }
    var pointer = 0
    while pointer < pointers.count {
      let value = state[pointers[pointer]]
      if value > 0, value <= columns.count {
        scratch.pointersTo[value &- 1] |= 1 &<< UInt64(truncatingIfNeeded: pointer)
      }
      pointer &+= 1
    }
  }

  /// Numbers the items of `kind` anew, by what is true of each whatever its number.
  ///
  /// That is its own numbers, which pointers lead to its columns, and how many columns it has. Items
  /// that are the same in all of this can be exchanged: no pointer leads to a column of theirs.
  private func sort<State: PackedState>(
    _ kind: Items, _ state: State, _ result: inout State, _ scratch: Scratch
  ) {
    for item in 0..<kind.count {
      var key: UInt64 = 0
      for number in 0..<kind.numberCount {
        let cell = kind.number(number, of: item)
        key = key << UInt64(cell.bits) | UInt64(truncatingIfNeeded: state[cell])
      }
      scratch.itemKeys[item] = key << 32
      scratch.itemOrder[item] = item
    }
    for column in columns.indices {
      let item = scratch.contents[column] &- kind.firstContent
      guard item >= 0, item < kind.count else { continue }
      if columnsAreAlike {
        scratch.itemKeys[item] |= scratch.pointersTo[column] &<< 8
        scratch.itemKeys[item] &+= 1
      } else {
        scratch.itemKeys[item] |= 1 &<< UInt64(truncatingIfNeeded: column)
      }
    }
    insertionSort(scratch.itemOrder.elements, by: scratch.itemKeys.elements, count: kind.count)
    for place in 0..<kind.count {
      let item = scratch.itemOrder[place]
      kind.copyNumbers(of: item, in: state, to: place, in: &result)
      // From here on the keys are the new numbers.
      scratch.itemKeys[item] = UInt64(truncatingIfNeeded: place)
    }
    for column in columns.indices {
      let item = scratch.contents[column] &- kind.firstContent
      guard item >= 0, item < kind.count else { continue }
      scratch.contents[column] =
        kind.firstContent &+ Int(truncatingIfNeeded: scratch.itemKeys[item])
    }
  }

  /// Orders the columns by content and by the pointers to them. Columns of the same content to which
  /// nothing points can be exchanged; no two columns have the same pointers.
  private func sortColumns(_ scratch: Scratch) {
    var column = 0
    while column < columns.count {
      scratch.keys[column] =
        UInt64(truncatingIfNeeded: scratch.contents[column]) &<< 32 | scratch.pointersTo[column]
      scratch.order[column] = column
      column &+= 1
    }
    insertionSort(scratch.order.elements, by: scratch.keys.elements, count: columns.count)
  }

  private func keepColumns(_ scratch: Scratch) {
    for column in columns.indices { scratch.order[column] = column }
  }

  /// Sorts the first `count` indices, which are in order, by their keys, greatest first.
  @inline(__always)
  func insertionSort(
    _ order: MappedArray<Int>.Elements, by keys: MappedArray<UInt64>.Elements, count: Int
  ) {
    var sorted = 1
    while sorted < count {
      let index = order[sorted]
      let key = keys[index]
      var place = sorted
      while place > 0, keys[order[place &- 1]] < key {
        order[place] = order[place &- 1]
        place &-= 1
      }
      order[place] = index
      sorted &+= 1
    }
  }
}

extension PackedState {
  /// Any total order.
  func precedes(_ other: Self) -> Bool {
    for word in 0..<Self.wordCount where self[word: word] != other[word: word] {
      return self[word: word] < other[word: word]
    }
    return false
  }
}
