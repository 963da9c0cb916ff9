/// How the trees of decisions grow, and are cut back.
extension DecisionProgram {
  /// Runs rule `number` on `state`, and adds the branch that it took to its tree.
  /// - Returns: the end of the branch.
  @inline(never)
  mutating func learn(_ number: Int, from state: State) -> MarkedLeaf<State> {
    let leaf = run(number, state)
    let path = insert(leaf, reads: recorder.reads, number)
    complete(path, of: number, state)
    hoist(number)
    hasGrown = true
    return leaf
  }

  private func run(_ number: Int, _ state: State) -> MarkedLeaf<State> {
    recorder.begin(layout.cells.map { state[$0] })
    let properties = rule(number, recorder).subtracting(forgotten)
    var leaf = MarkedLeaf(keep: State.allBits, set: State(), properties: properties)
    for write in recorder.writes {
      let cell = layout[write.cell]
      leaf.keep[word: cell.word] &= ~cell.wordMask
      leaf.set[cell] = write.value
    }
    return leaf
  }

  /// Adds a branch to the tree of rule `number`, if there is room for its slots.
  /// - Returns: the nodes on the way.
  private mutating func insert(
    _ leaf: MarkedLeaf<State>, reads: [CellRecorder.Access], _ number: Int
  ) -> [Int] {
    var slot = firstSlot + number
    var path: [Int] = []
    for read in reads {
      let node: Int
      switch reference(slot) {
      case .node(let existing)?:
        node = existing
      case .unknown?:
        guard let new = addNode(read.cell, slot, path.last) else { return path }
        node = new
      case .marked?, nil:
        preconditionFailure("a rule read more than the last time with the same cells")
      }
      precondition(nodes[node].cell == read.cell, "a rule read other cells than the last time")
      slot = nodes[node].look.base + read.value
      path.append(node)
    }
    place(leaf, in: slot, below: path.last, of: number)
    if let parent = path.last {
      nodes[parent].leafCount += 1
      collapse(parent, of: number)
    }
    return path
  }

  /// Runs the rule with the values of cells that have not come yet, at nodes where few are missing.
  ///
  /// They may never come, as no state has them together with the others; but only a node with all
  /// its leaves can turn out to make no difference.
  private mutating func complete(_ path: [Int], of number: Int, _ state: State) {
    var runs = Self.completionLimit
    for node in path.reversed() {
      let cardinality = layout[nodes[node].cell].cardinality
      let missing = cardinality - nodes[node].leafCount
      guard missing <= max(1, cardinality / 3) else { return }
      if missing > 0, !nodes[node].wasCompleted {
        nodes[node].wasCompleted = true
        complete(node, of: number, state, &runs)
      }
    }
  }

  /// Runs of a rule that completing the nodes of one branch may take.
  private static var completionLimit: Int { 64 }

  private mutating func complete(
    _ node: Int, of number: Int, _ state: State, _ runs: inout Int
  ) {
    let cell = layout[nodes[node].cell]
    for value in 0..<cell.cardinality {
      var other = state
      other[cell] = value
      guard runs > 0 else { return }
      guard !isKnown(number, other) else { continue }
      runs -= 1
      let path = insert(run(number, other), reads: recorder.reads, number)
      let below = path.drop { $0 != node }.dropFirst()
      for new in below.reversed() { complete(new, of: number, other, &runs) }
    }
  }

  /// Whether the tree says what rule `number` does in `state`.
  private func isKnown(_ number: Int, _ state: State) -> Bool {
    var slot = firstSlot + number
    while true {
      switch reference(slot) {
      case .node(let node)?: slot = nodes[node].look.slot(state)
      case .unknown?: return false
      case .marked?, nil: return true
      }
    }
  }

  /// What is in `slot`; `nil` for a plain leaf.
  func reference(_ slot: Int) -> Reference? {
    let slot = slots[slot]
    return slot.keep.isMarked ? nil : Reference(bits: slot.set[word: 0])
  }

  private mutating func addNode(_ index: CellIndex, _ slot: Int, _ parent: Int?) -> Int? {
    let cell = layout[index]
    let size = 1 << cell.bits
    guard slotCount + size <= Self.slotLimit else {
      return nil
    }
    var reads = parent.map { nodes[$0].reads } ?? .marked
    reads[word: cell.word] |= cell.wordMask
    nodes.append(
      DecisionNode(
        cell: index, reads: reads, look: Look(at: cell, base: slotCount), parentSlot: slot,
        parent: parent))
    slotCount += size
    set(.node(nodes.count - 1), in: slot)
    return nodes.count - 1
  }

  /// Puts a leaf of rule `number` in a slot of `node`, or in the rule's own.
  private mutating func place(
    _ leaf: MarkedLeaf<State>, in slot: Int, below node: Int?, of number: Int
  ) {
    if leaf.properties.isEmpty {
      slots[slot] = Slot(keep: leaf.keep, set: leaf.set)
      branches[slot] = Branch(of: number, below: node)
    } else {
      markedLeaves.append(leaf)
      set(.marked(markedLeaves.count - 1), in: slot)
    }
  }

  private mutating func set(_ reference: Reference, in slot: Int) {
    var content = Slot(keep: State(), set: State())
    content.set[word: 0] = reference.bits
    slots[slot] = content
  }

  /// Replaces `node` by a leaf, if that does the same as the leaves of all values; then its parent.
  private mutating func collapse(_ node: Int, of number: Int) {
    var node = node
    while nodes[node].leafCount == layout[nodes[node].cell].cardinality,
      let leaf = commonLeaf(of: nodes[node])
    {
      place(leaf, in: nodes[node].parentSlot, below: nodes[node].parent, of: number)
      guard let parent = nodes[node].parent else { return }
      nodes[parent].leafCount += 1
      node = parent
    }
  }

  /// The leaf that does the same as the leaf of every value of the node's cell, if there is one.
  ///
  /// A leaf that leaves the cell as it is does the same as one that sets it to the node's value.
  private func commonLeaf(of node: DecisionNode<State>) -> MarkedLeaf<State>? {
    let cell = layout[node.cell]
    var cellBits = State()
    cellBits[word: cell.word] = cell.wordMask
    guard var common = leaf(node.look.base) else { return nil }
    var isAlwaysKept = true
    var isAlwaysSetAlike = true
    for value in 0..<cell.cardinality {
      guard let leaf = leaf(node.look.base + value), leaf.properties == common.properties,
        leaf.keep | cellBits == common.keep | cellBits,
        leaf.set.without(cellBits) == common.set.without(cellBits)
      else { return nil }
      let isKept = leaf.keep & cellBits == cellBits
      let result = isKept ? value : leaf.set[cell]
      if result != value { isAlwaysKept = false }
      let first = common.keep & cellBits == cellBits ? 0 : common.set[cell]
      if result != first { isAlwaysSetAlike = false }
    }
    guard isAlwaysKept || isAlwaysSetAlike else { return nil }
    if isAlwaysKept {
      common.keep = common.keep | cellBits
      common.set = common.set.without(cellBits)
    } else if common.keep & cellBits == cellBits {
      common.keep = common.keep.without(cellBits)
    }
    return common
  }

  private func leaf(_ slot: Int) -> MarkedLeaf<State>? {
    switch reference(slot) {
    case nil: MarkedLeaf(keep: slots[slot].keep, set: slots[slot].set, properties: [])
    case .marked(let index)?: markedLeaves[index]
    case .node?, .unknown?: nil
    }
  }

  /// Lets rule `number` start behind the first look, whose cell is always the same.
  private mutating func hoist(_ number: Int) {
    let own = firstSlot + number
    guard case .node(let node)? = reference(own) else {
      roots[number] = Root(look: Look(at: own))
      return
    }
    roots[number] = Root(look: nodes[node].look, reads: nodes[node].reads)
  }
}

extension PackedState {
  static var allBits: Self {
    var state = Self()
    for word in 0..<wordCount { state[word: word] = ~0 }
    return state
  }

  func without(_ bits: Self) -> Self {
    var state = self
    for word in 0..<Self.wordCount { state[word: word] &= ~bits[word: word] }
    return state
  }
}
