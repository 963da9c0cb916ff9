/// A domain's guest frames on a few lines of a terminal: what is mapped where, as far as it is not the
/// domain's own RAM, and where Xen believes its frames.
///
///     | 0x38000 x foreign d2 0x40004 | .. | 0x38010 + grant frame 0 | .. | 0x40000+0x10 RAM |
///     frame 0 -> 0x38010
package struct TerminalPicture: Sendable {
  /// How a piece of a line stands out.
  package enum Tone: Sendable {
    case plain, faint, grant, status, foreign, other, lost, alarm
  }

  package struct Piece: Hashable, Sendable {
    package let text: String
    package let tone: Tone
  }

  /// Lines that the guest frames of a domain may take.
  package static let lineLimit = 6

  package private(set) var lines: [[Piece]] = []

  private let width: Int
  private var room = 0

  /// What a request made different; nothing where it made nothing different that is drawn.
  ///
  /// - Parameter width: columns of the terminal that the picture may take.
  package init(from before: Scene, to after: Scene, _ outcome: Story.Outcome, width: Int) {
    self.width = max(width, 24)
    for machine in after.machines {
      let old = before.machines[machine.name]
      for domain in machine.domains {
        let was = old.domains[domain: domain.id]
        let isDrawn =
          was.strip != domain.strip || was.grant != domain.grant || was.status != domain.status
        guard isDrawn else { continue }
        let picture = DomainPicture(domain, before: was, of: machine.name, outcome)
        let name = after.machines.count > 1 ? "\(machine.name) d\(domain.id)" : "d\(domain.id)"
        draw(picture, name)
      }
      if let panic = machine.facts.panic, old.facts.panic == nil {
        lines.append([Piece(text: "dead: \(panic)", tone: .alarm)])
      }
    }
  }

  private mutating func draw(_ domain: DomainPicture, _ name: String) {
    let start = lines.count
    let cells = domain.slots.filter { $0.shown != nil || $0.mark != .same }
    guard !cells.isEmpty || domain.frames.contains(where: \.isAlarm) else { return }
    lines.append([])
    room = width
    add([Piece(text: name, tone: .faint)])
    var omitted = 0
    for slot in cells {
      guard lines.count - start < Self.lineLimit else {
        omitted += 1
        continue
      }
      add(cell(slot))
    }
    if omitted > 0 { lines.append([Piece(text: "and \(omitted) more", tone: .faint)]) }
    for frame in domain.frames where frame.state != .nowhere && frame.isTouched || frame.isAlarm {
      let place = frame.mark.tracked?.description ?? "nowhere"
      let told = frame.isAlarm ? "  \(frame.told)" : ""
      lines.append([
        Piece(text: "\(frame.name) -> \(place)", tone: .plain), Piece(text: told, tone: .alarm),
      ])
    }
  }

  /// A cell, on this line if it has room for it, or else on the next.
  private mutating func add(_ pieces: [Piece]) {
    let size = pieces.reduce(1) { $0 + $1.text.count }
    if size > room, room < width {
      lines.append([])
      room = width
    }
    let isFirst = room == width
    room -= size
    lines[lines.count - 1] += (isFirst ? [] : [Piece(text: " ", tone: .plain)]) + pieces
  }

  private func cell(_ slot: SlotPicture) -> [Piece] {
    let first = "0x\(String(slot.range.lowerBound, radix: 16))"
    let more = slot.range.count > 1 ? "+0x\(String(slot.range.count, radix: 16))" : ""
    let what = slot.shown.map { block in
      block.detail.isEmpty ? block.title : "\(block.title) \(block.detail)"
    }
    let held = slot.mark == .lost || slot.mark == .gone ? 1 : slot.shown?.references ?? 1
    let references = held == 1 ? "" : ", \(held) refs"
    return [
      Piece(text: "[", tone: .faint), Piece(text: "\(first)\(more) ", tone: .faint),
      Piece(text: "\(slot.mark.ascii)\(what ?? "empty")\(references)", tone: tone(of: slot)),
      Piece(text: "]", tone: .faint),
    ]
  }

  private func tone(of slot: SlotPicture) -> Tone {
    switch slot.mark {
    case .lost: .lost
    case .freed: .alarm
    case .gone: .faint
    case .same, .new, .changed:
      switch slot.shown?.kind {
      case .grant: .grant
      case .status: .status
      case .foreign: .foreign
      case .free: .alarm
      case .ram, .hole, .unknown, nil: .faint
      case .populated, .sharedInfo, .device: .other
      }
    }
  }
}

extension FramePicture {
  fileprivate var isAlarm: Bool { state == .stale || state == .untracked }
}

extension SlotPicture.Mark {
  /// What stands before a cell on a terminal.
  fileprivate var ascii: String {
    switch self {
    case .same, .changed: ""
    case .new: "+"
    case .gone: "-"
    case .lost: "x "
    case .freed: "! "
    }
  }
}
