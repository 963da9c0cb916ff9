/// Expanding many states at once, by all threads.
///
/// The outcome is the one of going state by state. First each thread finds the candidates of its part
/// of the states. Then each, as the owner of a part of the table, puts in what is new of the
/// candidates that belong there, in order. So of equal ones the first is kept. Last, each writes to the
/// list what is new of its own part of the states, in order.
extension Search where System: ~Copyable {
  /// States that may be expanded at once: the table has room for all of their successors, though it
  /// is fuller then than it should stay.
  var roundLimit: Int {
    guard options.threads > 1, isShared else { return 0 }
    return min(Team<System>.roundLimit, visited.capacity / 8 / max(system.successorLimit, 1))
  }

  /// Finds all successors of the states from `start` to `end` - 1 of the list, and adds the new ones.
  /// - Returns: the first state that was not expanded.
  mutating func expandRound(from start: Int, to end: Int) -> Int {
    let team = self.team ?? Team(system, threads: min(options.threads, SearchOptions.threadLimit))
    self.team = team
    team.divide(start, end)
    guard findCandidates(team, from: start) else {
      // What transitions break is told in order.
      var head = start
      while head < end, !isOver {
        head = expandBlock(from: head, to: min(end, head + Self.blockSize))
      }
      return head
    }
    addCandidates(team)
    settle(team, list(team), from: start, to: end)
    return end
  }

  /// Finds the candidates of all parts.
  ///
  /// Threads only read what is known of the system. Where one has to stop the caller's thread learns.
  /// - Returns: whether no transition breaks a property.
  private mutating func findCandidates(_ team: Team<System>, from start: Int) -> Bool {
    let workers = team.workers
    while workers.contains(where: { $0.next < $0.end }) {
      team.crew.run { workers[$0].expandKnown(of: self, from: start) }
      for worker in workers where worker.next < worker.end && !worker.hasMarks {
        let state = list[worker.next]
        worker.successors.removeAll()
        system.findSuccessors(
          of: state, arrivals[worker.next], into: &worker.successors)
        worker.take(state, of: self, from: start)
      }
      if workers.contains(where: \.hasMarks) { return false }
    }
    return true
  }

  /// Puts the new ones of the candidates in the table, and keeps only them.
  private mutating func addCandidates(_ team: Team<System>) {
    let workers = team.workers
    team.crew.run { workers[$0].addCandidates(of: workers, to: self.visited, as: $0) }
    let table = visited.table
    for (owner, worker) in workers.enumerated() {
      for spill in worker.spilled {
        let finder = spill.finder
        if table.insert(spill.candidate.state) {
          finder.insert(spill.candidate, of: owner)
        } else {
          finder.noteTwin(spill.candidate, before: finder.ends[owner], of: owner)
        }
      }
    }
  }

  /// Puts the new states in the list, as far as there is room.
  /// - Returns: where they end.
  private mutating func list(_ team: Team<System>) -> Int {
    let workers = team.workers
    var end = count
    let starts = workers.map { worker in
      defer { end += worker.newCount }
      return end
    }
    let ceiling = self.ceiling
    team.crew.run { workers[$0].list(in: self, from: starts[$0], upTo: ceiling) }
    return end
  }

  /// Tells what the new states break, in order, and stops where going state by state would have.
  private mutating func settle(
    _ team: Team<System>, _ newCount: Int, from start: Int, to end: Int
  ) {
    let ceiling = self.ceiling
    count = min(newCount, ceiling)
    transitions += team.workers.reduce(0) { $0 + $1.transitions }
    for event in team.workers.flatMap(\.events) {
      if event.index == ceiling {
        noteBound()
        takeBackTransitions(from: event.key, start, to: end)
        break
      }
      let broken = system.broken(in: list[event.index]).intersection(wanted)
      if broken.isEmpty { continue }
      tell(broken, of: event.key, start)
      if isOver {
        count = event.index + 1
        takeBackTransitions(from: event.key + 1, start, to: end)
        break
      }
    }
    if count > room { enlarge() }
  }
}
