import Testing

@testable import Exploration

/// Several threads come to what one comes to, state by state.
@Suite struct ThreadTests {
  /// Everything that a search says, and the states in the order found.
  struct Record: Equatable {
    var outcome: SearchOutcome
    var states: [UInt64]
    var progress: [SearchProgress]
  }

  /// What a search is to meet on its way.
  enum Course: CaseIterable {
    /// Nothing: all states are found.
    case plain
    /// States that break properties, amid levels that are expanded by all threads.
    case states
    /// Transitions that do.
    case transitions
    /// Both, and transitions that are cut off.
    case everything
  }

  static let wheels = 3
  static let size = 40

  /// Three wheels; rule n turns wheel n one on.
  static func program(_ course: Course) -> DecisionProgram<UInt64> {
    let marks = course == .transitions || course == .everything
    let rule: DecisionProgram<UInt64>.Rule = { number, cells in
      let value = cells.read(CellIndex(number))
      let isStuck = course == .everything && number == 2 && value == 35
      cells.write(isStuck ? value : (value + 1) % size, to: CellIndex(number))
      var broken: PropertySet = []
      if marks, number == 1, value == 21 { broken.insert(PropertySet(0)) }
      if marks, number == 0, value == 30, cells.read(CellIndex(1)) == 17 {
        broken.insert(PropertySet(1))
      }
      return isStuck ? broken.union(.saturation) : broken
    }
    func values(_ state: UInt64) -> [Int] {
      (0..<wheels).map { Int(truncatingIfNeeded: state >> UInt64(6 * $0)) & 63 }
    }
    let judges = course == .states || course == .everything
    return SearchTests.program(
      [Int](repeating: size, count: wheels), rules: wheels, rule,
      broken: judges
        ? { state in
          let values = values(state)
          var broken: PropertySet = []
          if values[0] * values[1] == 19 * 13 { broken.insert(PropertySet(2)) }
          if values[2] == 33, values[1] > 5 { broken.insert(PropertySet(3)) }
          return broken
        } : nil)
  }

  /// The wheels are alike, so that their names mean nothing.
  static func symmetry(_ program: borrowing DecisionProgram<UInt64>) -> ColumnSymmetry {
    ColumnSymmetry(
      columns: program.layout.cells, pointers: [], columnsAreAlike: true, plainKinds: [],
      pointingKind: nil)
  }

  static func record<System: TransitionSystem<UInt64> & ~Copyable>(
    _ system: consuming System, _ options: SearchOptions,
    _ advance: (SearchProgress) -> Bool = { _ in true }
  ) -> Record {
    var search = Search(system, options)
    search.pace = nil
    var progress: [SearchProgress] = []
    let outcome = search.run {
      progress.append($0)
      return advance($0)
    }
    let states = (0..<search.known.count).map { search.known[$0] }
    return Record(outcome: outcome, states: states, progress: progress)
  }

  /// Checks that two and three threads come to what one comes to, which is returned.
  @discardableResult
  static func compare(
    _ what: String, _ options: SearchOptions, _ run: (SearchOptions) -> Record
  ) -> Record {
    var options = options
    options.threads = 1
    let one = run(options)
    for threads in [2, 3] {
      options.threads = threads
      let several = run(options)
      #expect(several.outcome == one.outcome, "\(threads) threads: \(what)")
      #expect(several.states == one.states, "\(threads) threads: \(what)")
      #expect(several.progress == one.progress, "\(threads) threads: \(what)")
    }
    return one
  }

  static let properties: PropertySet = [
    PropertySet(0), PropertySet(1), PropertySet(2), PropertySet(3),
  ]

  static var options: SearchOptions {
    var options = SearchOptions(properties: properties)
    options.keepsGoing = true
    return options
  }

  @Test(arguments: Course.allCases, [true, false])
  func theOutcomeIsTheSame(course: Course, keepsGoing: Bool) {
    var options = Self.options
    options.keepsGoing = keepsGoing
    let record = Self.compare("\(course)", options) { Self.record(Self.program(course), $0) }
    let expected =
      switch course {
      case .plain: 0
      case .states, .transitions: 2
      case .everything: 4
      }
    #expect(record.outcome.violations.count == (keepsGoing ? expected : min(expected, 1)))
    #expect(Set(record.states).count == record.states.count)
  }

  @Test(arguments: [1, 1_000, 20_000, 20_001, 33_333, 63_999])
  func theStatesAreCutOffAlike(limit: Int) {
    for course in Course.allCases {
      var options = Self.options
      options.states = limit
      let record = Self.compare("\(course)", options) { Self.record(Self.program(course), $0) }
      #expect(record.states.count == min(limit, course == .everything ? 57_600 : limit))
    }
  }

  @Test(arguments: [0, 20, 33, 60]) func theDepthIsCutOffAlike(limit: Int) {
    var options = Self.options
    options.depth = limit
    let record = Self.compare("depth", options) { Self.record(Self.program(.plain), $0) }
    #expect(record.outcome.verdict == .bounded(by: .depth))
  }

  @Test(arguments: [1 << 12, 1 << 18, 300_000, 600_000, 700_000])
  func theMemoryIsCutOffAlike(limit: Int) {
    var options = Self.options
    options.memory = limit
    let record = Self.compare("memory", options) { Self.record(Self.program(.plain), $0) }
    #expect(record.outcome.verdict == .bounded(by: .memory))
    #expect(record.states.isEmpty || record.outcome.bytes <= limit)
  }

  @Test func theSearchIsStoppedAlike() {
    let record = Self.compare("cancellation", Self.options) {
      Self.record(Self.program(.plain), $0) { $0.states < 30_000 }
    }
    #expect(record.outcome.verdict == .bounded(by: .cancellation))
    #expect(record.progress.count > 1)
  }

  @Test(arguments: [false, true])
  func statesThatAreOneAreFoundAlike(isCutOff: Bool) {
    var options = Self.options
    if isCutOff { options.states = 30_000 }
    let sizes = [Int](repeating: 12, count: 8)
    let record = Self.compare("symmetry", options) { options in
      let program = SearchTests.program(sizes, rules: 8, { SearchTests.turn(12, $0, $1) }) {
        ($0 >> 28) & 15 == 9 ? PropertySet(1) : []
      }
      let symmetry = Self.symmetry(program)
      return Self.record(Quotient(program, by: symmetry), options)
    }
    // Twelve contents in eight columns, in any order.
    #expect(record.states.count == (isCutOff ? 30_000 : 75_582))
    #expect(record.outcome.violations.count == (isCutOff ? 0 : 1))
  }

  @Test func aRuleIsRunOnceHoweverManyThreadsThereAre() {
    var options = SearchOptions(properties: [])
    for threads in [1, 2, 3] {
      options.threads = threads
      var runs = 0
      let program = SearchTests.program([40, 40, 40], rules: 3) { number, cells in
        runs += 1
        return SearchTests.turn(40, number, cells)
      }
      #expect(SearchTests.run(program, options).states == 64_000)
      #expect(runs == 3 * 40)
    }
  }

  @Test func aCrewDoesItsWorkOnAllThreadsAndAgain() {
    let crew = Crew(size: 3)
    #expect(crew.size == 3)
    let sums = MappedArray<Int>(capacity: 3)!
    for round in 1...1_000 { crew.run { sums[$0] += round * ($0 + 1) } }
    #expect((0..<3).map { sums[$0] } == [500_500, 1_001_000, 1_501_500])
  }

  @Test(arguments: [1, 2, 3]) func blocksComeBackInOrderWhoeverExpandsThem(threads: Int) {
    let crew = Crew(size: threads)
    let belt = Belt<UInt64>(successorLimit: 1)
    let size = Block<UInt64>.size
    for states in [1, size, 100 * size + 1] {
      belt.begin(from: 7, to: 7 + states)
      var added: [Range<Int>] = []
      crew.run { thread in
        while thread == 0 ? belt.isLeft : true {
          if thread == 0, let block = belt.expanded(belt.nextToAdd) {
            added.append(block.start..<block.next)
            belt.noteAdded()
            continue
          }
          switch belt.take() {
          case .block(let block, let number):
            block.finish(upTo: block.end, candidates: 0, transitions: 0)
            belt.putBack(block, number: number)
          case .later: continue
          case .nothing: if thread > 0 { return }
          }
        }
      }
      #expect(added.first?.lowerBound == 7 && added.last?.upperBound == 7 + states)
      #expect(zip(added, added.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }
  }

  @Test func nobodyTakesABlockFromABeltThatWasStopped() {
    let belt = Belt<UInt64>(successorLimit: 1)
    belt.begin(from: 0, to: 1_000)
    belt.stop()
    if case .nothing = belt.take() {} else { Issue.record("a block was taken") }
    belt.goOn()
    if case .block(let block, 0) = belt.take() {
      #expect(block.start == 0)
    } else {
      Issue.record("no block was taken")
    }
    #expect(belt.nextToAdd == 1)
  }
}
