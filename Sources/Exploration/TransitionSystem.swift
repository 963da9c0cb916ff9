/// Some of the properties that a search looks at, and whether a quantity reached its limit.
package struct PropertySet: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The property number `index`, below `limit`.
  package init(_ index: Int) {
    precondition(index >= 0 && index < Self.limit, "a search has \(Self.limit) properties at most")
    rawValue = 1 << UInt32(index)
  }

  /// Properties of a search.
  package static let limit = 31

  /// No property: the transition took a quantity to a limit that the system has not.
  package static let saturation = PropertySet(rawValue: 1 << 31)

  static let all = PropertySet(rawValue: .max)

  /// The numbers of the properties.
  var numbers: [Int] { (0..<Self.limit).filter { contains(PropertySet($0)) } }
}

/// What can be searched: a first state, and what each state leads to.
///
/// A system has no randomness: the same state always leads to the same successors, in one order.
package protocol TransitionSystem<State>: ~Copyable {
  associatedtype State: PackedState
  /// What a thread needs to find successors in.
  associatedtype Scratch = Void

  var initialState: State { get }

  /// The bits that may be set in a state, apart from the mark.
  var stateBits: State { get }

  /// The most successors that a state has.
  var successorLimit: Int { get }

  /// Puts the successors of `state` into `successors`, which is empty: all of them, or those that the
  /// search can have missed until then, seeing how it came to the state.
  mutating func findSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>)

  func makeScratch() -> Scratch

  /// Finds the same successors without a change of the system, so that several threads may ask at
  /// once.
  /// - Returns: whether that can be; if not, there is nothing in `successors`.
  func findKnownSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>,
    using scratch: inout Scratch
  ) -> Bool

  /// Makes ready for the states that came by `arrivals` from `start` to `end` - 1.
  mutating func prepare(for arrivals: borrowing Arrivals, from start: Int, to end: Int)

  /// The properties that do not hold in `state`. Several threads may ask at once.
  func broken(in state: State) -> PropertySet

  /// Forgets properties of which nothing more is to be told; their successors need no mark.
  mutating func forget(_ properties: PropertySet)

  /// The transitions that lead along `trace` from the real first state, where states stand for
  /// others; the last of them breaks `property`.
  mutating func concrete(_ trace: Trace<State>, breaking property: PropertySet) -> [Int]
}

extension TransitionSystem where Self: ~Copyable, Scratch == Void {
  package func makeScratch() {}
}

extension TransitionSystem where Self: ~Copyable {
  package func broken(in state: State) -> PropertySet { [] }

  package mutating func forget(_ properties: PropertySet) {}

  package mutating func prepare(
    for arrivals: borrowing Arrivals, from start: Int, to end: Int
  ) {}

  package mutating func concrete(
    _ trace: Trace<State>, breaking property: PropertySet
  ) -> [Int] {
    trace.transitions
  }
}

/// A way through a system: transitions, and the state that each leads to.
package struct Trace<State: PackedState> {
  package var transitions: [Int] = []
  package var states: [State] = []
}

/// The successors of one state, in order of transition: all of them, to the state itself where one cannot
/// happen, or without some that are known.
package struct Successors<State: PackedState>: ~Copyable {
  /// What a transition does beside leading to a state.
  package struct Mark {
    package let transition: Int
    package let properties: PropertySet
  }

  private let found: MappedArray<Candidate<State>>
  package private(set) var count = 0
  /// Transitions of a state.
  let limit: Int
  /// The transitions that cannot happen, in order.
  private var disabled: ContiguousArray<Int> = []
  /// In order of transition.
  package private(set) var marks: ContiguousArray<Mark> = []

  init(limit: Int) {
    guard let found = MappedArray<Candidate<State>>(capacity: max(limit, 1)) else {
      preconditionFailure("the host has no memory for the successors of a state")
    }
    self.found = found
    self.limit = limit
  }

  /// The state at a position; where all successors are there, that is the transition.
  @inline(__always)
  package subscript(position: Int) -> State {
    get { found[position].state }
    set { found[position].state = newValue }
  }

  /// For loops; see `MappedArray.elements`.
  @inline(__always)
  var elements: MappedArray<Candidate<State>>.Elements { found.elements }

  /// Appends the successor by the next transition, where none was left out.
  @inline(__always)
  package mutating func append(_ state: State) { append(state, by: count, .unknown) }

  @inline(__always)
  mutating func append(_ state: State, by transition: Int, _ origin: Origin) {
    found[count] = Candidate(
      state: state, key: UInt32(truncatingIfNeeded: transition), origin: origin)
    count &+= 1
  }

  /// Says that the next transition cannot happen in `state`.
  package mutating func appendDisabled(in state: State) {
    disabled.append(count)
    append(state)
  }

  /// Transitions that can happen, those left out as well.
  @inline(__always)
  var enabledCount: Int { limit &- disabled.count }

  /// Transitions below `limit` that can happen.
  func enabledCount(below limit: Int) -> Int { limit - disabled.count { $0 < limit } }

  /// Says what `transition` breaks.
  package mutating func mark(_ properties: PropertySet, transition: Int) {
    marks.append(Mark(transition: transition, properties: properties))
  }

  /// Whether a transition breaks one of `wanted`.
  func marksAny(of wanted: PropertySet) -> Bool {
    marks.contains { !$0.properties.isDisjoint(with: wanted) }
  }

  /// Says that there are `count` successors, which were written to `elements`.
  @inline(__always)
  mutating func setCount(_ count: Int) { self.count = count }

  @inline(__always)
  mutating func removeAll() {
    count = 0
    if !disabled.isEmpty { disabled.removeAll(keepingCapacity: true) }
    if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
  }
}
