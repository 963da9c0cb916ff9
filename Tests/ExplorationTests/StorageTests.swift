import Testing

@testable import Exploration

/// Where a search keeps its states.
@Suite struct StorageTests {
  @Test(arguments: [1, 7, 8, 30, 31, 32, 33, 63]) func aListTakesTheBytesOfItsCells(bits: Int) {
    let all = ~UInt64(0) >> UInt64(64 - bits)
    let list = StateList<UInt64>(capacity: 1_000, bits: all)!
    #expect(list.size == (bits + 7) / 8)
    var random = SplitMix(state: UInt64(bits))
    let states = (0..<1_000).map { _ in mark | random.next() & all }
    for (index, state) in states.enumerated() { list[index] = state }
    #expect((0..<1_000).map { list[$0] } == states)
  }

  @Test func aListOfWideStatesKeepsTheirWords() {
    let bits = SIMD4<UInt64>(~mark, ~0, 0xffff_ffff, 0)
    let list = StateList<SIMD4<UInt64>>(capacity: 100, bits: bits)!
    #expect(list.size == 20)
    let states = (0..<100).map { SIMD4<UInt64>(mark | $0, ~$0, $0 << 24, 0) }
    for (index, state) in states.enumerated() { list[index] = state }
    #expect((0..<100).map { list[$0] } == states)
  }

  @Test(arguments: 1...5) func aTableThatGrowsLosesNothing(seed: UInt64) {
    var visited = VisitedSet<UInt64>(capacity: 64, limit: 1 << 16)!
    var random = SplitMix(state: seed)
    // Some are close together, so that groups are full, at both ends of the table as well.
    let pools = (0..<3).map { _ in random.next() }
    var states: [UInt64] = []
    while visited.capacity < 4_000 {
      while states.count < visited.capacity / 32 * 27 {
        let isNear = Bool.random(using: &random)
        let near = pools.randomElement(using: &random)! &+ random.next() % 64
        let state = mark | (isNear ? near : random.next())
        if visited.table.insert(state) { states.append(state) }
      }
      visited.grow(to: visited.capacity * 5 / 32 * 8 + 8)
      var isComplete = true
      for state in states where visited.table.insert(state) { isComplete = false }
      #expect(isComplete)
    }
  }

  @Test func statesWhoseGroupsAreFullAreMovedFromTheStartAndTheEnd() {
    // The hash of these is high, so they begin at the last group and go on at the first.
    var visited = VisitedSet<UInt64>(capacity: 64, limit: 256)!
    let high = (1...1_000_000).lazy.map { mark | UInt64($0) }.filter { $0.hash >> 58 == 63 }
    let low = (1...1_000_000).lazy.map { mark | UInt64($0) }.filter { $0.hash >> 58 == 0 }
    let states = Array(high.prefix(20)) + Array(low.prefix(20))
    for state in states { #expect(visited.table.insert(state)) }
    for capacity in [80, 104, 136, 256] {
      visited.grow(to: capacity)
      for state in states { #expect(!visited.table.insert(state)) }
    }
  }

  @Test(arguments: 1...4) func aTableThatSeveralThreadsGrowLosesNothing(threads: Int) {
    let crew = Crew(size: threads)
    var visited = VisitedSet<UInt64>(capacity: 1 << 16, limit: 1 << 18)!
    var random = SplitMix(state: UInt64(threads))
    // Where threads' parts meet, groups are full as well.
    let near = (0..<40).map { place in
      (1...9).map { mark | UInt64(place) << 40 | $0 }.max { $0.hash < $1.hash }!
    }
    var states: [UInt64] = []
    while visited.capacity < 1 << 17 {
      while states.count < visited.capacity / 32 * 27 {
        let state = mark | (near.randomElement(using: &random)! &+ random.next() % 1_000)
        let other = mark | random.next()
        for state in [state, other] where visited.table.insert(state) { states.append(state) }
      }
      visited.grow(to: visited.capacity / 32 * 40, by: crew)
      #expect(states.allSatisfy { visited.table.contains($0) })
      var isComplete = true
      for state in states where visited.table.insert(state) { isComplete = false }
      #expect(isComplete)
    }
    #expect(!visited.table.contains(mark | random.next()))
  }

  @Test func aStateIsSeenWholeOrNotAtAll() {
    let states = MappedArray<SIMD2<UInt64>>(capacity: 2)!
    states.elements.show(SIMD2(mark | 1, 5), at: 1)
    #expect(states.elements.shows(SIMD2(mark | 1, 5), at: 1))
    #expect(!states.elements.shows(SIMD2(mark | 1, 0), at: 1))
    #expect(!states.elements.shows(SIMD2(mark | 1, 5), at: 0))
  }
}
