/// An SVG drawing that is put together element by element; the same drawing is always the same bytes.
struct SVG {
  private(set) var elements: [String] = []

  /// Where a text stands relative to its place.
  enum Anchor: String {
    case start, middle, end
  }

  mutating func rect(
    _ kind: String, x: Int, y: Int, width: Int, height: Int, radius: Int = 7
  ) {
    elements.append(
      "<rect class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" "
        + "rx=\"\(radius)\"/>")
  }

  mutating func path(_ kind: String, _ data: String) {
    elements.append("<path class=\"\(kind)\" d=\"\(data)\"/>")
  }

  mutating func text(_ kind: String, _ text: String, x: Int, y: Int, _ anchor: Anchor = .start) {
    guard !text.isEmpty else { return }
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    elements.append(
      "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\"\(place)>\(Self.escaped(text))</text>")
  }

  /// Puts another drawing's elements above these.
  mutating func append(_ other: SVG) { elements += other.elements }

  /// The whole file.
  ///
  /// - Parameters:
  ///   - title: what a screen reader reads first.
  ///   - description: and what it reads then.
  ///   - style: CSS.
  func file(
    width: Int, height: Int, title: String, description: String, style: String
  ) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
    height="\(height)" role="img" aria-labelledby="title description">
    <title id="title">\(Self.escaped(title))</title>
    <desc id="description">\(Self.escaped(description))</desc>
    <style>
    \(style)
    </style>
    \(elements.joined(separator: "\n"))
    </svg>

    """
  }

  /// Text without what XML would take for its own, or cannot hold at all.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += " "
      case "\0"..<" ", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Breaks text into lines of at most `limit` characters, between words where there is room.
  ///
  /// - Parameter lines: the most lines that there may be; the last one tells that there is more.
  static func wrapped(_ text: String, at limit: Int, lines: Int) -> [String] {
    var result: [String] = []
    var line = ""
    var rest = text.split(separator: " ")[...]
    while let word = rest.first {
      if line.isEmpty, word.count > limit {
        result.append(String(word.prefix(limit)))
        rest[rest.startIndex] = word.dropFirst(limit)
      } else if line.isEmpty || line.count + 1 + word.count <= limit {
        line += line.isEmpty ? word : " \(word)"
        rest = rest.dropFirst()
      } else {
        result.append(line)
        line = ""
      }
    }
    if !line.isEmpty { result.append(line) }
    guard result.count > lines else { return result }
    return result.prefix(lines - 1) + ["\(result[lines - 1].prefix(limit - 1))\u{2026}"]
  }
}
