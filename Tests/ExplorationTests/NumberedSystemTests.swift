import Testing

@testable import Exploration

/// Searches of states that are not packed.
@Suite struct NumberedSystemTests {
  /// Two jugs, which are filled, emptied, and poured into each other.
  private struct Jugs: Hashable {
    var small = 0
    var large = 0
  }

  private static func search(
    for wanted: Int, _ change: (inout SearchOptions) -> Void = { _ in }
  ) -> SearchOutcome {
    let system = NumberedSystem<Jugs>(
      first: Jugs(), transitionCount: 6,
      step: { number, jugs in
        let before = jugs
        switch number {
        case 0: jugs.small = 3
        case 1: jugs.large = 5
        case 2: jugs.small = 0
        case 3: jugs.large = 0
        case 4:
          let poured = min(jugs.small, 5 - jugs.large)
          jugs = Jugs(small: jugs.small - poured, large: jugs.large + poured)
        default:
          let poured = min(jugs.large, 3 - jugs.small)
          jugs = Jugs(small: jugs.small + poured, large: jugs.large - poured)
        }
        if jugs == before { return .impossible }
        return .done(jugs.large == wanted ? PropertySet(0) : [])
      },
      identity: { [UInt64($0.small), UInt64($0.large)] })
    var options = SearchOptions(properties: PropertySet(0))
    options.memory = 1 << 16
    change(&options)
    return NumberedSystem.explore(system, options) { _ in true }
  }

  @Test func theShortestWayIsFound() {
    let outcome = Self.search(for: 4)
    #expect(outcome.verdict == .violated)
    #expect(outcome.violations.map(\.trace) == [[1, 5, 2, 5, 1, 5]])
  }

  @Test func everyStateIsFoundOnce() {
    let outcome = Self.search(for: 6)
    #expect(outcome.verdict == .holds)
    // All but those where neither jug is full nor empty.
    #expect(outcome.states == 16)
  }

  @Test func aLimitIsAVerdict() {
    #expect(Self.search(for: 4) { $0.depth = 5 }.verdict == .bounded(by: .depth))
    #expect(Self.search(for: 4) { $0.depth = 6 }.verdict == .violated)
    #expect(Self.search(for: 6) { $0.states = 7 }.verdict == .bounded(by: .states))
  }

  @Test func nobodyWaitsForLong() {
    var looks = 0
    let system = NumberedSystem<Int>(
      first: 0, transitionCount: 2,
      step: { number, place in
        place = place * 2 + number
        return .done([])
      }, identity: { [UInt64($0)] })
    var options = SearchOptions(properties: PropertySet(0))
    options.memory = 1 << 16
    options.transitionsPerLook = 8
    let outcome = NumberedSystem.explore(system, options) { _ in
      looks += 1
      return looks < 5
    }
    #expect(outcome.verdict == .bounded(by: .cancellation))
    #expect(outcome.transitions < 8 * 8)
  }
}
