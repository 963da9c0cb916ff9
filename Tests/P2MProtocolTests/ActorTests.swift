import Foundation
import Laboratory
import P2MProtocol
import Testing

/// Actors play what components of a real system do, and their templates say what that is.
@Suite struct ActorTests {
  private static let names = [
    "backend", "kexec", "linux-old", "linux-unpopulated", "linux-unpopulated-bank0",
    "toolstack-seed", "u-boot", "u-boot-forgets",
  ]

  /// A server whose domain 1 has the two regions of a guest, and with the actor `own` if it is given.
  private static func wire(preset: String = "xen-4.16", own text: String? = nil) -> Wire {
    let actors = text.map { [ActorSource(name: "own", text: Array($0.utf8))] } ?? []
    var wire = Wire.withDomains(preset: preset, provisions: Provisions(actors: actors))
    for (name, gfn, kind) in [
      ("bank0", "0x38000", "grant-table"), ("bank1", "0x100000", "extended"),
    ] {
      let range = #""name":"\#(name)","gfn":"\#(gfn)","pages":64,"kind":"\#(kind)""#
      _ = wire.call("region.define", #"{"domain":1,\#(range)}"#)
    }
    return wire
  }

  /// What `with` says for an actor that maps foreign pages.
  private static func with(_ actor: String) -> String {
    let isForeign = actor.hasPrefix("linux-unpopulated") || actor == "backend"
    return isForeign ? #","with":{"foreign":2}"# : ""
  }

  private static func run(_ actor: String, _ wire: inout Wire) -> Reply {
    wire.call("actor.run", #"{"actor":"\#(actor)","domain":1\#(with(actor))}"#)
  }

  private static func lost(_ reply: Reply) -> Int? {
    (reply.result?["lostPages"] as? [Any])?.count
  }

  // MARK: Those that come with the program

  @Test func theProgramHasTheTemplatesOfTheExamples() throws {
    let files = files(in: "examples/actors", withExtension: "ndjson")
    #expect(files.count == Self.names.count)
    #expect(BuiltInActors.all.map(\.name).sorted() == Self.names)
    for (file, actor) in zip(files, BuiltInActors.all) {
      #expect(file.lastPathComponent == actor.file)
      let isCurrent = Array(try Data(contentsOf: file)) == actor.text
      #expect(isCurrent, "\(actor.name): make actors")
    }
  }

  @Test func eachTellsWhatItDoesAndWhy() {
    var wire = Self.wire()
    let list = wire.call("actor.list").result
    #expect((list?["faults"] as? [Any])?.isEmpty == true)
    let actors = list?["actors"] as? [[String: Any]] ?? []
    #expect(actors.compactMap { $0["actor"] as? String } == Self.names)
    for actor in actors {
      #expect((actor["does"] as? String)?.hasSuffix(".") == true)
      #expect((actor["why"] as? String)?.hasSuffix(".") == true)
    }
  }

  @Test(arguments: names, ["xen-4.16", "xen-4.17"])
  func eachComesToItsEndOnAFreshGuest(actor: String, preset: String) {
    var wire = Self.wire(preset: preset)
    let reply = Self.run(actor, &wire)
    #expect(reply.result?["completed"] as? Bool == true)
    #expect(reply.result?["failures"] as? Int == 0)
    #expect(Self.lost(reply) == 0)
  }

  @Test(arguments: [
    ("xen-4.16", "linux-unpopulated-bank0", 1), ("xen-4.17", "linux-unpopulated-bank0", 0),
    ("xen-4.16-clear-on-put", "linux-unpopulated-bank0", 0), ("xen-4.16", "linux-unpopulated", 0),
    ("xen-4.16", "linux-old", 0),
  ])
  func bank0InTheAllocatorLosesAPageAfterTheToolstack(preset: String, actor: String, lost: Int) {
    var wire = Self.wire(preset: preset)
    #expect(Self.lost(Self.run("toolstack-seed", &wire)) == 0)
    #expect(Self.lost(Self.run(actor, &wire)) == lost)
  }

  @Test func aFrameThatIsStillMappedStopsTheSecondKernelFrom417On() {
    var old = Self.wire()
    _ = Self.run("u-boot-forgets", &old)
    #expect(Self.run("kexec", &old).result?["completed"] as? Bool == true)
    var new = Self.wire(preset: "xen-4.17")
    _ = Self.run("u-boot-forgets", &new)
    let reply = Self.run("kexec", &new)
    #expect(reply.result?["completed"] as? Bool == false)
    #expect(reply.result?["failures"] as? Int == 1)
    let stopped = reply.result?["stopped"] as? [String: Any]
    #expect(stopped?["line"] as? Int == 4)
    #expect((stopped?["reason"] as? String)?.hasPrefix("grantFrame.map: EBUSY: ") == true)
  }

  @Test func eachStepIsAnOrdinaryRequestOfTheHistory() throws {
    var wire = Self.wire()
    let before = wire.call("physmap.query", #"{"domain":1,"gfn":"0x38000","count":64}"#).text
    _ = Self.run("linux-old", &wire)
    #expect(!wire.call("session.export").text.contains("actor"))
    var fresh = try wire.rebuilt()
    let query = #"{"domain":1,"gfn":"0x38000","count":64}"#
    #expect(fresh.call("physmap.query", query).text == wire.call("physmap.query", query).text)
    for left in [3, 2, 1, 0] {
      #expect(wire.call("history.undo").result?["undone"] as? Int == 1)
      let entries = wire.call("physmap.query", query).result?["entries"] as? [Any]
      #expect(entries?.count == left)
    }
    #expect(wire.call("physmap.query", query).text == before)
  }

  @Test func anActorPlaysOnTheMachineThatIsNamed() {
    var wire = Self.wire()
    _ = wire.call("machine.create", #"{"machine":"another one"}"#)
    let reply = wire.call(
      "actor.run", #"{"actor":"linux-old","domain":1,"machine":"another one"}"#)
    #expect((reply.result?["stopped"] as? [String: Any])?["line"] as? Int == 3)
    #expect(wire.call("array.query", #"{"domain":1}"#).text.contains(#""tracked":null"#))
  }

  // MARK: One's own

  private static func own(_ steps: String..., parameters: String = "{}") -> String {
    let head = #"{"actor":"own","does":"a","why":"b","parameters":\#(parameters)}"#
    return ([head] + steps).joined(separator: "\n")
  }

  private static let map =
    #""method":"grantFrame.map","params":{"domain":"${domain}","frame":0,"gfn":"0x10"}"#

  struct Mistake: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    let line: Int

    init(_ reason: String, _ text: String, at line: Int = 2) {
      testDescription = reason
      self.text = text
      self.line = line
    }
  }

  static let mistakes = [
    Mistake("it is empty", "", at: 1),
    Mistake("not JSON", "{", at: 1),
    Mistake("'actor' must be there", "{}", at: 1),
    Mistake("an object is expected, not array", own("[]"), at: 2),
    Mistake("its file 'own'", #"{"actor":"x","does":"a","why":"b"}"#, at: 1),
    Mistake("'why' must be there", #"{"actor":"own","does":"a"}"#, at: 1),
    Mistake("'x' is no member", #"{"actor":"own","does":"a","why":"b","x":1}"#, at: 1),
    Mistake("'i' cannot be the name", own(parameters: #"{"i":{"about":""}}"#), at: 1),
    Mistake(
      "neither an integer nor a string", own(parameters: #"{"a":{"about":"","default":1.5}}"#),
      at: 1),
    Mistake("'about' must be there", own(parameters: #"{"a":{}}"#), at: 1),
    Mistake("there is no method 'x'", own(#"{"method":"x"}"#)),
    Mistake("not about one machine", own(#"{"method":"machine.create"}"#)),
    Mistake("not about one machine", own(#"{"method":"actor.run"}"#)),
    Mistake("not about one machine", own(#"{"method":"history.undo"}"#)),
    Mistake("'params' is an object", own(#"{"method":"domain.list","params":[]}"#)),
    Mistake("no 'machine'", own(#"{"method":"domain.list","params":{"machine":"a"}}"#)),
    Mistake("'parms' is no member", own(#"{"method":"domain.list","parms":{}}"#)),
    Mistake("nothing is called 'a'", own(#"{"method":"domain.get","params":{"domain":"${a}"}}"#)),
    Mistake("without its '}'", own(#"{"method":"domain.get","params":{"domain":"${a"}}"#)),
    Mistake("no sum of", own(#"{"method":"domain.get","params":{"domain":"${i+}"}}"#)),
    Mistake("no sum of", own(#"{"method":"domain.get","params":{"domain":"${}"}}"#)),
    Mistake("no sum of", own(#"{"method":"domain.get","params":{"domain":"${i*2}"}}"#)),
    Mistake("JSON pointer", own(#"{"method":"domain.list","save":{"a":"gfn"}}"#)),
    Mistake("cannot be the name", own(#"{"method":"domain.list","save":{"domain":"/result/a"}}"#)),
    Mistake("array of error codes", own(#"{"method":"domain.list","mayFail":["x"]}"#)),
    Mistake("array of error codes", own(#"{"method":"domain.list","mayFail":-16}"#)),
    Mistake("'times' is a number", own("{\(map),\"times\":4097}")),
    Mistake("'times' is a number", own("{\(map),\"times\":\"${0-1}\"}")),
    Mistake("'times' is a number", own("{\(map),\"times\":true}")),
    Mistake("is no number to count with", own("{\(map),\"times\":\"${machine+1}\"}")),
    Mistake(
      "the reply has no integer", own("{\(map)}", "{\(map),\"save\":{\"a\":\"/result/x\"}}"), at: 3),
    Mistake(
      "physmap.unmap: Invalid params", own("{\(map)}", "", #"{"method":"physmap.unmap"}"#), at: 4),
    Mistake(
      "more than 4096 requests",
      own("{\(map),\"times\":4096}", #"{"method":"domain.list"}"#), at: 3),
  ]

  @Test(arguments: mistakes)
  func aMistakeInATemplateIsNamedAndNothingIsDone(mistake: Mistake) {
    var wire = Self.wire(own: mistake.text)
    let before = wire.call("history.list").text
    let reply = wire.call("actor.run", #"{"actor":"own","domain":1}"#)
    #expect(reply.code == -32602)
    #expect(reply.path == "/actor")
    #expect(reply.message?.contains("own.ndjson:\(mistake.line): ") == true)
    #expect(reply.message?.contains(mistake.testDescription) == true)
    #expect(wire.call("history.list").text == before)
    #expect(wire.call("array.query", #"{"domain":1}"#).text.contains(#""tracked":null"#))
  }

  @Test func aTemplateIsFilledInFromParametersAndReplies() {
    let parameters = #"{"bank":{"about":"x","default":"bank1"},"n":{"about":"x","default":2}}"#
    var wire = Self.wire(
      own: Self.own(
        #"{"method":"region.get","params":{"domain":"${domain}","name":"${bank}"},"#
          + #""save":{"a":"/result/gfn","pages":"/result/pages"}}"#,
        #"{"method":"grantFrame.map","params":{"domain":"${domain}","frame":"${i}","#
          + #""gfn":"${a+pages-n+i}"},"times":"${n}"}"#,
        #"{"method":"session.note","params":{"text":"${n} at ${a} of ${machine}"}}"#,
        parameters: parameters))
    let reply = wire.call("actor.run", #"{"actor":"own","domain":1,"with":{"n":3}}"#)
    #expect(reply.result?["completed"] as? Bool == true)
    for part in [
      #""frame":0,"gfn":"0x10003d","machine""#, #""frame":2,"gfn":"0x10003f","machine""#,
      #""text":"3 at 0x100000 of main""#,
    ] {
      #expect(reply.text.contains(part))
    }
  }

  @Test func anErrorThatIsForeseenDoesNotStopAnActor() {
    let unmap = #""method":"physmap.unmap","params":{"domain":"${domain}","gfn":"0x10"}"#
    let note = #"{"method":"session.note","params":{"text":"on"}}"#
    var bold = Self.wire(own: Self.own("{\(unmap),\"mayFail\":[-2]}", note))
    let on = bold.call("actor.run", #"{"actor":"own","domain":1}"#)
    #expect(on.result?["completed"] as? Bool == true)
    #expect(on.result?["failures"] as? Int == 1)
    var shy = Self.wire(own: Self.own("{\(unmap),\"mayFail\":[-16]}", note))
    let off = shy.call("actor.run", #"{"actor":"own","domain":1}"#)
    #expect((off.result?["stopped"] as? [String: Any])?["line"] as? Int == 2)
    #expect((off.result?["steps"] as? [Any])?.count == 1)
  }

  @Test func ownActorsTakeThePlaceOfBuiltInOnes() {
    let text = #"{"actor":"kexec","does":"mine","why":"b"}"#
    let own = ActorSource(name: "kexec", text: Array(text.utf8))
    var wire = Wire(provisions: Provisions(actors: [own]))
    let list = wire.call("actor.list")
    #expect((list.result?["actors"] as? [Any])?.count == Self.names.count)
    #expect(list.text.contains(#""does":"mine","why":"b","builtIn":false"#))
  }

  @Test func aBrokenTemplateIsListedWithItsFault() {
    var wire = Self.wire(own: "{}")
    #expect(wire.call("actor.list").text.contains(#""file":"own.ndjson","line":1"#))
  }

  @Test(arguments: [
    (#"{"actor":"nobody","domain":1}"#, 1001, nil), (#"{"actor":"kexec"}"#, -32602, "/domain"),
    (#"{"actor":"backend","domain":1}"#, -32602, "/with/foreign"),
    (#"{"actor":"kexec","domain":1,"with":{"x":1}}"#, -32602, "/with/x"),
    (#"{"actor":"kexec","domain":1,"with":{"frames":[]}}"#, -32602, "/with/frames"),
    (#"{"actor":"kexec","domain":1,"with":7}"#, -32602, "/with"),
  ])
  func aWrongParameterOfAnActorIsNamed(params: String, code: Int, path: String?) {
    var wire = Self.wire()
    let reply = wire.call("actor.run", params)
    #expect(reply.code == code)
    #expect(reply.path == path)
  }

  // MARK: Damage

  @Test func aFrameIsStuckIfNothingCanMapItAgain() {
    let beyond =
      #"{"method":"grantFrame.map","params":{"domain":"${domain}","frame":1,"#
      + #""gfn":"0x1000000000"},"mayFail":[-22]}"#
    let stuck = { (preset: String) in
      var wire = Self.wire(preset: preset, own: Self.own("{\(Self.map)}", beyond))
      let reply = wire.call("actor.run", #"{"actor":"own","domain":1}"#)
      return reply.result?["stuckFrames"] as? [[String: Int]]
    }
    #expect(stuck("xen-4.16") == [["domain": 1, "frame": 1]])
    #expect(stuck("xen-4.17") == [])
  }

  @Test func aDeadFrameIsStuckAndARamPageThatWasLostLeavesAHole() {
    let give = #"{"method":"page.decrease","params":{"domain":"${domain}","gfn":"${gfn}"}}"#
    let steps = Self.own(
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x40003"}}"#,
      give.replacing("${gfn}", with: "0x40003"),
      give.replacing("${gfn}", with: "0x40004"),
      #"{"method":"page.populate","params":{"domain":1,"gfn":"0x40003"}}"#,
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x10"},"mayFail":[-16]}"#)
    var wire = Self.wire(own: steps)
    let reply = wire.call("actor.run", #"{"actor":"own","domain":1}"#)
    #expect(
      reply.text.contains(
        #""failures":1,"lostPages":[{"domain":1,"gfn":"0x40003","page":{"kind":"populated","n":0}}],"#
          + #""holes":[{"domain":1,"gfn":"0x40003"}],"stuckFrames":[{"domain":1,"frame":0}],"#
          + #""crashes":[],"panic":null"#))
  }

  @Test func aDeadHypervisorIsToldOf() {
    let fatal =
      #"{"method":"grantFrame.map","params":{"domain":1,"frame":"0x100000000","gfn":"0x10"}}"#
    var wire = Self.wire(own: Self.own(fatal))
    let reply = wire.call("actor.run", #"{"actor":"own","domain":1}"#)
    #expect(reply.result?["panic"] is String)
    #expect(reply.result?["completed"] as? Bool == false)
    #expect(wire.call("domain.list").code == 1000)
  }
}
