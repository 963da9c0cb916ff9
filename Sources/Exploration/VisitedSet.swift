/// The states that were found, as an open-addressing table.
///
/// The slots are no power of two, so that the table can grow by half and never has many slots for
/// each state.
struct VisitedSet<State: PackedState>: ~Copyable {
  private var slots: MappedArray<State>

  /// `nil` where the host has not the memory.
  init?(capacity: Int) {
    guard let slots = MappedArray<State>(capacity: capacity) else { return nil }
    self.slots = slots
  }

  var capacity: Int { slots.capacity }

  /// Forgets all states, and takes a table of `capacity` slots, no fewer than before.
  /// - Returns: whether the host has the memory; nothing has changed otherwise.
  mutating func renew(capacity: Int) -> Bool { slots.renew(capacity: capacity) }

  /// The table, to be held in a local variable by a loop; valid until it is renewed.
  @inline(__always)
  var table: Table { Table(slots: slots.elements) }

  struct Table {
    fileprivate let slots: MappedArray<State>.Elements

    /// Starts to load what `insert` will look at.
    @inline(__always)
    func prefetch(_ state: State) { slots.prefetch(position(of: state)) }

    /// - Returns: whether `state` was not in the set.
    @inline(__always)
    func insert(_ state: State) -> Bool {
      var index = position(of: state)
      while true {
        let slot = slots[index]
        if slot == state { return false }
        if !slot.isMarked {
          slots[index] = state
          return true
        }
        index &+= 1
        if index == slots.capacity { index = 0 }
      }
    }

    @inline(__always)
    private func position(of state: State) -> Int {
      let capacity = UInt64(truncatingIfNeeded: slots.capacity)
      return Int(truncatingIfNeeded: state.hash.multipliedFullWidth(by: capacity).high)
    }
  }
}
