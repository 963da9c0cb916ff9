/// The states that were found, as an open-addressing table.
///
/// Slots come in groups of four, which lie in one cache line and fill from the first on. Their number
/// is no power of two, so that the table can grow by half and never has many slots for each state.
struct VisitedSet<State: PackedState>: ~Copyable {
  private let slots: MappedArray<State>
  /// Slots in use, a multiple of four.
  private(set) var capacity: Int

  /// A set with `capacity` slots that can grow to `limit`; `nil` where the host has not the addresses.
  init?(capacity: Int, limit: Int) {
    guard let slots = MappedArray<State>(capacity: limit) else { return nil }
    self.slots = slots
    self.capacity = capacity
  }

  /// The most slots that there can be.
  var limit: Int { slots.capacity }

  /// Forgets all states, and uses `capacity` slots from now on, no fewer than before.
  ///
  /// The slots are cleared in place: the kernel takes longer to give new memory.
  mutating func renew(capacity: Int) {
    slots.clear(self.capacity)
    self.capacity = capacity
  }

  /// The table, to be held in a local variable by a loop; valid until it is renewed.
  @inline(__always)
  var table: Table { Table(slots: slots.elements, capacity: capacity) }

  struct Table {
    fileprivate let slots: MappedArray<State>.Elements
    fileprivate let capacity: Int

    /// Starts to load what `insert` will look at.
    @inline(__always)
    func prefetch(_ state: State) { slots.prefetch(group(of: state)) }

    /// - Returns: whether `state` was not in the set.
    @inline(__always)
    func insert(_ state: State) -> Bool {
      var first = group(of: state)
      while true {
        // All four are compared before anything is decided: where in its group a state is cannot be
        // predicted, that it is in the group can.
        let isHere =
          (slots[first] == state ? 1 : 0) | (slots[first &+ 1] == state ? 1 : 0)
          | (slots[first &+ 2] == state ? 1 : 0) | (slots[first &+ 3] == state ? 1 : 0)
        if _fastPath(isHere != 0) { return false }
        if !slots[first &+ 3].isMarked {
          var index = first
          while slots[index].isMarked { index &+= 1 }
          slots[index] = state
          return true
        }
        first &+= 4
        if first == capacity { first = 0 }
      }
    }

    /// The first slot of the group at which the search for `state` begins.
    @inline(__always)
    private func group(of state: State) -> Int {
      let groups = UInt64(truncatingIfNeeded: capacity &>> 2)
      return Int(truncatingIfNeeded: state.hash.multipliedFullWidth(by: groups).high) &<< 2
    }
  }
}
