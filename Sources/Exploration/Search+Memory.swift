/// Growing within the limits.
extension Search where System: ~Copyable {
  /// Sees to it that `state`, which was just put in the table, has room in the list.
  /// - Returns: whether it has; otherwise the search has come to its bound.
  @inline(__always)
  mutating func makeRoom(for state: State) -> Bool { count < room || grow(for: state) }

  @inline(never)
  private mutating func grow(for state: State) -> Bool {
    guard count < ceiling else {
      noteBound()
      return false
    }
    enlarge()
    _ = visited.table.insert(state)
    return true
  }

  /// Says which limit allows no more states.
  mutating func noteBound() { bound = count == options.states ? .states : .memory }

  /// Grows the table by a step.
  mutating func enlarge() {
    visited.renew(capacity: Self.nextCapacity(visited.capacity))
    if isShared, let team { refill(team) } else { refill() }
    room = room(slots: visited.capacity)
  }

  /// States for which there is room if the table grows once more.
  var ceiling: Int {
    let next = Self.nextCapacity(visited.capacity)
    return next <= visited.limit ? max(room, room(slots: next)) : room
  }

  /// States for which there is room in a table of `slots` slots, and in memory beside it.
  func room(slots: Int) -> Int {
    let state = MemoryLayout<State>.stride
    let affordable = (options.memory - slots * state) / (state + MemoryLayout<Origin>.stride)
    return min(slots / 4 * 3, affordable, list.capacity, options.states)
  }

  private static func nextCapacity(_ capacity: Int) -> Int {
    capacity < smallCapacity ? capacity * 4 : capacity / 16 * 24
  }

  /// Puts all states of the list in the table.
  private mutating func refill() {
    let prefetchDistance = 16
    let table = visited.table
    let list = self.list.elements
    let count = self.count
    var index = 0
    while index < count {
      if index &+ prefetchDistance < count {
        table.prefetch(list[index &+ prefetchDistance])
      }
      _ = table.insert(list[index])
      index &+= 1
    }
  }

  /// The same by all threads, each for its own part of the table.
  private mutating func refill(_ team: Team<System>) {
    let workers = team.workers
    team.crew.run { workers[$0].refillTable(of: self, as: $0) }
    let table = visited.table
    for worker in workers {
      for spill in worker.spilled { _ = table.insert(spill.candidate.state) }
    }
  }

  /// What the table, the list and the most origins at once took.
  func bytes(slots: Int, states: Int) -> Int {
    (slots + states) * MemoryLayout<State>.stride + arrivals.bytes
  }
}
