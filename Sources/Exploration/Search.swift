/// A breadth-first search over all states of a system, level by level.
///
/// The states in the order found are at once the queue and what a larger table is filled from.
/// No predecessors are kept: a trace is found by expanding level after level once more, and as each
/// is searched in order, it is the first in order of its transitions among the shortest.
struct Search<System: TransitionSystem & ~Copyable>: ~Copyable {
  typealias State = System.State

  static var firstCapacity: Int { 1 << 12 }
  /// Up to this many slots the table grows by four, from then on by half.
  static var smallCapacity: Int { 1 << 16 }
  /// Transitions between two looks at what the caller wants.
  static var transitionsPerStep: Int { 1 << 17 }
  /// States that are expanded before the first of their successors is looked up.
  static var blockSize: Int { 16 }
  static var recentBits: Int { 14 }

  /// A successor that may be new.
  struct Candidate: BitwiseCopyable {
    var state: State
    var transition: UInt32
    /// Of which state of the block.
    var source: UInt32
  }

  var system: System
  let options: SearchOptions
  var visited: VisitedSet<State>
  /// All states found, in order.
  let list: MappedArray<State>
  var count = 0
  /// States for which there is room in table, list and memory, as far as is known.
  var room = 0
  var transitions = 0
  /// Where in the list each level starts.
  var levels = [0]
  var successors: Successors<State>
  /// States that were found a short time ago; most successors are among them, and need no look into
  /// the table.
  let recent: MappedArray<State>
  /// The candidates of a block.
  let unseen: MappedArray<Candidate>
  /// The properties of which no violation is known yet.
  var wanted: PropertySet
  var found: [SearchViolation] = []
  var bound: SearchBound?
  var hasSaturated = false

  init(_ system: consuming System, _ options: SearchOptions) {
    let limit =
      max(options.memory / MemoryLayout<State>.stride, Self.firstCapacity) & ~(groupSize - 1)
    guard let visited = VisitedSet<State>(capacity: Self.firstCapacity, limit: limit),
      let list = MappedArray<State>(capacity: limit),
      let recent = MappedArray<State>(capacity: 1 << Self.recentBits),
      let unseen = MappedArray<Candidate>(capacity: Self.blockSize * system.successorLimit + 1)
    else { preconditionFailure("the host has no addresses for the states") }
    successors = Successors(limit: system.successorLimit)
    self.visited = visited
    self.list = list
    self.recent = recent
    self.unseen = unseen
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
      while head < end, makeRoom() {
        if transitions >= nextStep {
          nextStep = transitions + Self.transitionsPerStep
          if !advance(progress(head)) { bound = .cancellation }
        }
        if isOver { break }
        head = expandBlock(from: head, to: min(end, head + Self.blockSize))
      }
    }
    return outcome()
  }

  var isOver: Bool { bound != nil || (!found.isEmpty && !options.keepsGoing) }

  private func progress(_ head: Int) -> SearchProgress {
    SearchProgress(
      states: count, transitions: transitions, depth: levels.count - 1, waiting: count - head)
  }

  /// Puts the first state in the list and looks at it.
  private mutating func start() {
    guard options.states > 0, makeRoom() else {
      bound = bound ?? .states
      return
    }
    let first = system.initialState
    _ = visited.table.insert(first)
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
      bytes: bytes(slots: visited.capacity, states: count))
  }
}
