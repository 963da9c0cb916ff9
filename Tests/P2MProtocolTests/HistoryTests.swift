import Hypervisor
import Laboratory
import Testing

/// What was done can be undone, kept, and told again.
@Suite struct HistoryTests {
  private static let map = #"{"domain":1,"frame":0,"gfn":"0x38000"}"#

  /// All that can be asked of a machine.
  private func state(_ wire: inout Wire) -> [String] {
    [
      wire.call("domain.list").text,
      wire.call("physmap.query", #"{"domain":1,"gfn":"0x38000","count":4096}"#).text,
      wire.call("array.query", #"{"domain":1,"count":64}"#).text,
      wire.call("frame.query", #"{"mfn":"0x2000000010"}"#).text,
      wire.call("check.run").text,
    ]
  }

  @Test func undoTakesTheLastOperationBackAndRedoDoesItAgain() {
    var wire = Wire.withDomains()
    let before = state(&wire)
    _ = wire.call("grantFrame.map", Self.map)
    let after = state(&wire)
    #expect(wire.call("history.undo").result?["undone"] as? Int == 1)
    #expect(state(&wire) == before)
    #expect(wire.call("history.redo").result?["redone"] as? Int == 1)
    #expect(state(&wire) == after)
    #expect(wire.call("history.redo").result?["redone"] as? Int == 0)
  }

  @Test func undoneOperationsAreForgottenWithTheNextOne() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", Self.map)
    _ = wire.call("history.undo")
    _ = wire.call("page.decrease", #"{"domain":1,"gfn":"0x40000"}"#)
    #expect(wire.call("history.redo").result?["redone"] as? Int == 0)
    #expect(wire.call("history.list").result?["length"] as? Int == 3)
  }

  @Test func aLongHistoryIsUndoneAndRedoneExactly() {
    var wire = Wire.withDomains()
    var states: [[String]] = []
    for number in 0..<1100 {
      states.append(state(&wire))
      let gfn = String(0x38000 + number % 7, radix: 16)
      switch number % 5 {
      case 0:
        _ = wire.call("grantFrame.map", #"{"domain":1,"frame":\#(number % 3),"gfn":"0x\#(gfn)"}"#)
      case 1: _ = wire.call("physmap.unmap", #"{"domain":1,"gfn":"0x\#(gfn)"}"#)
      case 2: _ = wire.call("sharedInfo.map", #"{"domain":1,"gfn":"0x\#(gfn)"}"#)
      case 3: _ = wire.call("page.populate", #"{"domain":1,"gfn":"0x\#(gfn)"}"#)
      default:
        let from = #"{"domain":2,"gfn":"0x40000"}"#
        _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":"0x\#(gfn)","from":\#(from)}"#)
      }
    }
    let last = state(&wire)
    for back in [1, 75, 76, 77, 78, 1023, 1024, 1025, 1099] {
      #expect(wire.call("history.undo", #"{"count":\#(back)}"#).result?["undone"] as? Int == back)
      #expect(state(&wire) == states[1100 - back])
      #expect(wire.call("history.redo", #"{"count":\#(back)}"#).result?["redone"] as? Int == back)
      #expect(state(&wire) == last)
    }
  }

  @Test func undoBringsADeadHypervisorBack() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", #"{"domain":1,"frame":"0x100000000","gfn":"0x38000"}"#)
    #expect(wire.call("domain.list").code == 1000)
    #expect(wire.call("history.undo").result?["undone"] as? Int == 1)
    #expect(wire.call("domain.list").result != nil)
  }

  @Test func whatTheHostCannotHoldTwiceIsNotUndone() {
    var wire = Wire.withDomains()
    let ram = #""ram":[{"gfn":0,"pages":14000000}]"#
    #expect(wire.call("domain.create", #"{"domain":3,\#(ram)}"#).result != nil)
    _ = wire.call("grantFrame.map", Self.map)
    #expect(wire.call("history.redo").result?["redone"] as? Int == 0)
    #expect(wire.call("history.undo").code == 1003)
    #expect(wire.call("array.query", #"{"domain":1}"#).text.contains(#""tracked":"0x38000""#))
  }

  @Test func notesAreListedAndNotCounted() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", Self.map)
    #expect(wire.send(#"{"jsonrpc":"2.0","method":"session.note","params":{"text":"x"}}"#) == "")
    #expect(wire.call("history.list", #"{"count":1}"#).text.contains("session.note"))
    #expect(wire.call("history.undo").result?["undone"] as? Int == 1)
    #expect(wire.call("array.query", #"{"domain":1}"#).text.contains(#""tracked":null"#))
  }

  @Test func parametersByPositionAreListedAsTheyCame() {
    var wire = Wire()
    _ = wire.call("domain.create", "[7]")
    #expect(wire.call("history.list").text.contains(#""params":[7]"#))
  }

  @Test func questionsAreNoHistory() {
    var wire = Wire.withDomains()
    _ = state(&wire)
    #expect(wire.call("history.list").result?["length"] as? Int == 2)
  }

  @Test func aFailedOperationIsHistoryToo() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", #"{"domain":1,"frame":2,"gfn":"0x1000000000"}"#)
    #expect(wire.call("history.undo").result?["undone"] as? Int == 1)
    #expect(wire.call("grantTable.query", #"{"domain":1}"#).result?["frames"] as? Int == 1)
  }

  @Test func aSnapshotIsWhatTheMachineWas() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", Self.map)
    let before = state(&wire)
    #expect(wire.call("snapshot.create", #"{"name":"a"}"#).result?["position"] as? Int == 3)
    _ = wire.call("physmap.unmap", #"{"domain":1,"gfn":"0x38000"}"#)
    _ = wire.call("page.decrease", #"{"domain":2,"gfn":"0x40000"}"#)
    #expect(state(&wire) != before)
    #expect(wire.call("snapshot.restore", #"{"name":"a"}"#).result != nil)
    #expect(state(&wire) == before)
    #expect(wire.call("history.list").result?["length"] as? Int == 3)
  }

  @Test func whatSnapshotsMayTakeIsCountedAgainstTheHostsMemory() throws {
    let main = MachineConfiguration(preset: .default)
    var laboratory = Laboratory(main, memory: HostMemory(limit: 40))
    _ = try laboratory[0].createSnapshot("a")
    _ = try laboratory[0].createSnapshot("b")
    #expect(throws: Laboratory.Failure.noMemory) { try laboratory[0].createSnapshot("c") }
    _ = try laboratory[0].deleteSnapshot("a")
    _ = try laboratory[0].createSnapshot("c")
  }

  @Test func snapshotsHaveNamesOfTheirOwn() {
    var wire = Wire.withDomains()
    #expect(wire.call("snapshot.restore").code == 1001)
    #expect(wire.call("snapshot.create").result?["name"] as? String == "snapshot-1")
    #expect(wire.call("snapshot.create").result?["name"] as? String == "snapshot-2")
    #expect(wire.call("snapshot.create", #"{"name":"snapshot-1"}"#).code == 1002)
    #expect(wire.call("snapshot.delete", #"{"name":"snapshot-1"}"#).result != nil)
    #expect((wire.call("snapshot.list").result?["snapshots"] as? [Any])?.count == 1)
    #expect(wire.call("snapshot.restore", #"{"name":"snapshot-1"}"#).code == 1001)
  }

  @Test(arguments: ["main", "another one"])
  func theExportedRequestsRebuildAMachineThatAnswersIdentically(name: String) throws {
    var wire = Wire()
    let machine = #""machine":"\#(name)""#
    if name != "main" {
      _ = wire.call("machine.create", #"{\#(machine),"preset":"xen-4.17","cpu":"cortex-a53"}"#)
    }
    let ram = #""ram":[{"gfn":"0x40000","pages":16}]"#
    for (method, params) in [
      ("domain.create", #""domain":1,"privileged":true,\#(ram)"#),
      ("domain.create", #""domain":2,\#(ram)"#),
      ("foreignPage.map", #""domain":1,"gfn":9,"from":{"domain":2,"gfn":"0x40001"}"#),
      ("session.note", #""text":"half way""#),
      ("domain.destroy", #""domain":2"#),
      ("grantFrame.map", #""domain":1,"frame":3,"gfn":"0x38000""#),
      ("grantFrame.map", #""domain":1,"frame":3,"gfn":"0x1000000000""#),
      ("page.decrease", #""domain":1,"gfn":"0x40003""#),
      ("page.populate", #""domain":1,"gfn":"0x38001""#),
    ] {
      _ = wire.call(method, #"{\#(params),\#(machine)}"#)
    }
    let exported = wire.call("session.export", #"{\#(machine)}"#)
    let requests = try #require(exported.result?["requests"] as? [[String: Any]])
    var fresh = Wire(preset: "xen-4.22")
    for request in requests { #expect(!fresh.send(request.json).contains("-32")) }
    for question in ["machine.get", "domain.list", "check.run"] {
      let asked = #"{\#(machine)}"#
      #expect(fresh.call(question, asked).text == wire.call(question, asked).text)
    }
    let query = #"{"domain":1,"gfn":0,"count":4096,\#(machine)}"#
    #expect(fresh.call("physmap.query", query).text == wire.call("physmap.query", query).text)
  }
}
