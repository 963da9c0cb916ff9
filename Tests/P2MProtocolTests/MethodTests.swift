import Hypervisor
import Testing

/// What the methods answer.
@Suite struct MethodTests {
  @Test func anUnknownMethodIsAnsweredWithTheNearestNames() {
    var wire = Wire()
    let reply = wire.call("grantFrame.mop")
    #expect(reply.code == -32601)
    #expect((reply.data?["nearest"] as? [String])?.first == "grantFrame.map")
  }

  @Test func theServerTellsWhatItIs() {
    var wire = Wire()
    let info = wire.call("server.info").result
    #expect(info?["name"] as? String == "p2mlab")
    #expect(info?["presets"] as? [String] == Preset.all.map(\.name))
  }

  @Test(arguments: [
    "domain.get", "grantTable.query", "array.query", "region.list",
  ])
  func anUnknownDomainIsESRCH(method: String) {
    var wire = Wire.withDomains()
    let reply = wire.call(method, #"{"domain":9}"#)
    #expect(reply.code == -3)
    #expect(reply.message?.hasPrefix("ESRCH: ") == true)
    #expect(reply.data?["method"] as? String == method)
  }

  @Test func aFailedOperationTellsWhatItChangedAllTheSame() {
    var wire = Wire.withDomains()
    let reply = wire.call("grantFrame.map", #"{"domain":1,"frame":2,"gfn":"0x1000000000"}"#)
    #expect(reply.code == -22)
    #expect(
      reply.text.contains(
        #""effects":[{"kind":"growth","domain":1,"before":1,"after":3,"uri":"/machines/main/domains/1/grantTable"},"#
          + #"{"kind":"tracking","domain":1,"frame":2,"before":null,"after":"0x1000000000","uri":"/machines/main/domains/1/grantTable/frames/2"}]"#
      ))
  }

  @Test func everythingAboutADeadHypervisorIsRefusedUntilItIsReset() {
    var wire = Wire.withDomains()
    let fatal = wire.call("grantFrame.map", #"{"domain":1,"frame":"0x100000000","gfn":1}"#)
    #expect(fatal.code == 1000)
    #expect(wire.call("domain.list").code == 1000)
    #expect(wire.call("domain.create", #"{"domain":5}"#).code == 1000)
    #expect(wire.call("machine.get").result?["panic"] is String)
    #expect(wire.call("machine.reset").result?["domains"] as? [Int] == [])
    #expect(wire.call("domain.list").result != nil)
  }

  @Test func machinesAreKeptApartByName() {
    var wire = Wire.withDomains()
    #expect(wire.call("machine.create", #"{"machine":"b","preset":"xen-4.17"}"#).result != nil)
    #expect(wire.call("domain.get", #"{"domain":1,"machine":"b"}"#).code == -3)
    #expect(wire.call("machine.create", #"{"machine":"b"}"#).code == 1002)
    #expect(wire.call("machine.create").code == 1002)
    #expect(wire.call("machine.delete", #"{"machine":"b"}"#).result != nil)
    #expect(wire.call("machine.get", #"{"machine":"b"}"#).code == 1001)
  }

  @Test func aKnobCanBeOverridden() {
    var wire = Wire()
    let reply = wire.call(
      "machine.create", #"{"machine":"b","overrides":{"tracking":"m2p","remap":"busy"}}"#)
    let knobs = reply.result?["knobs"] as? [String: Any]
    #expect(knobs?["tracking"] as? String == "m2p")
    #expect(knobs?["remap"] as? String == "busy")
    #expect(knobs?["frameIndex"] as? String == "split")
  }

  @Test func machinesAreBounded() {
    var wire = Wire()
    for number in 1..<64 {
      #expect(wire.call("machine.create", #"{"machine":"\#(number)"}"#).result != nil)
    }
    #expect(wire.call("machine.create", #"{"machine":"one more"}"#).code == 1003)
  }

  @Test func aDomainThatExistsIsNotCreatedAgain() {
    var wire = Wire.withDomains()
    #expect(wire.call("domain.create", #"{"domain":1}"#).code == 1002)
  }

  @Test func moreRAMThanTheHostHasIsRefusedWhole() {
    var wire = Wire.withDomains()
    let tooMuch = #"{"domain":5,"ram":[{"gfn":0,"pages":16777217}]}"#
    #expect(wire.call("domain.create", tooMuch).code == 1003)
    #expect(wire.call("domain.get", #"{"domain":5}"#).code == -3)
  }

  @Test func twoDirectMappedDomainsCannotHaveTheSameRAM() {
    var wire = Wire()
    let ram = #""directMapped":true,"ram":[{"gfn":0,"pages":16}]"#
    #expect(wire.call("domain.create", #"{"domain":1,\#(ram)}"#).result != nil)
    #expect(wire.call("domain.create", #"{"domain":2,\#(ram)}"#).path == "/ram/0")
  }

  @Test func regionsDoNotOverlapAndAreAllocatedFromFirstFit() {
    var wire = Wire.withDomains()
    let define = { (name: String, gfn: String) in
      #"{"domain":1,"name":"\#(name)","gfn":"\#(gfn)","pages":4,"kind":"extended"}"#
    }
    #expect(wire.call("region.define", define("a", "0x100")).result != nil)
    let overlap = wire.call("region.define", define("b", "0x103"))
    #expect(overlap.code == -32602)
    #expect(overlap.message?.contains("'a'") == true)
    #expect(wire.call("region.define", define("a", "0x200")).code == 1002)
    _ = wire.call("device.map", #"{"domain":1,"gfn":"0x101","mfn":"0x9000"}"#)
    let allocate = { (pages: Int) in #"{"domain":1,"name":"a","pages":\#(pages)}"# }
    #expect(wire.call("region.allocate", allocate(1)).result?["gfn"] as? String == "0x100")
    #expect(wire.call("region.allocate", allocate(2)).result?["gfn"] as? String == "0x102")
    #expect(wire.call("region.allocate", allocate(3)).code == 1003)
    #expect(wire.call("region.delete", #"{"domain":1,"name":"a"}"#).result != nil)
    #expect(wire.call("region.allocate", allocate(1)).code == 1001)
  }

  @Test func theSetUpOfAGrantTableTellsWhereItsFramesAreTracked() {
    var wire = Wire.withDomains()
    _ = wire.call("grantFrame.map", #"{"domain":1,"frame":1,"gfn":"0x38000"}"#)
    let reply = wire.call("grantTable.setup", #"{"domain":1,"frames":3}"#)
    #expect(reply.text.contains(#""frames":3,"status":0,"tracked":[null,"0x38000",null]"#))
    let tooMany = wire.call("grantTable.setup", #"{"domain":1,"frames":65}"#)
    #expect(tooMany.text.contains(#""frames":3,"status":-1,"tracked":[]"#))
  }

  @Test func aPageTellsItsOwnerAndReferences() {
    var wire = Wire.withDomains()
    _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":1,"from":{"domain":2,"gfn":"0x40000"}}"#)
    let page = wire.call("frame.query", #"{"mfn":"0x2000000010"}"#).result
    #expect(page?["owner"] as? Int == 2)
    #expect(page?["references"] as? Int == 2)
    #expect(page?["kind"] as? String == "ram")
    #expect(wire.call("frame.query", #"{"mfn":"0x1"}"#).code == 1001)
  }

  @Test func aQueryTellsOnlyTheGFNsThatMapSomething() {
    var wire = Wire.withDomains()
    let reply = wire.call("physmap.query", #"{"domain":1,"gfn":"0x3fff0","count":4096}"#)
    #expect((reply.result?["entries"] as? [Any])?.count == 16)
    let beyond = #"{"domain":1,"gfn":"0xffffffffffffffff"}"#
    #expect((wire.call("physmap.query", beyond).result?["entries"] as? [Any])?.count == 0)
  }
}
