import Testing

@testable import Exploration

/// Small systems of which everything is known.
@Suite struct SearchTests {
  /// A program over `sizes` cells, all zero at first.
  static func program<State: PackedState>(
    of _: State.Type, _ sizes: [Int], rules: Int,
    _ rule: @escaping DecisionProgram<State>.Rule,
    broken: ((State) -> PropertySet)? = nil
  ) -> DecisionProgram<State> {
    var layout = CellLayout()
    for size in sizes { _ = layout.add(cardinality: size) }
    return DecisionProgram(
      layout: layout, first: sizes.map { _ in 0 }, ruleCount: rules, rule: rule,
      stateProperties: broken == nil ? [] : .all, broken: broken ?? { _ in [] })
  }

  static func program(
    _ sizes: [Int], rules: Int, _ rule: @escaping DecisionProgram<UInt64>.Rule,
    broken: ((UInt64) -> PropertySet)? = nil
  ) -> DecisionProgram<UInt64> {
    program(of: UInt64.self, sizes, rules: rules, rule, broken: broken)
  }

  static func cell(_ index: Int) -> CellIndex { CellIndex(index) }

  static func run<State: PackedState>(
    _ program: consuming DecisionProgram<State>, _ options: SearchOptions
  ) -> SearchOutcome {
    State.explore(program, nil, options) { _ in true }
  }

  // MARK: Jugs of 3 and 5 pints: empty them, fill them, pour one into the other.

  static func jugs(_ number: Int, _ cells: CellRecorder) -> PropertySet {
    let sizes = [3, 5]
    let (one, other) = (number % 2, 1 - number % 2)
    let content = cells.read(cell(one))
    switch number / 2 {
    case 0: cells.write(0, to: cell(one))
    case 1: cells.write(sizes[one], to: cell(one))
    default:
      let room = sizes[other] - cells.read(cell(other))
      let poured = min(room, content)
      cells.write(content - poured, to: cell(one))
      cells.write(sizes[other] - room + poured, to: cell(other))
    }
    return cells.read(cell(1)) == 4 ? PropertySet(0) : []
  }

  @Test func fourPintsTakeSixSteps() {
    let outcome = Self.run(
      Self.program([4, 6], rules: 6, Self.jugs), SearchOptions(properties: PropertySet(0)))
    #expect(outcome.verdict == .violated)
    // Fill the five, pour it into the three, empty that, pour, fill, pour.
    #expect(outcome.violations == [SearchViolation(property: 0, trace: [3, 5, 0, 5, 3, 5])])
    #expect(outcome.depth == 6)
  }

  @Test func aStateMayBreakAPropertyAsATransitionDoes() {
    let program = Self.program([4, 6], rules: 6, Self.jugs) { state in
      // The second cell lies above the two bits of the first.
      state >> 2 & 7 == 4 ? PropertySet(1) : []
    }
    var options = SearchOptions(properties: [PropertySet(0), PropertySet(1)])
    options.keepsGoing = true
    let outcome = Self.run(program, options)
    #expect(outcome.states == 16)
    #expect(outcome.transitions == 16 * 6)
    #expect(outcome.violations.map(\.property) == [0, 1])
    #expect(outcome.violations[0].trace == outcome.violations[1].trace)
  }

  @Test func onlyWhatIsLookedForIsFound() {
    let outcome = Self.run(
      Self.program([4, 6], rules: 6, Self.jugs), SearchOptions(properties: PropertySet(1)))
    #expect(outcome.verdict == .holds)
    #expect(outcome.states == 16)
    #expect(outcome.depth == 7)
    #expect(outcome.levels == [1, 2, 3, 2, 2, 2, 2, 2])
  }

  @Test func everyWidthOfStatesIsSearchedAlike() {
    func outcome<State: PackedState>(_: State.Type) -> SearchOutcome {
      var options = SearchOptions(properties: PropertySet(0))
      options.keepsGoing = true
      return Self.run(Self.program(of: State.self, [4, 6], rules: 6, Self.jugs), options)
    }
    let narrow = outcome(UInt64.self)
    #expect(narrow.states == 16)
    for wide in [outcome(SIMD2<UInt64>.self), outcome(SIMD4<UInt64>.self)] {
      #expect(wide.violations == narrow.violations)
      #expect(wide.states == narrow.states)
      #expect(wide.transitions == narrow.transitions)
    }
  }

  // MARK: Odometers: rule n turns wheel n one on.

  static func turn(_ size: Int, _ number: Int, _ cells: CellRecorder) -> PropertySet {
    cells.write((cells.read(cell(number)) + 1) % size, to: cell(number))
    return []
  }

  @Test func aLargeSpaceIsSearchedInLittleMoreThanTwoWordsAState() {
    let outcome = Self.run(
      Self.program([64, 64, 64], rules: 3) { Self.turn(64, $0, $1) },
      SearchOptions(properties: []))
    #expect(outcome.states == 64 * 64 * 64)
    #expect(outcome.transitions == 3 * outcome.states)
    #expect(outcome.depth == 3 * 63)
    #expect(outcome.bytes <= 18 * outcome.states)
  }

  @Test func statesOfFourWordsAreFoundInEveryWord() {
    let sizes = [Int](repeating: 1 << 20, count: 10)
    let program = Self.program(of: SIMD4<UInt64>.self, sizes, rules: 10) { number, cells in
      cells.write(cells.read(Self.cell(number)) == 0 ? (1 << 20) - 1 : 0, to: Self.cell(number))
      return []
    }
    let outcome = Self.run(program, SearchOptions(properties: []))
    #expect(outcome.states == 1 << 10)
    #expect(outcome.depth == 10)
  }

  // MARK: Limits

  @Test(arguments: [1, 2, 100, 4_000])
  func theSearchStopsAtItsStates(limit: Int) {
    var options = SearchOptions(properties: [])
    options.states = limit
    let outcome = Self.run(Self.program([64, 64], rules: 2) { Self.turn(64, $0, $1) }, options)
    #expect(outcome.verdict == .bounded(by: .states))
    #expect(outcome.states == limit)
  }

  @Test func allStatesAreNoMoreThanTheirNumber() {
    var options = SearchOptions(properties: [])
    options.states = 64 * 64
    let outcome = Self.run(Self.program([64, 64], rules: 2) { Self.turn(64, $0, $1) }, options)
    #expect(outcome.verdict == .holds)
  }

  @Test func theSearchStopsAtItsDepth() {
    var options = SearchOptions(properties: [])
    options.depth = 5
    let outcome = Self.run(Self.program([64, 64], rules: 2) { Self.turn(64, $0, $1) }, options)
    #expect(outcome.verdict == .bounded(by: .depth))
    #expect(outcome.states == 21)
    #expect(outcome.depth == 5)
  }

  @Test(arguments: [1 << 16, 1 << 20, 1 << 22])
  func theSearchStopsAtItsMemory(limit: Int) {
    var options = SearchOptions(properties: [])
    options.memory = limit
    let outcome = Self.run(
      Self.program([64, 64, 64], rules: 3) { Self.turn(64, $0, $1) }, options)
    #expect(outcome.verdict == .bounded(by: .memory))
    #expect(outcome.bytes <= limit)
    #expect(outcome.states > limit / 48)
  }

  @Test func theCallerMayStopTheSearch() {
    let program = Self.program([64, 64, 64], rules: 3) { Self.turn(64, $0, $1) }
    var calls = 0
    let outcome = UInt64.explore(program, nil, SearchOptions(properties: [])) { progress in
      calls += 1
      return progress.states < 10_000
    }
    #expect(outcome.verdict == .bounded(by: .cancellation))
    #expect(calls > 1)
    #expect(outcome.states < 64 * 64 * 64)
  }

  @Test func aQuantityCutOffAtItsLimitMakesTheSearchIncomplete() {
    let outcome = Self.run(
      Self.program([4], rules: 1) { _, cells in
        let value = cells.read(Self.cell(0))
        cells.write(min(value + 1, 3), to: Self.cell(0))
        return value == 3 ? .saturation : []
      }, SearchOptions(properties: PropertySet(0)))
    #expect(outcome.verdict == .bounded(by: .saturation))
    #expect(outcome.states == 4)
  }

  // MARK: Learning

  @Test func aRuleIsRunOnceForEachBranch() {
    var runs = 0
    let outcome = Self.run(
      Self.program([64, 64, 64], rules: 3) { number, cells in
        runs += 1
        return Self.turn(64, number, cells)
      }, SearchOptions(properties: []))
    #expect(outcome.transitions == 3 * 64 * 64 * 64)
    #expect(runs == 3 * 64)
  }

  @Test func aCellThatMakesNoDifferenceIsNotLookedAtAnyMore() {
    var program = Self.program([4, 4], rules: 1) { _, cells in
      // Whatever is read, both cells are set alike.
      let sum = cells.read(Self.cell(0)) + cells.read(Self.cell(1))
      if sum > 0 { cells.write(0, to: Self.cell(0)) }
      cells.write(0, to: Self.cell(0))
      cells.write(1, to: Self.cell(1))
      return []
    }
    var layout = CellLayout()
    for _ in 0..<2 { _ = layout.add(cardinality: 4) }
    var successors = Successors<UInt64>(limit: 1)
    // The values that do not come are tried unasked.
    for values in [0, 1, 2].flatMap({ first in [0, 1, 2].map { [first, $0] } }) {
      successors.removeAll()
      program.findSuccessors(
        of: UInt64(values, layout), .unknown, into: &successors)
      #expect(successors[0] == UInt64([0, 1], layout))
    }
    #expect(program.roots[0].look.mask == 0)
    #expect(program.slots[program.roots[0].look.base].keep.isMarked)
  }
}
