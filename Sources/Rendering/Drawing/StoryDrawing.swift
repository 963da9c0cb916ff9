/// A step of a story as an SVG picture for documents, light and dark.
package struct StoryDrawing {
  static let margin = 24
  /// Columns of cells, where one side is drawn and where two are.
  private static let columns = [7, 4]
  /// Lines that are told of what a step did.
  private static let lineLimit = 8

  private let story: Story
  private let picture: StepPicture
  private var svg = SVG()
  private var y = margin

  /// The picture as an SVG file.
  package static func svg(of picture: StepPicture, in story: Story) -> String {
    var drawing = StoryDrawing(story: story, picture: picture)
    return drawing.draw()
  }

  private init(story: Story, picture: StepPicture) {
    self.story = story
    self.picture = picture
  }

  private var sideWidth: Int {
    let cells = picture.sides.flatMap(\.machines).flatMap(\.domains).map(\.slots.count).max() ?? 0
    let columns = min(max(cells, 4), Self.columns[min(picture.sides.count, Self.columns.count) - 1])
    return columns * DomainDrawing.cellWidth + 2 * DomainDrawing.padding
  }

  private var width: Int {
    let count = picture.sides.count
    return count * sideWidth + (count - 1) * Self.margin + 2 * Self.margin
  }

  private mutating func draw() -> String {
    // The background's height is known last.
    heading()
    var deepest = y
    for (number, side) in picture.sides.enumerated() {
      let x = Self.margin + number * (sideWidth + Self.margin)
      deepest = max(deepest, draw(side, at: x))
    }
    let height = deepest + Self.margin
    var whole = SVG()
    whole.rect("paper", x: 0, y: 0, width: width, height: height, radius: 0)
    whole.append(svg)
    return whole.file(
      width: width, height: height, title: title, description: description,
      style: StoryDrawing.style)
  }

  private var title: String {
    "\(story.title), step \(picture.number) of \(story.steps.count)"
  }

  private var description: String {
    let request = picture.step?.text ?? "before the first request"
    let told = picture.sides.map { side in
      let lines = side.outcome?.narration.lines.map { line in
        line.aside.isEmpty ? line.text : "\(line.text) (\(line.aside))"
      }
      let said = [side.outcome?.answer ?? ""] + (lines ?? [])
      return "\(side.name): \(said.joined(separator: "; "))"
    }
    return ([request] + told).joined(separator: ". ")
  }

  private mutating func heading() {
    for note in picture.notes {
      for line in SVG.wrapped(note, at: (width - 2 * Self.margin) * 10 / 86, lines: 3) {
        svg.text("note", line, x: Self.margin, y: y + 18)
        y += 24
      }
    }
    guard let step = picture.step else { return }
    let room = width - 2 * Self.margin
    let place = "step \(picture.number) of \(story.steps.count)"
    svg.text("soft", place, x: Self.margin + room, y: y + 16, .end)
    let request = SVG.wrapped(step.text, at: (room - 110) * 10 / 83, lines: 3)
    for line in request {
      svg.text("call", line, x: Self.margin, y: y + 16)
      y += 20
    }
    if let difference = step.difference {
      let isFirst = story.parting == picture.number
      svg.text(
        "differ", "\u{2260} \(isFirst ? "Here they part" : "They differ"): \(difference.place)",
        x: Self.margin, y: y + 16)
      y += 22
    }
    y += 6
  }

  /// - Returns: where it ends.
  private mutating func draw(_ side: SidePicture, at x: Int) -> Int {
    var y = self.y + 18
    svg.text("side", side.name + (side.isRecorded ? ", recorded" : ""), x: x, y: y)
    if let outcome = side.outcome {
      let sign = outcome.isFailure ? "\u{2716}" : "\u{2713}"
      svg.text(
        outcome.isFailure ? "answer alarm" : "answer good", "\(sign) \(outcome.answer)",
        x: x + sideWidth, y: y, .end)
    }
    y += 8
    y = narrate(side, at: x, y)
    for machine in side.machines {
      y = draw(machine, of: side, at: x, y)
    }
    if side.machines.isEmpty {
      svg.text("soft", "nothing there yet", x: x, y: y + 16)
      y += 24
    }
    return y
  }

  /// What the step did, in as many lines as the side has that needs most.
  private mutating func narrate(_ side: SidePicture, at x: Int, _ start: Int) -> Int {
    var y = start
    for line in lines(of: side) {
      svg.text(line.kind, line.text, x: x, y: y + 15)
      y += 19
    }
    let most = picture.sides.map { lines(of: $0).count }.max() ?? 0
    return start + most * 19 + (most > 0 ? 10 : 4)
  }

  private func lines(of side: SidePicture) -> [(kind: String, text: String)] {
    var result: [(kind: String, text: String)] = []
    for line in side.outcome?.narration.lines ?? [] {
      let aside = line.aside.isEmpty ? "" : "  \(line.role.arrow)\(line.aside)"
      let text = "\(line.role.sign) \(line.text)\(aside)"
      let parts = SVG.wrapped(text, at: sideWidth * 10 / (line.role.isAlarm ? 82 : 72), lines: 3)
      let kind = line.role.isAlarm ? "line alarm" : "line"
      result += parts.enumerated().map { (kind, $0 == 0 ? $1 : "   \($1)") }
    }
    guard result.count > Self.lineLimit else { return result }
    let left = result.count - Self.lineLimit + 1
    return result.prefix(Self.lineLimit - 1) + [("line", "and \(left) more lines")]
  }

  private mutating func draw(
    _ machine: MachinePicture, of side: SidePicture, at x: Int, _ start: Int
  ) -> Int {
    var y = start
    if let panic = machine.facts.panic {
      let lines = SVG.wrapped(
        "\u{2716} The hypervisor is dead: \(panic)", at: sideWidth * 10 / 78, lines: 3)
      svg.rect("dead", x: x, y: y, width: sideWidth, height: 14 + 19 * lines.count)
      for line in lines {
        y += 19
        svg.text("line alarm", line, x: x + 12, y: y + 1)
      }
      y += 24
    }
    if machine.name != "main" || side.machines.count > 1 {
      svg.text("soft", "machine \(machine.name), \(machine.facts.variant)", x: x, y: y + 14)
      y += 22
    }
    for domain in machine.domains {
      var drawing = DomainDrawing(domain, width: sideWidth, isDead: machine.facts.panic != nil)
      y = drawing.draw(in: &svg, at: x, y) + 12
    }
    return y
  }
}

extension Narration.Role {
  /// What stands before a line.
  package var sign: String {
    switch self {
    case .note, .request, .failure: ""
    case .step: "."
    case .removed, .moved: "\u{2212}"
    case .collateral: "\u{2715}"
    case .added: "+"
    case .tracking, .growth, .version: "~"
    case .violation: "\u{25b2}"
    case .finding, .stale: "="
    case .peace: "\u{2713}"
    }
  }

  /// What stands before the aside.
  var arrow: String {
    switch self {
    case .moved, .collateral: "\u{2190} "
    case .note, .request, .failure, .step, .removed, .added, .tracking, .growth, .version,
      .violation, .finding, .stale, .peace:
      ""
    }
  }

  /// Whether a line tells of what should not be.
  var isAlarm: Bool {
    switch self {
    case .collateral, .violation, .failure, .stale: true
    case .note, .request, .step, .removed, .moved, .added, .tracking, .growth, .version, .finding,
      .peace:
      false
    }
  }
}
