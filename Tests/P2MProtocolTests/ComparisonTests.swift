import Foundation
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol
import Testing

/// The same requests on several presets.
@Suite struct ComparisonTests {
  private static let story = [
    #"{"method":"domain.create","params":{"domain":1}}"#,
    #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38000"}}"#,
    #"{"method":"physmap.unmap","params":{"domain":1,"gfn":"0x38000"}}"#,
    #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38010"}}"#,
  ]

  private func compare(
    _ requests: [String], _ presets: String, _ more: String = ""
  ) -> Compared {
    var wire = Wire()
    let requests = requests.joined(separator: ",")
    return Compared(
      wire.call("compare.run", #"{"requests":[\#(requests)],"presets":\#(presets)\#(more)}"#))
  }

  /// What `compare.run` answered.
  private struct Compared {
    let reply: Reply
    init(_ reply: Reply) { self.reply = reply }

    var rows: [[String: Any]] { reply.result?["rows"] as? [[String: Any]] ?? [] }
    var parting: [String: Any]? { reply.result?["firstDifference"] as? [String: Any] }
    var number: Int? { parting?["number"] as? Int }
    var path: String? { parting?["path"] as? String }
    var values: [[String: Any]] { parting?["values"] as? [[String: Any]] ?? [] }

    func replies(_ row: Int) -> [[String: Any]] { rows[row]["replies"] as? [[String: Any]] ?? [] }
    /// For each row, whether some reply differs.
    var differs: [Bool] {
      rows.indices.map { replies($0).contains { $0["differs"] as? Bool == true } }
    }
  }

  @Test func theReleasesPartWhereOneForgetsTheFrame() {
    let compared = compare(Self.story, #"["xen-4.16","xen-4.17"]"#)
    #expect(compared.number == 2)
    #expect(compared.path == "/result/effects/1")
    #expect(compared.values.map { $0["preset"] as? String } == ["xen-4.16", "xen-4.17"])
    #expect(compared.values[0]["value"] == nil)
    #expect((compared.values[1]["value"] as? [String: Any])?["kind"] as? String == "tracking")
    #expect(compared.replies(2)[0]["violations"] as? [String] == ["tracking-agrees"])
    #expect(compared.replies(2)[1]["violations"] as? [String] == [])
    #expect(compared.differs == [false, false, true, true])
  }

  @Test func whatWasDoneToTheMachineIsComparedWhereNoRequestsAreGiven() {
    var wire = Wire()
    for request in Self.story {
      _ = wire.send(#"{"jsonrpc":"2.0","id":1,\#(request.dropFirst())"#)
    }
    let before = wire.call("session.export").text
    let compared = Compared(wire.call("compare.run", #"{"presets":["xen-4.16","xen-4.17"]}"#))
    #expect(compared.number == 2)
    #expect(compared.rows.count == 4)
    #expect(wire.call("session.export").text == before)
    #expect(wire.call("machine.list").text.contains(#""preset":"xen-4.16""#))
  }

  @Test func anExportedSessionIsComparedThoughItChoosesItsPreset() throws {
    var wire = Wire(preset: "xen-4.22")
    for request in Self.story {
      _ = wire.send(#"{"jsonrpc":"2.0","id":1,\#(request.dropFirst())"#)
    }
    let export = wire.call("session.export").text
    let start = try #require(export.range(of: #"{"requests":"#)?.upperBound)
    let requests = export[start...].dropLast(2)
    let params = #"{"requests":\#(requests),"presets":["xen-4.16","xen-4.17"]}"#
    let compared = Compared(wire.call("compare.run", params))
    #expect(compared.number == 4)
    #expect(compared.path == "/result/effects/1")
    #expect(compared.differs.prefix(4) == [false, false, false, false])
  }

  @Test func anErrorOnOnePresetOnlyIsTheWholeReply() {
    let twice = [Self.story[0], Self.story[1], Self.story[1]]
    let compared = compare(twice, #"["xen-4.16","xen-4.17"]"#)
    #expect(compared.number == 2)
    #expect(compared.path == "")
    #expect((compared.values[0]["value"] as? [String: Any])?.keys.sorted() == ["result"])
    #expect((compared.values[1]["value"] as? [String: Any])?.keys.sorted() == ["error"])
    #expect(compared.replies(2)[1]["code"] as? Int == -16)
    #expect(compared.replies(2)[1]["errno"] as? String == "EBUSY")
  }

  @Test func theOrderOfEffectsIsNotComparedUnlessExactly() {
    let map = Array(Self.story[..<2])
    #expect(compare(map, #"["xen-4.16","xen-4.17"]"#).parting == nil)
    let exact = compare(map, #"["xen-4.16","xen-4.17"]"#, #","exact":true"#)
    #expect(exact.number == 1)
    #expect(exact.path == "/result/effects/0/kind")
  }

  /// 4.16 makes frames 1 to 3 before it refuses INVALID_GFN, and numbers what comes later otherwise.
  @Test func howFramesAreNumberedIsNotComparedUnlessExactly() {
    let requests = [
      Self.story[0],
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":3,"gfn":"0xffffffffffffffff"}}"#,
      #"{"method":"domain.create","params":{"domain":2}}"#,
    ]
    #expect(compare(requests, #"["xen-4.16","xen-4.17"]"#).differs == [false, true, false])
    let exact = compare(requests, #"["xen-4.16","xen-4.17"]"#, #","exact":true"#)
    #expect(exact.differs == [false, true, true])
  }

  @Test func aKnobIsComparedWithThePresetThatHasItOtherwise() {
    let compared = compare(Self.story, #"["xen-4.16","xen-4.16+remap=busy"]"#)
    #expect(compared.number == 3)
    #expect(compared.reply.result?["presets"] as? [String] == ["xen-4.16", "xen-4.16+remap=busy"])
    let overridden = #","overrides":{"tracking":"page-info","remap":"busy"}"#
    #expect(compare(Self.story, #"["xen-4.16","xen-4.17"]"#, overridden).parting == nil)
  }

  @Test func anotherMachineKeepsThePresetThatItIsCreatedWith() {
    let map = #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":1,"machine":"b"}}"#
    let twice = [#"{"method":"domain.create","params":{"domain":1,"machine":"b"}}"#, map, map]
    let kept = #"{"method":"machine.create","params":{"machine":"b","preset":"xen-4.20"}}"#
    let presets = #"["xen-4.16","xen-4.17"]"#
    #expect(compare(Self.story + [kept] + twice, presets).differs.suffix(4).allSatisfy { !$0 })
    let free = #"{"method":"machine.create","params":{"machine":"b"}}"#
    #expect(compare(Self.story + [free] + twice, presets).differs.last == true)
    #expect(compare([kept] + twice, presets, #","machine":"b""#).differs.last == true)
  }

  @Test func notesAndNotificationsAreCarriedOut() {
    let note = #"{"method":"session.note","params":{"text":"x"}}"#
    let compared = compare([note] + Self.story, #"["xen-4.16","xen-4.17"]"#)
    #expect(compared.number == 3)
    #expect(compared.rows.count == 4)
  }

  /// With memory for one of the two, whoever came first would be answered otherwise.
  @Test func presetsShareTheHostsMemoryEqually() throws {
    let large = #"{"domain":1,"ram":[{"gfn":0,"pages":30720}]}"#
    let request = #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":\#(large)}"#
    let requests = try RequestList(try Session(Array(request.utf8)))
    for (tables, code) in [(100, 1003), (200, 0)] {
      let memory = HostMemory(limit: tables)
      var context = RequestContext()
      let comparison = try Comparison(
        requests, startingWith: MachineConfiguration(preset: .default), about: "main",
        on: [Variant(.default), Variant(.default)], by: .exact, memory: memory, context: &context)
      #expect(comparison.rows[0].outcomes.map(\.code) == [code, code])
      #expect(comparison.parting == nil)
      #expect(memory.left == tables)
    }
  }

  @Test(arguments: exampleSessions)
  func releasesThatAreTheSameAreAnsweredTheSame(file: URL) throws {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let requests = lines.map(String.init).filter {
      !$0.contains(#""result":"#) && !$0.contains(#""error":"#)
    }
    let compared = compare(requests, #"["xen-4.20","xen-4.22"]"#, #","exact":false"#)
    #expect(compared.rows.count > 0)
    #expect(compared.parting == nil)
  }

  @Test(arguments: [
    (#"{"presets":["xen-4.16"]}"#, "/presets"),
    (#"{}"#, "/presets"),
    (#"{"presets":["xen-4.16","xen-4"]}"#, "/presets/1"),
    (#"{"presets":["xen-4.16","xen-4.17+remap=no"]}"#, "/presets/1"),
    (#"{"presets":["xen-4.16","xen-4.17"],"requests":[1]}"#, "/requests/0"),
    (#"{"presets":["xen-4.16","xen-4.17"],"requests":[{"params":{}}]}"#, "/requests/0"),
    (#"{"presets":["xen-4.16","xen-4.17"],"requests":[{"method":"a","params":1}]}"#, "/requests/0"),
    (
      #"{"presets":["xen-4.16","xen-4.17"],"requests":[{"method":"compare.run"}]}"#, "/requests/0"
    ),
    (#"{"presets":["xen-4.16","xen-4.17"],"requests":[{"method":"shrink.run"}]}"#, "/requests/0"),
    (
      #"{"presets":["xen-4.16","xen-4.17"],"requests":[{"method":"domain.list"}],"machine":"b"}"#,
      "/machine"
    ),
    (#"{"presets":["xen-4.16","xen-4.17"],"overrides":{"remap":1}}"#, "/overrides/remap"),
  ])
  func aBadParameterIsNamed(params: String, path: String) {
    var wire = Wire()
    let reply = wire.call("compare.run", params)
    #expect(reply.code == -32602)
    #expect(reply.path == path)
  }

  @Test func requestsAreBounded() {
    var wire = Wire()
    let note = { (text: String) in #"{"method":"session.note","params":{"text":"\#(text)"}}"# }
    let compare = { (requests: [String]) in
      #"{"presets":["xen-4.16","xen-4.17"],"requests":[\#(requests.joined(separator: ","))]}"#
    }
    let many = Array(repeating: note("x"), count: 10_001)
    #expect(wire.call("compare.run", compare(many)).path == "/requests")
    let long = Array(repeating: note(String(repeating: "x", count: 2000)), count: 1050)
    let reply = wire.call("compare.run", compare(long))
    #expect(reply.message?.contains("more than 2097152 bytes of requests") == true)
  }

  @Test func ofAMachineThatIsNotThereNothingIsCompared() {
    var wire = Wire()
    let params = #"{"presets":["xen-4.16","xen-4.17"],"machine":"b"}"#
    #expect(wire.call("compare.run", params).code == 1001)
  }
}
