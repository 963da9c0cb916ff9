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

  @Test func aStateIsSetAloneBeforeOthers() {
    let list = StateList<UInt64>(capacity: 3, bits: 0xff_ffff)!
    list[2] = mark | 3
    list.setAlone(mark | 2, at: 1)
    list.setAlone(mark | 1, at: 0)
    #expect((0..<3).map { list[$0] & ~mark } == [1, 2, 3])
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
}
