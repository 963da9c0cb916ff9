/// The states that a search has found.
struct KnownStates<State: PackedState>: ~Copyable {
  private static var firstCapacity: Int { 1 << 12 }
  /// Up to this many slots the table grows by four, from then on by a quarter.
  private static var smallCapacity: Int { 1 << 16 }

  private var visited: VisitedSet<State>
  /// All of them, in the order found.
  private let list: StateList<State>
  /// How each of them was come to, as long as it waits.
  private var arrivals: Arrivals
  private(set) var count = 0
  /// States at which the table has to grow, or the search to stop.
  private var room = 0
  /// Bytes, and states, that there may be.
  private let memory: Int
  private let limit: Int

  /// Nothing known yet of states that have no bits but `bits` and the mark.
  init(bits: State, memory: Int, limit: Int) {
    let slots = max(memory / MemoryLayout<State>.stride, Self.firstCapacity) & ~(groupSize - 1)
    guard let visited = VisitedSet<State>(capacity: Self.firstCapacity, limit: slots),
      let list = StateList<State>(bits: bits, memory: memory),
      let arrivals = Arrivals(limit: list.capacity)
    else { preconditionFailure("the host has no addresses for the states") }
    self.visited = visited
    self.list = list
    self.arrivals = arrivals
    self.memory = memory
    self.limit = limit
    room = room(slots: Self.firstCapacity)
  }

  /// The state at a place of the list.
  subscript(index: Int) -> State { list[index] }

  /// The states that are in the list now, for all threads to read while others are added.
  @inline(__always)
  var frontier: Frontier<State> {
    Frontier(states: list.reader, arrivals: arrivals.reader)
  }

  /// For loops; valid until there is made more room.
  @inline(__always)
  var table: VisitedSet<State>.Table { visited.table }

  /// Makes `system` ready for the states from `start` to `end` - 1, and forgets how those before them
  /// were come to.
  mutating func prepare<System: TransitionSystem & ~Copyable>(
    _ system: inout System, from start: Int, to end: Int
  ) where System.State == State {
    arrivals.discard(upTo: start, of: count)
    system.prepare(for: arrivals, from: start, to: min(end, count))
  }
}

/// Adding states.
extension KnownStates {
  /// Why not all of a block was added.
  enum Halt {
    /// There is no room for the new state that this candidate is.
    case full(UInt32)
    /// The candidate is a new state, which was added, and breaks these.
    case broken(UInt32, PropertySet)
  }

  /// Adds a state of which it is not told how it was come to.
  /// - Returns: whether it is new; `nil` if it is, and there is no room for it.
  mutating func add(_ state: State) -> Bool? {
    let table = visited.table
    if count >= room, !table.contains(state) { return nil }
    guard table.insert(state) else { return false }
    list[count] = state
    arrivals.note(.unknown, at: count)
    count += 1
    return true
  }

  /// Adds the new ones of the candidates that were not looked up yet.
  @inline(__always)
  mutating func add<System: TransitionSystem & ~Copyable>(
    _ block: Block<State>, judgedBy system: borrowing System, for wanted: PropertySet
  ) -> Halt? where System.State == State {
    let table = visited.table
    let candidates = block.candidates.elements
    let end = block.count
    var index = block.lookedUp
    var notes = block.notes
    var halt: Halt?
    while index < end {
      let candidate = candidates[index]
      if _slowPath(count >= room), !table.contains(candidate.state) {
        halt = .full(candidate.key)
        break
      }
      index &+= 1
      guard table.insert(candidate.state) else {
        if notes.isSibling(candidate) { forgetArrival(of: candidate.state, from: notes.first) }
        continue
      }
      list[count] = candidate.state
      notes.note(candidate, at: count, in: arrivals)
      count &+= 1
      let broken = system.broken(in: candidate.state).intersection(wanted)
      if _slowPath(!broken.isEmpty) {
        halt = .broken(candidate.key, broken)
        break
      }
    }
    block.lookedUp = index
    block.notes = notes
    return halt
  }

  /// Forgets how `state` was come to, if it is among the last of the list, from `first` on.
  private mutating func forgetArrival(of state: State, from first: Int) {
    for index in first..<count where list[index] == state { arrivals.forget(index, from: first) }
  }
}

/// Growing within the limits.
extension KnownStates {
  /// The limit that leaves no room any more.
  var bound: SearchBound { count == limit ? .states : .memory }

  /// What the table, the list and the most arrivals at once took.
  var bytes: Int {
    visited.capacity * MemoryLayout<State>.stride + count * list.size + arrivals.bytes
  }

  /// Makes room for more states, with all threads of `crew` if there is one.
  /// - Returns: whether there may be more.
  mutating func grow(by crew: Crew?) -> Bool {
    let slots =
      visited.capacity < Self.smallCapacity
      ? visited.capacity * 4 : visited.capacity / 32 * 40
    guard slots <= visited.limit, room(slots: slots) > count else { return false }
    visited.grow(to: slots, by: crew)
    room = room(slots: slots)
    return true
  }

  /// States for which there is room in a table of `slots` slots, and in memory beside it.
  private func room(slots: Int) -> Int {
    let free = memory - slots * MemoryLayout<State>.stride
    let affordable = free / (list.size + MemoryLayout<Origin>.stride)
    return min(slots / 32 * 27, affordable, list.capacity, limit)
  }
}

/// The states of a list, and how they were come to, to be read while others are added behind them.
struct Frontier<State: PackedState> {
  fileprivate let states: StateList<State>.Reader
  fileprivate let arrivals: Arrivals.Reader

  @inline(__always)
  subscript(index: Int) -> State { states[index] }

  @inline(__always)
  func arrival(_ index: Int) -> Arrival { arrivals[index] }
}
