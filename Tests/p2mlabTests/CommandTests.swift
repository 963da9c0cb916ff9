import Foundation
import Testing

/// The program, as a user starts it.
@Suite struct CommandTests {
  private let request = #"{"jsonrpc":"2.0","id":1,"method":"machine.get"}"#

  @Test func theServerAnswersAndEndsWithItsInput() throws {
    let outcome = try p2mlab("serve", "--preset", "xen-4.17", input: request)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(#""preset":"xen-4.17""#))
    #expect(outcome.output.hasSuffix("\n"))
    #expect(outcome.complaints == "")
  }

  @Test func theFramingCanBeForced() throws {
    let framed = "Content-Length: \(request.utf8.count)\r\n\r\n\(request)"
    let outcome = try p2mlab("serve", "--framing", "content-length", input: framed)
    #expect(outcome.output.hasPrefix("Content-Length: "))
  }

  @Test func aMessageOverTheLimitIsRefusedAndTheNextOneServed() throws {
    let outcome = try p2mlab(
      "serve", "--max-message", "64",
      input: "\(request + String(repeating: " ", count: 64))\n\(request)\n")
    let replies = outcome.output.split(separator: "\n")
    #expect(replies.count == 2)
    #expect(replies[0].contains("-32600"))
    #expect(replies[1].contains("result"))
  }

  @Test func anUnknownPresetIsRefusedWithThoseThatThereAre() throws {
    let outcome = try p2mlab("serve", "--preset", "xen-3")
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains("xen-4.16-clear-on-put"))
  }

  @Test func anUnknownCommandIsRefusedWithTheNearest() throws {
    let outcome = try p2mlab("comprae")
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains("there is no command 'comprae'; did you mean 'compare'?"))
  }

  @Test func aSessionThatIsAsExpectedExitsWith0AndOneThatDiffersWith1() throws {
    let right = try p2mlab("run", "-", input: request + "\n" + #"{"id":1,"result":{"domains":[]}}"#)
    #expect(right.status == 0)
    #expect(right.output.contains("1 replies, 0 differences"))
    let wrong = try p2mlab(
      "run", "-", input: request + "\n" + #"{"id":1,"result":{"domains":[1]}}"#)
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("/result/domains/0"))
    #expect(wrong.output.contains("  - 1"))
    #expect(wrong.output.contains("  + nothing"))
  }

  @Test func anUnusableFileExitsWith2AndTheOthersAreStillRun() throws {
    let bad = try temporaryFile("\n{\n")
    let outcome = try p2mlab("run", bad, "-", input: request + "\n" + #"{"id":1,"result":{}}"#)
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains("\(bad):2: not JSON"))
    #expect(outcome.output.contains("-: 1 replies"))
    let missing = try p2mlab("check", "/nowhere/at-all", "-")
    #expect(missing.status == 2)
    #expect(missing.complaints.contains("cannot open /nowhere/at-all: No such file"))
    #expect(missing.complaints.contains("-:1: it is empty"))
  }

  @Test func updatingRewritesTheReplies() throws {
    let file = try temporaryFile(request + "\n" + #"{"id":1,"result":{"domains":[1]}}"# + "\n")
    #expect(try p2mlab("run", "--update", file).status == 0)
    #expect(try p2mlab("run", file).status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix(request + "\n"))
    #expect(try p2mlab("run", "--update", "-").status == 64)
  }

  @Test func aRecordingIsCheckedOnItsOwnPresetOrOnAChosenOne() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures/recordings/4.16.7/directed-classic.jsonl").path
    let right = try p2mlab("check", file)
    #expect(right.status == 0)
    #expect(right.output.hasSuffix("7 operations, 0 divergences\n"))
    let wrong = try p2mlab("check", "--preset", "xen-4.17", file)
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("diverges at operation"))
    let json = try p2mlab("check", "--json", "--preset", "xen-4.17", file)
    #expect(json.output.contains(#""divergences":1}"#))
  }

  /// More than are told of at once, with one that diverges, one that is none, and stdin among them.
  @Test func manyRecordingsAreToldOfInTheirOrder() throws {
    let folder = repository.appending(path: "Tests/Fixtures/recordings/4.16.7")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let recordings = names.map { folder.appending(path: $0).path }
    let wrong = try temporaryFile("{}\n")
    let files = recordings + [wrong, "-"] + recordings + recordings + ["-"]
    #expect(files.count > 64)
    let stdin = try String(contentsOfFile: recordings[0], encoding: .utf8)
    let options = ["check", "--preset", "xen-4.17"]
    let alone = try Dictionary(
      uniqueKeysWithValues: (recordings + [wrong]).map { ($0, try p2mlab(options + [$0])) })
    let first = try p2mlab(options + ["-"], input: stdin)
    let second = try p2mlab(options + ["-"])
    var output: [Substring] = []
    var complaints = ""
    var isFirst = true
    for file in files {
      let told = try #require(file == "-" ? (isFirst ? first : second) : alone[file])
      if file == "-" { isFirst = false }
      output += told.output.split(separator: "\n").dropLast()
      complaints += told.complaints
    }
    let together = try p2mlab(options + files, input: stdin)
    #expect(together.output.split(separator: "\n").dropLast() == output[...])
    #expect(together.complaints == complaints)
    #expect(together.status == 2)
  }

  @Test func actorsAreTakenFromAFolder() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = #"{"actor":"mine","does":"Says so.","why":"b"}"#
    try Data(text.utf8).write(to: folder.appending(path: "mine.ndjson"))
    try Data("{".utf8).write(to: folder.appending(path: "bad.ndjson"))
    try Data("{".utf8).write(to: folder.appending(path: "no-actor.txt"))
    let list = #"{"jsonrpc":"2.0","id":1,"method":"actor.list"}"#
    let outcome = try p2mlab("serve", "--actors", folder.path, input: list)
    #expect(outcome.output.contains(#""actor":"mine","does":"Says so.""#))
    #expect(outcome.output.contains(#""faults":[{"file":"bad.ndjson","line":1,"reason":"not JSON"#))
    #expect(outcome.output.contains(#""actor":"kexec""#))
    let session = try temporaryFile(
      #"{"jsonrpc":"2.0","id":1,"method":"actor.run","params":{"actor":"mine","domain":1}}"#
        + "\n")
    let compared = try p2mlab(
      "compare", session, "--presets", "xen-4.16,xen-4.17", "--all", "--actors", folder.path)
    #expect(compared.output.contains("domain 1  ok"))
    let missing = try p2mlab("serve", "--actors", "/nowhere")
    #expect(missing.status == 2)
    #expect(missing.complaints.contains("cannot open /nowhere"))
  }

  @Test func aKnobIsOverridden() throws {
    let outcome = try p2mlab("run", "--override", "remap=busy", "-", input: Self.mapTwice)
    #expect(outcome.status == 0)
    #expect(try p2mlab("run", "-", input: Self.mapTwice).status == 1)
    let recording = repository.appending(
      path: "Tests/Fixtures/recordings/4.16.7/directed-classic.jsonl")
    let check = try p2mlab("check", "--override", "remap=busy", recording.path)
    #expect(check.status == 1)
    #expect(check.output.contains("5 operations on xen-4.16+remap=busy, diverges"))
  }

  /// A session that is as expected where a frame is mapped once at most.
  private static let mapTwice = """
    {"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}
    {"jsonrpc":"2.0","id":2,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":1}}
    {"jsonrpc":"2.0","id":3,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":2}}
    {"id":3,"error":{"code":-16}}
    """

  @Test(arguments: [
    ("remap=bizzy", "knob 'remap' has no value 'bizzy'; did you mean 'busy'?"),
    ("remp=busy", "there is no knob 'remp'; did you mean 'remap'?"),
    ("remap", "'remap' is not KNOB=VALUE, such as remap=busy"),
  ])
  func anUnknownKnobOrValueIsRefusedWithTheNearest(text: String, complaint: String) throws {
    let outcome = try p2mlab("run", "--override", text, "-")
    #expect(outcome.status == 64)
    #expect(outcome.complaints.contains(complaint))
  }

  @Test func aClosedOutputEndsTheServerQuietly() throws {
    let command = "yes '\(request)' | \"$0\" serve | head -1"
    let process = Process()
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command, folder.appending(path: "p2mlab").path]
    let (stdout, stderr) = (Pipe(), Pipe())
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    let complaints = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self).contains("result"))
    #expect(!String(decoding: complaints, as: UTF8.self).contains("p2mlab"))
  }

  @Test(arguments: [
    ["--help"], ["serve", "--help"], ["run", "--help"], ["scenario", "--help"],
    ["check", "--help"], ["compare", "--help"],
    ["shrink", "--help"],
  ])
  func theHelpHasExamples(arguments: [String]) throws {
    let outcome =
      try arguments.count == 1
      ? p2mlab(arguments[0]) : p2mlab(arguments[0], arguments[1])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("EXAMPLES:"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func theShellCanComplete(shell: String) throws {
    let outcome = try p2mlab("--generate-completion-script", shell)
    #expect(outcome.output.contains("xen-4.16-clear-on-put"))
  }
}
