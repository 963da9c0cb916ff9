/// What one thread of a search expands states with, and what it found.
///
/// The candidates lie in a stretch for each thread that will look them up: the owner of their part of
/// the table.
final class Worker<System: TransitionSystem & ~Copyable> {
  typealias State = System.State

  private static var recentBits: Int { 13 }
  /// States that are expanded by one thread before the first of their successors is looked up.
  static var blockSize: Int { 16 }

  /// A candidate that another thread's part of the table may have room for.
  struct Spill {
    let finder: Worker
    let candidate: Candidate<State>
  }

  /// A new state that the search has to hear of, by its place in the list.
  struct Event {
    let index: Int
    let key: UInt32
  }

  var successors: Successors<State>
  private var scratch: System.Scratch
  /// A state, and for which of the states that this thread expanded it was found.
  private struct Sighting: BitwiseCopyable {
    var state: State
    var number: UInt32
  }

  /// States that were found a short time ago; many successors are among them, and need no look into
  /// the table.
  private let recent: MappedArray<Sighting>
  /// States expanded, counted round.
  private var expanded: UInt32 = 0
  /// Successors of a few states that were not found a short time ago.
  let fresh: MappedArray<Candidate<State>>
  let candidates: MappedArray<Candidate<State>>
  /// Candidates of a stretch, with one more for the end's mark.
  private let stretch: Int
  /// Where in `candidates` the ones of each owner end. Other threads write here as well.
  let ends: MappedArray<Int>
  /// Where in each stretch listing is.
  let heads: MappedArray<Int>
  /// The state of the list that is expanded next, and where to stop.
  var next = 0
  var end = 0
  private(set) var transitions = 0
  /// Whether a successor breaks something by its transition, so that all must go in order.
  private(set) var hasMarks = false
  /// What this thread, as an owner, left to be added when the others are ready.
  var spilled: ContiguousArray<Spill> = []
  var events: ContiguousArray<Event> = []

  /// A worker for up to `states` states at once, and `owners` parts of the table.
  init(_ system: borrowing System, states: Int, owners: Int) {
    stretch = states * system.successorLimit + 1
    guard let recent = MappedArray<Sighting>(capacity: 1 << Self.recentBits),
      let fresh = MappedArray<Candidate<State>>(
        capacity: Self.blockSize * system.successorLimit + 1),
      let candidates = MappedArray<Candidate<State>>(capacity: stretch * owners),
      let ends = MappedArray<Int>(capacity: owners),
      let heads = MappedArray<Int>(capacity: owners)
    else { preconditionFailure("the host has no addresses for the candidates") }
    successors = Successors(limit: system.successorLimit)
    scratch = system.makeScratch()
    self.recent = recent
    self.fresh = fresh
    self.candidates = candidates
    self.ends = ends
    self.heads = heads
  }

  func start(of owner: Int) -> Int { owner * stretch }

  /// New states found by all owners among the candidates.
  var newCount: Int {
    (0..<ends.capacity).reduce(0) { $0 + ends[$1] - start(of: $1) }
  }

  /// Prepares for the states from `start` to `end` - 1 of the list.
  func begin(_ start: Int, _ end: Int) {
    next = start
    self.end = end
    transitions = 0
    hasMarks = false
    spilled.removeAll()
    events.removeAll()
    for owner in 0..<ends.capacity { ends[owner] = self.start(of: owner) }
  }
}

/// Expanding states.
extension Worker where System: ~Copyable {
  /// Expands what is left of the worker's states, up to one that the system has to learn from, or whose
  /// successors break one of the wanted properties.
  func expandKnown(of search: borrowing Search<System>, from first: Int) {
    let table = search.visited.table
    while next < end {
      let blockEnd = min(end, next &+ Self.blockSize)
      var count = 0
      var isKnown = true
      while next < blockEnd {
        successors.removeAll()
        let state = search.list[next]
        isKnown = search.system.findKnownSuccessors(
          of: state, search.arrivals[next], into: &successors, using: &scratch)
        if !isKnown { break }
        guard !findMarks(of: search.wanted) else { return }
        count = appendFresh(from: state, source: next &- first, after: count, table)
        transitions &+= successors.enabledCount
        next &+= 1
      }
      handOver(count, search.visited)
      if !isKnown { return }
    }
  }

  /// Takes the successors of `state`, the next one, as they were found.
  func take(_ state: State, of search: borrowing Search<System>, from first: Int) {
    guard !findMarks(of: search.wanted) else { return }
    let count = appendFresh(
      from: state, source: next - first, after: 0, search.visited.table)
    handOver(count, search.visited)
    transitions += successors.enabledCount
    next += 1
  }

  @inline(__always)
  private func findMarks(of wanted: PropertySet) -> Bool {
    if _slowPath(!successors.marks.isEmpty) { hasMarks = successors.marksAny(of: wanted) }
    return hasMarks
  }

  /// Hands those of the first `count` of `fresh` that the table is not seen to have to the owners of
  /// their parts of it.
  private func handOver(_ count: Int, _ visited: borrowing VisitedSet<State>) {
    let fresh = self.fresh.elements
    let candidates = self.candidates.elements
    let ends = self.ends.elements
    let parts = visited.parts(ends.capacity)
    let kept = visited.table.sift(fresh, to: count)
    var index = 0
    while index < kept {
      let candidate = fresh[index]
      let owner = parts.owner(of: candidate.state)
      let end = ends[owner]
      candidates[end] = candidate
      ends[owner] = end &+ 1
      index &+= 1
    }
  }

  /// Appends those of the successors to `fresh` that were not found a short time ago, in order, and
  /// starts to load where the table would have them. What was found for the same state is kept, as the
  /// search has to know which new states it is come to twice; see `Wake`.
  /// - Returns: how many there are now.
  @inline(__always)
  func appendFresh(
    from state: State, source: Int, after before: Int, _ table: VisitedSet<State>.Table
  ) -> Int {
    let elements = successors.elements
    let recent = self.recent.elements
    let fresh = self.fresh.elements
    let count = successors.count
    let firstKey = UInt32(truncatingIfNeeded: source &* successors.limit)
    recent[Self.recentIndex(state)] = Sighting(state: state, number: expanded)
    expanded &+= 1
    let number = expanded
    var end = before
    var position = 0
    while position < count {
      var next = elements[position]
      next.key &+= firstKey
      let index = Self.recentIndex(next.state)
      fresh[end] = next
      let last = recent[index]
      end &+= last.state == next.state && last.number != number ? 0 : 1
      recent[index] = Sighting(state: next.state, number: number)
      position &+= 1
    }
    var index = before
    while index < end {
      table.prefetch(fresh[index].state)
      index &+= 1
    }
    return end
  }

  @inline(__always)
  private static func recentIndex(_ state: State) -> Int {
    Int(truncatingIfNeeded: state.hash &>> UInt64(64 &- recentBits))
  }
}
