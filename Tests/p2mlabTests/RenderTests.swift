import Foundation
import Testing

/// `p2mlab render`, and what leads to it.
@Suite struct RenderTests {
  private let session = """
    {"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}
    {"jsonrpc":"2.0","id":2,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x10"}}

    """

  private func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path()
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func aPageIsWrittenWholeOrToStdout() throws {
    let folder = try folder()
    let outcome = try p2mlab("render", "-", "-o", "\(folder)/story.html", input: session)
    #expect(outcome.status == 0)
    #expect(outcome.complaints == "")
    #expect(try names(in: folder) == ["story.html"])
    let page = try String(contentsOfFile: "\(folder)/story.html", encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>"))
    let piped = try p2mlab("render", "-", "-o", "-", input: session)
    #expect(piped.output == page)
  }

  @Test func aPictureOfEachStepHasItsNumber() throws {
    let folder = try folder()
    let requests = (0..<10).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"machine.get"}"# + "\n" }
    let outcome = try p2mlab(
      "render", "-", "-o", "\(folder)/story.svg", "--all",
      input: requests.joined())
    #expect(outcome.status == 0)
    #expect(try names(in: folder).first == "story-01.svg")
    #expect(try names(in: folder).count == 10)
    let one = try p2mlab(
      "render", "-", "-o", "\(folder)/one.svg", "--step", "2", input: session)
    #expect(one.status == 0)
    let drawn = try String(contentsOfFile: "\(folder)/one.svg", encoding: .utf8)
    #expect(drawn.contains("step 2 of 2"))
  }

  @Test(arguments: [
    (["-o", "x.png"], "-o ends with .html or .svg"),
    (["-o", "x.svg"], "needs --step N or --all"),
    (["-o", "x.svg", "--all", "--step", "1"], "needs --step N or --all, and not both"),
    (["-o", "x.html", "--step", "1"], "--step and --all are for pictures"),
    (["-o", "x.html", "--presets", "xen-4.16,xen-4.17,xen-4.20"], "2 presets can be shown"),
    (["-o", "x.html", "--presets", "xen-9"], "xen-9"),
    (["-o", "x.html", "--override", "remap=maybe"], "maybe"),
  ])
  func argumentsThatDoNotFitAreRefused(arguments: [String], complaint: String) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = ["render", "-"] + arguments
    let outcome = try outcome(of: process, input: session)
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains(complaint), "\(outcome.complaints)")
  }

  @Test(arguments: [
    ("{\n", "-:1: not JSON"),
    ("", "-: there is no request in it"),
    (
      #"{"jsonrpc":"2.0","id":1,"method":"explore.run"}"# + "\n",
      "'explore.run' carries out requests"
    ),
    (#"{"format":"xen-trace/1","xen":"4.16.7"}"#, "'caller' is none of"),
  ])
  func filesThatCannotBeDrawnExitWith2(text: String, complaint: String) throws {
    let folder = try folder()
    let outcome = try p2mlab("render", "-", "-o", "\(folder)/x.html", input: text)
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains(complaint), "\(outcome.complaints)")
    #expect(try names(in: folder).isEmpty)
  }

  @Test func aStepThatThereIsNotAndAFolderThatThereIsNotExitWith2() throws {
    let folder = try folder()
    let beyond = try p2mlab(
      "render", "-", "-o", "\(folder)/x.svg", "--step", "3", input: session)
    #expect(beyond.status == 2)
    #expect(beyond.complaints.contains("- has 2 steps; --step is 0 to 2"))
    let nowhere = try p2mlab("render", "-", "-o", "\(folder)/no/x.html", input: session)
    #expect(nowhere.status == 2)
    #expect(nowhere.complaints.contains("cannot create"))
  }

  @Test func aCounterexampleAndItsSearchAreDrawn() throws {
    let folder = try folder()
    let outcome = try p2mlab(
      "explore", "--preset", "xen-4.16", "--gfns", "2", "--frames", "1", "--foreign-pages", "1",
      "--property", "no-collateral-removal", "--save", "\(folder)/found.ndjson", "--render",
      "\(folder)/found.html", "--plot", "\(folder)/plot.svg")
    #expect(outcome.status == 1)
    #expect(try names(in: folder) == ["found.html", "found.ndjson", "plot.svg"])
    #expect(outcome.output.contains("drawn: \(folder)/found.html#step="))
    let plot = try String(contentsOfFile: "\(folder)/plot.svg", encoding: .utf8)
    #expect(plot.contains("no-collateral-removal, depth "))
    let again = try p2mlab("render", "\(folder)/found.ndjson", "-o", "-")
    #expect(again.status == 0)
    #expect(again.output.contains("no-collateral-removal"))
  }

  @Test func aDivergenceIsDrawnOrSaidHow() throws {
    let recording = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "Fixtures/recordings/4.16.7/core-1.jsonl").path()
    let told = try p2mlab("check", recording, "--override", "remap=busy")
    #expect(told.status == 1)
    #expect(
      told.output.contains(
        "see it: p2mlab render \(recording) --override remap=busy -o story.html"))
    let folder = try folder()
    let drawn = try p2mlab(
      "check", recording, "--override", "remap=busy", "--render", folder)
    #expect(drawn.status == 1)
    #expect(drawn.output.contains("core-1.jsonl.html#step="))
    #expect(try names(in: folder).count == 1)
    #expect(try names(in: folder)[0].hasSuffix("4.16.7-core-1.jsonl.html"))
  }

  @Test func runShowsWhatIsWhere() throws {
    let outcome = try p2mlab("run", "--show", "-", input: session)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("        d1 [0x10 +grant frame 0]\n"))
    #expect(!outcome.output.contains("\u{1b}["))
  }
}
