/// States that one thread found a short time ago; many successors are among them, and need no look into the
/// table.
struct RecentStates<State: PackedState>: ~Copyable {
  private static var bits: Int { 13 }

  /// A state, and the number of the state among whose successors it was found.
  private struct Sighting: BitwiseCopyable {
    var state: State
    var number: UInt32
  }

  private let sightings: MappedArray<Sighting>
  /// States whose successors were looked at, counted round.
  private var number: UInt32 = 0

  init() {
    guard let sightings = MappedArray<Sighting>(capacity: 1 << Self.bits) else {
      preconditionFailure("the host has no memory for the states found last")
    }
    self.sightings = sightings
  }

  /// Appends those successors of `state` to the first `before` candidates of a block that were not found a
  /// short time ago; it is number `source` of the block. What was found for the same state is kept, as the
  /// search has to know which new states it is come to twice; see `Wake`.
  /// - Returns: how many there are now.
  @inline(__always)
  mutating func appendFresh(
    _ successors: borrowing Successors<State>, of state: State, _ source: Int,
    to candidates: MappedArray<Candidate<State>>.Elements, after before: Int
  ) -> Int {
    let elements = successors.elements
    let sightings = self.sightings.elements
    let count = successors.count
    let firstKey = UInt32(truncatingIfNeeded: source &* successors.limit)
    sightings[Self.index(state)] = Sighting(state: state, number: number)
    number &+= 1
    let number = number
    var end = before
    var position = 0
    while position < count {
      var next = elements[position]
      next.key &+= firstKey
      let index = Self.index(next.state)
      candidates[end] = next
      let last = sightings[index]
      end &+= last.state == next.state && last.number != number ? 0 : 1
      sightings[index] = Sighting(state: next.state, number: number)
      position &+= 1
    }
    return end
  }

  @inline(__always)
  private static func index(_ state: State) -> Int {
    Int(truncatingIfNeeded: state.hash &>> UInt64(64 &- bits))
  }
}
