import ArgumentParser
import Hypervisor
import Laboratory
import P2MProtocol
import Rendering

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Replay recordings of real Xen and find where the model parts from them.",
    discussion: """
      A recording (xen-trace/1) is what the real hypervisor answered to a history of hypercalls. \
      Each operation is replayed on the preset that models the recorded release; return codes, the \
      guest's view of its physmap, the grant frames and Xen's own tracking are compared. "-" is \
      stdin.

      Exit codes: 0 no divergence, 1 the model diverges, 2 a file cannot be used.

      EXAMPLES:
        p2mlab check recordings/4.16.7/*.jsonl
        p2mlab check --preset xen-4.17 recordings/4.16.7/core-1.jsonl
        p2mlab check --override remap=busy recordings/4.16.7/core-1.jsonl
      """)

  @Argument(help: "Recordings.", completion: .file(extensions: ["jsonl"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The preset to replay on, instead of the recorded release's.", valueName: "name"))
  var preset: PresetName?

  @OptionGroup var overrides: OverrideOptions
  @Option(
    help: ArgumentHelp(
      "The largest leaves that map RAM: 4 KiB, 2 MiB or 1 GiB. Any should agree.",
      valueName: "0|9|18"))
  var ramOrder = 0

  @Option(
    help: ArgumentHelp(
      "Draw each divergence as a page in this folder, which must exist: Xen beside the model.",
      valueName: "folder"),
    completion: .directory)
  var render: String?

  @Flag(help: "Report in JSON, one line a file and a last one for all.")
  var json = false

  func validate() throws {
    guard PageTable.leafOrders.contains(ramOrder) else {
      throw ValidationError("--ram-order is 0, 9 or 18, not \(ramOrder).")
    }
  }

  /// Recordings that are replayed before the first of them is told of.
  private static let batch = 64

  func run() throws {
    var tally = Tally()
    let workshop = Workshop(for: files.count) { RecordingMemory() }
    for start in stride(from: 0, to: files.count, by: Self.batch) {
      let inputs = files[start..<min(start + Self.batch, files.count)].map(Input.init)
      let checks = workshop.map(inputs, check)
      for (input, check) in zip(inputs, checks) { tell(input, check, &tally) }
    }
    let summary: [(StaticString, Int)] = [
      ("operations", tally.operations), ("divergences", tally.divergences),
    ]
    print(json ? JSONReport.summary(summary) : text(summary))
    if tally.unusableFiles > 0 { throw ExitStatus.unusable }
    if tally.divergences > 0 { throw ExitStatus.differs }
  }

  /// What came of all recordings so far.
  private struct Tally {
    var operations = 0
    var divergences = 0
    var unusableFiles = 0
  }

  /// A recording to be checked.
  private struct Input {
    let file: String
    /// What stdin had, which is read but once, and by one thread.
    private let given: Result<[UInt8], any Error>?

    init(_ file: String) {
      self.file = file
      given = file == "-" ? Result { try Files.read(file) } : nil
    }

    /// Its bytes; of a file, read now.
    func text() throws -> [UInt8] { try given?.get() ?? Files.read(file) }
  }

  /// Replays a recording; on any thread.
  private func check(
    _ input: Input, _ memory: inout RecordingMemory
  ) -> Result<RecordingCheck, any Error> {
    Result {
      try RecordingCheck(
        try input.text(), preset: preset?.preset, overrides: overrides.settings, ramOrder: ramOrder,
        memory: &memory)
    }
  }

  private func tell(
    _ input: Input, _ check: Result<RecordingCheck, any Error>, _ tally: inout Tally
  ) {
    let file = input.file
    do {
      let check = try check.get()
      tally.operations += check.operations
      if check.divergence != nil { tally.divergences += 1 }
      print(json ? JSONReport.check(file, check) : text(file, check))
      if check.divergence != nil { try see(input) }
    } catch {
      tally.unusableFiles += 1
      if json {
        print(JSONReport.unusable(file, error))
      } else {
        Console.complain(unusable(file, error))
      }
    }
  }

  /// Draws a divergence, or says how.
  private func see(_ input: Input) throws {
    let file = input.file
    guard let render else {
      guard !json, file != "-" else { return }
      let chosen = preset.map { " --presets \($0.preset.name)" } ?? ""
      let set = overrides.settings.map { " --override \($0)" }.joined()
      return print("  see it: p2mlab render \(file)\(chosen)\(set) -o story.html")
    }
    let name = file == "-" ? "stdin" : file.split(separator: "/").joined(separator: "-")
    let story = try Story(
      recording: try input.text(), title: name, on: preset?.preset, settings: overrides.settings)
    let page = "\(render)/\(name).html"
    try Files.write(StoryPage.html(of: story), to: page)
    if !json { print("  drawn: \(page)\(story.anchor)") }
  }

  private func text(_ summary: [(StaticString, Int)]) -> String {
    summary.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  private func text(_ file: String, _ check: RecordingCheck) -> String {
    let style = Console.Style.output
    let heading = "\(file): \(check.operations) operations on \(check.preset)"
    guard let divergence = check.divergence else { return "\(heading), agrees" }
    return """
      \(style.strong("\(heading), diverges at operation \(divergence.step): \(divergence.field)"))
      \(style.removed("  Xen:   \(divergence.recorded)"))
      \(style.added("  model: \(divergence.modelled)"))
      """
  }
}
