import Jansson
import Laboratory
import P2MProtocol
import Rendering

/// Prints a session as a person would tell it: notes as headings, requests in short, what each changed.
struct Narrator {
  private let style: Console.Style
  /// What the machines looked like before the next request.
  private var keeper = SceneKeeper()

  init(_ style: Console.Style) { self.style = style }

  /// Prints the session whose requests and replies are `transcript`, one message a line.
  func tell(_ transcript: [UInt8]) {
    for line in TextLine.all(of: transcript) { tell(transcript.span.extracting(line.range)) }
  }

  /// Prints a line of requests, what was answered, and what the machines look like where that is
  /// different now.
  mutating func tell(
    _ requests: Span<UInt8>, _ replies: Span<UInt8>, _ laboratory: borrowing Laboratory
  ) {
    tell(requests)
    if !replies.isEmpty { tell(replies) }
    let request = JSONDocument(known: requests)
    // A notification's machine is looked at whole, as it tells no effects.
    let nothing = Array("{}".utf8)
    let reply = JSONDocument(known: replies.isEmpty ? nothing.span : replies)
    defer {
      extendLifetime(request)
      extendLifetime(reply)
    }
    let before = keeper.scene
    _ = keeper.look(at: laboratory, SceneKeeper.Reach(of: request.root, answered: reply.root))
    guard !keeper.isExhausted else { return }
    let picture = TerminalPicture(
      from: before, to: keeper.scene, Story.Outcome(of: reply.root, on: request.root.machine),
      width: Console.width - Self.indent.count)
    for line in picture.lines { print(Self.indent + line.map { text(of: $0) }.joined()) }
  }

  private static let indent = "        "

  private func tell(_ line: Span<UInt8>) {
    let document = JSONDocument(known: line)
    defer { extendLifetime(document) }
    for message in document.root.batch {
      for line in Narration(of: message).lines { print(text(of: line)) }
    }
  }

  private func text(of piece: TerminalPicture.Piece) -> String {
    switch piece.tone {
    case .plain: piece.text
    case .faint: style.faint(piece.text)
    case .grant: style.coloured(piece.text, "34")
    case .status: style.coloured(piece.text, "35")
    case .foreign: style.coloured(piece.text, "33")
    case .other: style.coloured(piece.text, "36")
    case .lost: style.coloured(piece.text, "1;7;31")
    case .alarm: style.coloured(piece.text, "1;31")
    }
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
