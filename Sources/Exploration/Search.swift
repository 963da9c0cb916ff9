/// A breadth-first search over all states of a system, level by level.
///
/// The states in the order found are at once the queue and what traces are made of.
/// No predecessors are kept: a trace is found by expanding level after level once more, and as each
/// is searched in order, it is the first in order of its transitions among the shortest.
struct Search<System: TransitionSystem & ~Copyable>: ~Copyable {
  typealias State = System.State

  static var firstCapacity: Int { 1 << 12 }
  /// Up to this many slots the table grows by four, from then on by a quarter.
  static var smallCapacity: Int { 1 << 16 }
  static var blockSize: Int { Worker<System>.blockSize }

  var system: System
  let options: SearchOptions
  var visited: VisitedSet<State>
  /// All states found, in order.
  let list: StateList<State>
  /// How each of them was come to, as long as it waits.
  var arrivals: Arrivals
  var count = 0
  /// States at which the table has to grow, or the search to stop.
  var room = 0
  var transitions = 0
  /// Where in the list each level starts.
  var levels = [0]
  /// The caller's thread's.
  let own: Worker<System>
  /// The threads and their workers, from the first level on that is worth it.
  var team: Team<System>?
  /// `nil` for sharing all that can be shared.
  var pace: Pace? = Pace()
  var isShared = true
  /// The properties of which no violation is known yet.
  var wanted: PropertySet
  var found: [SearchViolation] = []
  var bound: SearchBound?
  var hasSaturated = false

  init(_ system: consuming System, _ options: SearchOptions) {
    let limit =
      max(options.memory / MemoryLayout<State>.stride, Self.firstCapacity) & ~(groupSize - 1)
    guard let visited = VisitedSet<State>(capacity: Self.firstCapacity, limit: limit),
      let list = StateList<State>(bits: system.stateBits, memory: options.memory),
      let arrivals = Arrivals(limit: list.capacity)
    else { preconditionFailure("the host has no addresses for the states") }
    own = Worker(system, states: 0, owners: 1)
    self.visited = visited
    self.list = list
    self.arrivals = arrivals
    self.system = system
    self.options = options
    wanted = options.properties.union(.saturation)
    self.system.forget(wanted.symmetricDifference(.all))
  }

  /// Searches until there is an answer, or `advance` says stop.
  mutating func run(_ advance: (SearchProgress) -> Bool) -> SearchOutcome {
    start()
    var head = 0
    var nextStep = 0
    while head < count, !isOver {
      guard levels.count <= options.depth else {
        bound = .depth
        break
      }
      let end = count
      levels.append(end)
      while head < end, !isOver {
        if head >= nextStep {
          nextStep = head + statesPerStep
          arrivals.discard(upTo: head, of: count)
          system.prepare(for: arrivals, from: head, to: min(nextStep, count))
          guard advance(progress(head)) else {
            bound = .cancellation
            break
          }
          isShared = pace?.next(transitions) ?? true
        }
        head = expand(from: head, to: min(end, nextStep))
      }
    }
    return outcome()
  }

  /// States between two looks at what the caller wants, whatever the number of threads.
  private var statesPerStep: Int {
    let transitions = options.transitionsPerLook
    return min(max(transitions / max(system.successorLimit, 1), transitions >> 10, 1), 1 << 14)
  }

  /// Expands states from `start` to `end` - 1 of the list, as many at once as is good.
  /// - Returns: the first state that was not expanded.
  private mutating func expand(from start: Int, to end: Int) -> Int {
    let size = min(end - start, roundLimit)
    return size < Team<System>.roundMinimum
      ? expandBlock(from: start, to: min(end, start + Self.blockSize))
      : expandRound(from: start, to: start + size)
  }

  var isOver: Bool { bound != nil || (!found.isEmpty && !options.keepsGoing) }

  private func progress(_ head: Int) -> SearchProgress {
    let end = levels.last ?? count
    return SearchProgress(
      states: count, transitions: transitions, depth: levels.count - 1, waiting: count - head,
      levels: levelSizes, waitingInLevel: end - head,
      bytes: bytes(slots: visited.capacity, states: count))
  }

  /// States of each level, the one that is being found last.
  private var levelSizes: [Int] {
    zip(levels.dropFirst() + [count], levels).map { $0 - $1 }
  }

  /// Puts the first state in the list and looks at it.
  private mutating func start() {
    room = room(slots: visited.capacity)
    let first = system.initialState
    _ = visited.table.insert(first)
    guard makeRoom() else { return }
    list[0] = first
    count = 1
    let broken = system.broken(in: first).intersection(wanted)
    for property in broken.numbers { found.append(SearchViolation(property: property, trace: [])) }
    wanted.subtract(broken)
    system.forget(broken)
  }

  private func outcome() -> SearchOutcome {
    let verdict: SearchVerdict =
      if !found.isEmpty {
        .violated
      } else if let bound {
        .bounded(by: bound)
      } else {
        hasSaturated ? .bounded(by: .saturation) : .holds
      }
    let last = levels.lastIndex { $0 < count } ?? 0
    return SearchOutcome(
      verdict: verdict, violations: found, states: count, transitions: transitions, depth: last,
      bytes: bytes(slots: visited.capacity, states: count),
      levels: levelSizes.filter { $0 > 0 })
  }
}
