import CMemory

/// What a search may take, and what it looks for.
package struct SearchOptions: Hashable, Sendable {
  /// Transitions from the first state.
  package var depth = Int.max
  package var states = Int.max
  /// Bytes of the table, of the list of states, and of how those that wait were come to.
  package var memory = 2 << 30
  /// The properties that are looked at.
  package var properties: PropertySet
  /// Whether the search goes on behind the first violation, to the first one of every property.
  package var keepsGoing = false
  /// About as many transitions lie between two looks at what the caller wants.
  package var transitionsPerLook = 1 << 18
  /// Threads that share the work, `threadLimit` at most. They make no difference to the outcome.
  package var threads = SearchOptions.coreCount

  package static let threadLimit = 8
  /// Cores that this process may run on, as far as a search uses them.
  package static let coreCount = min(Int(usable_cores()), threadLimit)

  package init(properties: PropertySet) { self.properties = properties }
}

/// A limit that ended a search, or that made it incomplete.
package enum SearchBound: String, CaseIterable, Sendable {
  case depth, states, memory
  /// A quantity of the system was cut off at its largest value.
  case saturation
  /// Somebody said stop.
  case cancellation
}

/// What a search found out of the properties.
package enum SearchVerdict: Hashable, Sendable {
  /// Some do not hold; `violations` tells which.
  case violated
  /// All hold in all states.
  case holds
  /// All hold in all states that were looked at.
  case bounded(by: SearchBound)
}

/// A property that does not hold, and a shortest way to see it.
package struct SearchViolation: Hashable, Sendable {
  package let property: Int
  /// The transitions, from the first state on.
  package let trace: [Int]
}

/// How far a search is.
package struct SearchProgress: Hashable, Sendable {
  package var states = 0
  package var transitions = 0
  package var depth = 0
  /// States that wait to be looked at.
  package var waiting = 0
  /// States of each level, from the first state on; the last one is being found.
  package var levels: [Int] = []
  /// States that wait of the level that is being looked at.
  package var waitingInLevel = 0
  /// Of the table, of the list of states, and of how those that wait were come to; the most at once.
  package var bytes = 0
}

/// What a search came to.
package struct SearchOutcome: Hashable, Sendable {
  package let verdict: SearchVerdict
  /// The first violation of each property, in the order found.
  package let violations: [SearchViolation]
  package let states: Int
  package let transitions: Int
  /// Of the state that was found last.
  package let depth: Int
  /// Of the table, of the list of states, and of how those that wait were come to; the most at once.
  package let bytes: Int
  /// States that were found at each depth, from the first state on.
  package let levels: [Int]
}
