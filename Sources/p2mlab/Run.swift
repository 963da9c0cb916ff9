import ArgumentParser
import Hypervisor
import Laboratory
import P2MProtocol

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run canned sessions and compare the replies with those expected.",
    discussion: """
      A session is a file of JSON-RPC messages, one a line. Lines with a method are requests; lines \
      with a result or an error are the replies expected, by id. Members that an expected reply \
      does not name are not compared. "-" is stdin. A last line that is torn, as a server that was \
      killed leaves it, is told of and dropped.

      Exit codes: 0 all replies are as expected, 1 one differs, 2 a file cannot be used.

      EXAMPLES:
        p2mlab run examples/*.ndjson
        p2mlab run --show examples/stale-frame.xen-4.16.ndjson
        p2mlab run --update examples/stale-frame.xen-4.16.ndjson
        p2mlab run --override remap=busy examples/stale-frame.xen-4.16.ndjson
      """)

  @Argument(help: "Session files.", completion: .file(extensions: ["ndjson"]))
  var files: [String]

  @Option(help: ArgumentHelp("The release that the machine 'main' models.", valueName: "name"))
  var preset = PresetName()

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Rewrite the expected replies as the server gives them.")
  var update = false

  @Flag(help: "Tell each session: what every request changed and broke, and what is where then.")
  var show = false

  @Flag(help: "Report in JSON, one line a file and a last one for all.")
  var json = false

  @OptionGroup var provisions: ProvisionOptions

  func validate() throws {
    if show, json { throw ValidationError("--show is for people, --json for programs") }
    if update, files.contains("-") {
      throw ValidationError("--update rewrites files, and stdin is none")
    }
  }

  func run() throws {
    let printer: any RunPrinter = json ? JSONRunPrinter() : TextRunPrinter()
    var compared = 0
    var mismatches = 0
    var unusable = 0
    let provisions = try self.provisions.loadOrExit()
    for file in files {
      do {
        let run = try played(file, provisions)
        if update { try Files.replace(file, with: run.updated) }
        compared += run.compared
        mismatches += update ? 0 : run.mismatches.count
        printer.ran(file, run, updated: update)
      } catch {
        unusable += 1
        printer.failed(file, error)
      }
    }
    printer.finish(compared: compared, mismatches: mismatches)
    if unusable > 0 { throw ExitStatus.unusable }
    if mismatches > 0 { throw ExitStatus.differs }
  }

  /// Runs a session. One that is told is read to its end before; else each line is run as it is read.
  private func played(_ file: String, _ provisions: Provisions) throws -> SessionRun {
    let text = try Files.read(file)
    let variant = Variant(preset.preset, overrides.settings)
    // What is to be rewritten must be whole.
    let isRecord = !update
    guard show else {
      let run = try SessionRun(
        reading: text, isRecord: isRecord, on: variant, provisions: provisions)
      complain(ofTornLine: run.tornLine, in: file)
      return run
    }
    let session = try Session(text, isRecord: isRecord)
    complain(ofTornLine: session.tornLine, in: file)
    var narrator = Narrator(.output)
    return SessionRun(session, on: variant, provisions: provisions) {
      narrator.tell($0, $1, $2)
    }
  }

  private func complain(ofTornLine line: Int?, in file: String) {
    if let line { Console.complain("\(file):\(line): torn; dropped") }
  }
}

/// Tells what came of sessions.
protocol RunPrinter {
  func ran(_ file: String, _ run: SessionRun, updated: Bool)
  func failed(_ file: String, _ error: any Error)
  func finish(compared: Int, mismatches: Int)
}

/// For people.
struct TextRunPrinter: RunPrinter {
  private let style = Console.Style.output

  func ran(_ file: String, _ run: SessionRun, updated: Bool) {
    if updated { return print("\(file): rewritten") }
    print("\(file): \(run.compared) replies, \(run.mismatches.count) differences")
    for mismatch in run.mismatches {
      let place = "\(file):\(mismatch.line): id \(mismatch.id), \(mismatch.method)"
      print(style.strong("\(place): \(mismatch.difference.path)"))
      print(style.removed("  - \(mismatch.difference.expected ?? "nothing")"))
      print(style.added("  + \(mismatch.difference.actual ?? "nothing")"))
    }
  }

  func failed(_ file: String, _ error: any Error) {
    Console.complain(unusable(file, error))
  }

  func finish(compared: Int, mismatches: Int) {
    print("\(compared) replies, \(mismatches) differences")
  }
}

/// For programs.
struct JSONRunPrinter: RunPrinter {
  func ran(_ file: String, _ run: SessionRun, updated: Bool) {
    print(JSONReport.run(file, run, updated: updated))
  }

  func failed(_ file: String, _ error: any Error) {
    print(JSONReport.unusable(file, error))
  }

  func finish(compared: Int, mismatches: Int) {
    print(JSONReport.summary([("replies", compared), ("differences", mismatches)]))
  }
}

/// One line that names the file, the place in it if there is one, and the reason.
func unusable(_ file: String, _ error: any Error) -> String {
  if let error = error as? UnusableInput { return "\(file):\(error.line): \(error.reason)" }
  return "\(error)"
}
