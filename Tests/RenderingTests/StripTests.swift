import Hypervisor
import Testing

@testable import Rendering

/// Neighbours that are alike are one block, whatever was there before.
struct StripTests {
  private static func ram(_ range: Range<UInt64>) -> Block {
    Block(first: range.lowerBound, count: UInt64(range.count), content: .ram(order: 0))
  }

  private static func grant(_ frame: Int, at gfn: UInt64) -> Block {
    Block(
      first: gfn, count: 1,
      content: .page(
        .grant(domain: DomainID(1), frame: frame), mfn: nil, references: 1, order: 0))
  }

  @Test func aPageWithinABlockSplitsIt() {
    var strip = Strip()
    strip.append(Self.ram(0..<16))
    strip.replace(4..<5, with: [Self.grant(0, at: 4)])
    #expect(strip.blocks == [Self.ram(0..<4), Self.grant(0, at: 4), Self.ram(5..<16)])
    #expect(strip.block(at: 4) == Self.grant(0, at: 4))
    #expect(strip.block(at: 16) == nil)
  }

  @Test func aBlockIsWholeAgainOnceThePageIsBack() {
    var strip = Strip()
    strip.append(Self.ram(0..<16))
    let before = strip
    strip.replace(4..<5, with: [])
    #expect(strip.change(since: before).removed == [0])
    strip.replace(4..<5, with: [Self.ram(4..<5)])
    #expect(strip == before)
    #expect(strip.change(since: before).isEmpty)
  }

  @Test func framesOfTheGrantTableAreNeverOneBlock() {
    var strip = Strip()
    strip.append(Self.grant(0, at: 0))
    strip.append(Self.grant(1, at: 1))
    #expect(strip.blocks.count == 2)
  }

  @Test func aChangeAppliedAgainLeadsToTheSame() {
    var strip = Strip()
    strip.append(Self.ram(0..<16))
    let before = strip
    strip.replace(3..<9, with: [Self.grant(0, at: 5)])
    strip.replace(20..<21, with: [Self.grant(1, at: 20)])
    var other = before
    other.apply(strip.change(since: before))
    #expect(other == strip)
  }
}
