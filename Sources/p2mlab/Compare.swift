import ArgumentParser
import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Carry out a session on several presets and find where they part.",
    discussion: """
      The replies that the session expects do not count. The machine 'main' (or --machine) follows \
      each preset in turn, whatever the session says; another machine follows it if it is created \
      without a preset. PRESET+KNOB=VALUE is the preset with that knob set otherwise.

      How frames are numbered (mfn, sharedInfo, uri), the words of messages, what a machine \
      follows, and the order of effects and violations are not compared, unless --exact is given.

      Exit codes: 0 all presets answer alike, 1 they part, 2 the session cannot be used.

      EXAMPLES:
        p2mlab compare examples/stale-frame.xen-4.16.ndjson --presets xen-4.16,xen-4.17
        p2mlab compare session.ndjson --presets xen-4.16,xen-4.16+tracking=page-info+remap=busy
      """)

  @Argument(help: "The session.", completion: .file(extensions: ["ndjson"]))
  var session: String

  @Option(
    help: ArgumentHelp(
      "2 to \(Comparison.variantLimit) presets; the others are compared with the first.",
      discussion: Preset.all.map(\.name).joined(separator: ", "), valueName: "a,b,..."),
    completion: .list(Preset.all.map(\.name)), transform: VariantList.init(text:))
  var presets: VariantList

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var provisions: ProvisionOptions

  @Option(help: ArgumentHelp("The machine that follows the presets.", valueName: "name"))
  var machine = Laboratory.defaultMachine

  @Flag(help: "Tell every request, not only those whose replies differ.")
  var all = false

  @Flag(help: "Compare every byte of the replies.")
  var exact = false

  @Flag(help: "Report in JSON, one line a request and a last one for all.")
  var json = false

  func run() throws {
    let comparison: Comparison
    do {
      let requests = try Files.requests(session, about: machine)
      var context = RequestContext()
      comparison = try Comparison(
        requests, startingWith: MachineConfiguration(preset: .default), about: machine,
        on: presets.variants.map { $0.overridden(by: overrides.settings) },
        by: exact ? .exact : .meaning, memory: nil, provisions: try provisions.load(),
        context: &context)
    } catch {
      json ? print(JSONReport.unusable(session, error)) : Console.complain(unusable(session, error))
      throw ExitStatus.unusable
    }
    let rows = comparison.rows.filter { all || $0.differs }
    if json {
      for row in rows { print(JSONReport.compared(row)) }
      print(JSONReport.compare(session, comparison))
    } else {
      ComparisonTable(comparison).tell(rows, of: session)
    }
    if comparison.parting != nil { throw ExitStatus.differs }
  }
}

/// Presets named on the command line, with commas between them.
struct VariantList {
  let variants: [Variant]

  init(text: String) throws {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    guard 2...Comparison.variantLimit ~= names.count else {
      throw ValidationError(
        "2 to \(Comparison.variantLimit) presets can be compared, with commas between them")
    }
    variants = try names.map { try Variant(String($0)) }
  }
}
