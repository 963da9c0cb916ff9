/// A successor that may be new.
package struct Candidate<State: PackedState>: BitwiseCopyable {
  var state: State
  /// Its place in the order. Of one state's successors it is the transition; of states that are
  /// expanded together, the number of its source among them, times the successors of a state, plus
  /// the transition.
  var key: UInt32
  /// How it was come to.
  var origin: Origin

  /// The least key of a successor of the same state, where states have `limit` successors.
  @inline(__always)
  func firstKey(_ limit: UInt32) -> UInt32 { key &- key % limit }
}

extension VisitedSet.Table {
  /// Keeps those of the first `count` candidates that are not found at the first look, in order.
  /// - Returns: how many there are.
  @inline(__always)
  func sift(_ candidates: MappedArray<Candidate<State>>.Elements, to count: Int) -> Int {
    var kept = 0
    var index = 0
    while index < count {
      let candidate = candidates[index]
      candidates[kept] = candidate
      kept &+= isInItsGroup(candidate.state) ? 0 : 1
      index &+= 1
    }
    return kept
  }

  /// Starts to load what the first look at the candidates from `start` to `end` - 1 needs.
  @inline(__always)
  func prefetch(
    _ candidates: MappedArray<Candidate<State>>.Elements, from start: Int, to end: Int
  ) {
    var index = start
    while index < end {
      prefetch(candidates[index].state)
      index &+= 1
    }
  }

  /// Starts to load what the second look at the first `count` candidates needs.
  @inline(__always)
  func prefetchNext(_ candidates: MappedArray<Candidate<State>>.Elements, to count: Int) {
    var index = 0
    while index < count {
      prefetchNext(candidates[index].state)
      index &+= 1
    }
  }

  /// Starts to load what both looks at the first `count` candidates need.
  @inline(__always)
  func prefetchBoth(_ candidates: MappedArray<Candidate<State>>.Elements, to count: Int) {
    prefetch(candidates, from: 0, to: count)
    prefetchNext(candidates, to: count)
  }
}
