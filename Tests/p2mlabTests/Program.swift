import Foundation

/// What came of running the program.
struct Outcome {
  let status: Int32
  let output: String
  let complaints: String
}

/// Runs the program to its end.
func p2mlab(_ arguments: String..., input: String = "") throws -> Outcome {
  try p2mlab(arguments, input: input)
}

/// The same, with arguments that are not written out.
func p2mlab(_ arguments: [String], input: String = "") throws -> Outcome {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  return try outcome(of: process, input: input)
}

/// The program that is tested.
var program: URL {
  let products = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    .deletingLastPathComponent()
  let folder = products ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  return folder.appending(path: "p2mlab")
}

/// Runs a process to its end.
func outcome(of process: Process, input: String) throws -> Outcome {
  let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
  process.standardInput = stdin
  process.standardOutput = stdout
  process.standardError = stderr
  try process.run()
  stdin.fileHandleForWriting.write(Data(input.utf8))
  try stdin.fileHandleForWriting.close()
  let output = stdout.fileHandleForReading.readDataToEndOfFile()
  let complaints = stderr.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Outcome(
    status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
    complaints: String(decoding: complaints, as: UTF8.self))
}

/// A folder for one test's files.
func temporaryFile(_ text: String) throws -> String {
  let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).ndjson")
  try Data(text.utf8).write(to: file)
  return file.path
}

/// The folder of the repository.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
