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
      findSuccessors(of: state, arrivals[index])
      if _slowPath(!own.successors.marks.isEmpty), own.successors.marksAny(of: wanted) {
        addCandidates(candidates, from: start, to: index)
        if isOver { return index }
        findAllSuccessors(of: state)
        addInOrder(from: index)
        return index + 1
      }
      candidates = own.appendFresh(
        from: state, source: index &- start, after: candidates, visited.table)
      transitions &+= own.successors.enabledCount
      index &+= 1
    }
    addCandidates(candidates, from: start, to: end)
    return end
  }

  /// Finds the successors of `state`, at position n the one by transition n.
  mutating func findAllSuccessors(of state: State) { findSuccessors(of: state, .unknown) }

  @inline(__always)
  private mutating func findSuccessors(of state: State, _ arrival: Arrival) {
    own.successors.removeAll()
    system.findSuccessors(of: state, arrival, into: &own.successors)
  }

  /// Adds the new ones of the candidates, up to the first that breaks something.
  private mutating func addCandidates(_ candidates: Int, from start: Int, to end: Int) {
    var table = visited.table
    let fresh = own.fresh.elements
    let candidates = table.sift(fresh, to: candidates)
    var index = 0
    var notes = ArrivalNotes(successorLimit: system.successorLimit)
    while index < candidates {
      let candidate = fresh[index]
      index &+= 1
      guard table.insert(candidate.state) else {
        if notes.isSibling(candidate) { forgetArrival(of: candidate.state, from: notes.first) }
        continue
      }
      if _slowPath(count == room) {
        guard makeRoom() else {
          takeBackTransitions(from: candidate.key, start, to: end)
          return
        }
        table = visited.table
      }
      list[count] = candidate.state
      notes.note(candidate, at: count, in: arrivals)
      count &+= 1
      let broken = system.broken(in: candidate.state).intersection(wanted)
      if _slowPath(!broken.isEmpty) {
        tell(broken, of: candidate.key, start)
        if isOver {
          takeBackTransitions(from: candidate.key + 1, start, to: end)
          return
        }
      }
    }
  }

  /// Forgets how `state` was come to, if it is among the last of the list, from `first` on.
  private mutating func forgetArrival(of state: State, from first: Int) {
    for index in first..<count where list[index] == state { arrivals.forget(index, from: first) }
  }

  /// Tells that the state to which the transition with this key leads breaks something.
  mutating func tell(_ broken: PropertySet, of key: UInt32, _ start: Int) {
    let (source, transition) = Int(key).quotientAndRemainder(dividingBy: system.successorLimit)
    tell([Hit(transition: transition, properties: broken)], of: start + source)
  }

  /// Counts no transition of the states from `start` to `end` - 1 with this key or a later one.
  mutating func takeBackTransitions(from key: UInt32, _ start: Int, to end: Int) {
    let (source, transition) = Int(key).quotientAndRemainder(dividingBy: system.successorLimit)
    for index in start + source..<max(end, start + source) {
      findAllSuccessors(of: list[index])
      transitions -= own.successors.enabledCount
      if index == start + source {
        transitions += own.successors.enabledCount(below: transition)
      }
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
      if visited.table.insert(own.successors[transition]) {
        guard makeRoom() else { break }
        list[count] = own.successors[transition]
        arrivals.note(.unknown, at: count)
        count += 1
        broken.formUnion(system.broken(in: own.successors[transition]))
      }
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
