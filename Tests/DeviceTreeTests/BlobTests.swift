import DeviceTree
import Testing

/// What is read of a device tree, and what is said of one that cannot be used.
@Suite struct BlobTests {
  private static func node(_ blob: [UInt8]) throws -> HypervisorNode {
    let tree = try DeviceTree(blob)
    return try tree.hypervisorNode()
  }

  private static func fault(_ blob: [UInt8]) -> DeviceTreeFault? {
    do {
      _ = try node(blob)
      return nil
    } catch {
      return error as? DeviceTreeFault
    }
  }

  @Test func aGuestsBanksAreRead() throws {
    let node = try Self.node(try fixture("guest.dtb"))
    #expect(node.path == "/hypervisor")
    #expect(
      node.banks == [
        .init(address: 0x3800_0000, size: 0x100_0000),
        .init(address: 0x6000_0000, size: 0x6000_0000),
      ])
  }

  @Test func sizesMayHaveOneCell() throws {
    let node = try Self.node(try fixture("dom0.dtb"))
    #expect(
      node.banks == [
        .init(address: 0x800_0000, size: 0x4_0000),
        .init(address: 0x1_0000_0000, size: 0x4000_0000),
        .init(address: 0x2_0000_0000, size: 0x8000_0000),
      ])
  }

  @Test func theNodeIsFoundByWhatItIsCompatibleWith() throws {
    let blob = Tree.root { root in
      root.hypervisor(compatible: "acme,hv", reg: [0, 0x1000, 0, 0x1000])
      root.node("bus") { bus in
        bus.property("#address-cells", cells: [1])
        bus.property("#size-cells", cells: [1])
        bus.property("ranges", [])
        bus.hypervisor("xen", reg: [0x2000, 0x3000])
      }
    }
    let node = try Self.node(blob)
    #expect(node.path == "/bus/xen")
    #expect(node.banks == [.init(address: 0x2000, size: 0x3000)])
  }

  @Test func theNodeIsFoundByItsNameWhereNoneIsCompatible() throws {
    let blob = Tree.root { $0.hypervisor(compatible: nil, reg: [0, 0x1000, 0, 0x2000]) }
    #expect(try Self.node(blob).banks == [.init(address: 0x1000, size: 0x2000)])
  }

  @Test func cellsThatAreNotSaidAreTwoAndOne() throws {
    let blob = Tree.root(addressCells: nil, sizeCells: nil) {
      $0.hypervisor(reg: [1, 0x1000, 0x2000])
    }
    #expect(try Self.node(blob).banks == [.init(address: 0x1_0000_1000, size: 0x2000)])
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let blob: [UInt8]
    let place: String
    let reason: String

    init(_ what: String, _ blob: [UInt8], at place: String, _ reason: String) {
      testDescription = what
      self.blob = blob
      self.place = place
      self.reason = reason
    }
  }

  private static let reg: [UInt32] = [0, 0x1000, 0, 0x1000]
  private static let good = Tree.root { $0.hypervisor(reg: reg) }

  static let refusals = [
    Refusal("nothing", [], at: "the blob", "truncated"),
    Refusal("bad magic", [0] + good.dropFirst(), at: "the blob", "magic"),
    Refusal("truncated", Array(good.dropLast(8)), at: "the blob", "truncated"),
    Refusal(
      "too large", [UInt8](repeating: 0, count: DeviceTree.sizeLimit + 1), at: "the blob", "at most"
    ),
    Refusal(
      "a tag that is none", good.prefix(59) + [7] + good.dropFirst(60), at: "the blob",
      "structure"),
    Refusal("no node", Tree.root { _ in }, at: "the device tree", "xen,xen"),
    Refusal(
      "three cells", Tree.root(addressCells: 3) { $0.hypervisor(reg: reg) },
      at: "/: #address-cells", "neither 1 nor 2"),
    Refusal(
      "no cells", Tree.root(sizeCells: 0) { $0.hypervisor(reg: reg) }, at: "/: #size-cells",
      "neither 1 nor 2"),
    Refusal(
      "no reg", Tree.root { $0.node("hypervisor") { _ in } }, at: "/hypervisor: reg",
      "no such property"),
    Refusal(
      "an empty reg", Tree.root { $0.hypervisor(reg: []) }, at: "/hypervisor: reg", "none at all"),
    Refusal(
      "half a bank", Tree.root { $0.hypervisor(reg: reg + [0, 1]) }, at: "/hypervisor: reg",
      "6 cells, which is no multiple of 4"),
    Refusal(
      "half a cell", Tree.root { $0.node("hypervisor") { $0.property("reg", [0, 1, 2]) } },
      at: "/hypervisor: reg", "no multiple of 4"),
    Refusal(
      "a bus that translates",
      Tree.root { root in
        root.node("bus") { bus in
          bus.property("ranges", cells: [0, 0, 1, 0, 0, 1])
          bus.hypervisor(reg: reg)
        }
      }, at: "/bus: ranges", "no GFNs"),
    Refusal(
      "the root",
      Tree.root { $0.property("compatible", Array("xen,xen".utf8) + [0]) }, at: "/", "root"),
  ]

  @Test(arguments: refusals)
  func whatIsWrongIsNamedWithItsProperty(refusal: Refusal) {
    let fault = Self.fault(refusal.blob)
    #expect(fault?.place == refusal.place)
    #expect(fault?.reason.contains(refusal.reason) == true)
  }

  @Test func whatIsFlattenedIsReadAgain() throws {
    let node = HypervisorNode(banks: [
      .init(address: 0x3800_0000, size: 0x100_0000), .init(address: 0xffff_f000, size: 1 << 40),
    ])
    #expect(try Self.node(node.blob) == node)
  }

  /// A generator of its own, so that a run can be had again. Steele's splitmix64.
  struct Noise: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
      return word ^ word >> 31
    }
  }

  @Test(arguments: ["guest.dtb", "dom0.dtb"])
  func aBrokenBlobIsRefusedOrReadAndHarmsNobody(name: String) throws {
    let whole = try fixture(name)
    var noise = Noise(state: 1)
    var refused = 0
    for _ in 0..<20_000 {
      var blob = whole
      for _ in 0..<Int.random(in: 1...4, using: &noise) {
        // The header and the ends of the blocks decide most.
        let reach = Bool.random(using: &noise) ? blob.count : min(64, blob.count)
        let place = Int.random(in: 0..<max(1, reach), using: &noise)
        switch Int.random(in: 0..<4, using: &noise) {
        case 0: blob[place] = UInt8.random(in: 0...255, using: &noise)
        case 1: blob[place] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
        case 2: blob[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &noise) ?? 0
        default: blob.removeLast(min(blob.count - 1, Int.random(in: 0..<32, using: &noise)))
        }
      }
      if let fault = Self.fault(blob) {
        refused += 1
        #expect(!fault.place.isEmpty && !fault.reason.isEmpty)
      }
    }
    #expect((1_000..<20_000).contains(refused))
  }
}
