import ArgumentParser
import Hypervisor
import P2MProtocol
import Rendering

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw a session or a recording of real Xen: a page to step through, or pictures.",
    discussion: """
      The page (.html) is one file that needs nothing beside it and no network: step through the \
      requests, jump to violations, print it, or link to a step with #step=17. A picture (.svg) is \
      one step, for documents; --all makes one of each: of 12 steps and -o story.svg, story-01.svg \
      to story-12.svg.

      A session is carried out anew; the replies that it expects do not count. With two presets it is \
      shown on both, side by side, and playing stops where they part; the machine 'main' follows each \
      preset whatever the session says, and PRESET+KNOB=VALUE is the preset with that knob set \
      otherwise. With one the same, alone. With none the session's own machines are shown.

      A recording (xen-trace/1) is shown as real Xen answered, beside the model of its release or of \
      the preset that is given, up to where they part.

      "-" is stdin, or as the output stdout, which is a page. Exit codes: 0 drawn, 2 the file or the \
      output cannot be used.

      EXAMPLES:
        p2mlab render examples/stale-frame.xen-4.16.ndjson -o story.html
        p2mlab render examples/stale-frame.xen-4.16.ndjson --presets xen-4.16,xen-4.17 -o both.html
        p2mlab render examples/stale-frame.xen-4.16.ndjson -o lost.svg --step 9
        p2mlab render recordings/4.16.7/core-1.jsonl --override remap=busy -o parts.html
      """)

  @Argument(
    help: "A session, or a recording of real Xen.",
    completion: .file(extensions: ["ndjson", "jsonl"]))
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write: a page (.html) or a picture (.svg).", valueName: "file"),
    completion: .file(extensions: ["html", "svg"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "One preset, or two side by side.",
      discussion: Preset.all.map(\.name).joined(separator: ", "), valueName: "a,b"),
    completion: .list(Preset.all.map(\.name)), transform: ShownPresets.init(text:))
  var presets = ShownPresets()

  @Option(help: ArgumentHelp("The step of the picture, from 0, before the first.", valueName: "n"))
  var step: Int?

  @Flag(help: "A picture of every step, from 1.")
  var all = false

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var provisions: ProvisionOptions

  func validate() throws {
    switch kind {
    case .page where step != nil || all:
      throw ValidationError("--step and --all are for pictures; the page has every step")
    case .picture where (step == nil) != all:
      throw ValidationError("a picture (.svg) needs --step N or --all, and not both")
    case .page, .picture: return
    case nil:
      throw ValidationError("-o ends with .html or .svg, or is \"-\", not '\(output)'")
    }
  }

  private enum Kind { case page, picture }

  private var kind: Kind? {
    if output == "-" || output.hasSuffix(".html") { return .page }
    return output.hasSuffix(".svg") ? .picture : nil
  }

  func run() throws {
    do {
      let story = try Story(
        file: file, presets: presets.variants, overrides: overrides.settings,
        provisions: provisions)
      switch kind {
      case .page: try Files.write(StoryPage.html(of: story), to: output)
      case .picture, nil: try draw(story)
      }
    } catch {
      Console.complain(unusable(file, error))
      throw ExitStatus.unusable
    }
  }

  private func draw(_ story: Story) throws {
    var book = PictureBook(story)
    let count = story.steps.count
    if let step {
      guard 0...count ~= step else {
        throw FileError(description: "\(file) has \(count) steps; --step is 0 to \(count)")
      }
      return try Files.write(
        StoryDrawing.svg(of: book.picture(of: step), in: story), to: output)
    }
    let digits = "\(count)".count
    let stem = output.dropLast(".svg".count)
    for step in 1...count {
      let number = String(repeating: "0", count: digits - "\(step)".count) + "\(step)"
      try Files.write(
        StoryDrawing.svg(of: book.picture(of: step), in: story), to: "\(stem)-\(number).svg")
    }
  }
}

/// None, one or two presets named on the command line.
struct ShownPresets {
  var variants: [Variant] = []

  init() {}

  init(text: String) throws {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    guard names.count <= Story.sideLimit else {
      throw ValidationError("\(Story.sideLimit) presets can be shown beside each other")
    }
    variants = try names.map { try Variant(String($0)) }
  }
}

extension Story {
  /// What the file at `path` tells, a session or a recording.
  ///
  /// - Throws: `FileError`, `UnusableInput`, `Fault`, or what `provisions` throw.
  init(
    file path: String, presets: [Variant], overrides: [Knob.Setting] = [],
    provisions: ProvisionOptions
  ) throws {
    let text = try Files.read(path)
    let title = path == "-" ? "stdin" : String(path.split(separator: "/").last ?? "")
    guard !RecordingReader.isRecording(text) else {
      guard presets.count <= 1 else {
        throw FileError(
          description: "\(path): a recording is shown beside the model of one preset, not two")
      }
      try self.init(
        recording: text, title: title, on: presets.first?.preset,
        settings: (presets.first?.settings ?? []) + overrides)
      return
    }
    let session = try Session(text, isRecord: true)
    if let line = session.tornLine { Console.complain("\(path):\(line): torn; dropped") }
    do {
      try self.init(
        try RequestList(session), title: title, on: presets, settings: overrides,
        provisions: try provisions.load())
    } catch let fault as Fault {
      throw FileError(description: "\(path): \(fault)")
    }
  }
}
