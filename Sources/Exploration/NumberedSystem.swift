/// A system whose states are too rich to be packed: each has a number, and is known by its identity.
///
/// A state is kept as the way that first led to it, and made again by going that way. That is slow
/// beside packed states and asks nothing of them: whatever can be copied, stepped and told apart can be
/// searched.
package struct NumberedSystem<Place>: ~Copyable, TransitionSystem {
  package typealias State = UInt64
  package typealias Scratch = Void

  /// What came of a transition.
  package enum Step: Sendable {
    /// It cannot happen there.
    case impossible
    /// It happened, and broke these.
    case done(PropertySet)
  }

  /// The way to a state: the one before, and the transition from there.
  private struct Way {
    let from: Int
    let transition: Int
  }

  package let successorLimit: Int
  /// There is never memory for more numbers.
  package var stateBits: UInt64 { UInt64(UInt32.max) }
  private let first: Place
  private let step: (Int, inout Place) -> Step
  private let identity: (Place) -> [UInt64]
  private var numbers: [[UInt64]: Int] = [:]
  private var ways: [Way] = []

  /// - Parameters:
  ///   - step: does transition `number`, the same each time.
  ///   - identity: alike for two places if all that follows is alike.
  package init(
    first: Place, transitionCount: Int, step: @escaping (_ number: Int, inout Place) -> Step,
    identity: @escaping (Place) -> [UInt64]
  ) {
    self.first = first
    self.step = step
    self.identity = identity
    successorLimit = transitionCount
    numbers[identity(first)] = 0
    ways.append(Way(from: 0, transition: 0))
  }

  package var initialState: UInt64 { .marked }

  package mutating func findSuccessors(
    of state: UInt64, _ arrival: Arrival, into successors: inout Successors<UInt64>
  ) {
    let source = Int(state & ~mark)
    let place = place(source)
    for transition in 0..<successorLimit {
      var next = place
      switch step(transition, &next) {
      case .impossible: successors.appendDisabled(in: state)
      case .done(let broken):
        if !broken.isEmpty { successors.mark(broken, transition: transition) }
        successors.append(mark | UInt64(number(of: next, from: source, transition)))
      }
    }
  }

  /// What a new state's number is cannot be known to several threads.
  package func findKnownSuccessors(
    of state: UInt64, _ arrival: Arrival, into successors: inout Successors<UInt64>,
    using scratch: inout Void
  ) -> Bool { false }

  /// Searches the system on the caller's thread.
  package static func explore(
    _ system: consuming NumberedSystem, _ options: SearchOptions,
    _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome {
    var options = options
    options.threads = 1
    var search = Search(system, options)
    return search.run(advance)
  }

  private func place(_ number: Int) -> Place {
    var way: [Int] = []
    var number = number
    while number > 0 {
      way.append(ways[number].transition)
      number = ways[number].from
    }
    var place = first
    for transition in way.reversed() { _ = step(transition, &place) }
    return place
  }

  private mutating func number(of place: Place, from source: Int, _ transition: Int) -> Int {
    let identity = identity(place)
    if let known = numbers[identity] { return known }
    let number = ways.count
    numbers[identity] = number
    ways.append(Way(from: source, transition: transition))
    return number
  }
}
