import Foundation
import P2MProtocol
import Testing

/// What an editor is told of a session.
@Suite struct SessionRunTests {
  private static func request(_ id: Int, _ method: String, _ params: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
  }

  /// The grant frame whose entry is stale takes a device's page away.
  private static let story = [
    request(1, "domain.create", #"{"domain":1}"#),
    request(2, "grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x38000"}"#),
    request(3, "physmap.unmap", #"{"domain":1,"gfn":"0x38000"}"#),
    request(4, "device.map", #"{"domain":1,"gfn":"0x38000","mfn":"0x9000"}"#),
    request(5, "grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x38010"}"#),
    request(6, "array.query", #"{"domain":1}"#),
    request(7, "foreignPage.map", #"{"domain":1,"gfn":"0x1","from":{"domain":9,"gfn":"0x1"}}"#),
  ]

  private func run(_ lines: [String], _ more: String = "") throws -> [String: Any] {
    var wire = Wire()
    let text = lines.joined(separator: "\n")
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let reply = wire.call("session.run", #"{"session":\#(quoted)\#(more)}"#)
    return try #require(reply.result)
  }

  private func rows(_ result: [String: Any]) -> [[String: Any]] {
    result["rows"] as? [[String: Any]] ?? []
  }

  @Test func everyRequestIsToldInShort() throws {
    let rows = rows(try run(Self.story))
    #expect(rows.map { $0["line"] as? Int } == [1, 2, 3, 4, 5, 6, 7])
    let expected = [
      "ok", "+0x38000 grant domain 1 frame 0", "-0x38000 grant domain 1 frame 0",
      "+0x38000 device",
      "-0x38000 device (stale-tracking)  +0x38010 grant domain 1 frame 0", "= 1 frame",
      "ESRCH: there is no domain 9",
    ]
    #expect(rows.map { $0["summary"] as? String } == expected)
    #expect(rows.map { $0["code"] as? Int } == [0, 0, 0, 0, 0, 0, -3])
    #expect(rows[6]["errno"] as? String == "ESRCH")
    let broken = rows.map { ($0["violations"] as? [[String: Any]])?.first?["property"] as? String }
    #expect(
      broken == [nil, nil, "tracking-agrees", nil, "no-collateral-removal", nil, nil])
  }

  @Test func aBatchIsOneRowAndANotificationNone() throws {
    let batch = "[\(Self.request(1, "domain.get", #"{"domain":1}"#)),\(Self.request(2, "no"))]"
    let note = #"{"jsonrpc":"2.0","method":"session.note","params":{"text":"x"}}"#
    let rows = rows(try run([note, "", batch]))
    #expect(rows.map { $0["line"] as? Int } == [3])
    #expect(rows[0]["code"] as? Int == -3)
    let summary = try #require(rows[0]["summary"] as? String)
    #expect(summary.hasPrefix("ESRCH: there is no domain 1; Method not found: 'no'"))
  }

  @Test func moreThanThreeEffectsAreCounted() throws {
    let ram = #"{"domain":1,"ram":[{"gfn":"0x40000","pages":512}]}"#
    let hole = #"{"domain":1,"gfn":"0x40000","order":9}"#
    let result = try run([
      Self.request(1, "domain.create", ram), Self.request(2, "page.decrease", hole),
    ])
    #expect((rows(result)[1]["summary"] as? String)?.hasSuffix("  +509 more") == true)
  }

  @Test func aDifferenceNamesTheLineOfTheExpectedReply() throws {
    let result = try run([Self.story[0], #"{"id":1,"result":{"maxPages":7}}"#])
    let differences = try #require(result["differences"] as? [[String: Any]])
    #expect(differences.map { $0["line"] as? Int } == [2])
    #expect(differences[0]["path"] as? String == "/result/maxPages")
    #expect(differences[0]["expected"] as? String == "7")
    #expect(differences[0]["actual"] as? String == "0")
    #expect(result["compared"] as? Int == 1)
  }

  @Test func aBadLineIsNamedAndNothingIsRun() throws {
    let result = try run([Self.story[0], "nonsense"])
    let unusable = try #require(result["unusable"] as? [String: Any])
    #expect(unusable["line"] as? Int == 2)
    #expect((unusable["reason"] as? String)?.hasPrefix("not JSON") == true)
    #expect(rows(result).isEmpty)
  }

  @Test func theStateAtTheEndIsToldLineByLine() throws {
    let ram = #"{"domain":2,"ram":[{"gfn":"0x40000","pages":16}]}"#
    let lines = Array(Self.story[0...3]) + [Self.request(8, "domain.create", ram)]
    let result = try run(lines, #","state":true"#)
    #expect(
      result["state"] as? [String] == [
        "machine main: xen-4.16", "domain 1: 0 pages", "  0x38000: device memory",
        "  grant frame 0: tracked at 0x38000, mapped nowhere, stale", "domain 2: 16 pages",
        "  0x40000-0x4000f: RAM page 0x40000 and on, 16 pages",
        "! tracking-agrees: grant frame 0 of domain 1 is tracked at 0x38000, but it is mapped nowhere",
      ])
  }

  /// As an exported session makes its machine itself.
  @Test func aPresetCountsWhateverTheSessionSays() throws {
    let made = [
      Self.request(8, "machine.delete"),
      Self.request(9, "machine.create", #"{"preset":"xen-4.14"}"#),
    ]
    let result = try run(made + Self.story, #","state":true,"preset":"xen-4.17""#)
    #expect((result["state"] as? [String])?.first == "machine main: xen-4.17")
    #expect(!rows(result).contains { ($0["violations"] as? [Any])?.isEmpty == false })
    let asItSays = try run(made + Self.story, #","state":true"#)
    #expect((asItSays["state"] as? [String])?.first == "machine main: xen-4.14")
  }

  @Test func theStateHasALimit() throws {
    let frames = #"{"domain":1,"frames":5000}"#
    var lines = [
      Self.request(1, "machine.delete"),
      Self.request(2, "machine.create", #"{"maxGrantFrames":5000}"#), Self.story[0],
      Self.request(3, "grantTable.setup", frames),
    ]
    lines += (0..<4200).map { frame in
      Self.request(4, "grantFrame.map", #"{"domain":1,"frame":\#(frame),"gfn":\#(2 * frame)}"#)
    }
    let state = try #require(try run(lines, #","state":true"#)["state"] as? [String])
    #expect(state.count == 4097)
    #expect(state.last?.hasPrefix("... and more") == true)
  }

  @Test func noMachineOfTheServersChanges() throws {
    var wire = Wire()
    let quoted = String(decoding: try JSONEncoder().encode(Self.story[0]), as: UTF8.self)
    _ = wire.call("session.run", #"{"session":\#(quoted)}"#)
    #expect((wire.call("domain.list").result?["domains"] as? [Any])?.isEmpty == true)
  }

  @Test func aSessionCanBeCompared() throws {
    var wire = Wire()
    let text = Self.story.joined(separator: "\n\n")
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let presets = #""presets":["xen-4.16","xen-4.17"]"#
    let result = try #require(
      wire.call("compare.run", #"{"session":\#(quoted),\#(presets)}"#).result)
    #expect(rows(result).map { $0["line"] as? Int } == [1, 3, 5, 7, 9, 11, 13])
    #expect((result["firstDifference"] as? [String: Any])?["line"] as? Int == 5)
  }

  @Test(arguments: [
    (#"{"presets":["xen-4.16","xen-4.17"],"session":"{}"}"#, "line 1 is not part of one"),
    (#"{"presets":["xen-4.16","xen-4.17"],"session":"","requests":[]}"#, "no session where"),
  ])
  func aSessionThatCannotBeComparedIsRefused(params: String, reason: String) {
    var wire = Wire()
    let reply = wire.send(
      #"{"jsonrpc":"2.0","id":1,"method":"compare.run","params":\#(params)}"#)
    #expect(reply.contains(reason))
    #expect(reply.contains("-32602"))
  }
}
