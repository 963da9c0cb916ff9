import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol
import Testing

@testable import Rendering

/// What is kept up request by request is what a look at the whole machine shows.
struct SceneKeeperTests {
  @Test(arguments: ["xen-4.16", "xen-4.17", "x86-4.10.0", "x86-4.15.0"], [UInt64(1), 2])
  func looksAtEffectsAreEnough(preset: String, seed: UInt64) throws {
    var side = ExperimentSide(
      MachineConfiguration(preset: try Variant(preset).preset, vcpus: 2), about: "main",
      try Variant(preset), memory: nil, provisions: Provisions())
    var dice = Dice(state: seed)
    var keeper = SceneKeeper()
    var told = Scene()
    for request in dice.requests(150) {
      var context = RequestContext()
      var writer = JSONWriter()
      let reply = side.reply(to: Array(request.utf8), &context, &writer)
      let (asked, answered) = (Array(request.utf8), reply)
      let change = look(&keeper, side.laboratory, asked, answered)
      told.apply(change)
      var fresh = SceneKeeper()
      _ = fresh.look(at: side.laboratory, .everything)
      try #require(keeper.scene == fresh.scene, "after \(request)")
      try #require(told == fresh.scene, "as told, after \(request)")
    }
  }

  private func look(
    _ keeper: inout SceneKeeper, _ laboratory: Laboratory, _ asked: [UInt8], _ answered: [UInt8]
  ) -> SceneChange {
    let request = JSONDocument(known: asked)
    let reply = JSONDocument(known: answered)
    defer {
      extendLifetime(request)
      extendLifetime(reply)
    }
    return keeper.look(at: laboratory, .init(of: request.root, answered: reply.root))
  }
}

/// Random requests, the same for the same seed.
private struct Dice {
  var state: UInt64

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % sides
  }

  private static let start = [
    (1, #""pages":2048,"order":9"#), (2, #""pages":1030,"order":9"#),
  ].map { domain, pages in create(domain, pages) }

  private static func create(_ domain: Int, _ pages: String) -> String {
    let ram = #"[{"gfn":"0x40000",\#(pages)}]"#
    return line("domain.create", #"{"domain":\#(domain),"privileged":true,"ram":\#(ram)}"#)
  }

  mutating func requests(_ count: Int) -> [String] {
    Self.start + [line("grantTable.setup", #"{"domain":1,"frames":4}"#)]
      + (0..<count).map { _ in request() }
  }

  /// A GFN of the bank, or of the RAM.
  private mutating func gfn() -> String {
    let gfn = roll(3) == 0 ? 0x40000 + roll(2048) / 7 : 0x38000 + roll(12)
    return "\"0x\(String(gfn, radix: 16))\""
  }

  private mutating func request() -> String {
    let domain = 1 + roll(2)
    switch roll(20) {
    case 0...4:
      return line("grantFrame.map", #"{"domain":\#(domain),"frame":\#(roll(4)),"gfn":\#(gfn())}"#)
    case 5:
      let frame = #""frame":\#(roll(2)),"gfn":\#(gfn()),"status":true"#
      return line("grantFrame.map", #"{"domain":\#(domain),\#(frame)}"#)
    case 6...8:
      return line(
        "foreignPage.map",
        #"{"domain":\#(domain),"gfn":\#(gfn()),"from":{"domain":\#(3 - domain),"gfn":\#(gfn())}}"#)
    case 9...11: return line("physmap.unmap", #"{"domain":\#(domain),"gfn":\#(gfn())}"#)
    case 12: return line("page.populate", #"{"domain":\#(domain),"gfn":\#(gfn())}"#)
    case 13: return line("page.decrease", #"{"domain":\#(domain),"gfn":\#(gfn())}"#)
    case 14:
      let gfn = "0x\(String(0x40000 + 512 * roll(6), radix: 16))"
      let method = roll(2) == 0 ? "page.populate" : "page.decrease"
      return line(method, #"{"domain":\#(domain),"gfn":"\#(gfn)","order":9}"#)
    case 15:
      return line("grantTable.setVersion", #"{"domain":\#(domain),"version":\#(1 + roll(2))}"#)
    case 16:
      return line(roll(2) == 0 ? "history.undo" : "history.redo", #"{"count":\#(1 + roll(3))}"#)
    case 17:
      return line(roll(3) == 0 ? "snapshot.create" : "snapshot.restore", "{}")
    case 18:
      let operation = #"{"method":"grantFrame.map","params":{"frame":\#(roll(4)),"gfn":\#(gfn())}}"#
      let vcpu = roll(2)
      return roll(3) == 0
        ? line("vcpu.begin", #"{"domain":\#(domain),"vcpu":\#(vcpu),"operation":\#(operation)}"#)
        : line("vcpu.step", #"{"domain":\#(domain),"vcpu":\#(vcpu)}"#)
    default:
      switch roll(6) {
      case 0: return line("domain.destroy", #"{"domain":2}"#)
      case 1: return Self.create(2, #""pages":64"#)
      case 2: return line("sharedInfo.map", #"{"domain":\#(domain),"gfn":\#(gfn())}"#)
      case 3: return line("device.map", #"{"domain":\#(domain),"gfn":\#(gfn()),"mfn":"0x9000"}"#)
      case 4: return line("grantTable.setup", #"{"domain":\#(domain),"frames":\#(4 + roll(8))}"#)
      default: return line("physmap.query", #"{"domain":1,"gfn":"0x38000","count":4}"#)
      }
    }
  }
}
