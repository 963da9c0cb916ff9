/// Slots that are looked at together: a cache line of states of one word.
let groupSize = 8

/// The states that were found, as an open-addressing table.
///
/// Slots come in groups, which fill from the first on, and states lie in the order of their hashes, but
/// for those whose group was full. The number of groups is no power of two, so that the table can grow
/// by a little and never has many slots for each state.
struct VisitedSet<State: PackedState>: ~Copyable {
  private let slots: MappedArray<State>
  /// The states of one group, while it is moved.
  private let held: MappedArray<State>
  /// Slots in use, a multiple of `groupSize`.
  private(set) var capacity: Int

  /// A set with `capacity` slots that can grow to `limit`; `nil` where the host has not the addresses.
  init?(capacity: Int, limit: Int) {
    guard let slots = MappedArray<State>(capacity: limit),
      let held = MappedArray<State>(capacity: groupSize)
    else { return nil }
    self.slots = slots
    self.held = held
    self.capacity = capacity
  }

  /// The most slots that there can be.
  var limit: Int { slots.capacity }

  /// Uses `newCapacity` slots from now on, more than before, and puts every state where it belongs.
  ///
  /// The groups are moved in place, from the last to the first: a state never belongs before its old
  /// group's place, as the order is the same. Only near the start of the table, where a state may lie
  /// further behind its group than that group moves, all are taken out first.
  mutating func grow(to newCapacity: Int) {
    precondition(newCapacity > capacity && newCapacity <= limit, "a table grows within its limit")
    let new = Table(slots: slots.elements, capacity: newCapacity)
    let held = self.held.elements
    var rest: [State] = []
    var first = capacity
    while first > 0 {
      first &-= groupSize
      let count = new.takeOut(first, into: held)
      var index = 0
      if rest.isEmpty {
        var staysBehind = true
        while index < count {
          if new.group(of: held[index]) < first { staysBehind = false }
          index &+= 1
        }
        index = 0
        while staysBehind, index < count {
          new.add(held[index])
          index &+= 1
        }
      }
      while index < count {
        rest.append(held[index])
        index &+= 1
      }
    }
    for state in rest { new.add(state) }
    capacity = newCapacity
  }

  /// The table, to be held in a local variable by a loop; valid until it is renewed.
  @inline(__always)
  var table: Table { Table(slots: slots.elements, capacity: capacity) }

  /// Which of `count` threads owns which part of the table.
  func parts(_ count: Int) -> Parts { Parts(table: table, count: count) }

  struct Parts {
    private let table: Table
    /// 2^32 parts a group.
    private let scale: Int

    init(table: Table, count: Int) {
      self.table = table
      scale = count << 32 / (table.capacity / groupSize)
    }

    @inline(__always)
    func owner(of state: State) -> Int { owner(of: table.group(of: state)) }

    @inline(__always)
    func owner(of slot: Int) -> Int { (slot / groupSize &* scale) &>> 32 }
  }

  struct Table {
    fileprivate let slots: MappedArray<State>.Elements
    fileprivate let capacity: Int

    /// Starts to load what `insert` will look at.
    @inline(__always)
    func prefetch(_ state: State) { slots.prefetch(group(of: state)) }

    /// Starts to load what `insert` will look at if the state is not in its own group.
    @inline(__always)
    func prefetchNext(_ state: State) {
      slots.prefetch(behind(group(of: state)))
    }

    /// Whether `state` is where it would be first, as almost all are; it may be elsewhere.
    @inline(__always)
    func isInItsGroup(_ state: State) -> Bool { matches(state, group(of: state)) != 0 }

    /// All slots are compared before anything is decided: which of them has a state cannot be
    /// predicted.
    @inline(__always)
    private func matches(_ state: State, _ first: Int) -> Int {
      var matches = 0
      var slot = 0
      while slot < groupSize {
        matches &+= slots[first &+ slot] == state ? 1 : 0
        slot &+= 1
      }
      return matches
    }

    /// Inserts `state` as long as that takes no look at another owner's part.
    /// - Returns: whether it was not in the set; `nil` if that was not to be told.
    @inline(__always)
    func insert(_ state: State, for owner: Int, of parts: Parts) -> Bool? {
      let first = group(of: state)
      if matches(state, first) != 0 { return false }
      if !slots[first &+ (groupSize - 1)].isMarked {
        fill(first, state)
        return true
      }
      return insertBehind(first, state, owner, parts)
    }

    @inline(never)
    private func insertBehind(
      _ full: Int, _ state: State, _ owner: Int, _ parts: Parts
    ) -> Bool? {
      var first = full
      repeat {
        first &+= groupSize
        if first == capacity || parts.owner(of: first) != owner { return nil }
        if matches(state, first) != 0 { return false }
      } while slots[first &+ (groupSize - 1)].isMarked
      fill(first, state)
      return true
    }

    /// Empties the group at `first`.
    /// - Returns: how many states it had, which are put into `held`.
    @inline(__always)
    fileprivate func takeOut(_ first: Int, into held: MappedArray<State>.Elements) -> Int {
      let count = count(first)
      var slot = 0
      while slot < groupSize {
        held[slot] = slots[first &+ slot]
        slots[first &+ slot] = State()
        slot &+= 1
      }
      return count
    }

    /// States in the group at `first`. All slots are counted, as where the first free one is cannot be
    /// predicted.
    @inline(__always)
    private func count(_ first: Int) -> Int {
      var count = 0
      var slot = 0
      while slot < groupSize {
        count &+= slots[first &+ slot].isMarked ? 1 : 0
        slot &+= 1
      }
      return count
    }

    /// Puts `state` into the group at `first`, which is not full.
    @inline(__always)
    private func fill(_ first: Int, _ state: State) { slots[first &+ count(first)] = state }

    /// Puts `state` in, which is not in the set.
    @inline(__always)
    fileprivate func add(_ state: State) {
      var first = group(of: state)
      while true {
        let count = count(first)
        if _fastPath(count < groupSize) {
          slots[first &+ count] = state
          return
        }
        first = behind(first)
      }
    }

    @inline(__always)
    private func behind(_ first: Int) -> Int {
      first &+ groupSize == capacity ? 0 : first &+ groupSize
    }

    /// - Returns: whether `state` was not in the set.
    @inline(__always)
    func insert(_ state: State) -> Bool {
      var first = group(of: state)
      while true {
        if matches(state, first) != 0 { return false }
        if !slots[first &+ (groupSize - 1)].isMarked {
          fill(first, state)
          return true
        }
        first = behind(first)
      }
    }

    /// The first slot of the group at which the search for `state` begins.
    @inline(__always)
    fileprivate func group(of state: State) -> Int {
      let groups = UInt64(truncatingIfNeeded: capacity) / UInt64(groupSize)
      let group = state.hash.multipliedFullWidth(by: groups).high
      return Int(truncatingIfNeeded: group) &* groupSize
    }
  }
}
