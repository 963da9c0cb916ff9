/// What follows from the transition by which a state was first come to: other transitions need not be
/// tried there, as the search has come before to where they lead.
///
/// Let transition t lead from p to s, which was new, and let u be a transition that at s reads nothing of
/// what t wrote. So u takes the same branch at p, and breaks what it broke there. It is left out at s
///
/// - if it writes all that t wrote: then u(s) = u(p), a successor of p, and those were looked at before s
///   is;
/// - if it writes nothing that t reads or writes, and q = u(p) lies before s in the list: as t takes its
///   branch at q too, u(s) = t(q), a successor of q, and those were looked at before s is. What was left
///   out at q was known even then.
///
/// q lies before s unless it was new and found behind s among the successors of p, of which s knows the
/// transitions. Where two of them lead to one new state, and only the first of them would be known, it
/// is forgotten for those before it how they were come to, and nothing is left out.
///
/// So every state is found at the same place in the list as if nothing was left out. The second rule is
/// that of sleep sets in partial-order reduction.
struct Wake<State: PackedState> {
  private let writes: State
  private let readsAndWrites: State

  /// The wake of a transition whose branch keeps `keep` of a state and reads `reads`, both with the mark.
  @inline(__always)
  init(keep: State, reads: State) {
    writes = State.allBits.without(keep)
    readsAndWrites = writes | reads
  }

  /// The wake of nobody knows what: as if the mark was written, which all transitions read.
  @inline(__always)
  init() {
    writes = .allBits
    readsAndWrites = .allBits
  }

  /// Whether a transition whose branch ends in `slot`, and reads `reads`, is left out.
  /// - Parameter isSibling: whether it led to a new state behind this one, among the successors of the
  ///   same state.
  @inline(__always)
  func leavesOut(
    _ slot: DecisionProgram<State>.Slot, _ reads: State, _ isSibling: Bool
  ) -> Bool {
    let overwrites = writes & slot.keep == State()
    let isIndependent = readsAndWrites.without(slot.keep) == State()
    return reads & writes == State() && (overwrites || isIndependent && !isSibling)
  }
}
