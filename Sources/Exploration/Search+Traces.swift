/// Telling what was found, and how to get there.
extension Search where System: ~Copyable {
  /// Tells what was found among the successors of the state at `source` of the list.
  mutating func tell(_ hits: [Hit], of source: Int) {
    for hit in hits {
      if hit.properties.contains(.saturation) { hasSaturated = true }
      for property in hit.properties.numbers {
        var trace = self.trace(to: source)
        findAllSuccessors(of: known[source])
        trace.transitions.append(hit.transition)
        trace.states.append(own.successors[hit.transition])
        let concrete = system.concrete(trace, breaking: PropertySet(property))
        found.append(SearchViolation(property: property, trace: concrete))
      }
    }
    for hit in hits {
      wanted.subtract(hit.properties)
      system.forget(hit.properties)
    }
  }

  /// The first shortest way to the state at `index` of the list.
  private mutating func trace(to index: Int) -> Trace<State> {
    var trace = Trace<State>()
    var target = known[index]
    guard var level = levels.lastIndex(where: { $0 <= index }) else { return trace }
    while level > 0 {
      level -= 1
      guard let (source, transition) = predecessor(of: target, in: level) else {
        preconditionFailure("a state was found without a predecessor in the level before")
      }
      trace.transitions.append(transition)
      trace.states.append(target)
      target = source
    }
    trace.transitions.reverse()
    trace.states.reverse()
    return trace
  }

  private mutating func predecessor(
    of target: State, in level: Int
  ) -> (state: State, transition: Int)? {
    for index in levels[level]..<levels[level + 1] {
      findAllSuccessors(of: known[index])
      for transition in 0..<own.successors.count where own.successors[transition] == target {
        return (known[index], transition)
      }
    }
    return nil
  }
}
