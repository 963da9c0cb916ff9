/// Adding what was found.
extension Worker where System: ~Copyable {
  /// Candidates between the one that is looked up and the one whose group begins to be loaded.
  private static var distance: Int { 16 }

  /// Puts in the owner's part of the table what is new among all workers' candidates for it, and keeps
  /// of them only that.
  func addCandidates(
    of finders: [Worker], to visited: borrowing VisitedSet<State>, as owner: Int
  ) {
    let table = visited.table
    let parts = visited.parts(finders.count)
    for finder in finders {
      let candidates = finder.candidates.elements
      let start = finder.start(of: owner)
      let end = finder.ends[owner]
      var kept = start
      for index in start..<min(end, start + Self.distance) {
        table.prefetch(candidates[index].state)
      }
      for index in start..<end {
        if index &+ Self.distance < end {
          table.prefetch(candidates[index &+ Self.distance].state)
        }
        let candidate = candidates[index]
        switch table.insert(candidate.state, for: owner, of: parts) {
        case true?:
          candidates[kept] = candidate
          kept &+= 1
        case false?: finder.noteTwin(candidate, before: kept, of: owner)
        case nil: spilled.append(Spill(finder: finder, candidate: candidate))
        }
      }
      finder.ends[owner] = kept
    }
  }

  /// Takes note that `candidate` is not new. If that is because the same state leads to it by another
  /// transition, it is not known any more how it was come to.
  func noteTwin(_ candidate: Candidate<State>, before end: Int, of owner: Int) {
    let firstKey = candidate.firstKey(UInt32(truncatingIfNeeded: successors.limit))
    var place = end
    while place > start(of: owner), candidates[place - 1].key >= firstKey {
      place -= 1
      if candidates[place].state == candidate.state { candidates[place].origin = .unknown }
    }
  }

  /// Adds a candidate to the new ones of its owner, where it belongs in the order.
  func insert(_ candidate: Candidate<State>, of owner: Int) {
    var place = ends[owner]
    ends[owner] += 1
    while place > start(of: owner), candidates[place - 1].key > candidate.key {
      candidates[place] = candidates[place - 1]
      place -= 1
    }
    candidates[place] = candidate
  }

  /// Writes what is new of the worker's own states to the list from `start` on, in order, and notes
  /// what breaks a property or has no room.
  func list(in search: borrowing Search<System>, from start: Int, upTo ceiling: Int) {
    let candidates = self.candidates.elements
    let owners = ends.capacity
    for owner in 0..<owners {
      candidates[ends[owner]] = Candidate(state: State(), key: .max, origin: .unknown)
    }
    let heads = self.heads.elements
    for owner in 0..<owners { heads[owner] = self.start(of: owner) }
    let wideEnd = start + newCount - MemoryLayout<State>.size
    var index = start
    var notes = ArrivalNotes(successorLimit: search.system.successorLimit)
    while index <= ceiling {
      var least = 0
      for owner in 1..<owners
      where candidates[heads[owner]].key < candidates[heads[least]].key {
        least = owner
      }
      let candidate = candidates[heads[least]]
      if candidate.key == .max { return }
      heads[least] &+= 1
      if index < ceiling {
        // The states of the next worker may be there already.
        if index < wideEnd {
          search.list[index] = candidate.state
        } else {
          search.list.setAlone(candidate.state, at: index)
        }
        notes.note(candidate, at: index, in: search.arrivals)
      }
      let isEvent =
        index == ceiling
        || !search.system.broken(in: candidate.state).isDisjoint(with: search.wanted)
      if _slowPath(isEvent) { events.append(Event(index: index, key: candidate.key)) }
      index &+= 1
    }
  }
}
