import ArgumentParser
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol

struct Shrink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shrink",
    abstract: "Make a session that violates a property as short as it can be.",
    discussion: """
      Requests are left out and numbers lowered, for as long as some reply still tells a violation \
      of the property. A breadth-first search then looks for a shorter history of the methods and \
      arguments that are left. The result is a session with its expected replies, for one machine 'main'. \
      It is written to stdout, or to a file. With --preset or --override the machine 'main' (or \
      --machine) follows them, whatever the session says.

      Exit codes: 0 it was shrunk, 1 no reply tells a violation, 2 the session cannot be used.

      EXAMPLES:
        p2mlab shrink long.ndjson --property no-collateral-removal -o short.ndjson
        p2mlab shrink long.ndjson --property tracking-agrees --preset xen-4.14
        p2mlab run --show short.ndjson
      """)

  @Argument(help: "The session.", completion: .file(extensions: ["ndjson"]))
  var session: String

  @Option(
    help: ArgumentHelp("The property that it violates.", valueName: "name"))
  var property: PropertyName

  @Option(
    help: ArgumentHelp(
      "The release to follow, instead of what the session says.", valueName: "name"))
  var preset: PresetName?

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var provisions: ProvisionOptions

  @Option(help: ArgumentHelp("The machine that follows the preset.", valueName: "name"))
  var machine = Laboratory.defaultMachine

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write the session to a file.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var output: String?

  @Flag(help: "Report in JSON, one line, with the requests.")
  var json = false

  func run() throws {
    let shrunk: ShrunkHistory?
    do {
      shrunk = try shrink()
      if let shrunk, let output { try Files.replace(output, with: shrunk.session) }
    } catch {
      json ? print(JSONReport.unusable(session, error)) : Console.complain(unusable(session, error))
      throw ExitStatus.unusable
    }
    if json { print(JSONReport.shrink(session, property.property, shrunk)) }
    guard let shrunk else {
      if !json { Console.complain("\(session): no reply tells a violation of \(property.name)") }
      throw ExitStatus.differs
    }
    if !json { tell(shrunk) }
  }

  private func shrink() throws -> ShrunkHistory? {
    let isFollowing = preset != nil || !overrides.settings.isEmpty
    let requests = try Files.requests(session, about: isFollowing ? machine : nil)
    let subject = Subject(
      machine: machine, preset: preset?.preset, settings: overrides.settings)
    var context = RequestContext()
    return try ShrunkHistory(
      .requests(requests, subject), violating: property.property,
      provisions: try provisions.load(), context: &context)
  }

  /// The session goes to stdout where no file is named; then what is told of it goes to stderr.
  private func tell(_ shrunk: ShrunkHistory) {
    let summary =
      "\(session): \(shrunk.given) requests, \(shrunk.operations) operations are left after "
      + "\(shrunk.runs) runs; \(told(shrunk.search))"
    if let output {
      print("\(summary); written to \(output)")
    } else {
      print(String(decoding: shrunk.session, as: UTF8.self), terminator: "")
      Console.complain(summary)
    }
  }
}

/// What the search for a shorter history saw, in half a sentence.
private func told(_ search: WindowSearch) -> String {
  let requests = "\(search.requests) requests in \(search.states) states"
  switch search.verdict {
  case .holds: return "no shorter history of its methods and arguments does it (\(requests))"
  case .bounded: return "a shorter one was looked for, up to a limit: \(search.reason ?? "")"
  case .skipped: return "a shorter one was not looked for: \(search.reason ?? "")"
  }
}

/// A property chosen on the command line.
struct PropertyName: ExpressibleByArgument {
  let property: Property

  init?(argument: String) {
    guard let property = Property(rawValue: argument) else { return nil }
    self.property = property
  }

  var name: String { property.rawValue }
  static let allValueStrings = Property.allCases.map(\.rawValue)
  static let defaultCompletionKind = CompletionKind.list(allValueStrings)
}
