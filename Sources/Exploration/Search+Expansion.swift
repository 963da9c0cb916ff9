/// Finding the successors of states, and which of them are new.
extension Search where System: ~Copyable {
  /// A violation among the successors of one state.
  struct Hit {
    let transition: Int
    let properties: PropertySet
  }

  /// Finds all successors of the states from `start` on, before `end`, as many as a block has, and adds
  /// the new ones.
  /// - Returns: the first state that was not expanded.
  mutating func expandBlock(from start: Int, to end: Int) -> Int {
    block.begin(from: start, to: end)
    own.expand(block, of: system, at: known.frontier, for: wanted, siftedBy: known.table)
    known.table.prefetchNext(block.candidates.elements, to: block.count)
    return finish(block, known.add(block, judgedBy: system, for: wanted))
  }

  /// Goes on with a block that was added up to `halt`, or all of it.
  /// - Returns: the first state that was not expanded.
  mutating func finish(_ block: Block<State>, _ halt: KnownStates<State>.Halt?) -> Int {
    var halt = halt
    transitions += block.transitions
    while let reason = halt {
      switch reason {
      case .full(let key):
        if !makeRoom() { takeBackTransitions(from: key, of: block) }
      case .broken(let key, let broken):
        tell(broken, of: key, block.start)
        if isOver { takeBackTransitions(from: key + 1, of: block) }
      }
      if isOver { break }
      halt = known.add(block, judgedBy: system, for: wanted)
    }
    let next = block.next
    guard block.isCutShort, !isOver else { return next }
    expandByItself(next)
    return next + 1
  }

  /// Expands a state from which the system may have to learn, or of whose transitions some break
  /// something, and adds the new ones of its successors.
  private mutating func expandByItself(_ index: Int) {
    let state = known[index]
    own.successors.removeAll()
    system.findSuccessors(of: state, known.frontier.arrival(index), into: &own.successors)
    if own.successors.marksAny(of: wanted) {
      findAllSuccessors(of: state)
      addInOrder(from: index)
    } else {
      block.begin(from: index, to: index + 1)
      own.take(state, as: block)
      _ = finish(block, known.add(block, judgedBy: system, for: wanted))
    }
  }

  /// Finds the successors of `state`, at position n the one by transition n.
  mutating func findAllSuccessors(of state: State) {
    own.successors.removeAll()
    system.findSuccessors(of: state, .unknown, into: &own.successors)
  }

  /// Adds a state of which it is not told how it was come to.
  /// - Returns: whether it is new; `nil` if it is, and may not be added.
  mutating func addByItself(_ state: State) -> Bool? {
    known.add(state) ?? (makeRoom() ? known.add(state) : nil)
  }

  /// Makes room for more states, or notes that there may not be more.
  private mutating func makeRoom() -> Bool {
    if known.grow(by: team?.crew) { return true }
    bound = known.bound
    return false
  }

  /// Tells that the state to which the transition with this key leads breaks something.
  private mutating func tell(_ broken: PropertySet, of key: UInt32, _ start: Int) {
    let (source, transition) = Int(key).quotientAndRemainder(dividingBy: system.successorLimit)
    tell([Hit(transition: transition, properties: broken)], of: start + source)
  }

  /// Counts no transition of the block with this key or a later one.
  private mutating func takeBackTransitions(from key: UInt32, of block: Block<State>) {
    let (source, transition) = Int(key).quotientAndRemainder(dividingBy: system.successorLimit)
    let first = block.start + source
    for index in first..<max(block.next, first) {
      findAllSuccessors(of: known[index])
      transitions -= own.successors.enabledCount
      if index == first { transitions += own.successors.enabledCount(below: transition) }
    }
  }

  /// Adds the new ones of the successors, of which some transitions break something, up to the first
  /// of these.
  private mutating func addInOrder(from source: Int) {
    var hits: [Hit] = []
    var end = 0
    for transition in 0..<own.successors.count {
      var broken: PropertySet = []
      for mark in own.successors.marks where mark.transition == transition {
        broken.formUnion(mark.properties)
      }
      let state = own.successors[transition]
      guard let isNew = addByItself(state) else { break }
      if isNew { broken.formUnion(system.broken(in: state)) }
      end = transition + 1
      broken.formIntersection(wanted)
      wanted.subtract(broken)
      if !broken.isEmpty { hits.append(Hit(transition: transition, properties: broken)) }
      if !broken.subtracting(.saturation).isEmpty, !options.keepsGoing { break }
    }
    transitions += own.successors.enabledCount(below: end)
    tell(hits, of: source)
  }
}
