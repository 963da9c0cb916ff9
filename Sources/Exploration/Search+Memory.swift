/// Growing within the limits.
extension Search where System: ~Copyable {
  /// Sees to it that all successors of one more block have room.
  /// - Returns: whether they do; otherwise the search is bounded by memory.
  @inline(__always)
  mutating func makeRoom() -> Bool { count &+ growthStep <= room || grow() }

  /// The most states that a block can add.
  private var growthStep: Int { Self.blockSize &* system.successorLimit &+ 1 }

  @inline(never)
  private mutating func grow() -> Bool {
    let needed = count + growthStep
    if needed > Self.capacityInUse(visited.capacity) {
      var capacity = visited.capacity
      while needed > Self.capacityInUse(capacity) { capacity = Self.nextCapacity(capacity) }
      guard bytes(slots: capacity, states: needed) <= options.memory, capacity <= visited.limit
      else {
        return isOutOfMemory()
      }
      visited.renew(capacity: capacity)
      refill()
    }
    let affordable = options.memory / MemoryLayout<State>.stride - visited.capacity
    guard needed <= min(affordable, list.capacity) else { return isOutOfMemory() }
    room = min(Self.capacityInUse(visited.capacity), list.capacity, affordable)
    return true
  }

  private mutating func isOutOfMemory() -> Bool {
    bound = .memory
    return false
  }

  /// States that a table of `capacity` slots may hold.
  private static func capacityInUse(_ capacity: Int) -> Int { capacity / 4 * 3 }

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

  func bytes(slots: Int, states: Int) -> Int {
    (slots + states) * MemoryLayout<State>.stride
  }
}
