/// Finding successors by the trees.
extension DecisionProgram {
  package mutating func findSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>
  ) {
    var nothing: Void = ()
    if findKnownSuccessors(of: state, arrival, into: &successors, using: &nothing) { return }
    for number in 0..<roots.capacity {
      var learnt: MarkedLeaf<State>?
      if case .unknown = end(number, state) { learnt = learn(number, from: state) }
      switch end(number, state) {
      case .plain(let slot):
        successors.append(slots[slot].successor(of: state), by: number, Origin(branch: slot))
      case .marked(let leaf): append(leaf, of: state, number, &successors)
      case .unknown:
        // There was no room for the branch.
        if let learnt { append(learnt, of: state, number, &successors) }
      }
    }
  }

  /// Leaves out what `Wake` says, but for an unknown arrival nothing.
  package func findKnownSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>,
    using scratch: inout Void
  ) -> Bool {
    let roots = self.roots.elements
    let slots = self.slots.elements
    let elements = successors.elements
    let wake = wake(of: arrival.origin)
    var rules = RulesToTry(arrival, followers, branches.elements)
    var count = 0
    while let (number, isSibling) = rules.next() {
      let root = roots[number]
      let index = root.look.slot(state)
      let slot = slots[index]
      if _fastPath(slot.keep.isMarked) {
        elements[count] = Candidate(
          state: slot.successor(of: state), key: UInt32(truncatingIfNeeded: number),
          origin: Origin(branch: index))
        count &+= wake.leavesOut(slot, root.reads, isSibling) ? 0 : 1
      } else {
        successors.setCount(count)
        guard appendUnusual(of: state, number, wake, isSibling, &successors) else {
          successors.removeAll()
          return false
        }
        count = successors.count
      }
    }
    successors.setCount(count)
    return true
  }

  /// The wake of the branch that `origin` names; with none, nothing is left out.
  @inline(__always)
  func wake(of origin: Origin) -> Wake<State> {
    guard let branch = origin.branch else { return Wake() }
    return Wake(keep: slots[branch].keep, reads: reads(branches[branch]))
  }

  /// Appends the successor where one look is not enough, or the leaf is marked.
  /// - Returns: whether it is known.
  private func appendUnusual(
    of state: State, _ number: Int, _ wake: Wake<State>, _ isSibling: Bool,
    _ successors: inout Successors<State>
  ) -> Bool {
    switch end(number, state) {
    case .plain(let index):
      let slot = slots[index]
      if wake.leavesOut(slot, reads(branches[index]), isSibling) { return true }
      successors.append(slot.successor(of: state), by: number, Origin(branch: index))
    case .marked(let leaf): append(leaf, of: state, number, &successors)
    case .unknown: return false
    }
    return true
  }

  private func append(
    _ leaf: MarkedLeaf<State>, of state: State, _ number: Int,
    _ successors: inout Successors<State>
  ) {
    if !leaf.properties.isEmpty { successors.mark(leaf.properties, transition: number) }
    successors.append(state & leaf.keep | leaf.set, by: number, .unknown)
  }

  /// Where the tree of a rule leads.
  private enum End {
    /// To the slot of a plain leaf.
    case plain(Int)
    case marked(MarkedLeaf<State>)
    case unknown
  }

  @inline(__always)
  private func end(_ number: Int, _ state: State) -> End {
    var index = roots[number].look.slot(state)
    while !slots[index].keep.isMarked {
      switch Reference(bits: slots[index].set[word: 0]) {
      case .node(let node): index = nodes[node].look.slot(state)
      case .marked(let index): return .marked(markedLeaves[index])
      case .unknown: return .unknown
      }
    }
    return .plain(index)
  }
}
