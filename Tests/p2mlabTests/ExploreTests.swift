import Foundation
import Testing

/// `p2mlab explore`, as a user starts it.
@Suite struct ExploreTests {
  private static let property = ["--property", "no-collateral-removal"]

  /// Explores four GFNs, two frames and two foreign pages of `preset`.
  private static func explore(_ preset: String, _ more: [String]) throws -> Outcome {
    let sizes = ["--gfns", "4", "--frames", "2", "--foreign-pages", "2"]
    return try run(["explore", "--preset", preset] + sizes + more)
  }

  private static func run(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    return try outcome(of: process, input: "")
  }

  /// The one object that `--json` prints.
  private static func object(_ outcome: Outcome) throws -> [String: Any] {
    #expect(outcome.output.split(separator: "\n").count == 1)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(object as? [String: Any])
  }

  @Test(arguments: [
    ("xen-4.16", ["--no-symmetry"], 3_213, 64_260, 6, 1, Int32(1)),
    ("xen-4.16", ["--symmetry", "gfn,page"], 133, 2_660, 6, 48, 1),
    ("xen-4.17", ["--no-symmetry"], 405, 8_100, 4, 1, 0),
    ("xen-4.16-clear-on-put", ["--no-symmetry"], 405, 8_100, 4, 1, 0),
  ])
  func everyStateIsFoundOnce(
    preset: String, symmetry: [String], states: Int, transitions: Int, depth: Int, factor: Int,
    status: Int32
  ) throws {
    let outcome = try Self.explore(
      preset, Self.property + ["--json", "--keep-going"] + symmetry)
    #expect(outcome.status == status)
    let object = try Self.object(outcome)
    #expect(object["states"] as? Int == states)
    #expect(object["transitions"] as? Int == transitions)
    #expect(object["depth"] as? Int == depth)
    #expect(object["symmetryFactor"] as? Int == factor)
    #expect(object["verdict"] as? String == (status == 0 ? "holds" : "violated"))
    #expect((object["violations"] as? [Any])?.count == Int(status))
  }

  @Test func theVerdictComesFirstThenHowToGetThere() throws {
    let outcome = try Self.explore("xen-4.16", Self.property)
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0] == "violated: no-collateral-removal")
    #expect(lines[2] == "  grantFrame.map domain 1, frame 0, gfn 0x38000")
    #expect(outcome.output.contains("- 0x38000  foreign domain 2, gfn 0x40000   <- stale-tracking"))
    #expect(lines.last?.hasSuffix("symmetry gfn, page, frame: up to 96 times fewer states") == true)
  }

  @Test(arguments: [
    (["--depth", "1"], "depth"), (["--max-states", "5"], "states"),
    (["--max-memory", "4096"], "memory"),
  ])
  func aLimitExitsWith3(options: [String], bound: String) throws {
    let outcome = try Self.explore("xen-4.17", Self.property + ["--json"] + options)
    #expect(outcome.status == 3)
    let object = try Self.object(outcome)
    #expect(object["verdict"] as? String == "bounded")
    #expect(object["boundedBy"] as? String == bound)
    #expect(object["property"] is NSNull)
    #expect((object["trace"] as? [Any])?.isEmpty == true)
  }

  @Test(arguments: [
    (["--preset", "xen-4.61"], "there is no preset 'xen-4.61'; did you mean 'xen-4.14'?"),
    (
      ["--ops", "grantFrame.mop"],
      "there is no operation 'grantFrame.mop'; did you mean 'grantFrame"
    ),
    (
      ["--property", "no-loss"], "there is no property 'no-loss'; did you mean 'no-dangling'? There"
    ),
    (["--override", "remap=bizzy"], "knob 'remap' has no value 'bizzy'; did you mean 'busy'?"),
    (["--symmetry", "vcpu"], "'vcpu' is not: there is one vCPU"),
    (["--symmetry", "gfn", "--no-symmetry"], "do not go together"),
    (["--gfns", "17"], "--gfns: expected an integer from 1 to 16, not 17"),
    (["--frames", "0"], "--frames: expected an integer from 1 to 15, not 0"),
    (["--ops", "foreignPage.map", "--foreign-pages", "0"], "--ops: expected at least one"),
    (
      ["--property", "region-discipline", "--symmetry", "gfn"],
      "region-discipline names the GFN of each frame"
    ),
    (["--max-states", "0"], "--max-states: expected an integer from 1 on, not 0"),
    (["--frobnicate"], "Unknown option '--frobnicate'"),
    (["--domains", "4"], "--domains: expected an integer from 1 to 3, not 4"),
    (["--domains", "2", "--ops", "page.populate"], "with several domains nothing is populated"),
    (["--orders", "0,8"], "expected 0, 9 or 18, not '8'"),
    (["--max-pages", "16"], "--max-pages: expected an integer from 0 to 15, not 16"),
    (["--only", "grantFrame.mop"], "there is no operation 'grantFrame.mop'"),
    (["--only", "physmap.unmap:gnf=1"], "there is no argument 'gnf'; did you mean 'gfn'?"),
    (["--only", "physmap.unmap:gfn"], "expected name=value, not 'gfn'"),
    (["--only", "physmap.unmap:gfn=x"], "expected a number, not 'x'"),
    (["--only", "physmap.unmap:gfn=1"], "--only: expected values of 'gfn' with which"),
    (["--actor", "toolstack-sed"], "actor 'toolstack-sed'; did you mean 'toolstack-seed'?"),
    (["--actor", "backend:pages=1"], "/with/foreign"),
    (["--actor", "linux-old:frames=3"], "linux-old.ndjson:4: grantFrame.map is out of what"),
    (["--actor", "toolstack-seed:domain=7"], "a domain that acts, from 1 to 1"),
  ])
  func wrongArgumentsExitWith2(arguments: [String], complaint: String) throws {
    let outcome = try Self.explore("xen-4.16", arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.complaints.contains(complaint))
  }

  @Test func helpExitsWith0() throws {
    let outcome = try Self.run(["explore", "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("--keep-going"))
  }

  @Test(arguments: [
    (
      "xen-4.16", ["--gfns", "4", "--frames", "2", "--foreign-pages", "2"], "no-collateral-removal"
    ),
    (
      "x86-4.15.0", ["--gfns", "2", "--frames", "1", "--foreign-pages", "0", "--vcpus", "2"],
      "no-dangling"
    ),
    (
      "xen-4.16",
      [
        "--gfns", "3", "--frames", "1", "--foreign-pages", "0", "--orders", "9", "--ops",
        "grantFrame.map,page.populate",
      ], "no-collateral-removal"
    ),
    (
      "xen-4.16",
      [
        "--gfns", "3", "--frames", "1", "--foreign-pages", "1", "--domains", "2",
        "--invalid-arguments",
      ], "no-collateral-removal"
    ),
    (
      "xen-4.16",
      [
        "--gfns", "4", "--frames", "1", "--foreign-pages", "1", "--ops", "physmap.unmap", "--actor",
        "toolstack-seed", "--actor", "linux-unpopulated-bank0:foreign=2,pages=1",
      ], "no-collateral-removal"
    ),
    (
      "xen-4.16",
      [
        "--gfns", "3", "--frames", "1", "--foreign-pages", "1", "--only",
        "grantFrame.map:frame=0,gfn=0x38000+0x38001", "--only", "foreignPage.map:gfn=0x38001",
      ], "no-collateral-removal"
    ),
  ])
  func aSavedViolationRunsAsExpected(
    preset: String, sizes: [String], property: String
  ) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).ndjson").path
    let outcome = try Self.run(
      ["explore", "--preset", preset, "--property", property, "--save", file] + sizes)
    #expect(outcome.status == 1)
    let run = try p2mlab("run", file)
    #expect(run.status == 0)
    #expect(run.output.contains(" 0 differences"))
    let last = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").last
    #expect(last?.contains(#""property":"\#(property)""#) == true)
  }

  @Test func whatCannotBeSavedExitsWith2() throws {
    let outcome = try Self.explore("xen-4.16", Self.property + ["--save", "/nowhere/at-all"])
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains("cannot create /nowhere/at-all.new"))
  }

  @Test func nothingIsDrawnWhereNoTerminalIs() throws {
    let outcome = try Self.explore("xen-4.17", Self.property)
    #expect(outcome.complaints == "")
  }

  // MARK: A server

  /// A request that takes seconds, as no symmetry helps.
  private static let long =
    #"{"jsonrpc":"2.0","id":1,"method":"explore.run","params":{"preset":"xen-4.16","gfns":16,"#
    + #""frames":6,"foreignPages":8,"keepGoing":true,"symmetry":[],"workDoneToken":"t"}}"#

  @Test func aServerStopsWhereItIsAskedTo() throws {
    let cancel = #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}"#
    let outcome = try p2mlab(
      "serve",
      input: [Self.long, cancel, #"{"jsonrpc":"2.0","id":2,"method":"machine.list"}"#]
        .joined(separator: "\n"))
    let replies = outcome.output.split(separator: "\n").filter { $0.contains(#""id":"#) }
    #expect(replies.count == 2)
    #expect(replies[0].contains(#""id":1,"error":{"code":-32800"#))
    #expect(replies[1].contains(#""id":2,"result":"#))
  }

  @Test func aServerTellsHowFarItIs() throws {
    let params = #""preset":"xen-4.17","gfns":2,"frames":1,"foreignPages":1,"workDoneToken":"t""#
    let outcome = try p2mlab(
      "serve",
      input: #"{"jsonrpc":"2.0","id":1,"method":"explore.run","params":{\#(params)}}"#)
    #expect(outcome.output.contains(#""token":"t","value":{"kind":"begin","title":"explore.run"}"#))
  }
}
