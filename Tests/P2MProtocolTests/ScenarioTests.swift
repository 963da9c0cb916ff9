import Hypervisor
import Laboratory
import Testing

/// Scenarios play sequences of actors on several presets.
@Suite struct ScenarioTests {
  private static let setUp =
    #""setUp":[{"method":"domain.create","params":{"domain":1,"ram":[{"gfn":"0x40000","pages":16}]}},"#
    + #"{"method":"region.define","params":{"domain":1,"name":"bank0","gfn":"0x38000","pages":64,"#
    + #""kind":"grant-table"}}]"#

  private static func scenario(_ members: String, _ actors: String...) -> String {
    let roles = actors.map { #"{"actor":"\#($0)","domain":1}"# }.joined(separator: ",")
    return #"{"scenario":{"scenario":"a",\#(setUp),\#(members)"sequences":[{"name":"b","actors":["#
      + roles + "]}]}}"
  }

  private static func own(_ name: String, _ steps: String...) -> ActorSource {
    let head = #"{"actor":"\#(name)","does":"a","why":"b"}"#
    return ActorSource(name: name, text: Array(([head] + steps).joined(separator: "\n").utf8))
  }

  /// The cells of the only sequence, one for each preset.
  private static func cells(_ reply: Reply) -> [[String: Any]] {
    let rows = reply.result?["rows"] as? [[String: Any]] ?? []
    return rows.compactMap { ($0["cells"] as? [[String: Any]])?.first }
  }

  @Test func everyPresetIsARowUnlessTheScenarioNamesThem() {
    var wire = Wire()
    let all = wire.call("scenario.run", Self.scenario("", "linux-old")).result?["rows"]
    let presets = (all as? [[String: Any]])?.compactMap { $0["preset"] as? String }
    #expect(presets == Preset.all.map(\.name))
    let one = Self.scenario(#""presets":["xen-4.22"],"#, "linux-old")
    #expect(Self.cells(wire.call("scenario.run", one)).count == 1)
  }

  @Test func everySequenceBeginsWithTheSetUpAlone() {
    var wire = Wire()
    let reply = wire.call(
      "scenario.run",
      #"{"scenario":{"scenario":"a","presets":["xen-4.17"],\#(Self.setUp),"sequences":["#
        + #"{"name":"b","actors":[{"actor":"linux-old","domain":1}]},"#
        + #"{"name":"c","actors":[{"actor":"linux-old","domain":1}]}]}}"#)
    #expect(!reply.text.contains(#""actor":"linux-old","line""#))
    #expect(reply.result?["hasDamage"] as? Bool == false)
  }

  @Test func noMachineOfTheServersChanges() {
    var wire = Wire.withDomains()
    let before = wire.call("machine.list").text + wire.call("history.list").text
    _ = wire.call("scenario.run", Self.scenario("", "toolstack-seed", "linux-old"))
    #expect(wire.call("machine.list").text + wire.call("history.list").text == before)
  }

  @Test func theNextActorPlaysWhereOneStops() {
    let unmap = #"{"method":"physmap.unmap","params":{"domain":1,"gfn":"0x5"}}"#
    var wire = Wire(provisions: Provisions(actors: [Self.own("own", unmap)]))
    let both = Self.scenario(#""presets":["xen-4.16"],"#, "own", "own")
    let cell = Self.cells(wire.call("scenario.run", both)).first
    #expect(cell?["failures"] as? Int == 2)
    #expect((cell?["stopped"] as? [Any])?.count == 2)
  }

  @Test func nobodyPlaysOnADeadHypervisor() {
    let fatal =
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":"0x100000000","gfn":"0x10"}}"#
    var wire = Wire(provisions: Provisions(actors: [Self.own("own", fatal)]))
    let presets = #""presets":["xen-4.16","xen-4.14"],"#
    let reply = wire.call("scenario.run", Self.scenario(presets, "own", "linux-old"))
    let cells = Self.cells(reply)
    #expect(cells[0]["panic"] is String)
    #expect((cells[0]["stopped"] as? [Any])?.count == 1)
    #expect(cells[1]["panic"] is String == false)
    #expect(reply.result?["hasDamage"] as? Bool == true)
  }

  @Test func lostPagesHolesAndStuckFramesAreCounted() {
    let map = { (frame: Int, gfn: String) in
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":\#(frame),"gfn":"\#(gfn)"},"#
        + #""mayFail":[-22,-84]}"#
    }
    let give = #"{"method":"page.decrease","params":{"domain":1,"gfn":"0x4000f"}}"#
    let swap = #"{"method":"page.decrease","params":{"domain":1,"gfn":"0x40000"}}"#
    let fill = #"{"method":"page.populate","params":{"domain":1,"gfn":"0x40000"}}"#
    let unmap = #"{"method":"physmap.unmap","params":{"domain":1,"gfn":"0x40000"}}"#
    let actor = Self.own(
      "own", give, swap, map(0, "0x40000"), unmap, fill, map(0, "0x38000"),
      map(1, "0x1000000000"))
    var wire = Wire(provisions: Provisions(actors: [actor]))
    let presets = #""presets":["xen-4.16","xen-4.17","xen-5a4a2cef08"],"#
    let cells = Self.cells(wire.call("scenario.run", Self.scenario(presets, "own")))
    let count = { (cell: Int, name: String) in (cells[cell][name] as? [Any])?.count }
    #expect(count(0, "lostPages") == 1)
    #expect(count(0, "holes") == 1)
    #expect(count(0, "stuckFrames") == 1)
    #expect(cells[0]["failures"] as? Int == 1)
    #expect(count(1, "lostPages") == 0)
    #expect(count(1, "stuckFrames") == 0)
    #expect(cells[1]["failures"] as? Int == 1)
    #expect(count(2, "lostPages") == 0)
    #expect(cells[2]["failures"] as? Int == 2)
    #expect(count(2, "stuckFrames") == 1, "frame 0 can be freed by an unmap, frame 1 cannot")
  }

  @Test func aDomainThatCrashesIsCountedAndHasNoStuckFrames() {
    let actor = Self.own(
      "own", #"{"method":"page.decrease","params":{"domain":1,"gfn":"0x4000f"}}"#,
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x38000"}}"#,
      #"{"method":"page.decrease","params":{"domain":1,"gfn":"0x38000"}}"#,
      #"{"method":"device.map","params":{"domain":1,"gfn":"0x10","mfn":"0x9000"}}"#,
      #"{"method":"page.populate","params":{"domain":1,"gfn":"0x10"}}"#)
    var wire = Wire(provisions: Provisions(actors: [actor]))
    let presets = #""presets":["x86-4.17.0","xen-4.17"],"#
    let cells = Self.cells(wire.call("scenario.run", Self.scenario(presets, "own")))
    #expect((cells[0]["crashes"] as? [[String: Any]])?.first?["domain"] as? Int == 1)
    #expect((cells[0]["stuckFrames"] as? [Any])?.isEmpty == true)
    #expect(cells[0]["failures"] as? Int == 1)
    #expect((cells[1]["crashes"] as? [Any])?.isEmpty == true)
    #expect((cells[1]["stuckFrames"] as? [Any])?.count == 1)
  }

  @Test func aPresetMayHaveKnobsSetOtherwise() {
    var wire = Wire()
    let presets = #""presets":["xen-4.17","xen-4.17+remap=move"],"#
    let reply = wire.call("scenario.run", Self.scenario(presets, "u-boot-forgets", "kexec"))
    #expect(reply.text.contains(#""preset":"xen-4.17+remap=move""#))
    #expect(Self.cells(reply).map { $0["failures"] as? Int } == [1, 0])
  }

  @Test func aTemplateThatCannotBeUsedIsNamedWithItsPlace() {
    var wire = Wire(provisions: Provisions(actors: [Self.own("own", "{}")]))
    let reply = wire.call("scenario.run", Self.scenario("", "linux-old", "own"))
    #expect(reply.path == "/scenario/sequences/0/actors/1/actor")
    #expect(reply.message?.contains("own.ndjson:2: 'method' must be there") == true)
  }

  @Test func aSetUpThatFailsIsNamedWithItsPreset() {
    var wire = Wire()
    let reply = wire.call(
      "scenario.run",
      #"{"scenario":{"scenario":"a","setUp":[{"method":"physmap.unmap","params":[1,2]}],"sequences":[]}}"#
    )
    #expect(reply.path == "/scenario/setUp/0/params")
    let late = wire.call(
      "scenario.run",
      #"{"scenario":{"scenario":"a","setUp":[{"method":"domain.destroy","params":{"domain":1}}],"#
        + #""sequences":[{"name":"b"}]}}"#)
    #expect(late.path == "/scenario/setUp/0")
    #expect(late.message?.contains("ESRCH") == true)
    #expect(late.message?.contains(Preset.all[0].name) == true)
  }
}
