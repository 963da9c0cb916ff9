/// A breadth-first search over all states of a system, level by level.
///
/// The states in the order found are at once the queue and what a larger table is filled from.
/// No predecessors are kept: a trace is found by expanding level after level once more, and as each
/// is searched in order, it is the first in order of its transitions among the shortest.
struct Search<System: TransitionSystem & ~Copyable>: ~Copyable {
  typealias State = System.State

  private static var firstCapacity: Int { 1 << 12 }
  /// Up to this many slots the table grows by four, from then on by half.
  private static var smallCapacity: Int { 1 << 16 }
  /// Transitions between two looks at what the caller wants.
  private static var transitionsPerStep: Int { 1 << 17 }
  private static var prefetchDistance: Int { 16 }

  private var system: System
  private let options: SearchOptions
  private var visited: VisitedSet<State>
  /// All states found, in order.
  private var list: MappedArray<State>
  private var count = 0
  /// States for which there is room in table, list and memory, as far as is known.
  private var room = 0
  private var transitions = 0
  /// Where in the list each level starts.
  private var levels = [0]
  private var successors: Successors<State>
  /// The properties of which no violation is known yet.
  private var wanted: PropertySet
  private var found: [SearchViolation] = []
  private var bound: SearchBound?
  private var hasSaturated = false

  init(_ system: consuming System, _ options: SearchOptions) {
    guard let visited = VisitedSet<State>(capacity: Self.firstCapacity),
      let list = MappedArray<State>(capacity: Self.firstCapacity)
    else { preconditionFailure("the host has no memory for the smallest table") }
    successors = Successors(limit: system.successorLimit)
    self.visited = visited
    self.list = list
    self.system = system
    self.options = options
    wanted = options.properties.union(.saturation)
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
        expand(head)
        head &+= 1
        if isOver { break }
        if transitions >= nextStep {
          nextStep = transitions + Self.transitionsPerStep
          if !advance(progress(head)) { bound = .cancellation }
        }
      }
    }
    return outcome()
  }

  private var isOver: Bool { bound != nil || (!found.isEmpty && !options.keepsGoing) }

  private func progress(_ head: Int) -> SearchProgress {
    SearchProgress(
      states: count, transitions: transitions, depth: levels.count - 1, waiting: count - head)
  }

  // MARK: Expanding

  /// Puts the first state in the list and looks at it.
  private mutating func start() {
    guard options.states > 0, makeRoom() else {
      bound = bound ?? .states
      return
    }
    let first = system.initialState
    _ = visited.insert(first)
    list[0] = first
    count = 1
    let broken = system.broken(in: first).intersection(wanted)
    for property in broken.numbers { found.append(SearchViolation(property: property, trace: [])) }
    forget(broken)
  }

  /// A violation among the successors of one state.
  private struct Hit {
    let position: Int
    let properties: PropertySet
  }

  /// Finds all successors of the state at `index` of the list, and adds the new ones.
  private mutating func expand(_ index: Int) {
    let state = list[index]
    successors.removeAll()
    system.appendSuccessors(of: state, to: &successors)
    // All probes are started before the first is needed: the table is far larger than the cache.
    var position = 0
    while position < successors.count {
      visited.prefetch(successors[position])
      position &+= 1
    }
    var hits: ContiguousArray<Hit> = []
    var nextMark = 0
    position = 0
    while position < successors.count {
      if nextMark < successors.marks.count, successors.marks[nextMark].position == position {
        note(successors.marks[nextMark].properties, position, in: &hits)
        nextMark += 1
      }
      let next = successors[position]
      if next != state, visited.insert(next) {
        guard count < options.states else {
          bound = .states
          break
        }
        list[count] = next
        count &+= 1
        note(system.broken(in: next), position, in: &hits)
      }
      position &+= 1
      if !hits.isEmpty, !options.keepsGoing { break }
    }
    transitions &+= position
    if !hits.isEmpty { tell(hits, of: index) }
  }

  @inline(__always)
  private mutating func note(
    _ properties: PropertySet, _ position: Int, in hits: inout ContiguousArray<Hit>
  ) {
    if properties.isDisjoint(with: wanted) { return }
    noteNew(properties.intersection(wanted), position, in: &hits)
  }

  @inline(never)
  private mutating func noteNew(
    _ properties: PropertySet, _ position: Int, in hits: inout ContiguousArray<Hit>
  ) {
    wanted.subtract(properties)
    if properties.contains(.saturation) {
      hasSaturated = true
      system.forget(.saturation)
    }
    let violated = properties.subtracting(.saturation)
    if !violated.isEmpty { hits.append(Hit(position: position, properties: violated)) }
  }

  private mutating func forget(_ properties: PropertySet) {
    wanted.subtract(properties)
    system.forget(properties)
  }

  /// Tells what was found among the successors of the state at `index`.
  private mutating func tell(_ hits: ContiguousArray<Hit>, of index: Int) {
    for hit in hits {
      for property in hit.properties.numbers {
        var trace = self.trace(to: index)
        successors.removeAll()
        system.appendSuccessors(of: list[index], to: &successors)
        trace.transitions.append(successors.transition(hit.position))
        trace.states.append(successors[hit.position])
        let concrete = system.concrete(trace, breaking: PropertySet(property))
        found.append(SearchViolation(property: property, trace: concrete))
      }
    }
    for hit in hits { forget(hit.properties) }
  }

  /// The first shortest way to the state at `index` of the list.
  private mutating func trace(to index: Int) -> Trace<State> {
    var trace = Trace<State>()
    var target = list[index]
    guard var level = levels.lastIndex(where: { $0 <= index }) else { return trace }
    while level > 0 {
      level -= 1
      guard let (source, transition) = predecessor(of: target, in: level) else {
        preconditionFailure("a state was found without a predecessor in the level before")
      }
      trace.transitions.append(transition)
      trace.states.append(target)
      target = source
    }
    trace.transitions.reverse()
    trace.states.reverse()
    return trace
  }

  private mutating func predecessor(
    of target: State, in level: Int
  ) -> (state: State, transition: Int)? {
    for index in levels[level]..<levels[level + 1] {
      successors.removeAll()
      system.appendSuccessors(of: list[index], to: &successors)
      for position in 0..<successors.count where successors[position] == target {
        return (list[index], successors.transition(position))
      }
    }
    return nil
  }

  // MARK: Memory

  /// Sees to it that all successors of one more state have room.
  /// - Returns: whether they do; otherwise the search is bounded by memory.
  @inline(__always)
  private mutating func makeRoom() -> Bool {
    count &+ system.successorLimit <= room || grow()
  }

  @inline(never)
  private mutating func grow() -> Bool {
    let needed = count + system.successorLimit
    if needed > Self.capacityInUse(visited.capacity) {
      var capacity = visited.capacity
      while needed > Self.capacityInUse(capacity) { capacity = Self.nextCapacity(capacity) }
      guard bytes(slots: capacity, states: needed) <= options.memory,
        visited.renew(capacity: capacity)
      else { return isOutOfMemory() }
      refill()
    }
    if needed > list.capacity {
      guard list.grow(to: max(needed, 2 * list.capacity)) else { return isOutOfMemory() }
    }
    let affordable = options.memory / MemoryLayout<State>.stride - visited.capacity
    guard needed <= affordable else { return isOutOfMemory() }
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
    capacity < smallCapacity ? capacity * 4 : capacity / 2 * 3
  }

  /// Puts all states of the list in the table.
  private mutating func refill() {
    var index = 0
    while index < count {
      if index &+ Self.prefetchDistance < count {
        visited.prefetch(list[index &+ Self.prefetchDistance])
      }
      _ = visited.insert(list[index])
      index &+= 1
    }
  }

  private func bytes(slots: Int, states: Int) -> Int {
    (slots + states) * MemoryLayout<State>.stride
  }

  // MARK: Telling

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
