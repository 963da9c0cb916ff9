/// Growing within the limits.
extension Search where System: ~Copyable {
  /// Sees to it that a state that was just put in the table has room in the list.
  /// - Returns: whether it has; otherwise the search has come to its bound.
  @inline(__always)
  mutating func makeRoom() -> Bool { count < room || grow() }

  @inline(never)
  private mutating func grow() -> Bool {
    guard count < ceiling else {
      noteBound()
      return false
    }
    enlarge()
    return true
  }

  /// Says which limit allows no more states.
  mutating func noteBound() { bound = count == options.states ? .states : .memory }

  /// Grows the table by a step.
  mutating func enlarge() {
    visited.grow(to: Self.nextCapacity(visited.capacity))
    room = room(slots: visited.capacity)
  }

  /// States for which there is room if the table grows once more.
  var ceiling: Int {
    let next = Self.nextCapacity(visited.capacity)
    return next <= visited.limit ? max(room, room(slots: next)) : room
  }

  /// States for which there is room in a table of `slots` slots, and in memory beside it.
  func room(slots: Int) -> Int {
    let free = options.memory - slots * MemoryLayout<State>.stride
    let affordable = free / (list.size + MemoryLayout<Origin>.stride)
    return min(slots / 32 * 27, affordable, list.capacity, options.states)
  }

  private static func nextCapacity(_ capacity: Int) -> Int {
    capacity < smallCapacity ? capacity * 4 : capacity / 32 * 40
  }

  /// What the table, the list and the most arrivals at once took.
  func bytes(slots: Int, states: Int) -> Int {
    slots * MemoryLayout<State>.stride + states * list.size + arrivals.bytes
  }
}
