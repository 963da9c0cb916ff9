import Foundation
import Testing

/// `p2mlab compare` and `p2mlab shrink`, as a user starts them.
@Suite struct ExperimentTests {
  private static let story = repository.appending(path: "examples/stale-frame.xen-4.16.ndjson").path

  // MARK: compare

  @Test func presetsThatPartExitWith1AndTellWhere() throws {
    let outcome = try p2mlab("compare", Self.story, "--presets", "xen-4.16,xen-4.17")
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines[0]
        == "line  request                                        xen-4.16                   xen-4.17"
    )
    #expect(
      lines[1]
        == "  11  physmap.unmap domain 1, gfn 0x38000            ok !tracking-agrees        ok *")
    #expect(
      lines[lines.count - 4]
        == "\(Self.story):11: physmap.unmap domain 1, gfn 0x38000: /result/effects/1")
    #expect(lines[lines.count - 3] == "  xen-4.16  nothing")
    #expect(lines[lines.count - 2].hasPrefix(#"  xen-4.17  {"kind":"tracking""#))
    #expect(lines.last == "11 requests on 2 presets, 5 answered differently (*)")
  }

  @Test func presetsThatAnswerAlikeExitWith0() throws {
    let outcome = try p2mlab("compare", Self.story, "--presets", "xen-4.20,xen-4.22")
    #expect(outcome.status == 0)
    #expect(outcome.output == "11 requests on 2 presets, 0 answered differently\n")
    let all = try p2mlab("compare", Self.story, "--presets", "xen-4.20,xen-4.22", "--all")
    #expect(all.output.split(separator: "\n").count == 13)
  }

  @Test func aProgramReadsALineARequestAndOneForAll() throws {
    let outcome = try p2mlab("compare", Self.story, "--presets", "xen-4.16,xen-4.17", "--json")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 6)
    #expect(
      lines[0]
        == #"{"line":11,"number":6,"method":"physmap.unmap","params":{"domain":1,"gfn":"0x38000"},"#
        + #""replies":[{"code":0,"errno":null,"violations":["tracking-agrees"],"differs":false},"#
        + #"{"code":0,"errno":null,"violations":[],"differs":true}]}"#)
    #expect(lines[5].contains(#""requests":11,"different":5,"firstDifference":{"line":11,"#))
  }

  @Test func knobsAreComparedToo() throws {
    let presets = "xen-4.17,xen-4.16+tracking=page-info"
    let outcome = try p2mlab(
      "compare", Self.story, "--presets", presets, "--override", "remap=busy")
    #expect(outcome.status == 0)
  }

  @Test(arguments: [
    ("xen-4.16", "2 to 16 presets can be compared, with commas between them"),
    ("xen-4.16,xen-4.71", "there is no preset 'xen-4.71'; did you mean 'xen-4.14'?"),
    ("xen-4.16,xen-4.16+remap=bizzy", "knob 'remap' has no value 'bizzy'; did you mean 'busy'?"),
  ])
  func presetsThatThereAreNotAreRefused(presets: String, complaint: String) throws {
    let outcome = try p2mlab("compare", Self.story, "--presets", presets)
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains(complaint))
  }

  @Test func aSessionAboutAnotherMachineIsUnusableUnlessItIsNamed() throws {
    let session = """
      {"jsonrpc":"2.0","id":1,"method":"machine.create","params":{"machine":"b"}}
      {"jsonrpc":"2.0","id":2,"method":"machine.get","params":{"machine":"b"}}
      """
    let outcome = try p2mlab("compare", "-", "--presets", "xen-4.16,xen-4.17", input: session)
    #expect(outcome.status == 2)
    #expect(
      outcome.complaints.contains(
        "-: no request is about machine 'main'; --machine takes a machine"))
    #expect(outcome.complaints.contains("'b'"))
    let named = try p2mlab(
      "compare", "-", "--presets", "xen-4.16,xen-4.17", "--machine", "b", input: session)
    #expect(named.status == 0)
  }

  @Test(arguments: [
    ("{\n", "-:1: not JSON"),
    ("", "-: there is no request in it"),
    (#"{"format":"xen-trace/1"}"#, "-:1: a recording of real Xen, not a session; 'p2mlab check'"),
    (
      #"{"jsonrpc":"2.0","id":1,"method":"compare.run"}"#, "-:1: 'compare.run' carries out requests"
    ),
    ("\n{\"id\":1,\"method\":7}", "-:2: a request's 'method' is a string"),
  ])
  func anUnusableSessionIsNamed(session: String, complaint: String) throws {
    for arguments in [
      ["compare", "--presets", "xen-4.16,xen-4.17"], ["shrink", "--property", "no-dangling"],
    ] {
      let outcome = try p2mlab(arguments[0], arguments[1], arguments[2], "-", input: session + "\n")
      #expect(outcome.status == 2)
      #expect(outcome.complaints.contains(complaint))
    }
  }

  // MARK: shrink

  @Test func aShrunkSessionIsWrittenAndRunsAsExpected() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).ndjson").path
    let outcome = try p2mlab(
      "shrink", Self.story, "--property", "no-collateral-removal", "-o", file)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("\(Self.story): 11 requests, 5 operations are left after "))
    let run = try p2mlab("run", file)
    #expect(run.output.contains("5 replies, 0 differences"))
    let written = try String(contentsOfFile: file, encoding: .utf8)
    let printed = try p2mlab("shrink", Self.story, "--property", "no-collateral-removal")
    #expect(printed.output == written)
    #expect(printed.complaints.contains("5 operations are left"))
  }

  @Test func aSessionThatViolatesNothingExitsWith1() throws {
    let arguments = ["no-collateral-removal", "--preset", "xen-4.17"]
    let outcome = try p2mlab(
      "shrink", Self.story, "--property", arguments[0], arguments[1], arguments[2])
    #expect(outcome.status == 1)
    #expect(outcome.complaints.contains("no reply tells a violation of no-collateral-removal"))
    let json = try p2mlab(
      "shrink", Self.story, "--json", "--property", arguments[0], arguments[1], arguments[2])
    #expect(json.status == 1)
    #expect(json.output.hasSuffix(#""property":"no-collateral-removal","violated":false}"# + "\n"))
  }

  @Test func aProgramReadsWhatIsLeft() throws {
    let outcome = try p2mlab("shrink", Self.story, "--property", "tracking-agrees", "--json")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(#""violated":true,"requests":[{"jsonrpc":"2.0","#))
    #expect(outcome.output.contains(#""given":11,"operations":3,"removed":8,"runs":"#))
  }

  @Test func anUnknownPropertyIsRefusedWithThoseThatThereAre() throws {
    let outcome = try p2mlab("shrink", Self.story, "--property", "no-loss")
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains("no-collateral-removal"))
  }

  @Test func aServerTellsHowFarItIs() throws {
    let params = #"{"property":"no-collateral-removal","workDoneToken":"t"}"#
    let session = try String(contentsOfFile: Self.story, encoding: .utf8)
    let outcome = try p2mlab(
      "serve",
      input: session + #"{"jsonrpc":"2.0","id":99,"method":"shrink.run","params":\#(params)}"#)
    #expect(outcome.output.contains(#""token":"t","value":{"kind":"begin","title":"shrink.run"}"#))
    #expect(
      outcome.output.split(separator: "\n").last?.hasPrefix(#"{"jsonrpc":"2.0","id":99,"result""#)
        == true)
  }
}
