/// A breadth-first search over all states of a system, level by level.
///
/// The states in the order found are at once the queue and what traces are made of.
/// No predecessors are kept: a trace is found by expanding level after level once more, and as each
/// is searched in order, it is the first in order of its transitions among the shortest.
struct Search<System: TransitionSystem & ~Copyable>: ~Copyable {
  typealias State = System.State

  var system: System
  let options: SearchOptions
  var known: KnownStates<State>
  var transitions = 0
  /// Where in the list each level starts.
  var levels = [0]
  /// What the caller's thread expands and adds by itself.
  let own: Worker<System>
  let block: Block<State>
  /// All threads, from the first level on that is worth it.
  var team: Team<System>?
  /// `nil` for sharing all that can be shared.
  var pace: Pace? = Pace()
  private var isShared = true
  /// The properties of which no violation is known yet.
  var wanted: PropertySet
  var found: [SearchViolation] = []
  var bound: SearchBound?
  var hasSaturated = false

  init(_ system: consuming System, _ options: SearchOptions) {
    own = Worker(system)
    block = Block(successorLimit: system.successorLimit)
    known = KnownStates(bits: system.stateBits, memory: options.memory, limit: options.states)
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
    while head < known.count, !isOver {
      guard levels.count <= options.depth else {
        bound = .depth
        break
      }
      let end = known.count
      levels.append(end)
      while head < end, !isOver {
        if head >= nextStep {
          nextStep = head + statesPerStep
          known.prepare(&system, from: head, to: nextStep)
          guard advance(progress(head)) else {
            bound = .cancellation
            break
          }
          isShared = pace?.next() ?? true
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
    guard options.threads > 1, isShared, end - start >= Team<System>.leastStates else {
      return expandBlock(from: start, to: end)
    }
    expandTogether(from: start, to: end)
    return end
  }

  var isOver: Bool { bound != nil || (!found.isEmpty && !options.keepsGoing) }

  private func progress(_ head: Int) -> SearchProgress {
    let end = levels.last ?? known.count
    return SearchProgress(
      states: known.count, transitions: transitions, depth: levels.count - 1,
      waiting: known.count - head, levels: levelSizes, waitingInLevel: end - head,
      bytes: known.bytes)
  }

  /// States of each level, the one that is being found last.
  private var levelSizes: [Int] {
    zip(levels.dropFirst() + [known.count], levels).map { $0 - $1 }
  }

  /// Puts the first state in the list and looks at it.
  private mutating func start() {
    let first = system.initialState
    guard addByItself(first) != nil else { return }
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
    let last = levels.lastIndex { $0 < known.count } ?? 0
    return SearchOutcome(
      verdict: verdict, violations: found, states: known.count, transitions: transitions,
      depth: last, bytes: known.bytes, levels: levelSizes.filter { $0 > 0 })
  }
}
