import P2MProtocol

/// A matrix as people read it.
extension ScenarioMatrix {
  /// The matrix as a table, and below it why actors stopped.
  func table(_ style: Console.Style) -> String {
    let lines =
      [["preset"] + columns.map(\.name)]
      + rows.map { row in [row.preset] + row.cells.map(\.inShort) }
    let widths = lines[0].indices.map { column in
      lines.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    var text = style.strong("\(name): \(about)") + "\n\n"
    for (number, line) in lines.enumerated() {
      var cells: [String] = []
      for (column, cell) in line.enumerated() {
        let padding = String(
          repeating: " ", count: widths[column] - cell.unicodeScalars.count)
        let isDamage =
          number > 0 && column > 0 && rows[number - 1].cells[column - 1].damage.isDamage
        cells.append((isDamage ? style.removed(cell) : cell) + padding)
      }
      var joined = cells.joined(separator: "  ")
      while joined.last == " " { joined.removeLast() }
      text += joined + "\n"
    }
    if !stops.isEmpty { text += "\n" }
    for stop in stops {
      text += style.faint("\(stop.place): \(stop.actor) stops: \(stop.reason)") + "\n"
    }
    return text
  }

  /// The matrix as a page.
  var markdown: String {
    var text = "# \(name)\n\n\(about)\n\n"
    text += "| preset | " + columns.map { Self.cell($0.name) }.joined(separator: " | ") + " |\n"
    text += "|" + String(repeating: "---|", count: columns.count + 1) + "\n"
    for row in rows {
      text += "| `\(row.preset)` | " + row.cells.map(\.inShort).joined(separator: " | ") + " |\n"
    }
    text += "\n| sequence | actors | |\n|---|---|---|\n"
    for column in columns {
      let actors = column.actors.map { "`\($0)`" }.joined(separator: ", ")
      text += "| \(Self.cell(column.name)) | \(actors) | \(Self.cell(column.about)) |\n"
    }
    text += "\n" + Self.legend
    if !stops.isEmpty { text += "\nActors that stop, and where:\n\n" }
    for stop in stops {
      text += "- \(stop.place): `\(stop.actor)` at line \(stop.line): \(stop.reason)\n"
    }
    return text
  }

  /// A text that stays within its cell.
  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }

  private static let legend = """
    *lost*: pages removed by an operation that did not name their GFN. *holes*: GFNs of RAM among them that are
    still empty at the end. *stuck*: grant frames that can never be mapped again, whatever is unmapped first.
    *crashed*: domains that Xen crashed. *failed*: hypercalls that failed. *dies*: the hypervisor dies. A dash: none of it. An actor stops at the first
    error that it does not foresee; the next one plays all the same. Made by `p2mlab scenario --markdown`.

    """

  /// Every stop once, with where it happens.
  private var stops: [(place: String, actor: String, line: Int, reason: String)] {
    var places: [(presets: [String], column: String, stop: Stop)] = []
    for row in rows {
      for (column, cell) in zip(columns, row.cells) {
        for stop in cell.stops {
          let same = places.firstIndex { $0.column == column.name && $0.stop == stop }
          if let same {
            places[same].presets.append(row.preset)
          } else {
            places.append(([row.preset], column.name, stop))
          }
        }
      }
    }
    return places.map { place in
      (
        "\(place.column) on \(place.presets.joined(separator: ", "))", place.stop.actor,
        place.stop.line, place.stop.reason
      )
    }
  }
}

extension ScenarioMatrix.Cell {
  /// What is lost, in a few words.
  fileprivate var inShort: String {
    let counts = [
      (damage.lostPages.count, "lost"), (damage.holes.count, "holes"),
      (damage.stuckFrames.count, "stuck"), (damage.crashes.count, "crashed"),
      (damage.failures, "failed"),
    ]
    var parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if damage.panic != nil { parts.append("dies") }
    return parts.isEmpty ? "-" : parts.joined(separator: ", ")
  }
}
