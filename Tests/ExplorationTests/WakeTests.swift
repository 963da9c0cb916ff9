import Testing

@testable import Exploration

/// Leaving out what need not be tried makes no difference to what is found.
@Suite struct WakeTests {
  /// A program that tries everything everywhere.
  struct Unabridged: ~Copyable, TransitionSystem {
    var program: DecisionProgram<UInt64>

    var initialState: UInt64 { program.initialState }
    var stateBits: UInt64 { program.stateBits }
    var successorLimit: Int { program.successorLimit }

    mutating func findSuccessors(
      of state: UInt64, _ arrival: Arrival, into successors: inout Successors<UInt64>
    ) {
      program.findSuccessors(of: state, .unknown, into: &successors)
    }

    func findKnownSuccessors(
      of state: UInt64, _ arrival: Arrival, into successors: inout Successors<UInt64>,
      using scratch: inout Void
    ) -> Bool {
      program.findKnownSuccessors(of: state, .unknown, into: &successors, using: &scratch)
    }

    func broken(in state: UInt64) -> PropertySet { program.broken(in: state) }
    mutating func forget(_ properties: PropertySet) { program.forget(properties) }
  }

  /// One thing that a rule does: where `condition` holds, a cell is set, or set from another.
  struct Step {
    var condition: (cell: Int, value: Int)?
    var target: Int
    var source: Int?
    var value: Int
  }

  static let sizes = [3, 2, 4, 3, 2, 5, 3]

  /// Rules of one to three steps, some of which break a property.
  static func program(seed: UInt64) -> DecisionProgram<UInt64> {
    var random = SplitMix(state: seed)
    func cell() -> Int { Int.random(in: 0..<sizes.count, using: &random) }
    let rules = (0..<Int.random(in: 4...14, using: &random)).map { _ in
      (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let (read, target) = (cell(), cell())
        return Step(
          condition: Bool.random(using: &random)
            ? (read, Int.random(in: 0..<sizes[read], using: &random)) : nil,
          target: target, source: Int.random(in: 0..<4, using: &random) == 0 ? cell() : nil,
          value: Int.random(in: 0..<sizes[target], using: &random))
      }
    }
    let breaking = Int.random(in: 0..<rules.count, using: &random)
    return SearchTests.program(sizes, rules: rules.count) { number, cells in
      var stepsDone = 0
      for step in rules[number] {
        if let (cell, value) = step.condition, cells.read(CellIndex(cell)) != value { continue }
        let value = step.source.map { cells.read(CellIndex($0)) + step.value } ?? step.value
        cells.write(value % sizes[step.target], to: CellIndex(step.target))
        stepsDone += 1
      }
      return number == breaking && stepsDone > 1 ? PropertySet(number % 3) : []
    }
  }

  @Test(arguments: 0..<200) func everythingIsFoundInTheSameOrder(seed: UInt64) {
    for threads in [1, 2] {
      var options = ThreadTests.options
      options.threads = threads
      let whole = ThreadTests.record(Unabridged(program: Self.program(seed: seed)), options)
      let abridged = ThreadTests.record(Self.program(seed: seed), options)
      let isTheSame = abridged.states == whole.states
      #expect(isTheSame)
      #expect(abridged.outcome.violations == whole.outcome.violations)
      #expect(abridged.outcome.transitions == whole.outcome.transitions)
      #expect(abridged.outcome.levels == whole.outcome.levels)
    }
  }

  @Test func switchesAreTriedOnceForEachStateBehindThem() {
    // Rule n sets switch n: a state is new only by its highest switch, and then from one state.
    let count = 12
    var options = SearchOptions(properties: [])
    options.threads = 1
    let program = SearchTests.program([Int](repeating: 2, count: count), rules: count) {
      $1.write(1, to: CellIndex($0))
      return []
    }
    var search = Search(program, options)
    let outcome = search.run { _ in true }
    #expect(outcome.states == 1 << count)
    #expect(outcome.transitions == count << count)
    // The first state and those one step away, each with one switch set.
    var nothing: Void = ()
    var successors = Successors<UInt64>(limit: count)
    for index in 0...count {
      successors.removeAll()
      let isKnown = search.system.findKnownSuccessors(
        of: search.known[index], search.known.frontier.arrival(index), into: &successors,
        using: &nothing)
      #expect(isKnown)
      #expect(successors.count == count - index)
    }
  }
}

/// Numbers that look random, the same each time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
