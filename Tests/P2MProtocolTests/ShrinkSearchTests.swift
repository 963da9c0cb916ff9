import Foundation
import Hypervisor
import JSONRPC
import Laboratory
import Testing

@testable import P2MProtocol

/// Histories from which no request can go alone, though shorter ones do the same.
@Suite struct ShrinkSearchTests {
  private static func shrink(
    _ lines: [String], _ property: Property, preset: String, vcpus: Int = 1,
    runLimit: Int = ShrunkHistory.runLimit, stateLimit: Int = WindowSearch.stateLimit
  ) throws -> ShrunkHistory? {
    let machine = [
      "machine.delete {}", "machine.create {'preset':'\(preset)','vcpus':\(vcpus)}",
    ]
    let requests = (machine + lines).map { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      let params = parts[1].replacingOccurrences(of: "'", with: "\"")
      return #"{"jsonrpc":"2.0","id":1,"method":"\#(parts[0])","params":\#(params)}"#
    }
    let session = try Session(Array(requests.joined(separator: "\n").utf8))
    let subject = Subject(machine: "main", preset: nil, settings: [])
    var context = RequestContext()
    return try ShrunkHistory(
      .requests(try RequestList(session), subject), violating: property, runLimit: runLimit,
      stateLimit: stateLimit, context: &context)
  }

  /// The requests without what JSON-RPC puts around them, and without the machine's own.
  private static func inShort(_ history: ShrunkHistory) -> [String] {
    history.requests.map { request in
      let method = request["method"]?.compact ?? ""
      return "\(method) \(request["params"]?.compact ?? "")".replacingOccurrences(
        of: "\"", with: "")
    }.filter { !$0.hasPrefix("machine.") }
  }

  struct Trap: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let property: Property
    let preset: String
    var vcpus = 1
    let requests: [String]
    let shortest: [String]
  }

  static let traps = [
    Trap(
      testDescription: "The frame itself can be given back, where RAM was given back and taken",
      property: .trackingAgrees, preset: "xen-4.16",
      requests: [
        "domain.create {'domain':1,'ram':[{'gfn':'0x0','pages':1}]}",
        "page.decrease {'domain':1,'gfn':'0x0'}",
        "grantFrame.map {'domain':1,'frame':0,'gfn':'0x0'}",
        "page.populate {'domain':1,'gfn':'0x0'}",
      ],
      shortest: [
        "domain.create {domain:1}", "grantFrame.map {domain:1,frame:0,gfn:0x0}",
        "page.decrease {domain:1,gfn:0x0}",
      ]),
    Trap(
      testDescription: "One mapping on its way is enough, where two raced",
      property: .noDangling, preset: "x86-4.15.0", vcpus: 2,
      requests: [
        "domain.create {'domain':1}", "grantTable.setVersion {'domain':1,'version':2}",
        begin(0, "0x0"), "vcpu.step {'domain':1,'vcpu':0}", begin(1, "0x1"),
        "vcpu.step {'domain':1,'vcpu':1}", "vcpu.step {'domain':1,'vcpu':0}",
        "vcpu.step {'domain':1,'vcpu':1}", "grantTable.setVersion {'domain':1,'version':1}",
      ],
      shortest: [
        "domain.create {domain:1}", "grantTable.setVersion {domain:1,version:2}",
        begin(0, "0x0").replacingOccurrences(of: "'", with: ""),
        "grantTable.setVersion {domain:1,version:1}", "vcpu.step {domain:1,vcpu:0}",
        "vcpu.step {domain:1,vcpu:0}",
      ]),
  ]

  private static func begin(_ vcpu: Int, _ gfn: String) -> String {
    let params = "{'frame':0,'gfn':'\(gfn)','status':true}"
    return "vcpu.begin {'domain':1,'vcpu':\(vcpu),"
      + "'operation':{'method':'grantFrame.map','params':\(params)}}"
  }

  @Test(arguments: traps)
  func aSearchFindsWhatLeavingOutCannot(trap: Trap) throws {
    let shrunk = try #require(
      try Self.shrink(trap.requests, trap.property, preset: trap.preset, vcpus: trap.vcpus))
    #expect(Self.inShort(shrunk) == trap.shortest)
    #expect(shrunk.search.foundShorter)
    #expect(shrunk.search.verdict == .holds)
    #expect(shrunk.isMinimal)
    let run = SessionRun(try Session(shrunk.session), preset: .default)
    #expect(run.mismatches == [])
    #expect(String(decoding: shrunk.session, as: UTF8.self).contains(trap.property.rawValue))
  }

  @Test(arguments: traps)
  func whatASearchFoundIsTheShortest(trap: Trap) throws {
    let first = try #require(
      try Self.shrink(trap.requests, trap.property, preset: trap.preset, vcpus: trap.vcpus))
    let shortest = trap.shortest.count
    #expect(first.operations == shortest)
    // Without the search, nothing can be left out of what was given.
    let stuck = try #require(
      try Self.shrink(
        trap.requests, trap.property, preset: trap.preset, vcpus: trap.vcpus, stateLimit: 1))
    #expect(stuck.operations == trap.requests.count)
    #expect(!stuck.search.foundShorter)
    #expect(stuck.search.verdict == .bounded)
    #expect(stuck.search.reason == "more than 1 states")
  }

  private static let loss = [
    "domain.create {'domain':1,'privileged':true}",
    "domain.create {'domain':2,'ram':[{'gfn':'0x0','pages':1}]}",
    "grantFrame.map {'domain':1,'frame':0,'gfn':'0x0'}",
    "foreignPage.map {'domain':1,'gfn':'0x0','from':{'domain':2,'gfn':'0x0'}}",
    "grantFrame.map {'domain':1,'frame':0,'gfn':'0x1'}",
  ]

  @Test func whereNothingIsShorterTheSearchSaysSo() throws {
    let shrunk = try #require(
      try Self.shrink(Self.loss, .noCollateralRemoval, preset: "xen-4.16"))
    #expect(shrunk.operations == 5)
    #expect(shrunk.search.verdict == .holds)
    #expect(!shrunk.search.foundShorter)
    #expect(shrunk.search.reason == nil)
    #expect(shrunk.search.requests == 4)
    #expect(shrunk.search.states == 14)
    #expect(shrunk.search.transitions == 20)
  }

  @Test func severalDomainsThatActAreSearchedToo() throws {
    let lines = Self.loss + ["page.decrease {'domain':2,'gfn':'0x0'}"]
    let shrunk = try #require(try Self.shrink(lines, .noCollateralRemoval, preset: "xen-4.16"))
    #expect(shrunk.operations == 5)
    let acting = [
      "domain.create {'domain':1,'maxPages':1}", "domain.create {'domain':2,'maxPages':512}",
      "page.populate {'domain':2,'gfn':'0x0','order':9}",
      "grantFrame.map {'domain':1,'frame':0,'gfn':'0x0'}",
      "page.decrease {'domain':1,'gfn':'0x0'}",
    ]
    #expect(
      try Self.shrink(acting, .trackingAgrees, preset: "xen-4.16")?.search.verdict == .holds)
  }

  /// As many requests as frames and GFNs can be put together.
  @Test(arguments: [(22, true), (23, false)])
  func aWindowHasRequestsUpToALimit(count: Int, fits: Bool) throws {
    let lines = (0..<count).map { number in
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":\#(number),"gfn":\#(number)}}"#
    }
    let list = try RequestList(try Session(Array(lines.joined(separator: "\n").utf8)))
    let steps = list.requests.compactMap { ShrinkStep($0, notes: []) }
    #expect(steps.count == count)
    if fits {
      #expect(try ShrinkWindow(steps).alphabet.count == count * count)
    } else {
      #expect(throws: ShrinkWindow.TooLarge.self) { try ShrinkWindow(steps) }
    }
  }

  @Test func whereTheLimitOfRunsComesFirstNothingIsSearched() throws {
    let shrunk = try #require(
      try Self.shrink(Self.loss, .noCollateralRemoval, preset: "xen-4.16", runLimit: 2))
    #expect(!shrunk.isMinimal)
    #expect(shrunk.search.verdict == .skipped)
    #expect(shrunk.search.reason == "the limit of runs was reached first")
    #expect(shrunk.search.states == 0)
  }
}
