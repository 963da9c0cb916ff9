/// A system in which states that differ only in the names of interchangeable things are one.
struct Quotient<State: PackedState>: ~Copyable, TransitionSystem {
  private var system: DecisionProgram<State>
  private let symmetry: ColumnSymmetry
  private var scratch: ColumnSymmetry.Scratch

  init(_ system: consuming DecisionProgram<State>, by symmetry: ColumnSymmetry) {
    self.system = system
    self.symmetry = symmetry
    scratch = ColumnSymmetry.Scratch(symmetry)
  }

  var successorLimit: Int { system.successorLimit }

  var initialState: State {
    var scratch = ColumnSymmetry.Scratch(symmetry)
    return symmetry.canonical(system.initialState, &scratch)
  }

  mutating func appendSuccessors(of state: State, to successors: inout Successors<State>) {
    var position = successors.count
    system.appendSuccessors(of: state, to: &successors)
    while position < successors.count {
      successors[position] = symmetry.canonical(successors[position], &scratch)
      position &+= 1
    }
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
      system.appendSuccessors(of: state, to: &successors)
      let isLast = step == trace.states.count - 1
      let next = (0..<successors.count).first { position in
        symmetry.canonical(successors[position], &scratch) == target
          && (!isLast || successors.breaks(property, at: position, in: system))
      }
      guard let next else {
        preconditionFailure("states that a symmetry made one lead to different states")
      }
      transitions.append(successors.transition(next))
      state = successors[next]
    }
    return transitions
  }
}

extension Successors {
  /// Whether the transition to the successor at `position`, or the successor itself, breaks
  /// `property`.
  fileprivate func breaks(
    _ property: PropertySet, at position: Int, in system: borrowing DecisionProgram<State>
  ) -> Bool {
    marks.contains { $0.position == position && !$0.properties.isDisjoint(with: property) }
      || !system.broken(in: self[position]).isDisjoint(with: property)
  }
}
