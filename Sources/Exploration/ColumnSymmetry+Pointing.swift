/// Exchanging items that have pointers of their own.
extension ColumnSymmetry {
  /// Puts the items of `kind` in order of what is true of each whatever its number.
  func sortPointing<State: PackedState>(_ kind: Items, _ state: State, _ scratch: Scratch) {
    var item = 0
    while item < kind.count {
      scratch.pointingKeys[item] = key(of: item, kind, state)
      scratch.pointingOrder[item] = item
      item &+= 1
    }
    insertionSort(
      scratch.pointingOrder.elements, by: scratch.pointingKeys.elements, count: kind.count)
  }

  /// Goes to the next order in which items come that are the same in all that orders them, and yet
  /// may differ.
  /// - Returns: whether there was one; otherwise the first order is back.
  func nextOrder(_ kind: Items, _ scratch: Scratch) -> Bool {
    var end = kind.count
    while end > 0 {
      let key = scratch.pointingKeys[scratch.pointingOrder[end &- 1]]
      var start = end &- 1
      while start > 0, scratch.pointingKeys[scratch.pointingOrder[start &- 1]] == key {
        start &-= 1
      }
      if end &- start > 1, !Self.isInert(key),
        Self.permute(scratch.pointingOrder.elements, from: start, to: end)
      {
        return true
      }
      end = start
    }
    return false
  }

  /// Goes to the next permutation of the elements from `start` to `end` - 1, in order of their
  /// numbers.
  /// - Returns: whether there was one; otherwise the first one is back.
  private static func permute(
    _ order: MappedArray<Int>.Elements, from start: Int, to end: Int
  ) -> Bool {
    var rise = end &- 1
    while rise > start, order[rise &- 1] > order[rise] { rise &-= 1 }
    if rise > start {
      var greater = end &- 1
      while order[greater] < order[rise &- 1] { greater &-= 1 }
      (order[rise &- 1], order[greater]) = (order[greater], order[rise &- 1])
    }
    var (left, right) = (rise, end &- 1)
    while left < right {
      (order[left], order[right]) = (order[right], order[left])
      left &+= 1
      right &-= 1
    }
    return rise > start
  }

  /// What is true of an item whatever it is called; `inert` if nothing at all refers to it.
  private func key<State: PackedState>(of item: Int, _ kind: Items, _ state: State) -> UInt64 {
    var key: UInt64 = 0
    var number = 0
    while number < kind.numberCount {
      let cell = kind.number(number, of: item)
      key = key &<< UInt64(truncatingIfNeeded: cell.bits) | UInt64(truncatingIfNeeded: state[cell])
      number &+= 1
    }
    let own = count(columns, kind.firstContent &+ item, state)
    let target = state[pointers[kind.pointers[item]]]
    // Nowhere, a column, or something that is none.
    let pointing = target == 0 ? 0 : target <= columns.count ? 1 : target
    var there = 0
    var sharers = 0
    if pointing == 1 {
      let content = state[columns[target &- 1]]
      let isItem = content >= kind.firstContent && content < kind.firstContent &+ kind.count
      there = content == 0 ? 0 : content == kind.firstContent &+ item ? 1 : isItem ? 2 : 3
      sharers = count(pointers, target, state)
    }
    let rest = ((pointing &<< 6 | own) &<< 2 | there) &<< 6 | sharers
    return key &<< 20 | UInt64(truncatingIfNeeded: rest)
  }

  /// How many of `cells` have this value.
  @inline(__always)
  private func count<State: PackedState>(_ cells: [Cell], _ value: Int, _ state: State) -> Int {
    var count = 0
    var index = 0
    while index < cells.count {
      count &+= state[cells[index]] == value ? 1 : 0
      index &+= 1
    }
    return count
  }

  /// Whether an item with this key is named by nothing and names nothing that has a name: such items
  /// are the same in every respect.
  private static func isInert(_ key: UInt64) -> Bool {
    let pointing = key >> 14 & 63
    let own = key >> 8 & 63
    return pointing != 1 && own == 0
  }

  /// `state` with the items of `kind` called after their places in the order.
  func ordered<State: PackedState>(
    _ state: State, _ kind: Items, _ scratch: Scratch
  ) -> State {
    var result = state
    var place = 0
    while place < kind.count {
      let item = scratch.pointingOrder[place]
      scratch.pointingPlaces[item] = place
      kind.copyNumbers(of: item, in: state, to: place, in: &result)
      result[pointers[kind.pointers[place]]] = state[pointers[kind.pointers[item]]]
      place &+= 1
    }
    var column = 0
    while column < columns.count {
      let item = state[columns[column]] &- kind.firstContent
      if item >= 0, item < kind.count {
        result[columns[column]] = kind.firstContent &+ scratch.pointingPlaces[item]
      }
      column &+= 1
    }
    return result
  }
}
