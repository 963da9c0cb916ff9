import Hypervisor
import Testing

/// The leaves that map RAM are a matter of tables alone: whatever their size, every operation answers
/// alike, every GFN maps the same page, and pages have the same references.
@Suite struct LeafSizeTests {
  /// Small numbers that look random, the same in every run.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % sides
    }
  }

  private static let pages: UInt64 = 3 * 512
  private static let window = (0x40000..<0x40000 + pages + 512)

  /// One for each way of tracking.
  private static let presets = ["xen-4.16", "xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.22"]

  @Test(arguments: presets, [1, 2, 3] as [UInt64])
  func noHistoryTellsTheLeavesApart(preset: String, seed: UInt64) throws {
    try compare(preset, seed: seed, directMapped: false)
  }

  @Test(arguments: presets)
  func norDoesThatOfADirectMappedDomain(preset: String) throws {
    try compare(preset, seed: 4, directMapped: true)
  }

  private func compare(_ preset: String, seed: UInt64, directMapped: Bool) throws {
    var guests = try PageTable.leafOrders.map { order in
      try Guest(
        preset, directMapped: directMapped, maxPages: Self.pages + 512,
        ram: Guest.ram(pages: Self.pages, order: order))
    }
    #expect(guests[0].leaves != guests[1].leaves)
    var dice = Dice(state: seed)
    for step in 0..<120 {
      let start = dice
      var answers: [Int] = []
      for index in guests.indices {
        dice = start
        answers.append(Self.act(on: &guests[index], &dice))
        let unjust = !guests[index].machine.violations.isEmpty
        answers[index] = answers[index] * 2 + (unjust ? 1 : 0)
      }
      #expect(Set(answers).count == 1, "step \(step): \(answers)")
      guard step % 12 == 11 else { continue }
      let states = try guests.map { try Self.state(of: $0) }
      try #require(Set(states).count == 1, "after step \(step)")
    }
  }

  /// One operation of many kinds, at a GFN near the RAM.
  private static func act(on guest: inout Guest, _ dice: inout Dice) -> Int {
    let gfn = window.lowerBound + dice.roll(UInt64(window.count))
    let block = gfn / 512 * 512
    switch dice.roll(10) {
    case 0, 1: return guest.mapGrant(dice.roll(3), at: gfn)
    case 2: return guest.mapForeign(0x40000 + dice.roll(16), at: gfn)
    case 3: return guest.mapSharedInfo(at: gfn)
    case 4, 5: return guest.unmap(gfn)
    case 6: return guest.decrease(gfn)
    case 7: return guest.populate(gfn)
    case 8: return guest.decrease(block, order: 9)
    default: return guest.populate(dice.roll(4) == 0 ? gfn : block, order: 9)
    }
  }

  /// What anybody can see of the guest's frames and pages.
  private static func state(of guest: Guest) throws -> [String] {
    let machine = guest.machine
    let me = try #require(machine.index(of: DomainID(1)))
    var state = ["\(guest.pages(of: DomainID(1))) pages, tracked \(guest.tracked(0) as Any)"]
    for frame in window {
      guard let mapping = machine.mapping(at: GFN(frame), in: me) else { continue }
      let page = machine.page(mapping.entry.mfn)
      state.append(
        "\(frame): \(mapping.page) \(mapping.entry.type.name) \(page?.references ?? 0) "
          + "\(page?.ownMappings ?? 0) \(page?.foreignMappings ?? 0)")
    }
    let standing = machine.standingViolations(of: Set(Property.always))
    return state + standing.map { "\($0.property) \($0.domain)" }
  }
}
