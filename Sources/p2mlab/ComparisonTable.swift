import P2MProtocol
import Rendering

/// What a comparison found, as a table for people.
struct ComparisonTable {
  private let comparison: Comparison
  private let style = Console.Style.output

  init(_ comparison: Comparison) { self.comparison = comparison }

  func tell(_ rows: [Comparison.Row], of file: String) {
    if !rows.isEmpty { table(rows) }
    if let parting = comparison.parting { part(parting, file) }
    let different = comparison.rows.count { $0.differs }
    let legend = different > 0 ? " (*)" : ""
    print(
      "\(comparison.rows.count) requests on \(comparison.variants.count) presets, "
        + "\(different) answered differently\(legend)")
  }

  private func table(_ rows: [Comparison.Row]) {
    let heading = ["line", "request"] + comparison.variants.map(\.name)
    let cells = rows.map { row in
      [String(row.request.line), Narration.inShort(row.request)] + row.outcomes.map(text)
    }
    let widths = heading.indices.map { column in
      ([heading] + cells).map { $0[column].count }.max() ?? 0
    }
    print(style.faint(line(heading, widths)))
    for (row, cells) in zip(rows, cells) {
      let text = line(cells, widths)
      print(row.differs ? style.strong(text) : text)
    }
  }

  /// Numbers to the right, all else to the left.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let room = String(repeating: " ", count: widths[column] - cell.count)
      if column > 0 { text += "  " }
      text += column == 0 ? room + cell : column == cells.count - 1 ? cell : cell + room
    }
    return text
  }

  private func text(_ outcome: Comparison.Outcome) -> String {
    let result = outcome.code == 0 ? "ok" : outcome.errno ?? "error \(outcome.code)"
    return ([result] + outcome.violations.map { "!\($0.rawValue)" }).joined(separator: " ")
      + (outcome.differs ? " *" : "")
  }

  private func part(_ parting: Comparison.Parting, _ file: String) {
    let request = Narration.inShort(parting.request)
    let path = parting.difference.path.isEmpty ? "the reply" : parting.difference.path
    print(style.strong("\(file):\(parting.request.line): \(request): \(path)"))
    let names = [comparison.variants[0], comparison.variants[parting.variant]].map(\.name)
    let width = names.map(\.count).max() ?? 0
    let values = [parting.difference.expected, parting.difference.actual]
    for (name, value) in zip(names, values) {
      let room = String(repeating: " ", count: width - name.count)
      let text = "  \(name)\(room)  \(value ?? "nothing")"
      print(name == names[0] ? style.removed(text) : style.added(text))
    }
  }
}
