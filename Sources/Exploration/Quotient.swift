/// A system in which states that differ only in the names of interchangeable things are one.
struct Quotient<State: PackedState>: ~Copyable, TransitionSystem {
  private var system: DecisionProgram<State>
  private let symmetry: ColumnSymmetry
  private let scratch: ColumnSymmetry.Scratch

  init(_ system: consuming DecisionProgram<State>, by symmetry: ColumnSymmetry) {
    self.system = system
    self.symmetry = symmetry
    scratch = ColumnSymmetry.Scratch(symmetry)
  }

  var successorLimit: Int { system.successorLimit }

  var stateBits: State { system.stateBits }

  var initialState: State {
    let scratch = ColumnSymmetry.Scratch(symmetry)
    return symmetry.canonical(system.initialState, scratch)
  }

  /// All of them: the state that stands for another was not come to as that one was.
  mutating func findSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>
  ) {
    system.findSuccessors(of: state, .unknown, into: &successors)
    symmetry.canonicalize(&successors, of: state, scratch)
  }

  func makeScratch() -> ColumnSymmetry.Scratch { ColumnSymmetry.Scratch(symmetry) }

  func findKnownSuccessors(
    of state: State, _ arrival: Arrival, into successors: inout Successors<State>,
    using scratch: inout ColumnSymmetry.Scratch
  ) -> Bool {
    var nothing: Void = ()
    guard
      system.findKnownSuccessors(
        of: state, .unknown, into: &successors, using: &nothing)
    else {
      return false
    }
    symmetry.canonicalize(&successors, of: state, scratch)
    return true
  }

  func broken(in state: State) -> PropertySet { system.broken(in: state) }

  mutating func forget(_ properties: PropertySet) { system.forget(properties) }

  /// Goes the way again in the system itself, by transitions that lead to states which the wanted
  /// ones stand for.
  mutating func concrete(_ trace: Trace<State>, breaking property: PropertySet) -> [Int] {
    var state = system.initialState
    var successors = Successors<State>(limit: system.successorLimit)
    var transitions: [Int] = []
    for (step, target) in trace.states.enumerated() {
      successors.removeAll()
      system.findSuccessors(of: state, .unknown, into: &successors)
      let isLast = step == trace.states.count - 1
      let next = (0..<successors.count).first { next in
        symmetry.canonical(successors[next], scratch) == target
          && (!isLast || successors.breaks(property, by: next, in: system))
      }
      guard let next else {
        preconditionFailure("states that a symmetry made one lead to different states")
      }
      transitions.append(next)
      state = successors[next]
    }
    return transitions
  }
}

extension Successors {
  /// Whether `transition`, or the state to which it leads, breaks `property`.
  fileprivate func breaks(
    _ property: PropertySet, by transition: Int, in system: borrowing DecisionProgram<State>
  ) -> Bool {
    marks.contains { $0.transition == transition && !$0.properties.isDisjoint(with: property) }
      || !system.broken(in: self[transition]).isDisjoint(with: property)
  }
}

extension ColumnSymmetry {
  /// Replaces each successor of `state` by the state that stands for it.
  fileprivate func canonicalize<State: PackedState>(
    _ successors: inout Successors<State>, of state: State, _ scratch: Scratch
  ) {
    var transition = 0
    while transition < successors.count {
      let next = successors[transition]
      if next != state { successors[transition] = canonical(next, scratch) }
      transition &+= 1
    }
  }
}
