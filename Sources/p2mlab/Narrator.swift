import Jansson
import P2MProtocol
import Rendering

/// Prints a session as a person would tell it: notes as headings, requests in short, what each changed.
struct Narrator {
  private let style: Console.Style

  init(_ style: Console.Style) { self.style = style }

  /// Prints the session whose requests and replies are `transcript`, one message a line.
  func tell(_ transcript: [UInt8]) {
    for line in TextLine.all(of: transcript) {
      let document = JSONDocument(known: transcript.span.extracting(line.range))
      for message in document.root.batch { tell(Narration(of: message)) }
      extendLifetime(document)
    }
  }

  /// Prints what was narrated.
  func tell(_ narration: Narration) {
    for line in narration.lines { print(text(of: line)) }
  }

  private func text(of line: Narration.Line) -> String {
    switch line.role {
    case .note: "\n\(style.strong(line.text))"
    case .request: "  \(line.text) \(style.faint(line.aside))"
    case .step: "      . \(line.text)" + (line.aside.isEmpty ? "" : style.faint(" \(line.aside)"))
    case .removed: "      - \(line.text)"
    case .moved: "      - \(line.text)   <- \(line.aside)"
    case .collateral: style.removed("      - \(line.text)   <- \(line.aside)")
    case .added: style.added("      + \(line.text)")
    case .tracking, .growth, .version: "      ~ \(line.text)"
    case .violation: style.warning("      ! \(line.text)")
    case .failure: style.removed("      \(line.text)")
    case .finding: "      = \(line.text)"
    case .stale: "      = \(line.text)\(style.warning("  \(line.aside)"))"
    case .peace: style.added("      = \(line.text)")
    }
  }
}
