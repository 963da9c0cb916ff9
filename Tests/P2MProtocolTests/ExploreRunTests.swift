import Foundation
import Hypervisor
import JSONRPC
import Jansson
import P2MProtocol
import Testing

@testable import Laboratory

/// `explore.run`, and the requests that an exploration comes to.
@Suite struct ExploreRunTests {
  private static let sizes = #""gfns":4,"frames":2,"foreignPages":2"#

  @Test func theShortestHistoryIsTold() {
    var wire = Wire()
    let reply = wire.call(
      "explore.run",
      #"{"preset":"xen-4.16",\#(Self.sizes),"properties":["no-collateral-removal"],"symmetry":[]}"#)
    #expect(reply.result?["verdict"] as? String == "violated")
    #expect(
      reply.text.contains(
        #""trace":[{"jsonrpc":"2.0","id":6,"method":"grantFrame.map","params":{"domain":1,"frame":0,"#
          + #""gfn":"0x38000"}},{"jsonrpc":"2.0","id":7,"method":"foreignPage.map""#))
    #expect(!reply.text.contains("seconds"))
  }

  @Test func theSameQuestionHasTheSameBytes() {
    var wire = Wire()
    let params = #"{"preset":"xen-4.16",\#(Self.sizes),"keepGoing":true}"#
    let first = wire.call("explore.run", params).text
    #expect(wire.call("explore.run", params).text == first)
  }

  @Test func noMachineChanges() {
    var wire = Wire.withDomains()
    let before = wire.call("history.list").text
    _ = wire.call("explore.run", #"{"preset":"xen-4.17",\#(Self.sizes)}"#)
    #expect(wire.call("history.list").text == before)
  }

  @Test func anOverrideIsExplored() {
    var wire = Wire()
    let property = #""properties":["no-collateral-removal"]"#
    let knobs = #""overrides":{"tracking":"array-cleared-on-put"}"#
    let reply = wire.call(
      "explore.run", #"{"preset":"xen-4.16",\#(Self.sizes),\#(property),\#(knobs)}"#)
    #expect(reply.result?["verdict"] as? String == "holds")
  }

  @Test(arguments: [
    (#""gfns":17"#, "/gfns"), (#""frames":"2""#, "/frames"), (#""vcpus":4"#, "/vcpus"),
    (#""operations":["grantFrame.mop"]"#, "/operations/0"), (#""operations":[]"#, "/operations"),
    (#""properties":["region-discipline"],"symmetry":["gfn"]"#, "/symmetry"),
    (#""symmetry":["vcpu"]"#, "/symmetry"), (#""maxMemory":67108865"#, "/maxMemory"),
    (#""preset":"xen-3""#, "/preset"), (#""overrides":{"remap":1}"#, "/overrides/remap"),
    (
      #""gfns":16,"frames":15,"foreignPages":15,"vcpus":3,"operations":["page.decrease"]"#, ""
    ),
    (#""frames":15,"vcpus":2,"symmetry":["gfn"]"#, "/symmetry"),
  ])
  func whatCannotBeExploredIsNamed(wrong: String, path: String) {
    var params = [#""preset":"xen-4.16""#, #""gfns":4"#, #""frames":2"#, #""foreignPages":2"#]
    params.removeAll { wrong.contains($0.prefix { $0 != ":" } + ":") }
    var wire = Wire()
    let reply = wire.call("explore.run", "{" + (params + [wrong]).joined(separator: ",") + "}")
    #expect(reply.code == -32602)
    #expect(reply.path == path)
  }

  @Test func memoryThatMachinesHaveTakenIsNotThereForAnExploration() {
    var wire = Wire(memory: HostMemory(limit: 1 << 10))
    let reply = wire.call("explore.run", #"{"preset":"xen-4.16",\#(Self.sizes)}"#)
    #expect(reply.code == 1003)
    let params = #"{"preset":"xen-4.17",\#(Self.sizes),"maxMemory":1048576}"#
    #expect(wire.call("explore.run", params).result != nil)
  }

  /// Every preset's counterexamples, with one vCPU and with two.
  @Test(arguments: Preset.all.map(\.name), [1, 2])
  func everyCounterexampleIsASessionThatViolatesItsProperty(preset: String, vcpus: Int) throws {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = 2
    plan.frames = 1
    plan.foreignPages = 1
    plan.vcpus = vcpus
    plan.keepsGoing = true
    let space = try ExplorationSpace(plan)
    let requests = ExplorationRequests(space)
    for found in space.explore({ _ in true }).counterexamples {
      let session = requests.session(found.history)
      let lines = String(decoding: session, as: UTF8.self).split(separator: "\n")
      let named = #""property":"\#(found.property.rawValue)""#
      #expect(lines.last?.contains(named) == true)
      #expect(!lines.dropLast(2).contains { $0.contains(named) })
      #expect(SessionRun(try Session(session), preset: .default).mismatches.isEmpty)
    }
  }

  @Test func eachStepTellsItsVCPUAndItsLocks() {
    var wire = Wire()
    let reply = wire.call(
      "explore.run",
      #"{"preset":"x86-4.15.1","gfns":2,"frames":1,"foreignPages":0,"vcpus":2,"properties":["no-dangling"]}"#
    )
    let trace = reply.result?["trace"] as? [[String: Any]] ?? []
    #expect(trace.count == 6)
    #expect(trace.map { $0["vcpu"] as? Int } == [0, 1, 0, 0, 1, 1])
    #expect(trace.first?["step"] as? String == "begin")
    #expect(trace.first?["locks"] as? [String] == ["grant"])
  }
}
