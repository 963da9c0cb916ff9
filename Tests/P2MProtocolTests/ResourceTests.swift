import Testing

/// Every object has an address.
@Suite struct ResourceTests {
  private func get(_ uri: String, _ wire: inout Wire) -> Reply {
    wire.call("resource.get", #"{"uri":"\#(uri)"}"#)
  }

  @Test(arguments: [
    ("/machines/main", "machine"), ("/machines/main/domains/1", "domain"),
    ("/machines/main/domains/1/regions/bank0", "region"),
    ("/machines/main/domains/1/physmap/0x38020", "entry"),
    ("/machines/main/domains/1/physmap/0x7", "entry"),
    ("/machines/main/domains/1/physmap/0x1000000000", "entry"),
    ("/machines/main/domains/1/grantTable", "grantTable"),
    ("/machines/main/domains/1/grantTable/frames/0", "grantFrame"),
    ("/machines/main/frames/0x1000000001", "frame"),
    ("/machines/main/snapshots/start", "snapshot"),
  ])
  func anAddressLeadsToItsObject(uri: String, kind: String) {
    var wire = Wire.example()
    let reply = get(uri, &wire)
    #expect(reply.result?["kind"] as? String == kind)
    #expect(reply.result?["uri"] as? String == uri)
  }

  @Test func everythingThatIsListedCanBeAskedFor() throws {
    var wire = Wire.example()
    var unseen = ["/machines"]
    var seen = 0
    while let uri = unseen.popLast() {
      let listed = wire.call("resource.list", #"{"uri":"\#(uri)"}"#)
      let below = try #require(listed.result?["resources"] as? [String])
      let object = get(uri, &wire)
      #expect(object.result != nil || object.code == 1001)
      let mayBeEmpty = uri.hasSuffix("regions") || uri.hasSuffix("statusFrames")
      #expect(object.result != nil || !below.isEmpty || mayBeEmpty)
      unseen += below
      seen += 1
    }
    #expect(seen > 40)
  }

  @Test func theAddressOfAnEffectLeadsToWhatChanged() throws {
    var wire = Wire.example()
    let reply = wire.call(
      "foreignPage.map", #"{"domain":1,"gfn":9,"from":{"domain":2,"gfn":"0x40001"}}"#)
    let effects = try #require(reply.result?["effects"] as? [[String: Any]])
    #expect(effects.count == 2)
    for effect in effects {
      let uri = try #require(effect["uri"] as? String)
      #expect(get(uri, &wire).result?["value"] is [String: Any])
    }
  }

  @Test func aNameWithSpacesIsEncoded() {
    var wire = Wire()
    _ = wire.call("machine.create", #"{"machine":"a b%"}"#)
    _ = wire.call("domain.create", #"{"domain":1,"machine":"a b%"}"#)
    let reply = wire.call("grantFrame.map", #"{"domain":1,"frame":0,"gfn":9,"machine":"a b%"}"#)
    #expect(reply.text.contains(#""uri":"/machines/a%20b%25/domains/1/physmap/0x9""#))
    #expect(get("/machines/a%20b%25/domains/1/physmap/0x9", &wire).result?["value"] != nil)
  }

  @Test(arguments: [
    ("/machines/nobody", 1001), ("/machines/main/domains/9", -3), ("/machines/main/domains", 1001),
    ("/machines/main/domains/1/regions/none", 1001), ("/machines/main/frames/0x1", 1001),
    ("/machines/main/domains/1/grantTable/frames/7", 1001), ("machines", -32602),
    ("/nothing", -32602), ("/machines/main/domains/x", -32602),
    ("/machines/main/domains/1/physmap/0x1g", -32602), ("/machines/%zz", -32602),
    ("/machines/main/frames/0xffffffffffffffff", -32602), ("/machines/main/domains/1/a/b", -32602),
  ])
  func anAddressThatLeadsNowhereSaysSo(uri: String, code: Int) {
    var wire = Wire.example()
    #expect(get(uri, &wire).code == code)
  }
}

/// Destroying domains.
@Suite struct DestructionTests {
  @Test func whatOthersStillMapLivesUntilTheyUnmapIt() {
    var wire = Wire.withDomains()
    let from = #"{"domain":2,"gfn":"0x40000"}"#
    _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":9,"from":\#(from)}"#)
    #expect(wire.call("domain.destroy", #"{"domain":2}"#).result != nil)
    #expect(wire.call("domain.get", #"{"domain":2}"#).code == -3)
    let page = wire.call("frame.query", #"{"mfn":"0x2000000010"}"#).result
    #expect(page?["references"] as? Int == 1)
    #expect(page?["owner"] == nil || "\(page?["owner"] ?? "")" == "<null>")
    #expect(wire.call("check.run").text.contains(#""violations":[]"#))
    #expect(wire.call("physmap.unmap", #"{"domain":1,"gfn":9}"#).result != nil)
    #expect(wire.call("frame.query", #"{"mfn":"0x2000000010"}"#).code == 1001)
  }

  @Test func theReferencesThatItHeldAreDropped() {
    var wire = Wire.withDomains()
    for gfn in 1...3 {
      let from = #"{"domain":2,"gfn":"0x40000"}"#
      _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":\#(gfn),"from":\#(from)}"#)
    }
    let reply = wire.call("domain.destroy", #"{"domain":1}"#)
    #expect(reply.text.contains(#""mfn":"0x2000000010","before":4,"after":1"#))
    #expect(wire.call("check.run").text.contains(#""violations":[]"#))
  }

  @Test func anIdentifierCanBeUsedAgainThoughOldPagesLiveOn() {
    var wire = Wire.withDomains()
    let from = #"{"domain":2,"gfn":"0x40000"}"#
    _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":9,"from":\#(from)}"#)
    _ = wire.call("domain.destroy", #"{"domain":2}"#)
    let ram = #""ram":[{"gfn":"0x40000","pages":16}]"#
    #expect(wire.call("domain.create", #"{"domain":2,\#(ram)}"#).result != nil)
    _ = wire.call("physmap.unmap", #"{"domain":1,"gfn":9}"#)
    #expect(wire.call("domain.get", #"{"domain":2}"#).result?["pages"] as? Int == 16)
  }
}
