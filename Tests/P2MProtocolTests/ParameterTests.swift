import Testing

/// What a method's parameters may be, and what is said of those that may not.
@Suite struct ParameterTests {
  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let method: String
    let params: String
    let path: String

    init(_ what: String, _ method: String, _ params: String, at path: String) {
      testDescription = what
      self.method = method
      self.params = params
      self.path = path
    }
  }

  static let refusals = [
    Refusal("missing", "physmap.unmap", #"{"domain":1}"#, at: "/gfn"),
    Refusal("all missing", "physmap.unmap", "{}", at: "/domain"),
    Refusal("null for what is required", "physmap.unmap", #"{"domain":1,"gfn":null}"#, at: "/gfn"),
    Refusal("unknown", "physmap.unmap", #"{"domain":1,"gfn":"0x1","gnf":1}"#, at: "/gnf"),
    Refusal(
      "unknown, with a slash", "physmap.unmap", #"{"domain":1,"gfn":"0x1","a/b":1}"#, at: "/a~1b"),
    Refusal("a real", "physmap.unmap", #"{"domain":1,"gfn":1.5}"#, at: "/gfn"),
    Refusal("negative", "physmap.unmap", #"{"domain":1,"gfn":-1}"#, at: "/gfn"),
    Refusal("2^53", "physmap.unmap", #"{"domain":1,"gfn":9007199254740992}"#, at: "/gfn"),
    Refusal("no hex", "physmap.unmap", #"{"domain":1,"gfn":"38000"}"#, at: "/gfn"),
    Refusal("hex without digits", "physmap.unmap", #"{"domain":1,"gfn":"0x"}"#, at: "/gfn"),
    Refusal("2^64", "physmap.unmap", #"{"domain":1,"gfn":"0x10000000000000000"}"#, at: "/gfn"),
    Refusal("domain no integer", "physmap.unmap", #"{"domain":"1","gfn":"0x1"}"#, at: "/domain"),
    Refusal("domain too large", "physmap.unmap", #"{"domain":65536,"gfn":1}"#, at: "/domain"),
    Refusal(
      "nested, missing", "foreignPage.map", #"{"domain":1,"gfn":1,"from":{}}"#, at: "/from/domain"),
    Refusal(
      "nested, wrong", "foreignPage.map", #"{"domain":1,"gfn":1,"from":{"domain":2,"gfn":""}}"#,
      at: "/from/gfn"),
    Refusal(
      "nested, unknown", "foreignPage.map",
      #"{"domain":1,"gfn":1,"from":{"domain":2,"gfn":1,"x":1}}"#, at: "/from/x"),
    Refusal("object expected", "foreignPage.map", #"{"domain":1,"gfn":1,"from":7}"#, at: "/from"),
    Refusal("count 0", "physmap.query", #"{"domain":1,"gfn":1,"count":0}"#, at: "/count"),
    Refusal("count 4097", "physmap.query", #"{"domain":1,"gfn":1,"count":4097}"#, at: "/count"),
    Refusal("count 1025", "array.query", #"{"domain":1,"count":1025}"#, at: "/count"),
    Refusal("order 1", "page.populate", #"{"domain":1,"gfn":1,"order":1}"#, at: "/order"),
    Refusal("order 27", "page.decrease", #"{"domain":1,"gfn":1,"order":27}"#, at: "/order"),
    Refusal(
      "order 2^32", "page.decrease", #"{"domain":1,"gfn":1,"order":4294967296}"#, at: "/order"),
    Refusal(
      "order of RAM", "domain.create", #"{"domain":9,"ram":[{"gfn":1,"pages":1,"order":4}]}"#,
      at: "/ram/0/order"),
    Refusal(
      "a boolean's name", "grantFrame.map", #"{"domain":1,"frame":0,"gfn":1,"status":1}"#,
      at: "/status"),
    Refusal(
      "unknown preset", "machine.create", #"{"machine":"a","preset":"xen-3"}"#, at: "/preset"),
    Refusal("unknown CPU", "machine.create", #"{"machine":"a","cpu":"z80"}"#, at: "/cpu"),
    Refusal(
      "unknown knob", "machine.create", #"{"machine":"a","overrides":{"trackin":"m2p"}}"#,
      at: "/overrides/trackin"),
    Refusal(
      "unknown value of a knob", "machine.create", #"{"machine":"a","overrides":{"tracking":1}}"#,
      at: "/overrides/tracking"),
    Refusal(
      "a negative pool", "machine.create", #"{"machine":"a","p2mPoolPages":-1}"#,
      at: "/p2mPoolPages"),
    Refusal("no name", "machine.create", #"{"machine":""}"#, at: "/machine"),
    Refusal("special domid", "domain.create", #"{"domain":32752}"#, at: "/domain"),
    Refusal(
      "RAM twice", "domain.create",
      #"{"domain":5,"ram":[{"gfn":1,"pages":2},{"gfn":2,"pages":1}]}"#, at: "/ram/1"),
    Refusal(
      "no RAM", "domain.create", #"{"domain":5,"ram":[{"gfn":1,"pages":0}]}"#, at: "/ram/0/pages"),
    Refusal(
      "RAM beyond the P2M", "domain.create",
      #"{"domain":5,"ram":[{"gfn":"0xfffffffff","pages":2}]}"#, at: "/ram/0/gfn"),
    Refusal(
      "kind", "region.define", #"{"domain":1,"name":"a","gfn":1,"pages":1,"kind":"x"}"#, at: "/kind"
    ),
    Refusal("unknown property", "check.run", #"{"properties":["x"]}"#, at: "/properties/0"),
    Refusal("too many by position", "physmap.unmap", #"[1,"0x1","main","t",4]"#, at: "/4"),
    Refusal("a token that is none", "machine.list", #"{"workDoneToken":[]}"#, at: "/workDoneToken"),
    Refusal("a token by position", "physmap.unmap", #"[1,"0x1","main",1.5]"#, at: "/3"),
    Refusal("wrong by position", "physmap.unmap", #"[1,true]"#, at: "/1"),
  ]

  @Test(arguments: [#"{"workDoneToken":"t"}"#, #"{"workDoneToken":1}"#, #"["main",1]"#])
  func everyMethodTakesATokenOfProgress(params: String) {
    var wire = Wire()
    #expect(wire.call("machine.get", params).result != nil)
  }

  @Test(arguments: refusals)
  func aBadParameterIsNamed(refusal: Refusal) {
    var wire = Wire.withDomains()
    let reply = wire.call(refusal.method, refusal.params)
    #expect(reply.code == -32602)
    #expect(reply.path == refusal.path)
    #expect(reply.data?["expected"] is String)
  }

  @Test(arguments: [#""0x38000""#, #""0X38000""#, #""0x000038000""#, "229376"])
  func aGFNMayBeWrittenInSeveralWays(gfn: String) {
    var wire = Wire.withDomains()
    let reply = wire.call("grantFrame.map", #"{"domain":1,"frame":0,"gfn":\#(gfn)}"#)
    #expect(reply.text.contains(#""gfn":"0x38000""#))
  }

  @Test(arguments: ["{}", "[]", "null"])
  func noParametersMayBeWrittenInSeveralWays(params: String) {
    var wire = Wire()
    #expect(wire.call("machine.list", params).result != nil)
  }

  @Test func parametersByPositionAreTakenInTheReferencesOrderWithTheMachineLast() {
    var wire = Wire.withDomains()
    #expect(wire.call("grantFrame.map", #"[1,0,"0x38000",false,"main"]"#).result != nil)
    #expect(wire.call("physmap.unmap", #"[1,"0x38000"]"#).result != nil)
    #expect(wire.call("physmap.unmap", #"[1,"0x38000","nobody"]"#).code == 1001)
  }

  @Test func anErrorInTheParametersChangesNothing() {
    var wire = Wire.withDomains()
    let before = wire.call("domain.get", #"{"domain":1}"#).text
    _ = wire.call("grantFrame.map", #"{"domain":1,"frame":5,"gfn":"0x1","x":0}"#)
    #expect(wire.call("domain.get", #"{"domain":1}"#).text == before)
  }
}
