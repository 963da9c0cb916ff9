/// What an exploration found at each depth, as an SVG picture: states as bars on a logarithmic scale, and
/// above them the properties that were violated there first.
package struct LevelPlot: Sendable {
  /// A property, and the operations of the shortest history that violates it.
  package struct Violation: Hashable, Sendable {
    package let property: String
    package let depth: Int

    package init(property: String, depth: Int) {
      self.property = property
      self.depth = depth
    }
  }

  private let title: String
  private let levels: [Int]
  private let violations: [Violation]

  /// - Parameter levels: states by depth, from 0 on.
  package init(title: String, levels: [Int], violations: [Violation]) {
    self.title = title
    self.levels = levels
    self.violations = violations
  }

  private static let height = 240
  private static let left = 64

  private var step: Int { min(max(640 / max(levels.count, 1), 6), 44) }
  private var width: Int { max(Self.left + levels.count * step + 40, 560) }

  /// The powers of ten that the scale reaches.
  private var decades: Int {
    var decades = 1
    var power = 10
    while power < levels.max() ?? 1 {
      decades += 1
      power *= 10
    }
    return decades
  }

  package var svg: String {
    var svg = SVG()
    let top = 56 + 17 * violations.count
    let bottom = top + Self.height
    svg.rect("paper", x: 0, y: 0, width: width, height: bottom + 56, radius: 0)
    for (number, line) in SVG.wrapped(title, at: width / 9, lines: 2).enumerated() {
      svg.text(number == 0 ? "side" : "soft", line, x: 20, y: 26 + number * 17)
    }
    for decade in 0...decades {
      let y = bottom - Self.height * decade / decades
      svg.path("rule", "M\(Self.left) \(y)H\(Self.left + levels.count * step)")
      svg.text("gfn", Self.power(decade), x: Self.left - 8, y: y + 4, .end)
    }
    for (depth, states) in levels.enumerated() where states > 0 {
      let height = max(Self.height(of: states, decades: decades), 2)
      let x = Self.left + depth * step
      svg.rect("bar", x: x + 1, y: bottom - height, width: step - 2, height: height, radius: 2)
      if step >= 18 || depth % 5 == 0 {
        svg.text("gfn", "\(depth)", x: x + step / 2, y: bottom + 16, .middle)
      }
    }
    for (number, violation) in violations.enumerated() {
      let x = Self.left + violation.depth * step + step / 2
      let y = 60 + 17 * number
      svg.path("pin", "M\(x) \(y)V\(bottom)")
      let isRight = x > width * 6 / 10
      svg.text(
        "tag alarm", "\u{25b2} \(violation.property), depth \(violation.depth)",
        x: isRight ? x - 4 : x + 4, y: y + 4, isRight ? .end : .start)
    }
    svg.text(
      "soft", "operations from the start (depth); states found there, logarithmic", x: Self.left,
      y: bottom + 38)
    return svg.file(
      width: width, height: bottom + 56, title: title, description: description, style: style)
  }

  private var description: String {
    let states = levels.enumerated().map { "depth \($0): \($1)" }.joined(separator: ", ")
    let found = violations.map { "\($0.property) is violated at depth \($0.depth)" }
    return (["States by depth: \(states)"] + found).joined(separator: ". ")
  }

  private var style: String {
    StoryDrawing.style
      + "\n.rule{stroke:var(--line)}.bar{fill:var(--grant-edge)}"
      + ".pin{stroke:var(--alarm);stroke-width:2;stroke-dasharray:6 4}"
  }

  /// The height of a bar. A logarithm in whole numbers: the same on every machine.
  static func height(of states: Int, decades: Int) -> Int {
    var (power, decade) = (1, 0)
    while states / 10 >= power {
      power *= 10
      decade += 1
    }
    // Between two powers of ten, in hundredths, by squaring: 10^(n/64).
    var (value, fraction) = (Double(states) / Double(power), 0)
    for bit in [32, 16, 8, 4, 2, 1] {
      value *= value
      if value >= 10 {
        value /= 10
        fraction += bit
      }
    }
    return Self.height * (decade * 64 + fraction) / (decades * 64)
  }

  private static func power(_ decade: Int) -> String {
    switch decade {
    case 0: "1"
    case 1: "10"
    case 2: "100"
    case 3..<6: "1" + String(repeating: "0", count: decade - 3) + "k"
    case 6..<9: "1" + String(repeating: "0", count: decade - 6) + "M"
    default: "1" + String(repeating: "0", count: decade - 9) + "G"
    }
  }
}
