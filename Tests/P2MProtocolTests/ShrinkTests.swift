import Foundation
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol
import Testing

/// Long histories made short.
@Suite struct ShrinkTests {
  private func shrink(
    _ lines: [String], _ property: Property, preset: String? = nil,
    runLimit: Int = ShrunkHistory.runLimit
  ) throws -> ShrunkHistory? {
    let session = try Session(Array(lines.joined(separator: "\n").utf8))
    let subject = Subject(
      machine: "main", preset: preset.flatMap { Preset.named($0) }, settings: [])
    var context = RequestContext()
    return try ShrunkHistory(
      .requests(try RequestList(session), subject), violating: property, runLimit: runLimit,
      context: &context)
  }

  private func request(_ method: String, _ params: String) -> String {
    #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
  }

  /// The requests without what JSON-RPC puts around them.
  private func inShort(_ history: ShrunkHistory?) -> [String] {
    history?.requests.map { request in
      let method = request["method"]?.compact ?? ""
      return "\(method) \(request["params"]?.compact ?? "")".replacingOccurrences(
        of: "\"", with: "")
    } ?? []
  }

  /// A guest that does things at random, and the three steps that lose a page somewhere among them.
  private func randomHistory(_ seed: UInt64, count: Int) -> [String] {
    var state = seed
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    func gfn(_ base: UInt64) -> String { "\"0x" + String(base + random(16), radix: 16) + "\"" }
    var lines = [
      request(
        "domain.create", #"{"domain":7,"privileged":true,"ram":[{"gfn":"0x40000","pages":64}]}"#),
      request("domain.create", #"{"domain":9,"ram":[{"gfn":"0x80000","pages":64}],"maxPages":90}"#),
    ]
    let loss = 2 * count / 3
    for number in 0..<count {
      switch number == loss ? 9 : random(8) {
      case 0: lines.append(request("physmap.unmap", #"{"domain":7,"gfn":\#(gfn(0x60000))}"#))
      case 1: lines.append(request("page.decrease", #"{"domain":7,"gfn":\#(gfn(0x40000))}"#))
      case 2: lines.append(request("page.populate", #"{"domain":7,"gfn":\#(gfn(0x60000))}"#))
      case 3: lines.append(request("physmap.query", #"{"domain":7,"gfn":"0x38000","count":64}"#))
      case 4: lines.append(request("sharedInfo.map", #"{"domain":7,"gfn":\#(gfn(0x60000))}"#))
      case 5:
        let from = #"{"domain":9,"gfn":\#(gfn(0x80000))}"#
        lines.append(
          request("foreignPage.map", #"{"domain":7,"gfn":\#(gfn(0x60000)),"from":\#(from)}"#))
      case 6: lines.append(request("check.run", "{}"))
      case 7:
        lines.append(request("device.map", #"{"domain":9,"gfn":\#(gfn(0x10)),"mfn":"0x9000"}"#))
      default:
        lines += [
          request("grantFrame.map", #"{"domain":7,"frame":3,"gfn":"0x38003"}"#),
          request("physmap.unmap", #"{"domain":7,"gfn":"0x38003"}"#),
          request(
            "foreignPage.map",
            #"{"domain":7,"gfn":"0x38003","from":{"domain":9,"gfn":"0x80005"}}"#),
          request("grantFrame.map", #"{"domain":7,"frame":3,"gfn":"0x38020"}"#),
        ]
      }
    }
    return lines
  }

  private static let loss = [
    "domain.create {domain:1,privileged:true}",
    "domain.create {domain:2,ram:[{gfn:0x0,pages:1}]}",
    "grantFrame.map {domain:1,frame:0,gfn:0x0}",
    "foreignPage.map {domain:1,gfn:0x0,from:{domain:2,gfn:0x0}}",
    "grantFrame.map {domain:1,frame:0,gfn:0x1}",
  ]

  @Test(arguments: [1, 2, 3, 4, 5])
  func theLossOfAPageIsFoundInALongRandomHistory(seed: UInt64) throws {
    let history = randomHistory(seed, count: 900)
    let shrunk = try #require(try shrink(history, .noCollateralRemoval))
    #expect(inShort(shrunk) == Self.loss)
    #expect(shrunk.isMinimal)
    #expect(shrunk.operations == 5)
    #expect(shrunk.given == history.count)
    let again = try shrink(history, .noCollateralRemoval)
    #expect(again?.session == shrunk.session)
    #expect(again?.runs == shrunk.runs)
  }

  @Test(arguments: ["xen-4.14", "xen-4.16"])
  func theSameHistoryIsLostOnEveryReleaseWithTheArray(preset: String) throws {
    let shrunk = try shrink(randomHistory(6, count: 200), .noCollateralRemoval, preset: preset)
    #expect(inShort(shrunk).suffix(5) == Self.loss[...])
  }

  @Test(arguments: ["xen-4.16-clear-on-put", "xen-5a4a2cef08", "xen-4.17", "xen-4.22"])
  func aHistoryThatDoesNotViolateThePropertyIsNotShrunk(preset: String) throws {
    let history = randomHistory(6, count: 200)
    #expect(try shrink(history, .noCollateralRemoval, preset: preset) == nil)
  }

  struct Story: CustomTestStringConvertible, Sendable {
    let property: Property
    let preset: String
    let requests: [String]
    let shrunk: [String]
    var testDescription: String { "\(property.rawValue) on \(preset)" }
  }

  static let stories = [
    Story(
      property: .trackingAgrees, preset: "xen-4.16",
      requests: [
        "domain.create {'domain':5,'maxPages':9}", "grantTable.setup {'domain':5,'frames':8}",
        "grantFrame.map {'domain':5,'frame':6,'gfn':'0x500'}",
        "sharedInfo.map {'domain':5,'gfn':'0x501'}", "physmap.unmap {'domain':5,'gfn':'0x501'}",
        "physmap.unmap {'domain':5,'gfn':'0x500'}",
      ],
      shrunk: [
        "domain.create {domain:1}", "grantFrame.map {domain:1,frame:0,gfn:0x0}",
        "physmap.unmap {domain:1,gfn:0x0}",
      ]),
    Story(
      property: .singleMapping, preset: "xen-4.16",
      requests: [
        "domain.create {'domain':1}", "grantFrame.map {'domain':1,'frame':0,'gfn':'0x7000'}",
        "grantFrame.map {'domain':1,'frame':1,'gfn':'0x7001'}",
        "grantFrame.map {'domain':1,'frame':'0x2000000000000001','gfn':'0x7002'}",
      ],
      shrunk: [
        "domain.create {domain:1}", "grantFrame.map {domain:1,frame:0,gfn:0x0}",
        "grantFrame.map {domain:1,frame:0x2000000000000000,gfn:0x1}",
      ]),
    Story(
      property: .referencesBalance, preset: "xen-4.20",
      requests: [
        "domain.create {'domain':4,'privileged':true}",
        "domain.create {'domain':3,'ram':[{'gfn':'0x40','pages':4},{'gfn':'0x80','pages':4}]}",
        "foreignPage.map {'domain':4,'gfn':'0x9','from':{'domain':3,'gfn':'0x81'}}",
        "physmap.query {'domain':4,'gfn':'0x9'}",
        "foreignPage.map {'domain':4,'gfn':'0x9','from':{'domain':3,'gfn':'0x81'}}",
        "physmap.unmap {'domain':4,'gfn':'0x9'}",
      ],
      shrunk: [
        "domain.create {domain:1,privileged:true}",
        "domain.create {domain:2,ram:[{gfn:0x0,pages:1}]}",
        "foreignPage.map {domain:1,gfn:0x0,from:{domain:2,gfn:0x0}}",
        "foreignPage.map {domain:1,gfn:0x0,from:{domain:2,gfn:0x0}}",
      ]),
    Story(
      property: .noDangling, preset: "x86-4.10.0",
      requests: [
        "domain.create {'domain':1}", "grantTable.setup {'domain':1,'frames':3}",
        "grantTable.setVersion {'domain':1,'version':2}",
        "grantFrame.map {'domain':1,'frame':0,'gfn':'0x50','status':true}",
        "grantFrame.map {'domain':1,'frame':2,'gfn':'0x51'}",
        "grantTable.setVersion {'domain':1,'version':1}",
      ],
      shrunk: [
        "domain.create {domain:1}", "grantTable.setVersion {domain:1,version:2}",
        "grantFrame.map {domain:1,frame:0,gfn:0x0,status:true}",
        "grantTable.setVersion {domain:1,version:1}",
      ]),
    Story(
      property: .regionDiscipline, preset: "xen-4.22",
      requests: [
        "domain.create {'domain':1}", "domain.create {'domain':2}",
        "region.define {'domain':1,'name':'a','gfn':'0x800','pages':32,'kind':'grant-table'}",
        "device.map {'domain':1,'gfn':'0x804','mfn':'0x1234'}",
        "check.run {'properties':['tracking-agrees']}",
        "check.run {'properties':['region-discipline','no-dangling']}",
        "device.map {'domain':1,'gfn':'0x805','mfn':'0x1234'}",
      ],
      shrunk: [
        "domain.create {domain:1}",
        "region.define {domain:1,name:a,gfn:0x0,pages:1,kind:grant-table}",
        "device.map {domain:1,gfn:0x0,mfn:0x0}", "check.run {properties:[region-discipline]}",
      ]),
  ]

  @Test(arguments: stories)
  func everyPropertyIsShrunkToWhatBreaksIt(story: Story) throws {
    let lines = story.requests.map { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      return request(String(parts[0]), parts[1].replacingOccurrences(of: "'", with: "\""))
    }
    let shrunk = try #require(try shrink(lines, story.property, preset: story.preset))
    #expect(inShort(shrunk).suffix(story.shrunk.count) == story.shrunk[...])
    #expect(shrunk.violation.property == story.property)
    let run = SessionRun(try Session(shrunk.session), preset: .default)
    #expect(run.mismatches == [])
    #expect(run.compared >= story.shrunk.count)
    #expect(String(decoding: shrunk.session, as: UTF8.self).contains(story.property.rawValue))
  }

  @Test func aMachineThatIsNotAFreshServersIsCreatedFirst() throws {
    let created = #"{"preset":"xen-4.14","cpu":"cortex-a53","maxGrantFrames":4,"machine":"b"}"#
    let named = randomHistory(6, count: 50).map {
      $0.replacingOccurrences(of: #""domain":7"#, with: #""machine":"b","domain":7"#)
        .replacingOccurrences(of: #"{"domain":9"#, with: #"{"machine":"b","domain":9"#)
        .replacingOccurrences(of: #""from":{"machine":"b","#, with: #""from":{"#)
    }
    let shrunk = try shrink([request("machine.create", created)] + named, .noCollateralRemoval)
    let lines = inShort(shrunk)
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("machine.delete"))
    #expect(lines[1].contains("preset:xen-4.14"))
    #expect(lines[1].contains("cpu:cortex-a53,maxGrantFrames:4,machine:main"))
  }

  @Test func whatWasUndoneIsNotLookedAt() throws {
    let map = { (gfn: Int) in
      self.request("grantFrame.map", #"{"domain":1,"frame":0,"gfn":\#(gfn)}"#)
    }
    let unmap = request("physmap.unmap", #"{"domain":1,"gfn":1}"#)
    let undone = [
      request("domain.create", #"{"domain":1}"#), map(1), request("history.undo", "{}"), unmap,
      request("snapshot.create", "{}"), map(2), request("snapshot.restore", "{}"),
    ]
    #expect(try shrink(undone, .trackingAgrees) == nil)
    let shrunk = try shrink(undone + [map(1), unmap], .trackingAgrees)
    #expect(shrunk?.operations == 3)
  }

  @Test func aNoteStaysWithWhatItIsAbout() throws {
    let note = { (text: String) in self.request("session.note", #"{"text":"\#(text)"}"#) }
    let lines = [
      note("a title"), note("the domain"), request("domain.create", "[1]"), note("nothing"),
      request("sharedInfo.map", #"[1,"0x9"]"#), note("the frame"),
      request("grantFrame.map", #"[1,0,"0x8"]"#), request("physmap.unmap", #"[1,"0x8"]"#),
      note("the end"),
    ]
    let shrunk = try shrink(lines, .trackingAgrees)
    #expect(
      inShort(shrunk) == [
        "session.note {text:a title}", "session.note {text:the domain}",
        "domain.create {domain:1}", "session.note {text:the frame}",
        "grantFrame.map {domain:1,frame:0,gfn:0x0}", "physmap.unmap {domain:1,gfn:0x0}",
      ])
  }

  @Test func theLimitOfRunsIsTold() throws {
    let history = randomHistory(1, count: 300)
    let shrunk = try #require(try shrink(history, .noCollateralRemoval, runLimit: 10))
    #expect(shrunk.runs == 10)
    #expect(!shrunk.isMinimal)
    let run = SessionRun(try Session(shrunk.session), preset: .default)
    #expect(run.mismatches == [])
    #expect(run.updated.count == shrunk.session.count)
  }

  // MARK: On the wire

  @Test func whatWasDoneToAMachineIsShrunk() {
    var wire = Wire()
    for line in randomHistory(2, count: 60) { _ = wire.send(line) }
    let before = wire.call("session.export").text
    let reply = wire.call("shrink.run", #"{"property":"no-collateral-removal"}"#)
    #expect((reply.result?["requests"] as? [Any])?.count == 5)
    #expect(reply.result?["minimal"] as? Bool == true)
    #expect(wire.call("session.export").text == before)
    let fixed = #"{"property":"no-collateral-removal","preset":"xen-4.17"}"#
    #expect(wire.call("shrink.run", fixed).code == 1001)
    let busy = #"{"property":"no-collateral-removal","overrides":{"remap":"busy"}}"#
    #expect(wire.call("shrink.run", busy).code == 1001)
  }

  @Test func theMachineThatViolatesThePropertyIsFoundUnlessItIsToFollowAnother() {
    var wire = Wire()
    let steps = [
      ("machine.create", ""), ("domain.create", #","domain":1"#),
      ("grantFrame.map", #","domain":1,"frame":0,"gfn":1"#),
      ("physmap.unmap", #","domain":1,"gfn":1"#),
    ]
    let requests = steps.map { #"{"method":"\#($0.0)","params":{"machine":"b"\#($0.1)}}"# }
    let params = #"{"property":"tracking-agrees","requests":[\#(requests.joined(separator: ","))]"#
    #expect(wire.call("shrink.run", params + "}").result?["operations"] as? Int == 3)
    #expect(wire.call("shrink.run", params + #","preset":"xen-4.14"}"#).path == "/machine")
    let named = params + #","preset":"xen-4.14","machine":"b"}"#
    #expect(wire.call("shrink.run", named).text.contains(#""preset":"xen-4.14""#))
  }

  @Test(arguments: [
    ("{}", "/property"), (#"{"property":"x"}"#, "/property"),
    (#"{"property":"no-dangling","preset":"x"}"#, "/preset"),
    (#"{"property":"no-dangling","requests":[{"method":"shrink.run"}]}"#, "/requests/0"),
  ])
  func aBadParameterIsNamed(params: String, path: String) {
    var wire = Wire()
    let reply = wire.call("shrink.run", params)
    #expect(reply.code == -32602)
    #expect(reply.path == path)
  }
}
