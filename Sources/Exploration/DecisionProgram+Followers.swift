/// Finding out what follows a branch.
extension DecisionProgram {
  /// Nodes and leaves of a rule that are looked at for a branch; a rule with more is a follower.
  private static var lookLimit: Int { 256 }
  /// A list is worth it for so many states.
  private static var leastUses: Int { 8 }

  package mutating func prepare(for arrivals: borrowing Arrivals, from start: Int, to end: Int) {
    if hasGrown {
      followers.removeAll()
      hasGrown = false
    }
    // It should cost no more than it saves within these states.
    let worth = max(Self.leastUses, (slotCount - firstSlot) / max(roots.capacity, 1))
    var index = start
    while index < end {
      if let branch = arrivals[index].origin.branch, followers.countUse(of: branch) == worth {
        followers.add(followers(of: branch), to: branch)
      }
      index += 1
    }
  }

  private func followers(of branch: Int) -> [Int] {
    let wake = wake(of: Origin(branch: branch))
    return (0..<roots.capacity).filter { rule in
      var looks = Self.lookLimit
      return !isAlwaysLeftOut(firstSlot + rule, State.marked, wake, slots[branch], &looks)
    }
  }

  /// Whether everything below `index`, to where a rule comes having read `reads`, is left out behind a
  /// transition that led to `outcome`, or leads back to the same state.
  private func isAlwaysLeftOut(
    _ index: Int, _ reads: State, _ wake: Wake<State>, _ outcome: Slot, _ looks: inout Int
  ) -> Bool {
    looks -= 1
    guard looks > 0 else { return false }
    switch reference(index) {
    case nil:
      let slot = slots[index]
      let writesNothingElse = outcome.keep.without(slot.keep) == State()
      let leadsBack = writesNothingElse && outcome.set.without(slot.keep) == slot.set
      return leadsBack || wake.leavesOut(slot, reads, false)
    case .unknown?, .marked?:
      return false
    case .node(let node)?:
      let (cell, base) = (layout[nodes[node].cell], nodes[node].look.base)
      var bits = State()
      bits[word: cell.word] = cell.wordMask
      if outcome.keep & bits == State() {
        return isAlwaysLeftOut(base + outcome.set[cell], reads | bits, wake, outcome, &looks)
      }
      return (0..<cell.cardinality).allSatisfy {
        isAlwaysLeftOut(base + $0, reads | bits, wake, outcome, &looks)
      }
    }
  }
}
