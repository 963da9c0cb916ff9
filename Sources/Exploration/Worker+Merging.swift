/// Adding what was found.
extension Worker where System: ~Copyable {
  /// Candidates between the one that is looked up and the one whose group begins to be loaded.
  private static var distance: Int { 16 }
  /// States of the list of which the table's groups are loaded together.
  static var refillSize: Int { 32 }

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
        case false?: break
        case nil: spilled.append(Spill(finder: finder, candidate: candidate))
        }
      }
      finder.ends[owner] = kept
    }
  }

  /// Puts those states of the search's list in the table that belong to the owner's part.
  func refillTable(of search: borrowing Search<System>, as owner: Int) {
    let table = search.visited.table
    let parts = search.visited.parts(ends.capacity)
    let list = search.list.elements
    let fresh = self.fresh.elements
    spilled.removeAll()
    var start = 0
    // While groups of some states are loaded, those of the states before are filled.
    var pending = 0..<0
    while start < search.count || !pending.isEmpty {
      let end = min(search.count, start + Self.refillSize)
      let first = pending.lowerBound == 0 ? Self.refillSize : 0
      var next = first
      for index in start..<end {
        let state = list[index]
        fresh[next] = Candidate(state: state, key: 0, origin: .unknown)
        next &+= parts.owner(of: state) == owner ? 1 : 0
      }
      for index in first..<next { table.prefetch(fresh[index].state) }
      for index in pending
      where table.insert(fresh[index].state, for: owner, of: parts) == nil {
        spilled.append(Spill(finder: self, candidate: fresh[index]))
      }
      pending = first..<next
      start = end
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
    let list = search.list.elements
    let candidates = self.candidates.elements
    let owners = ends.capacity
    for owner in 0..<owners {
      candidates[ends[owner]] = Candidate(state: State(), key: .max, origin: .unknown)
    }
    let heads = self.heads.elements
    for owner in 0..<owners { heads[owner] = self.start(of: owner) }
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
        list[index] = candidate.state
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
