/// What one thread of a search expands states with.
final class Worker<System: TransitionSystem & ~Copyable> {
  typealias State = System.State

  var successors: Successors<State>
  private var scratch: System.Scratch
  private var recent = RecentStates<State>()

  init(_ system: borrowing System) {
    successors = Successors(limit: system.successorLimit)
    scratch = system.makeScratch()
  }

  /// Expands the states of `block` in order, up to one that the system has to learn from, or of whose
  /// successors one breaks something of `wanted` by its transition.
  ///
  /// - Parameter table: what is found there at once is left out.
  func expand(
    _ block: Block<State>, of system: borrowing System, at frontier: Frontier<State>,
    for wanted: PropertySet, siftedBy table: VisitedSet<State>.Table
  ) {
    Self.expand(
      block, of: system, at: frontier, for: wanted, siftedBy: table, &successors, &scratch, &recent)
  }

  private static func expand(
    _ block: Block<State>, of system: borrowing System, at frontier: Frontier<State>,
    for wanted: PropertySet, siftedBy table: VisitedSet<State>.Table,
    _ successors: inout Successors<State>, _ scratch: inout System.Scratch,
    _ recent: inout RecentStates<State>
  ) {
    let (start, end) = (block.start, block.end)
    let candidates = block.candidates.elements
    var next = start
    var count = 0
    var transitions = 0
    while next < end {
      successors.removeAll()
      let state = frontier[next]
      guard
        system.findKnownSuccessors(
          of: state, frontier.arrival(next), into: &successors, using: &scratch)
      else { break }
      if _slowPath(!successors.marks.isEmpty), successors.marksAny(of: wanted) { break }
      let before = count
      count = recent.appendFresh(
        successors, of: state, next &- start, to: candidates, after: before)
      table.prefetch(candidates, from: before, to: count)
      transitions &+= successors.enabledCount
      next &+= 1
    }
    block.finish(
      upTo: next, candidates: table.sift(candidates, to: count), transitions: transitions)
  }

  /// Makes the successors that were found of `state` the ones of `block`, of which it is the first.
  func take(_ state: State, as block: Block<State>) {
    let count = recent.appendFresh(
      successors, of: state, 0, to: block.candidates.elements, after: 0)
    block.finish(
      upTo: block.start + 1, candidates: count, transitions: successors.enabledCount)
  }
}
