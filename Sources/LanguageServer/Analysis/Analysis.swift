import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// A session carried out line by line, and kept up to date while it is edited.
///
/// The same text gives the same analysis, whatever edits have led to it. What is carried out anew
/// after an edit begins at the last machine that is kept before it.
package struct Analysis {
  /// The server as the lines before `position` have left it.
  private struct Checkpoint {
    var position: Int
    let player: SessionPlayer
  }

  private let fresh: @Sendable () -> SessionPlayer
  package private(set) var lines: [SessionLine] = []
  /// What came of each line; of those from `position` on, what came of it before the last edit.
  private var steps: [Step?] = []
  /// What each expectation was compared with last.
  var verdicts: [Verdict?] = []
  /// Lines that are carried out.
  package private(set) var position = 0
  /// The server, and how many lines it has carried out; `nil` where it is let go.
  private var player: (position: Int, server: SessionPlayer)?
  private var checkpoints: [Checkpoint] = []
  /// Lines between two checkpoints.
  private var distance = 64
  /// Whether the host's memory has no room for them.
  private var hasNoCheckpoints = false
  private var serial = 0
  /// How many lines were carried out so far, those repeated included.
  package private(set) var played = 0
  /// How the replies and what is expected of them belong together; `nil` where it is not known.
  var pairing: Pairing?

  /// - Parameter fresh: makes the server that every run begins with.
  package init(_ fresh: @escaping @Sendable () -> SessionPlayer) { self.fresh = fresh }

  /// What came of a line; `nil` where nothing has yet, or nothing does.
  package func step(_ line: Int) -> Step? { line < position ? steps[line] : nil }

  /// Whether there is nothing to be said of a line that was carried out.
  func isQuiet(_ line: Int) -> Bool {
    line < position && steps[line]?.isQuiet == true
  }

  /// Whether every line is carried out.
  package var isComplete: Bool { position == lines.count }

  // MARK: Edits

  /// Takes over an edit of the lines in `replaced`.
  package mutating func replace(_ replaced: Range<Int>, with texts: [TextDocument.Line]) {
    var replaced = replaced
    var texts = texts[...]
    while let text = texts.first, !replaced.isEmpty, lines[replaced.lowerBound].text == text.text {
      replaced = replaced.lowerBound + 1..<replaced.upperBound
      texts.removeFirst()
    }
    while let text = texts.last, !replaced.isEmpty,
      lines[replaced.upperBound - 1].text == text.text
    {
      replaced = replaced.lowerBound..<replaced.upperBound - 1
      texts.removeLast()
    }
    guard !replaced.isEmpty || !texts.isEmpty else { return }
    let added = texts.map { SessionLine($0.text) }
    let plays = lines[replaced].contains(where: \.isPlayed) || added.contains(where: \.isPlayed)
    lines.replaceSubrange(replaced, with: added)
    steps.replaceSubrange(replaced, with: repeatElement(nil, count: added.count))
    verdicts.replaceSubrange(replaced, with: repeatElement(nil, count: added.count))
    pairing = nil
    plays ? forget(from: replaced.lowerBound) : move(replaced, added.count)
  }

  /// Forgets what came of the lines from `line` on.
  private mutating func forget(from line: Int) {
    position = min(position, line)
    checkpoints.removeAll { $0.position > line }
    if let player, player.position > line { self.player = nil }
  }

  /// Lines that nobody carries out were replaced by others: what lies behind them has moved.
  private mutating func move(_ replaced: Range<Int>, _ count: Int) {
    func moved(_ position: Int) -> Int {
      position < replaced.upperBound
        ? min(position, replaced.lowerBound) : position + count - replaced.count
    }
    position = moved(position)
    for index in checkpoints.indices {
      checkpoints[index].position = moved(checkpoints[index].position)
    }
    if let player { self.player = (moved(player.position), player.server) }
  }

  /// Lets the machines go; they are made anew when they are needed.
  mutating func release() {
    player = nil
    checkpoints = []
  }

  // MARK: Carrying out

  /// Carries lines out until `end` of them are, or `count` requests, or the work is interrupted.
  ///
  /// - Returns: whether `end` is reached.
  package mutating func advance(
    to end: Int, atMost count: Int = .max, in context: inout RequestContext
  ) -> Bool {
    guard position < end else { return true }
    guard var server = takeServer(at: position, in: &context) else { return false }
    pairing = nil
    var left = count
    var reply = JSONWriter()
    while position < end, left > 0 {
      if lines[position].isPlayed {
        keep(server)
        reply.removeAll()
        let text = lines[position].text
        server.play(text.span, in: &context, into: &reply)
        played += 1
        // What takes long counts for more.
        left -= 1 + context.asked
        // Of a batch some may be done already, so that this server is of no use.
        if context.givenUp == .interrupted { return false }
        if note(reply, isLeftOut: context.givenUp == .outOfPatience) {
          checkpoints = []
          hasNoCheckpoints = true
          position = 0
          server = fresh()
          continue
        }
      } else {
        steps[position] = nil
      }
      position += 1
    }
    player = (position, server)
    return position >= end
  }

  /// The server as the first `position` lines have left it; it is the caller's from then on.
  ///
  /// - Returns: `nil` where making it was interrupted.
  private mutating func takeServer(
    at position: Int, in context: inout RequestContext
  ) -> SessionPlayer? {
    let kept = player
    player = nil
    let nearest = checkpoints.last { $0.position <= position }
    var start = nearest.map { ($0.position, $0.player) } ?? (0, fresh())
    if let kept, kept.position <= position, kept.position >= start.0 { start = kept }
    var (done, server) = start
    var reply = JSONWriter()
    while done < position {
      if lines[done].isPlayed {
        reply.removeAll()
        let text = lines[done].text
        server.play(text.span, in: &context, into: &reply)
        played += 1
        if context.givenUp == .interrupted { return nil }
      }
      done += 1
    }
    return server
  }

  /// A server of its own as the first `position` lines have left it, to be asked what is there.
  ///
  /// The session's requests are nobody's but the session's: the client's own context would take what
  /// concerns its requests, such as that they are cancelled, for theirs.
  /// - Returns: `nil` where they are not carried out.
  mutating func server(after line: Int) -> SessionPlayer? {
    var context = RequestContext(patience: Limits.patience)
    guard advance(to: line + 1, in: &context) else { return nil }
    if let player, player.position == line + 1 { return player.server }
    let kept = player
    defer { player = kept }
    player = nil
    return takeServer(at: line + 1, in: &context)
  }

  /// Keeps the server before the line at `position`, if the last one kept is far behind.
  private mutating func keep(_ server: SessionPlayer) {
    let last = checkpoints.last?.position ?? 0
    guard !hasNoCheckpoints, position - last >= distance else { return }
    checkpoints.append(Checkpoint(position: position, player: server))
    guard checkpoints.count > Limits.checkpoints else { return }
    distance *= 2
    checkpoints = checkpoints.enumerated().compactMap { $0 % 2 == 1 ? $1 : nil }
  }

  /// Notes what came of the line at `position`.
  ///
  /// - Returns: whether the host had no memory for it that there might be without the checkpoints.
  private mutating func note(_ reply: borrowing JSONWriter, isLeftOut: Bool) -> Bool {
    let isKnown = reply.withBytes { bytes in
      steps[position].map { $0.isLeftOut == isLeftOut && $0.reply.span.isEqual(to: bytes) } ?? false
    }
    if !isKnown {
      serial += 1
      let bytes = reply.withBytes { bytes in Array(copying: bytes) }
      steps[position] = Step(
        bytes, to: lines[position].onlyID, isLeftOut: isLeftOut, serial: serial)
    }
    return !checkpoints.isEmpty && !isLeftOut && steps[position]?.traits.contains(.memory) == true
  }
}
