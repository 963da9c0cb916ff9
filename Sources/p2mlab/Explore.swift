import ArgumentParser
import Exploration
import Hypervisor
import Laboratory
import P2MProtocol
import Rendering

struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract:
      "Look at every state that a small machine can come to, for one that violates a property.",
    discussion: """
      All operations are tried in every state, shortest histories first. The machine starts with all \
      frames, in version 2 where there is one. With several vCPUs operations are done step by step, and \
      another vCPU can run between two steps unless a lock keeps it out.

      A violation is told as the shortest history that leads to it; --save writes it as a session. \
      'holds' means all states were looked at. 'bounded' means that a limit came first: nothing was \
      found so far. symmetryFactor is the most by which symmetry can reduce the states.

      Exit codes: 0 holds, 1 violated, 2 wrong arguments, 3 bounded.

      EXAMPLES:
        p2mlab explore --preset xen-4.16 --gfns 4 --frames 2 --foreign-pages 2
        p2mlab explore --preset xen-4.17 --gfns 6 --frames 3 --foreign-pages 2 \\
          --property no-collateral-removal --json
        p2mlab explore --preset xen-4.16 --gfns 3 --frames 1 --foreign-pages 1 --domains 2
        p2mlab explore --preset xen-4.16 --gfns 4 --frames 1 --foreign-pages 1 \\
          --actor toolstack-seed --actor linux-unpopulated-bank0:pages=1,foreign=2
        p2mlab explore --preset xen-4.16 --gfns 3 --frames 1 --foreign-pages 0 \\
          --ops grantFrame.map,physmap.unmap,page.populate --orders 0,9
        p2mlab explore --preset x86-4.15.0 --gfns 2 --frames 1 --foreign-pages 0 --vcpus 2 \\
          --property no-dangling --save race.ndjson
      """)

  @Option(
    help: ArgumentHelp(
      "The release to follow.", discussion: Preset.all.map(\.name).joined(separator: ", "),
      valueName: "name"),
    completion: .list(Preset.all.map(\.name)), transform: { text in try Variant(text) })
  var preset: Variant

  @Option(help: "GFNs at which things are mapped.")
  var gfns: Int

  @Option(help: "Grant frames, all of which exist.")
  var frames: Int

  @Option(help: "Pages of another domain.")
  var foreignPages: Int

  @Option(help: "vCPUs; several do operations step by step.")
  var vcpus = 1

  @OptionGroup var alphabet: AlphabetOptions

  @Option(
    help: ArgumentHelp(
      "What should hold, as often as needed; by default all but region-discipline.",
      discussion: Property.allCases.map(\.rawValue).joined(separator: ", "), valueName: "name"),
    completion: .list(Property.allCases.map(\.rawValue)),
    transform: { text in try Choices<Property>(text, "property") })
  var property: [Choices<Property>] = []

  @Option(help: "Transitions from the start.")
  var depth: Int?

  @Option(help: "States that are looked at.")
  var maxStates: Int?

  @Option(help: "Bytes of all states.")
  var maxMemory = ExplorationPlan.defaultMemory

  @Option(
    help: ArgumentHelp(
      "What may be renamed; by default all that is sound.",
      discussion: ExplorationPlan.Symmetry.allCases.map(\.rawValue).joined(separator: ", "),
      valueName: "a,b,..."),
    completion: .list(ExplorationPlan.Symmetry.allCases.map(\.rawValue)),
    transform: { text in try Choices<ExplorationPlan.Symmetry>(text, "symmetry") })
  var symmetry: Choices<ExplorationPlan.Symmetry>?

  @Flag(help: "Rename nothing.")
  var noSymmetry = false

  @OptionGroup var overrides: OverrideOptions

  @Flag(help: "Go on behind the first violation, to the first one of every property.")
  var keepGoing = false

  @Option(
    help: ArgumentHelp("Write the (first) violation as a session.", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var save: String?

  @Option(
    help: ArgumentHelp(
      "Draw the (first) violation as a page to step through.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var render: String?

  @Option(
    help: ArgumentHelp(
      "Draw the states and the first violations by depth as a picture (SVG).", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(help: "Report in JSON, one object.")
  var json = false

  func validate() throws {
    if noSymmetry, symmetry != nil {
      throw ValidationError("--no-symmetry and --symmetry do not go together")
    }
    for (name, value, least) in [
      ("depth", depth ?? 0, 0), ("max-states", maxStates ?? 1, 1), ("max-memory", maxMemory, 1),
    ] where value < least {
      throw ValidationError("--\(name): expected an integer from \(least) on, not \(value)")
    }
  }

  func run() throws {
    let space = try space()
    let clock = ContinuousClock()
    let start = clock.now
    let bar = ProgressBar()
    let report = space.explore { progress in
      bar.show(progress)
      return true
    }
    bar.clear()
    let milliseconds = Int((clock.now - start) / .milliseconds(1))
    let result = ExplorationResult(space, report)
    if json {
      print(JSONReport.exploration(result, milliseconds))
    } else {
      ExplorationText(result, milliseconds).tell()
    }
    do {
      try keep(result)
    } catch {
      Console.complain("\(error)")
      throw ExitStatus.unusable
    }
    switch result.verdict {
    case .holds: break
    case .violated: throw ExitStatus.differs
    case .bounded: throw ExitStatus.bounded
    }
  }

  /// Writes what is asked for beside the report.
  private func keep(_ result: ExplorationResult) throws {
    if let plot { try Files.write(LevelPlot(result).svg, to: plot) }
    guard let found = result.counterexample else { return }
    let session = result.requests.session(found.history)
    if let save { try Files.replace(save, with: session) }
    if let render {
      let story = try Story(
        try RequestList(try Session(session)), title: found.property.rawValue, on: [])
      try Files.write(StoryPage.html(of: story), to: render)
      if !json { print("drawn: \(render)\(story.anchor)") }
    } else if let save, !json {
      print("see it: p2mlab render \(save) -o story.html")
    }
  }

  private func space() throws -> ExplorationSpace {
    do {
      return try ExplorationSpace(try alphabet.playing(plan))
    } catch let fault as ExplorationPlan.Fault {
      throw ValidationError("\(Self.option(fault.parameter)): expected \(fault.expected)")
    }
  }

  private var plan: ExplorationPlan {
    let variant = preset.overridden(by: overrides.settings)
    var plan = ExplorationPlan(variant.preset)
    plan.knobs = variant.knobs
    plan.gfns = gfns
    plan.frames = frames
    plan.foreignPages = foreignPages
    plan.vcpus = vcpus
    alphabet.set(&plan)
    if !property.isEmpty { plan.properties = Set(property.flatMap(\.values)) }
    plan.depth = depth ?? .max
    plan.states = maxStates ?? .max
    plan.memory = maxMemory
    if let symmetry { plan.symmetry = .exactly(Set(symmetry.values)) }
    if noSymmetry { plan.symmetry = .exactly([]) }
    plan.keepsGoing = keepGoing
    return plan
  }

  /// The option that sets what the protocol calls `parameter`.
  private static func option(_ parameter: String) -> String {
    switch parameter {
    case "": "all together"
    case "foreignPages": "--foreign-pages"
    case "operations": "--ops"
    case "arguments": "--only"
    case "maxPages": "--max-pages"
    case "properties": "--property"
    default: "--\(parameter)"
    }
  }

  /// Runs the command; wrong arguments end it with a code of its own, as 0 to 3 are its verdicts.
  static func runToItsEnd() {
    do {
      var command = try P2MLab.parseAsRoot()
      try command.run()
    } catch {
      guard P2MLab.exitCode(for: error) == .validationFailure else { P2MLab.exit(withError: error) }
      Console.write("\(P2MLab.fullMessage(for: error))\n")
      P2MLab.exit(withError: ExitStatus.unusable)
    }
  }
}

/// Words of a choice, with commas between them.
struct Choices<Choice: RawRepresentable<String> & CaseIterable> {
  let values: [Choice]

  /// - Parameter kind: what each is, for people.
  init(_ text: String, _ kind: String) throws {
    let words = Choice.allCases.map(\.rawValue)
    values = try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let choice = Choice(rawValue: String(word)) else {
        throw ValidationError(Self.complaint(String(word), kind, words))
      }
      return choice
    }
  }

  private static func complaint(_ word: String, _ kind: String, _ words: [String]) -> String {
    "there is no \(kind) '\(word)'" + NearestName.hint(for: word, in: words)
  }
}
