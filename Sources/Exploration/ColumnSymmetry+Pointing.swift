/// Exchanging items that have pointers of their own.
extension ColumnSymmetry {
  /// `state` with the items of `kind` in order of what is true of each whatever its number, and the
  /// permutations of those that are the same in this and yet may differ.
  func sorted<State: PackedState>(
    _ state: State, _ kind: Items, _ scratch: inout Scratch
  ) -> (state: State, ties: [[Int]]) {
    var keys = (0..<kind.count).map { key(of: $0, kind, state) }
    let order = (0..<kind.count).sorted { (keys[$0], $1) > (keys[$1], $0) }
    keys = order.map { keys[$0] }
    return (permuted(state, kind, order), Self.permutations(ofTiesIn: keys))
  }

  /// What is true of an item whatever it is called; `inert` if nothing at all refers to it.
  private func key<State: PackedState>(of item: Int, _ kind: Items, _ state: State) -> Int {
    var key = 0
    for cell in kind.numbers[item] { key = key << cell.bits | state[cell] }
    let target = state[pointers[kind.pointers[item]]]
    // Nowhere, a column, or something that is none.
    let pointing = target == 0 ? 0 : target <= columns.count ? 1 : target
    var own = 0
    for column in columns where state[column] == kind.firstContent + item { own += 1 }
    var there = 0
    var sharers = 0
    if pointing == 1 {
      let content = state[columns[target - 1]]
      let isItem = content >= kind.firstContent && content < kind.firstContent + kind.count
      there = content == 0 ? 0 : content == kind.firstContent + item ? 1 : isItem ? 2 : 3
      for pointer in pointers where state[pointer] == target { sharers += 1 }
    }
    return (((key << 6 | pointing) << 6 | own) << 2 | there) << 6 | sharers
  }

  /// Whether an item with this key is named by nothing and names nothing that has a name.
  private static func isInert(_ key: Int) -> Bool {
    let pointing = key >> 14 & 63
    let own = key >> 8 & 63
    return pointing != 1 && own == 0
  }

  /// All ways but the first to order items with these sorted keys, of which equal ones come in any
  /// order. Inert items are the same in every respect.
  private static func permutations(ofTiesIn keys: [Int]) -> [[Int]] {
    var all = [Array(keys.indices)]
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] == keys[start] { end += 1 }
      if end - start > 1, !isInert(keys[start]) {
        all = all.flatMap { permutation in
          orders(of: Array(permutation[start..<end])).map { order in
            Array(permutation[..<start]) + order + Array(permutation[end...])
          }
        }
      }
      start = end
    }
    return Array(all.dropFirst())
  }

  static func orders(of items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  /// `state` with item `order[i]` called i.
  func permuted<State: PackedState>(_ state: State, _ kind: Items, _ order: [Int]) -> State {
    var result = state
    for (place, item) in order.enumerated() {
      for (cell, own) in zip(kind.numbers[place], kind.numbers[item]) { result[cell] = state[own] }
      result[pointers[kind.pointers[place]]] = state[pointers[kind.pointers[item]]]
      guard place != item else { continue }
      for column in columns where state[column] == kind.firstContent + item {
        result[column] = kind.firstContent + place
      }
    }
    return result
  }
}
