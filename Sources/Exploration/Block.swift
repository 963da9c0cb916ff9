import Synchronization

/// A few states that are expanded one after the other, and what they lead to that may be new, in order.
final class Block<State: PackedState> {
  /// States of a block. Memory has the time of expanding them to come, before it is looked up which of
  /// their successors are known.
  static var size: Int { 64 }

  /// Where in the list its first state is.
  private(set) var start = 0
  /// Where its states end.
  private(set) var end = 0
  /// The first of them that was not expanded: nobody has tried all its transitions before, or one of
  /// them breaks something.
  private(set) var next = 0
  /// Transitions of those that were.
  private(set) var transitions = 0
  let candidates: MappedArray<Candidate<State>>
  private(set) var count = 0
  /// Candidates that were looked up.
  var lookedUp = 0
  /// How the last of them that were new were come to.
  var notes: ArrivalNotes
  /// The number on a belt under which it was expanded, counted from 1.
  let turn = Atomic(0)

  init(successorLimit limit: Int) {
    guard let candidates = MappedArray<Candidate<State>>(capacity: Self.size * limit + 1) else {
      preconditionFailure("the host has no addresses for the successors of a few states")
    }
    self.candidates = candidates
    notes = ArrivalNotes(successorLimit: limit)
  }

  /// Whether a state of it was not expanded.
  var isCutShort: Bool { next < end }

  /// Makes it the states from `start` on, before `end`, as many as a block has.
  func begin(from start: Int, to end: Int) {
    self.start = start
    self.end = min(end, start + Self.size)
  }

  /// Says which states of it were expanded, and how many candidates and transitions they have.
  func finish(upTo next: Int, candidates: Int, transitions: Int) {
    self.next = next
    self.transitions = transitions
    count = candidates
    lookedUp = 0
    notes = ArrivalNotes(successorLimit: notes.limit)
  }
}
