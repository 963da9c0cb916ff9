import Foundation
import Testing

/// Superpages, the pool, faults and costs as clients see them.
@Suite struct MemoryModelTests {
  private func wire(_ members: String) -> Wire {
    var wire = Wire()
    _ = wire.call("machine.create", #"{"machine":"m",\#(members)}"#)
    let ram = #""ram":[{"gfn":"0x40000","pages":1024,"order":9}]"#
    _ = wire.call("domain.create", #"{"domain":1,\#(ram),"machine":"m"}"#)
    return wire
  }

  @Test func aSuperpageIsListedOnceAtTheFirstOfItsGFNsThatWasAskedFor() {
    var wire = wire(#""cost":false"#)
    let all = wire.call(
      "physmap.query", #"{"domain":1,"gfn":"0x3ff00","count":4096,"machine":"m"}"#)
    #expect(
      all.text.contains(#""gfn":"0x40000","mfn":"0x2000000000","type":"p2m_ram_rw","order":9"#))
    #expect(all.text.components(separatedBy: #""order":9"#).count == 3)
    let within = wire.call("physmap.query", #"{"domain":1,"gfn":"0x40123","machine":"m"}"#)
    #expect(
      within.text.contains(#""gfn":"0x40123","mfn":"0x2000000123","type":"p2m_ram_rw","order":9"#))
  }

  @Test func onlyAMachineThatWasAskedTellsCosts() {
    var silent = wire(#""cost":false"#)
    var asked = wire(#""cost":true"#)
    let unmap = #"{"domain":1,"gfn":"0x40000","machine":"m"}"#
    #expect(!silent.call("physmap.unmap", unmap).text.contains("cost"))
    #expect(asked.call("physmap.unmap", unmap).text.contains(#""cost":{"tableWalks":2"#))
    let failed = asked.call("physmap.unmap", unmap)
    #expect(failed.code == -2)
    #expect(failed.text.contains(#""cost":{"tableWalks":1"#))
  }

  @Test func anExportedMachineHasItsPoolAndItsFaults() {
    var wire = wire(#""p2mPoolPages":5,"cost":true"#)
    _ = wire.call("fault.inject", #"{"domain":1,"site":"table-allocation","machine":"m"}"#)
    let failed = wire.call("physmap.unmap", #"{"domain":1,"gfn":"0x40000","machine":"m"}"#)
    #expect(failed.code == -12)
    let export = wire.call("session.export", #"{"machine":"m"}"#).text
    #expect(export.contains(#""p2mPoolPages":5,"cost":true"#))
    #expect(export.contains("fault.inject"))
  }

  /// What failed for want of a table fails again when it is done again.
  @Test func whatAFaultMadeFailFailsAgainAfterUndo() {
    var wire = wire(#""cost":false"#)
    _ = wire.call("fault.inject", #"{"domain":1,"site":"table-allocation","machine":"m"}"#)
    let map = #"{"domain":1,"frame":0,"gfn":"0x80000","machine":"m"}"#
    #expect(wire.call("grantFrame.map", map).code == -12)
    _ = wire.call("history.undo", #"{"count":2,"machine":"m"}"#)
    _ = wire.call("history.redo", #"{"count":2,"machine":"m"}"#)
    let array = wire.call("array.query", #"{"domain":1,"machine":"m"}"#)
    #expect(array.text.contains(#""tracked":"0x80000","mappedAt":[],"stale":true"#))
    #expect(wire.call("grantFrame.map", map).code == nil)
  }

  @Test(arguments: [
    ("page.populate", #""gfn":"0x80001","order":18"#), ("page.decrease", #""gfn":0,"order":18"#),
  ])
  func whatWouldChangeTooManyEntriesIsRefusedWithTheLimit(method: String, params: String) {
    var wire = Wire()
    let ram = #""ram":[{"gfn":0,"pages":262144}],"maxPages":1000000"#
    _ = wire.call("domain.create", #"{"domain":1,\#(ram)}"#)
    let reply = wire.call(method, #"{"domain":1,\#(params)}"#)
    #expect(reply.code == 1003)
    #expect(reply.text.contains(#""limit":4096"#))
  }

  @Test func aPoolTooSmallForTheRAMIsNamed() {
    var wire = Wire()
    _ = wire.call("machine.create", #"{"machine":"m","p2mPoolPages":3}"#)
    let reply = wire.call(
      "domain.create", #"{"domain":1,"ram":[{"gfn":0,"pages":1024}],"machine":"m"}"#)
    #expect(reply.code == 1003)
    #expect(reply.text.contains("at most 3 tables in the pool of its P2M, too few for its RAM"))
  }
}
