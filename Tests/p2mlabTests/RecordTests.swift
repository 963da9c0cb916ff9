import Foundation
import Testing

/// `serve --record` and `serve --resume`, as a user starts them.
@Suite struct RecordTests {
  private static let create =
    #"{"jsonrpc":"2.0","id":0,"method":"domain.create","params":{"domain":1,"#
    + #""ram":[{"gfn":"0x40000","pages":16}]}}"# + "\n"
  private static let query =
    #"{"jsonrpc":"2.0","id":"q","method":"physmap.query","params":"#
    + #"{"domain":1,"gfn":0,"count":4096}}"# + "\n"

  /// A request that changes the state in a way of its own.
  private static func map(_ id: Int) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"sharedInfo.map","params":{"domain":1,"gfn":\#(id)}}"#
      + "\n"
  }

  private func newFile() -> String {
    FileManager.default.temporaryDirectory.appending(path: "\(UUID()).ndjson").path
  }

  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: file, encoding: .utf8)
  }

  @Test func aServerGoesOnWhereARecordEnds() throws {
    let file = newFile()
    let first = try p2mlab("serve", "--record", file, input: Self.create + Self.map(1) + "{\n")
    #expect(first.status == 0)
    #expect(try p2mlab("run", file).output.hasPrefix("\(file): 2 replies, 0 differences"))
    let second = try p2mlab("serve", "--resume", file, input: Self.map(2) + Self.query)
    #expect(second.status == 0)
    let alone = try p2mlab("serve", input: Self.create + Self.map(1) + Self.map(2) + Self.query)
    #expect(alone.output.hasSuffix(second.output))
    #expect(try p2mlab("run", file).output.hasPrefix("\(file): 4 replies, 0 differences"))
  }

  @Test func aRecordIsNotOverwritten() throws {
    let file = try temporaryFile(Self.create)
    let outcome = try p2mlab("serve", "--record", file)
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains("it is not empty; --resume goes on with a record"))
    #expect(try text(file) == Self.create)
    #expect(try p2mlab("serve", "--record", try temporaryFile("")).status == 0)
    #expect(try p2mlab("serve", "--record", file, "--resume", file).status == 64)
    #expect(try p2mlab("serve", "--resume", newFile()).complaints.contains("No such file"))
  }

  @Test func aTornRecordIsCutOffAndToldOf() throws {
    let file = newFile()
    _ = try p2mlab("serve", "--record", file, input: Self.create + Self.map(1))
    let whole = try text(file)
    let pair = try #require(whole.range(of: Self.map(1)))
    let start = whole.utf8.distance(from: whole.startIndex, to: pair.lowerBound)
    for length in stride(from: start + 1, to: whole.utf8.count, by: 40) {
      try Data(whole.utf8.prefix(length)).write(to: URL(filePath: file))
      let run = try p2mlab("run", file)
      #expect(run.status == 0)
      let outcome = try p2mlab("serve", "--resume", file, input: Self.query)
      #expect(outcome.status == 0)
      #expect(outcome.complaints.contains("\(file):3: torn; the last \(length - start) bytes"))
      #expect(outcome.output.contains(#""entries":[]"#))
      #expect(try text(file).hasPrefix(String(whole[..<pair.lowerBound]) + Self.query))
    }
  }

  @Test func aRecordHoldsWhatWasReadOfAFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let tree = folder.appending(path: "guest.dtb")
    try FileManager.default.copyItem(
      at: fixtures.appending(path: "Fixtures/device-trees/guest.dtb"), to: tree)
    let load =
      #"{"jsonrpc":"2.0","id":"l","method":"region.import","params":{"domain":1,"dtb":"#
      + #"{"path":"\#(tree.path)"}}}"# + "\n"
    let list = #"{"jsonrpc":"2.0","id":2,"method":"region.list","params":[1]}"# + "\n"
    let file = newFile()
    let first = try p2mlab(
      "serve", "--allow-read", folder.path, "--record", file, input: Self.create + load + list)
    #expect(first.output.contains(#""name":"bank1","gfn":"0x60000""#))
    try FileManager.default.removeItem(at: folder)
    #expect(try !text(file).contains("guest.dtb"))
    let second = try p2mlab("serve", "--resume", file, input: list)
    #expect(second.status == 0)
    #expect(first.output.hasSuffix(second.output))
    #expect(try p2mlab("serve", "--allow-read", folder.path).status == 2)
  }

  @Test func aRecordOfAnotherReleaseIsNotServed() throws {
    let file = newFile()
    let info = #"{"jsonrpc":"2.0","id":1,"method":"machine.get"}"# + "\n"
    _ = try p2mlab("serve", "--record", file, "--preset", "xen-4.17", input: info)
    let outcome = try p2mlab("serve", "--resume", file)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.complaints.contains("\(file):2: /result/preset is"))
    #expect(try p2mlab("serve", "--resume", file, "--preset", "xen-4.17").status == 0)
    let other = try p2mlab("serve", "--resume", try temporaryFile("{}\n"))
    #expect(other.status == 2)
  }

  @Test func aFullDiskEndsTheServerAndNobodyBelievesWhatIsLost() throws {
    let full = try p2mlab("serve", "--record", "/dev/full", input: Self.create + Self.map(1))
    #expect(full.status == 1)
    #expect(full.complaints.contains("/dev/full: cannot record: No space left on device"))
    #expect(full.output.components(separatedBy: #""error":{"code":1003,"#).count == 3)
    #expect(!full.output.contains(#""result""#))
  }

  @Test(arguments: ["ndjson", "content-length"])
  func aFileThatMayNotGrowStaysWhole(framing: String) throws {
    let file = newFile()
    let messages = [Self.create] + (1...100).map(Self.map)
    let input = messages.map { message in
      framing == "ndjson" ? message : "Content-Length: \(message.utf8.count)\r\n\r\n\(message)"
    }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -f 8; exec \"$0\" serve --framing \(framing) --record \"$1\"", program.path,
      file,
    ]
    let outcome = try outcome(of: process, input: input.joined())
    #expect(outcome.status == 1)
    #expect(outcome.complaints.contains("cannot record: File too large"))
    #expect(try text(file).isEmpty || text(file).hasSuffix("\n"))
    let told = outcome.output.components(separatedBy: #""result""#).count - 1
    let run = try p2mlab("run", file)
    #expect(run.complaints.isEmpty)
    #expect(run.output.contains("\(told) replies, 0 differences"))
    #expect(outcome.output.components(separatedBy: #""code":1003"#).count == 102 - told)
  }

  @Test func whatAClientWasToldSurvivesKilling() throws {
    let file = newFile()
    var told: [Substring] = []
    for round in 0..<10 {
      let process = Process()
      process.executableURL = program
      process.arguments = ["serve", round == 0 ? "--record" : "--resume", file]
      let (stdin, stdout) = (Pipe(), Pipe())
      process.standardInput = stdin
      process.standardOutput = stdout
      process.standardError = FileHandle.nullDevice
      try process.run()
      let requests = (0..<200).map { Self.map(round * 200 + $0) }
      let input = (round == 0 ? Self.create : "") + requests.joined()
      stdin.fileHandleForWriting.write(Data(input.utf8))
      var output = Data()
      while output.count < round * round * 100 + 1 {
        output += stdout.fileHandleForReading.availableData
      }
      kill(process.processIdentifier, SIGKILL)
      output += stdout.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let lines = String(decoding: output, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      told += lines.dropLast()
    }
    let run = try p2mlab("run", file)
    #expect(run.status == 0)
    let recorded = Set(try text(file).split(separator: "\n"))
    #expect(told.allSatisfy(recorded.contains))
    #expect(told.count > 10)
    #expect(try p2mlab("serve", "--resume", file, input: Self.query).status == 0)
    #expect(try p2mlab("run", file).complaints.isEmpty)
  }
}
