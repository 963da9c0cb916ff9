import Exploration
import Hypervisor

/// What an exploration came to.
package struct ExplorationReport: Hashable, Sendable {
  /// A property that does not hold, and a shortest history that shows it.
  package struct Counterexample: Hashable, Sendable {
    package let property: Property
    package let history: [ExploredTransition]
  }

  package let verdict: SearchVerdict
  /// The first counterexample of each property, in the order found.
  package let counterexamples: [Counterexample]
  package let states: Int
  package let transitions: Int
  /// Operations from the start to the state that was found last.
  package let depth: Int
  /// Memory of all states, in bytes.
  package let bytes: Int
  /// States that were found after each number of operations, from none on.
  package let levels: [Int]
}

extension ExplorationSpace {
  /// Looks at all states that the plan's limits allow, or until `advance` says stop.
  package func explore(_ advance: (SearchProgress) -> Bool) -> ExplorationReport {
    // A width a state, so that each search is compiled for its own.
    let outcome =
      switch layout.wordCount {
      case 1: search(UInt64.self, advance)
      case 2: search(SIMD2<UInt64>.self, advance)
      default: search(SIMD4<UInt64>.self, advance)
      }
    return ExplorationReport(
      verdict: outcome.verdict,
      counterexamples: outcome.violations.map { violation in
        ExplorationReport.Counterexample(
          property: judged[violation.property],
          history: violation.trace.map { transitions[$0] })
      },
      states: outcome.states, transitions: outcome.transitions, depth: outcome.depth,
      bytes: outcome.bytes, levels: outcome.levels)
  }

  private func search<State: PackedState>(
    _: State.Type, _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome {
    let program = DecisionProgram<State>(
      layout: layout, first: firstValues, ruleCount: transitions.count,
      rule: { [self] number, cells in
        var storage = CellStorage(self, cells)
        storage.perform(transitions[number])
        let broken = set(storage.broken)
        return storage.hasSaturated ? broken.union(.saturation) : broken
      },
      stateProperties: set(StateJudge<State>.judged(hasVersion2: plan.hasVersion2)),
      broken: StateJudge<State>(self).broken)
    var options = SearchOptions(properties: set(Set(judged)))
    options.depth = plan.depth
    options.states = plan.states
    options.memory = plan.memory
    options.keepsGoing = plan.keepsGoing
    return State.explore(program, symmetry, options, advance)
  }

  /// The search's numbers of `properties`.
  func set(_ properties: Set<Property>) -> PropertySet {
    var result: PropertySet = []
    for (number, property) in judged.enumerated() where properties.contains(property) {
      result.insert(PropertySet(number))
    }
    return result
  }

  /// Which states are one.
  private var symmetry: ColumnSymmetry? {
    let symmetries = plan.symmetries
    guard !symmetries.isEmpty else { return nil }
    func cells(_ indices: [CellIndex], _ item: Int) -> [Cell] {
      indices.isEmpty ? [] : [layout[indices[item]]]
    }
    let pages = ColumnSymmetry.Items(
      firstContent: 1 + plan.frames,
      numbers: (0..<plan.foreignPages).map { cells(states.pageSurplus, $0) })
    let frames = ColumnSymmetry.Items(
      firstContent: 1, numbers: (0..<plan.frames).map { cells(first.dead, $0) },
      pointers: Array(0..<plan.frames))
    // What points into the window of one domain is not renamed where there are several.
    let pointers =
      plan.domains > 1
      ? []
      : first.tracked + [first.statusTracked, first.sharedInfoTracked].compactMap { $0 }
        + vcpus.flatMap { [$0.target, $0.old] }
    let bundles = vcpus.map { vcpu in
      [vcpu.phase, vcpu.page, vcpu.target, vcpu.old].map { layout[$0] }
    }
    return ColumnSymmetry(
      columns: domains.flatMap(\.p2m).map { layout[$0] }, pointers: pointers.map { layout[$0] },
      columnsAreAlike: symmetries.contains(.gfn),
      plainKinds: symmetries.contains(.page) ? [pages] : [],
      pointingKind: symmetries.contains(.frame) ? frames : nil,
      bundles: symmetries.contains(.vcpu) ? bundles : [])
  }
}
