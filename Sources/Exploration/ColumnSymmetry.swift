/// Which names of a system's states mean nothing, so that states which differ in them only are one.
///
/// A state is seen as columns, each with one content; cells that may point to a column; and items,
/// numbered things that contents name and that may have cells of their own. Renaming columns, or the
/// items of a kind, gives a state from which the same can happen, if the rules treat them alike.
package struct ColumnSymmetry: Sendable {
  /// Items of one kind: the content `firstContent` + i names item i.
  package struct Items: Sendable {
    let firstContent: Int
    /// For each item its cells that hold numbers, the same for all items.
    let numbers: [[Cell]]
    /// For each item its number in `pointers`, if it has a cell that points to a column.
    let pointers: [Int]

    package init(firstContent: Int, numbers: [[Cell]], pointers: [Int] = []) {
      precondition(pointers.isEmpty || pointers.count == numbers.count, "items of a kind are alike")
      self.firstContent = firstContent
      self.numbers = numbers
      self.pointers = pointers
    }

    var count: Int { numbers.count }
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

  /// What a canonical form is made in, so that nothing is allocated for each.
  struct Scratch {
    var contents: ContiguousArray<Int>
    /// For each column the pointers to it, as bits.
    var pointersTo: ContiguousArray<UInt64>
    var keys: ContiguousArray<UInt64>
    var order: ContiguousArray<Int>
    var itemKeys: ContiguousArray<UInt64>
    var itemOrder: ContiguousArray<Int>

    init(_ symmetry: ColumnSymmetry) {
      let size = max(symmetry.columns.count, symmetry.pointers.count, 64)
      contents = ContiguousArray(repeating: 0, count: size)
      pointersTo = ContiguousArray(repeating: 0, count: size)
      keys = pointersTo
      order = contents
      itemKeys = pointersTo
      itemOrder = contents
    }
  }

  /// The state that stands for `state` and for all that differ from it in names only.
  func canonical<State: PackedState>(_ state: State, _ scratch: inout Scratch) -> State {
    var best = canonicalItems(state, &scratch)
    for exchange in exchanges {
      var exchanged = state
      for pair in exchange { exchanged[pair.to] = state[pair.from] }
      let other = canonicalItems(exchanged, &scratch)
      if other.precedes(best) { best = other }
    }
    return best
  }

  /// The canonical form but for bundles.
  private func canonicalItems<State: PackedState>(
    _ state: State, _ scratch: inout Scratch
  ) -> State {
    guard let pointingKind else { return canonicalColumns(state, &scratch) }
    let ordered = sorted(state, pointingKind, &scratch)
    var best = canonicalColumns(ordered.state, &scratch)
    for permutation in ordered.ties {
      let other = canonicalColumns(
        permuted(ordered.state, pointingKind, permutation), &scratch)
      if other.precedes(best) { best = other }
    }
    return best
  }

  /// The canonical form as far as columns and items without pointers go.
  private func canonicalColumns<State: PackedState>(
    _ state: State, _ scratch: inout Scratch
  ) -> State {
    read(state, &scratch)
    var result = state
    for kind in plainKinds { sort(kind, state, &result, &scratch) }
    if columnsAreAlike { sortColumns(&scratch) } else { keepColumns(&scratch) }
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

  private func read<State: PackedState>(_ state: State, _ scratch: inout Scratch) {
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
    _ kind: Items, _ state: State, _ result: inout State, _ scratch: inout Scratch
  ) {
    for item in 0..<kind.count {
      var key: UInt64 = 0
      for cell in kind.numbers[item] {
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
    insertionSort(&scratch.itemOrder, by: &scratch.itemKeys, count: kind.count)
    for place in 0..<kind.count {
      let item = scratch.itemOrder[place]
      for (cell, own) in zip(kind.numbers[place], kind.numbers[item]) { result[cell] = state[own] }
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
  private func sortColumns(_ scratch: inout Scratch) {
    var column = 0
    while column < columns.count {
      scratch.keys[column] =
        UInt64(truncatingIfNeeded: scratch.contents[column]) &<< 32 | scratch.pointersTo[column]
      scratch.order[column] = column
      column &+= 1
    }
    insertionSort(&scratch.order, by: &scratch.keys, count: columns.count)
  }

  private func keepColumns(_ scratch: inout Scratch) {
    for column in columns.indices { scratch.order[column] = column }
  }

  /// Sorts the first `count` indices, which are in order, by their keys, greatest first.
  @inline(__always)
  private func insertionSort(
    _ order: inout ContiguousArray<Int>, by keys: inout ContiguousArray<UInt64>, count: Int
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
