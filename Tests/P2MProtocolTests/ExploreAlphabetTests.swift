import Foundation
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol
import Testing

/// Superpages, several domains, chosen arguments and actors over the wire.
@Suite struct ExploreAlphabetTests {
  private static func ask(_ preset: String, _ sizes: String, _ more: String) -> Reply {
    var wire = Wire()
    return wire.call(
      "explore.run",
      #"{"preset":"\#(preset)",\#(sizes),"properties":["no-collateral-removal"],\#(more)}"#)
  }

  private static let small = #""gfns":3,"frames":1,"foreignPages":1"#

  private static func methods(_ reply: Reply) -> [String] {
    (reply.result?["trace"] as? [[String: Any]] ?? []).map { $0["method"] as? String ?? "" }
  }

  /// What is asked for, and the methods of the shortest loss on 4.16.
  static let losses = [
    (
      #""orders":[9],"operations":["grantFrame.map","page.populate"]"#,
      ["grantFrame.map", "page.populate", "grantFrame.map"]
    ),
    (
      #""orders":[18],"operations":["grantFrame.map","page.populate"],"maxPages":262144"#,
      ["grantFrame.map", "page.populate", "grantFrame.map"]
    ),
    (#""domains":2"#, ["grantFrame.map", "foreignPage.map", "grantFrame.map"]),
    (
      #""operations":["foreignPage.map","grantFrame.map"],"actors":[{"actor":"toolstack-seed"}]"#,
      ["grantFrame.map", "foreignPage.map", "grantFrame.map"]
    ),
    (
      #""operations":["foreignPage.map"],"actors":[{"actor":"toolstack-seed"},"#
        + #"{"actor":"kexec","domain":1,"with":{"region":"bank1","frames":1}}]"#,
      ["grantFrame.map", "physmap.unmap", "foreignPage.map", "grantFrame.map"]
    ),
    (
      #""arguments":[{"method":"grantFrame.map","gfn":["0x38000","0x38001"]},"#
        + #"{"method":"foreignPage.map","gfn":["0x38001"]}],"invalidArguments":true"#,
      ["grantFrame.map", "foreignPage.map", "grantFrame.map"]
    ),
  ]

  @Test(arguments: losses.indices)
  func theShortestLossIsFoundAndItsFixHolds(number: Int) {
    let (asked, methods) = Self.losses[number]
    let broken = Self.ask("xen-4.16", Self.small, asked)
    #expect(broken.result?["verdict"] as? String == "violated")
    #expect(Self.methods(broken) == methods)
    let mended = Self.ask("xen-4.17", Self.small, asked)
    #expect(mended.result?["verdict"] as? String != "violated")
  }

  @Test func requestsOfAnActorSayWhose() {
    let (asked, _) = Self.losses[4]
    let trace = Self.ask("xen-4.16", Self.small, asked).result?["trace"] as? [[String: Any]]
    #expect(
      trace?.map { $0["actor"] as? String ?? "" } == [
        "toolstack-seed", "toolstack-seed", "", "kexec",
      ])
    #expect(trace?.map { $0["id"] as? Int } == [7, 8, 9, 10])
  }

  /// Every counterexample is a session that a server answers as expected.
  @Test(arguments: Preset.all.map(\.name), ["orders", "domains", "actors"])
  func everyCounterexampleReplays(preset: String, alphabet: String) throws {
    var plan = ExplorationPlan(try #require(Preset.named(preset)))
    plan.gfns = 2
    plan.frames = 1
    plan.foreignPages = 1
    plan.keepsGoing = true
    switch alphabet {
    case "orders":
      plan.orders = [0, 9]
      plan.depth = 4
      plan.operations = [.mapGrantFrame, .populate, .decrease, .mapForeignPage, .unmap]
    case "domains": plan.domains = 2
    default:
      let role = ExploredRole(actor: "u-boot", domain: ExploredOperation.domain, values: nil)
      try plan.play([role], Provisions())
    }
    if plan.hasVersion2, plan.domains > 1, plan.knobs.statusFreeing == .blind {
      plan.operations = [.mapGrantFrame, .mapForeignPage, .unmap]
    }
    let space = try ExplorationSpace(plan)
    let requests = ExplorationRequests(space)
    for found in space.explore({ _ in true }).counterexamples {
      let session = requests.session(found.history)
      #expect(SessionRun(try Session(session), preset: .default).mismatches.isEmpty)
      let named = #""property":"\#(found.property.rawValue)""#
      #expect(String(decoding: session, as: UTF8.self).contains(named))
    }
  }

  @Test(arguments: [
    (#""domains":4"#, "/domains"), (#""orders":[1]"#, "/orders/0"), (#""orders":9"#, "/orders"),
    (#""domains":2,"operations":["page.populate"]"#, ""), (#""maxPages":16"#, "/maxPages"),
    (#""orders":[9],"symmetry":["gfn"]"#, "/symmetry"),
    (#""invalidArguments":1"#, "/invalidArguments"),
    (#""arguments":[{"method":"grantFrame.mop"}]"#, "/arguments/0/method"),
    (#""arguments":[{"method":"physmap.unmap","frame":[0]}]"#, "/arguments"),
    (#""arguments":[{"method":"physmap.unmap","gfn":["38000"]}]"#, "/arguments/0/gfn/0"),
    (#""arguments":[{"method":"physmap.unmap","gfns":[1]}]"#, "/arguments/0/gfns"),
    (#""actors":[{"actor":"toolstack-seed","domain":2}]"#, "/actors/0/domain"),
    (#""actors":[{"actor":"backend"}]"#, "/actors/0/with/foreign"),
    (#""actors":[{"actor":"linux-old"}]"#, "/actors/0/actor"),
    (#""actors":[{"actor":"toolstack-seed"}],"vcpus":2"#, ""),
  ])
  func whatCannotBeExploredIsNamed(wrong: String, path: String) {
    let reply = Self.ask("xen-4.16", Self.small, wrong)
    #expect(reply.code == -32602)
    #expect(reply.path == path)
  }

  @Test func anActorOfOnesOwnIsPlayed() throws {
    let template = """
      {"actor":"odd","does":"Maps.","why":"To see.","parameters":{}}
      {"method":"physmap.unmap","params":{"domain":"${domain}","gfn":"0x38001"},"mayFail":[-2]}
      {"method":"physmap.query","params":{"domain":"${domain}","gfn":"0x38000"}}
      {"method":"grantFrame.map","params":{"domain":"${domain}","frame":0,"gfn":"0x38001"}}
      """
    let source = ActorSource(name: "odd", text: Array(template.utf8))
    var wire = Wire(provisions: Provisions(actors: [source]))
    let asked =
      #"{"preset":"xen-4.17",\#(Self.small),"properties":["single-mapping"],"operations":[],"#
      + #""actors":[{"actor":"odd"}]}"#
    let reply = wire.call("explore.run", asked)
    #expect(reply.result?["states"] as? Int == 2)
    #expect(reply.result?["verdict"] as? String == "holds")
    let bad = template.replacingOccurrences(of: "grantFrame.map", with: "domain.destroy")
      .replacingOccurrences(of: #","frame":0,"gfn":"0x38001""#, with: "")
    let other = ActorSource(name: "odd", text: Array(bad.utf8))
    wire = Wire(provisions: Provisions(actors: [other]))
    let refused = wire.call("explore.run", asked)
    #expect(refused.path == "/actors/0/actor")
    #expect(refused.message?.contains("odd.ndjson:4: domain.destroy is not explored") == true)
  }
}
