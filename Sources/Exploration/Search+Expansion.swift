/// Finding the successors of states, and which of them are new.
extension Search where System: ~Copyable {
  /// A violation among the successors of one state.
  struct Hit {
    let transition: Int
    let properties: PropertySet
  }

  /// Finds all successors of the states at `start` to `end` - 1 of the list, and adds the new ones.
  ///
  /// The states of a block are expanded first, and their successors looked up then, so that memory
  /// has time to come.
  /// - Returns: the first state that was not expanded.
  mutating func expandBlock(from start: Int, to end: Int) -> Int {
    var candidates = 0
    var index = start
    while index < end {
      let state = list[index]
      findSuccessors(of: state)
      if _slowPath(!successors.marks.isEmpty), tellsMarks {
        addCandidates(candidates, from: start, to: index)
        if isOver { return index }
        findSuccessors(of: state)
        addInOrder(from: index)
        return index + 1
      }
      candidates = appendCandidates(from: state, index &- start, after: candidates)
      transitions &+= successors.enabledCount
      index &+= 1
    }
    addCandidates(candidates, from: start, to: end)
    return end
  }

  @inline(__always)
  mutating func findSuccessors(of state: State) {
    successors.removeAll()
    system.findSuccessors(of: state, into: &successors)
  }

  private var tellsMarks: Bool {
    successors.marks.contains { !$0.properties.isDisjoint(with: wanted) }
  }

  /// Appends those of the successors to `unseen` that are not known to have been found, in order, and
  /// starts to load where the table would have them.
  /// - Returns: how many there are now.
  private mutating func appendCandidates(
    from state: State, _ source: Int, after before: Int
  ) -> Int {
    let elements = successors.elements
    let recent = self.recent.elements
    let unseen = self.unseen.elements
    let count = successors.count
    recent[Self.recentIndex(state)] = state
    var candidates = before
    var transition = 0
    while transition < count {
      let next = elements[transition]
      let index = Self.recentIndex(next)
      unseen[candidates] = Candidate(
        state: next, transition: UInt32(truncatingIfNeeded: transition),
        source: UInt32(truncatingIfNeeded: source))
      candidates &+= recent[index] == next ? 0 : 1
      recent[index] = next
      transition &+= 1
    }
    let table = visited.table
    var index = before
    while index < candidates {
      table.prefetch(unseen[index].state)
      index &+= 1
    }
    return candidates
  }

  @inline(__always)
  private static func recentIndex(_ state: State) -> Int {
    Int(truncatingIfNeeded: state.hash &>> UInt64(64 &- recentBits))
  }

  /// Keeps those candidates that are not found at the first look, and starts to load what the second
  /// needs.
  /// - Returns: how many there are.
  private func siftCandidates(_ candidates: Int) -> Int {
    let table = visited.table
    let unseen = self.unseen.elements
    var kept = 0
    var index = 0
    while index < candidates {
      let candidate = unseen[index]
      unseen[kept] = candidate
      kept &+= table.isInItsGroup(candidate.state) ? 0 : 1
      index &+= 1
    }
    index = 0
    while index < kept {
      table.prefetchNext(unseen[index].state)
      index &+= 1
    }
    return kept
  }

  /// Adds the new ones of the candidates, up to the first that breaks something.
  private mutating func addCandidates(_ candidates: Int, from start: Int, to end: Int) {
    let table = visited.table
    let list = self.list.elements
    let unseen = self.unseen.elements
    let candidates = siftCandidates(candidates)
    var count = self.count
    var index = 0
    while index < candidates {
      let candidate = unseen[index]
      index &+= 1
      guard table.insert(candidate.state) else { continue }
      let source = start &+ Int(truncatingIfNeeded: candidate.source)
      let transition = Int(truncatingIfNeeded: candidate.transition)
      if _slowPath(count == options.states) {
        bound = .states
        takeBackTransitions(behind: transition, of: source, to: end)
        break
      }
      list[count] = candidate.state
      count &+= 1
      let broken = system.broken(in: candidate.state).intersection(wanted)
      if _slowPath(!broken.isEmpty) {
        self.count = count
        tell([Hit(transition: transition, properties: broken)], of: source)
        if isOver {
          takeBackTransitions(behind: transition + 1, of: source, to: end)
          break
        }
      }
    }
    self.count = count
  }

  /// Counts no transition of the state at `source` from `transition` on, and none of those behind it.
  private mutating func takeBackTransitions(
    behind transition: Int, of source: Int, to end: Int
  ) {
    for index in source..<end {
      findSuccessors(of: list[index])
      transitions -= successors.enabledCount
      if index == source { transitions += successors.enabledCount(below: transition) }
    }
  }

  /// Adds the new ones of the successors, of which some transitions break something, up to the first
  /// of these.
  private mutating func addInOrder(from source: Int) {
    var hits: [Hit] = []
    var end = 0
    for transition in 0..<successors.count {
      var broken: PropertySet = []
      for mark in successors.marks where mark.transition == transition {
        broken.formUnion(mark.properties)
      }
      if visited.table.insert(successors[transition]) {
        if count == options.states {
          bound = .states
          break
        }
        list[count] = successors[transition]
        count += 1
        broken.formUnion(system.broken(in: successors[transition]))
      }
      end = transition + 1
      broken.formIntersection(wanted)
      wanted.subtract(broken)
      if !broken.isEmpty { hits.append(Hit(transition: transition, properties: broken)) }
      if !broken.subtracting(.saturation).isEmpty, !options.keepsGoing { break }
    }
    transitions += successors.enabledCount(below: end)
    tell(hits, of: source)
  }
}
