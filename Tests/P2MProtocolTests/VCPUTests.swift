import Hypervisor
import Testing

/// vCPUs that take turns on a live machine.
@Suite struct VCPUTests {
  /// A server whose `main` follows `preset`, with domain 1 in version 2 where there is one.
  private static func wire(_ preset: String, vcpus: Int = 2) -> Wire {
    var wire = Wire()
    _ = wire.call("machine.delete")
    _ = wire.call("machine.create", #"{"preset":"\#(preset)","vcpus":\#(vcpus)}"#)
    _ = wire.call("domain.create", #"{"domain":1,"privileged":true}"#)
    _ = wire.call("grantTable.setVersion", #"{"domain":1,"version":2}"#)
    return wire
  }

  private static func map(_ vcpu: Int, _ gfn: String, status: Bool = false) -> String {
    let params = #"{"frame":0,"gfn":"\#(gfn)","status":\#(status)}"#
    return
      #"{"domain":1,"vcpu":\#(vcpu),"operation":{"method":"grantFrame.map","params":\#(params)}}"#
  }

  private static func leave(_ vcpu: Int) -> String {
    #"{"domain":1,"vcpu":\#(vcpu),"operation":{"method":"grantTable.setVersion","params":{"version":1}}}"#
  }

  /// The steps that `vcpu` does until it is done, each with its locks.
  private static func steps(_ wire: inout Wire, _ vcpu: Int, _ begun: Reply) -> [String] {
    var steps: [String] = []
    var reply = begun
    while let result = reply.result, let step = result["step"] as? String {
      let locks = (result["locks"] as? [String] ?? []).joined(separator: "+")
      steps.append("\(step) \(locks)")
      if result["done"] as? Bool == true { break }
      reply = wire.call("vcpu.step", #"{"domain":1,"vcpu":\#(vcpu)}"#)
    }
    return steps
  }

  @Test(arguments: [
    ("xen-4.16", ["begin grant", "insert p2m", "end "]),
    ("xen-4.22", ["begin grant", "insert grant+p2m", "end grant"]),
    ("x86-4.15.0", ["begin grant", "lookUp ", "insert p2m"]),
    ("x86-4.15.1", ["begin grant", "insert p2m", "end "]),
    ("x86-4.22", ["begin grant", "insert grant+p2m", "end grant"]),
  ])
  func mappingAFrameHasTheReleasesSteps(preset: String, steps: [String]) {
    var wire = Self.wire(preset)
    let begun = wire.call("vcpu.begin", Self.map(0, "0x38000"))
    #expect(Self.steps(&wire, 0, begun) == steps)
    var whole = Self.wire(preset)
    _ = whole.call("grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x38000"}"#)
    let query = #"{"domain":1,"gfn":"0x38000"}"#
    #expect(wire.call("physmap.query", query).text == whole.call("physmap.query", query).text)
    #expect(wire.call("check.run").text == whole.call("check.run").text)
  }

  @Test func aReferenceThatAVCPUHoldsIsAccountedFor() {
    var wire = Self.wire("x86-4.15.1")
    let begun = wire.call("vcpu.begin", Self.map(0, "0x38000"))
    #expect((begun.result?["violations"] as? [Any])?.isEmpty == true)
    #expect((wire.call("check.run").result?["violations"] as? [Any])?.isEmpty == true)
  }

  @Test func aLockThatIsHeldIsNamedWithItsHolder() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.leave(1))
    let before = wire.call("history.list").text
    for (method, params) in [
      ("vcpu.begin", Self.map(0, "0x38000")),
      ("grantFrame.map", #"{"domain":1,"frame":0,"gfn":1}"#),
      ("grantTable.setVersion", #"{"domain":1,"version":1}"#),
      ("grantTable.setup", #"{"domain":1,"frames":2}"#),
    ] {
      let reply = wire.call(method, params)
      #expect(reply.code == 1005)
      #expect(
        reply.message
          == "Locked: vCPU 1 of domain 1 holds the grant lock in the midst of grantTable.setVersion; "
          + "'vcpu.step' takes it further")
    }
    #expect(wire.call("history.list").text == before)
    #expect(wire.call("physmap.unmap", #"{"domain":1,"gfn":1}"#).code == -2)
  }

  @Test func aVCPUDoesOneOperationAtATime() {
    var wire = Self.wire("x86-4.15.1")
    #expect(wire.call("vcpu.step", #"{"domain":1,"vcpu":0}"#).path == "/vcpu")
    _ = wire.call("vcpu.begin", Self.map(0, "0x38000"))
    let again = wire.call("vcpu.begin", Self.map(0, "0x38001"))
    #expect(again.path == "/vcpu")
    #expect(again.message?.contains("an idle vCPU") == true)
    #expect(wire.call("vcpu.begin", Self.map(2, "0x38001")).path == "/vcpu")
    #expect(wire.call("vcpu.begin", Self.map(8, "0x38001")).path == "/vcpu")
  }

  @Test func theListTellsWhatEachIsInTheMidstOf() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.map(0, "0x38000", status: true))
    _ = wire.call("vcpu.begin", Self.leave(1))
    #expect(
      wire.call("vcpu.list", #"{"domain":1}"#).text.hasSuffix(
        #""vcpus":[{"vcpu":0,"operation":{"method":"grantFrame.map","params":{"frame":0,"gfn":"0x38000","#
          + #""status":true}},"next":"insert","holds":[]},{"vcpu":1,"operation":{"method":"#
          + #""grantTable.setVersion","params":{"version":1}},"next":"detach","holds":["grant"]}]}}"#
      ))
  }

  @Test func aStepThatFailsTellsWhyAndTheVCPUIsIdle() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.map(0, "0x1000000000"))
    _ = wire.call("vcpu.step", #"{"domain":1,"vcpu":0}"#)
    let failed = wire.call("vcpu.step", #"{"domain":1,"vcpu":0}"#)
    #expect(failed.code == -2)
    #expect(failed.data?["method"] as? String == "vcpu.step")
    #expect(wire.call("vcpu.list", #"{"domain":1}"#).text.contains(#""operation":null"#))
  }

  @Test func aCrashEndsWhatIsInProgress() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.map(0, "0x38000", status: true))
    _ = wire.call("vcpu.begin", Self.leave(1))
    _ = wire.call("vcpu.step", #"{"domain":1,"vcpu":1}"#)
    #expect(wire.call("vcpu.step", #"{"domain":1,"vcpu":1}"#).code == 1004)
    let list = wire.call("vcpu.list", #"{"domain":1}"#)
    #expect(!list.text.contains("method"))
    #expect(wire.call("vcpu.step", #"{"domain":1,"vcpu":0}"#).code != nil)
  }

  @Test func aDestroyedDomainLeavesNothing() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.map(0, "0x38000"))
    #expect(wire.call("domain.destroy", #"{"domain":1}"#).result != nil)
    _ = wire.call("domain.create", #"{"domain":1}"#)
    #expect(!wire.call("vcpu.list", #"{"domain":1}"#).text.contains("method"))
    #expect((wire.call("check.run").result?["violations"] as? [Any])?.isEmpty == true)
  }

  @Test func stepsAreUndoneRedoneKeptAndExported() {
    var wire = Self.wire("x86-4.15.1")
    _ = wire.call("vcpu.begin", Self.map(0, "0x38000"))
    _ = wire.call("snapshot.create")
    let midst = wire.call("vcpu.list", #"{"domain":1}"#).text
    _ = wire.call("vcpu.step", #"{"domain":1,"vcpu":0}"#)
    let further = wire.call("vcpu.list", #"{"domain":1}"#).text
    #expect(further != midst)
    _ = wire.call("history.undo")
    #expect(wire.call("vcpu.list", #"{"domain":1}"#).text == midst)
    _ = wire.call("history.redo")
    #expect(wire.call("vcpu.list", #"{"domain":1}"#).text == further)
    _ = wire.call("snapshot.restore")
    #expect(wire.call("vcpu.list", #"{"domain":1}"#).text == midst)
    let export = wire.call("session.export").text
    #expect(export.contains(#""vcpus":2,"machine":"main""#))
    #expect(export.contains(#""method":"vcpu.begin""#))
  }
}
