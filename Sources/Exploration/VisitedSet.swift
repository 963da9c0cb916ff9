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

  /// Uses `newCapacity` slots from now on, more than before, and puts every state where it belongs, with
  /// all threads of `crew` if there is one.
  ///
  /// The groups are moved in place, from the last to the first: a state never belongs before its old
  /// group's place, as the order is the same. Only near the start of the table, where a state may lie
  /// further behind its group than that group moves, all are taken out first.
  mutating func grow(to newCapacity: Int, by crew: Crew? = nil) {
    precondition(newCapacity > capacity && newCapacity <= limit, "a table grows within its limit")
    let new = Table(slots: slots.elements, capacity: newCapacity)
    let held = self.held.elements
    var (end, rest) = crew.map { moveTogether(to: new, by: $0) } ?? (capacity, [])
    var isNear = false
    while end > 0 {
      end &-= groupSize
      let count = new.takeOut(end, into: held)
      var index = 0
      if !isNear {
        while index < count {
          if new.group(of: held[index]) < end { isNear = true }
          index &+= 1
        }
        index = 0
        while !isNear, index < count {
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

  /// Moves groups by all threads, from the last on, as long as many can be moved at once: those that
  /// belong behind all that were not moved.
  ///
  /// Each thread moves a part of them, to where the others put nothing. What belongs a little before that,
  /// or behind it, is left.
  /// - Returns: where the groups end that were not moved, and the states that were left, which are in no
  ///   group.
  private func moveTogether(to new: Table, by crew: Crew) -> (end: Int, left: [State]) {
    let (groups, newGroups) = (capacity / groupSize, new.capacity / groupSize)
    let movers = (0..<crew.size).map { _ in Mover() }
    var end = groups
    while true {
      let start = (end * groups + newGroups - 1) / newGroups
      let size = (end - start) / crew.size
      guard size >= Self.leastShare else { break }
      let last = end
      crew.run { thread in
        let from = start + thread * size
        let to = thread == crew.size - 1 ? last : from + size
        movers[thread].move(
          (from * groupSize)..<(to * groupSize), to: new,
          within: (from * newGroups / groups * groupSize)..<(to * newGroups / groups * groupSize))
      }
      end = start
    }
    return (end * groupSize, movers.flatMap(\.left))
  }

  /// Groups that are worth it for a thread.
  private static var leastShare: Int { 1 << 10 }

  /// What one thread moves states with.
  private final class Mover {
    private let held: MappedArray<State>
    private(set) var left: [State] = []

    init() {
      guard let held = MappedArray<State>(capacity: groupSize) else {
        preconditionFailure("the host has no memory for a group of states")
      }
      self.held = held
    }

    /// Moves what is in some slots, and belongs within others.
    func move(_ range: Range<Int>, to new: Table, within bounds: Range<Int>) {
      let held = self.held.elements
      var first = range.lowerBound
      while first < range.upperBound {
        let count = new.takeOut(first, into: held)
        var index = 0
        while index < count {
          if !new.add(held[index], within: bounds) { left.append(held[index]) }
          index &+= 1
        }
        first &+= groupSize
      }
    }
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

    /// Starts to load what `insert` will look at if the state is not in its own group.
    @inline(__always)
    func prefetchNext(_ state: State) {
      slots.prefetch(behind(group(of: state)))
    }

    func contains(_ state: State) -> Bool {
      var first = group(of: state)
      while matches(state, first) == 0 {
        if !slots[first &+ (groupSize - 1)].isMarked { return false }
        first = behind(first)
      }
      return true
    }

    /// Whether `state` is seen where it would be first, as almost all are; it may be elsewhere. Another thread
    /// may insert states meanwhile.
    @inline(__always)
    func isInItsGroup(_ state: State) -> Bool { matches(state, group(of: state)) != 0 }

    /// All slots are compared before anything is decided: which of them has a state cannot be
    /// predicted.
    @inline(__always)
    private func matches(_ state: State, _ first: Int) -> Int {
      var matches = 0
      var slot = 0
      while slot < groupSize {
        matches &+= slots.shows(state, at: first &+ slot) ? 1 : 0
        slot &+= 1
      }
      return matches
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
    private func fill(_ first: Int, _ state: State) {
      slots.show(state, at: first &+ count(first))
    }

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

    /// Puts `state` in, which is not in the set, where that takes no slot but those in `bounds`.
    /// - Returns: whether that is so.
    @inline(__always)
    fileprivate func add(_ state: State, within bounds: Range<Int>) -> Bool {
      var first = group(of: state)
      guard first >= bounds.lowerBound else { return false }
      while first < bounds.upperBound {
        let count = count(first)
        if _fastPath(count < groupSize) {
          slots[first &+ count] = state
          return true
        }
        first &+= groupSize
      }
      return false
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
