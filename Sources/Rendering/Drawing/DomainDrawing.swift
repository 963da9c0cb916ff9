import Hypervisor

/// A domain within an SVG picture: its guest frames as cells, its frames below them, arrows in between.
struct DomainDrawing {
  static let cellWidth = 134
  static let padding = 12
  /// Within a cell's width, on its left, where gaps are told.
  private static let gutter = 24
  private static let boxHeight = 58
  /// A row of cells: GFNs above, tags below.
  private static let rowHeight = 118
  private static let chipHeight = 40
  private static let chipWidth = 166
  /// Cells, and frames, that are drawn; of more only those that matter.
  private static let cellLimit = 42
  private static let frameLimit = 24

  private let domain: DomainPicture
  private let width: Int
  private let isDead: Bool
  private let slots: [SlotPicture]
  private let omitted: Int
  /// The middle of each cell's lower edge, by its first frame.
  private var places: [UInt64: (x: Int, y: Int)] = [:]

  init(_ domain: DomainPicture, width: Int, isDead: Bool) {
    self.domain = domain
    self.width = width
    self.isDead = isDead
    let shown = domain.slots.count > Self.cellLimit ? Self.choice(of: domain) : domain.slots
    slots = shown
    omitted = domain.slots.count - shown.count
  }

  /// Of many slots those at which something is, closest to what the step changed.
  private static func choice(of domain: DomainPicture) -> [SlotPicture] {
    let tracked = Set(domain.frames.compactMap { $0.mark.tracked?.rawValue })
    let changed = domain.slots.firstIndex { $0.mark != .same || $0.isBroken } ?? 0
    let used = domain.slots.enumerated().filter { _, slot in
      slot.mark != .same || slot.isBroken || slot.shown != nil
        || tracked.contains(slot.range.lowerBound)
    }
    // What changed first, whatever its distance.
    func distance(_ slot: (offset: Int, element: SlotPicture)) -> Int {
      slot.element.mark == .same ? 1 + abs(slot.offset - changed) : 0
    }
    let closest = used.sorted { (distance($0), $0.offset) < (distance($1), $1.offset) }
    return closest.prefix(cellLimit).sorted { $0.offset < $1.offset }.map(\.element)
  }

  private var columns: Int { max(1, (width - 2 * Self.padding) / Self.cellWidth) }

  /// - Returns: where it ends.
  mutating func draw(in svg: inout SVG, at x: Int, _ top: Int) -> Int {
    var inner = SVG()
    var y = top + 24
    inner.text("domain", "Domain \(domain.id)", x: x + Self.padding, y: y)
    inner.text("soft", fitting(badges, from: 84), x: x + Self.padding + 84, y: y)
    y += 8
    y = notices(in: &inner, at: x + Self.padding, y)
    for (number, slot) in slots.enumerated() {
      let cellX = x + Self.padding + number % columns * Self.cellWidth
      draw(slot, in: &inner, at: cellX, y + number / columns * Self.rowHeight)
    }
    y += (slots.count + columns - 1) / columns * Self.rowHeight
    if omitted > 0 {
      inner.text(
        "soft", "and \(omitted) other places", x: x + Self.padding + Self.gutter, y: y + 8)
      y += 18
    }
    y = drawFrames(in: &inner, at: x + Self.padding, y)
    svg.rect("card", x: x, y: top, width: width, height: y - top, radius: 10)
    svg.append(inner)
    return y
  }

  private var badges: String {
    var badges: [String] = []
    if domain.facts.isPrivileged { badges.append("privileged") }
    if domain.facts.version > 1 { badges.append("grant table version \(domain.facts.version)") }
    let (grant, status) = domain.idleFrames
    if grant > 0 { badges.append("\(grant) grant frame\(grant == 1 ? "" : "s") nowhere") }
    if status > 0 { badges.append("\(status) status frame\(status == 1 ? "" : "s") nowhere") }
    return badges.joined(separator: " \u{b7} ")
  }

  /// A crash, and what vCPUs are in the midst of.
  private func notices(in svg: inout SVG, at x: Int, _ start: Int) -> Int {
    var y = start
    if let crash = domain.facts.crash {
      let text = "\u{2716} Xen crashed this domain: \(crash)"
      for line in SVG.wrapped(text, at: (width - 2 * Self.padding) * 10 / 80, lines: 3) {
        svg.text("line alarm", line, x: x, y: y + 16)
        y += 19
      }
      y += 3
    }
    for (number, vcpu) in domain.facts.vcpus.enumerated() {
      svg.rect(vcpu == nil ? "vcpu idle" : "vcpu", x: x, y: y + 3, width: 10, height: 14, radius: 2)
      let text = fitting("vCPU \(number)  \(vcpu ?? "idle")", from: 18)
      svg.text("line", text, x: x + 18, y: y + 15)
      y += 20
    }
    return y
  }

  /// As much of a text as a line has room for that begins so far on the right.
  private func fitting(_ text: String, from x: Int) -> String {
    SVG.wrapped(text, at: (width - 2 * Self.padding - x) * 10 / 70, lines: 1).first ?? ""
  }

  private mutating func draw(_ slot: SlotPicture, in svg: inout SVG, at x: Int, _ y: Int) {
    let left = x + Self.gutter
    let boxWidth = Self.cellWidth - Self.gutter - 4
    let first = slot.range.lowerBound
    if let region = slot.region { svg.text("region", region, x: left, y: y + 11) }
    let more = slot.range.count > 1 ? "+0x\(String(slot.range.count, radix: 16))" : ""
    svg.text("gfn", "0x\(String(first, radix: 16))\(more)", x: left, y: y + 24)
    if slot.gap > 0 {
      svg.text("gap", "\u{22ef}", x: x + Self.gutter / 2, y: y + 58, .middle)
      let count = slot.gap < 10_000 ? "\(slot.gap)" : ""
      svg.text("tiny", count, x: x + Self.gutter / 2, y: y + 70, .middle)
    }
    let top = y + 30
    let kind = slot.shown.map(\.kind.rawValue) ?? "empty"
    let height = Self.boxHeight
    svg.rect(
      "cell \(kind) \(slot.mark.style)", x: left, y: top, width: boxWidth, height: height)
    if slot.mark == .lost {
      svg.path(
        "cross", "M\(left) \(top)l\(boxWidth) \(height)m0 -\(height)l-\(boxWidth) \(height)")
    }
    write(slot, in: &svg, at: left, top, boxWidth)
    drawTag(of: slot, in: &svg, at: left, top + height, boxWidth)
  }

  /// What is in a cell, and at its ends.
  private func write(
    _ slot: SlotPicture, in svg: inout SVG, at left: Int, _ top: Int, _ boxWidth: Int
  ) {
    let struck = slot.mark == .gone ? " struck" : ""
    svg.text("name\(struck)", slot.title, x: left + 8, y: top + 19)
    svg.text("detail\(struck)", slot.detail, x: left + 8, y: top + 34)
    svg.text("detail", slot.shown?.leafSize ?? "", x: left + 8, y: top + 49)
    if let references = slot.shown?.references, slot.mark != .gone, slot.mark != .lost {
      svg.text("detail", "\u{d7}\(references)", x: left + boxWidth - 8, y: top + 49, .end)
    }
  }

  /// What is said below a cell, and where arrows end.
  private mutating func drawTag(
    of slot: SlotPicture, in svg: inout SVG, at left: Int, _ below: Int, _ boxWidth: Int
  ) {
    if slot.mark == .lost {
      svg.rect("flag", x: left, y: below + 3, width: boxWidth, height: 18, radius: 4)
      svg.text("flagged", "\u{2715} taken away", x: left + boxWidth / 2, y: below + 16, .middle)
    } else if slot.isBroken {
      let tag = slot.tag.isEmpty ? "violation" : slot.tag
      svg.text("tag alarm", "\u{25b2} \(tag)", x: left, y: below + 15)
    } else {
      let tag = SVG.wrapped(slot.mark.sign + slot.tag, at: 18, lines: 1).first ?? ""
      svg.text("tag \(slot.mark.style)", slot.tag.isEmpty ? "" : tag, x: left, y: below + 15)
    }
    let hasTag = slot.mark == .lost || slot.isBroken || !slot.tag.isEmpty
    places[slot.range.lowerBound] = (left + boxWidth / 2, hasTag ? below + 24 : below + 3)
  }

  private func drawFrames(in svg: inout SVG, at x: Int, _ start: Int) -> Int {
    let frames = domain.frames.filter { $0.state != .nowhere || $0.isTouched }
    guard !frames.isEmpty else { return start + 2 }
    let perRow = max(1, (width - 2 * Self.padding) / (Self.chipWidth + 8))
    let y = start + 30
    for (number, frame) in frames.prefix(Self.frameLimit).enumerated() {
      let left = x + number % perRow * (Self.chipWidth + 8)
      let top = y + number / perRow * (Self.chipHeight + 8)
      draw(frame, in: &svg, at: left, top)
      drawArrows(of: frame, from: left + Self.chipWidth / 2, top, in: &svg)
    }
    let rows = (min(frames.count, Self.frameLimit) + perRow - 1) / perRow
    let end = y + rows * (Self.chipHeight + 8) + 4
    guard frames.count > Self.frameLimit else { return end }
    svg.text("soft", "and \(frames.count - Self.frameLimit) other frames", x: x, y: end + 10)
    return end + 20
  }

  /// From a frame to where it is believed, to where it is, and to what was taken away for it.
  private func drawArrows(of frame: FramePicture, from x: Int, _ y: Int, in svg: inout SVG) {
    if let tracked = frame.mark.tracked {
      arrow(frame.state == .stale ? "stale" : "right", from: x, y, to: tracked, in: &svg)
    }
    for gfn in frame.mark.mappedAt where gfn != frame.mark.tracked {
      arrow("untracked", from: x, y, to: gfn, in: &svg)
    }
    if let blamed = frame.blamed { arrow("blamed", from: x, y, to: blamed, in: &svg) }
  }

  private func draw(_ frame: FramePicture, in svg: inout SVG, at x: Int, _ y: Int) {
    let isAlarm = frame.state == .stale || frame.state == .untracked
    svg.rect(
      isAlarm ? "chip stale" : frame.isStatus ? "chip status" : "chip", x: x, y: y,
      width: Self.chipWidth, height: Self.chipHeight)
    svg.text("name", frame.name, x: x + 9, y: y + 17)
    let place = frame.mark.tracked?.description ?? "nowhere"
    svg.text("detail", "\u{2192} \(place)", x: x + Self.chipWidth - 9, y: y + 17, .end)
    let sign = isAlarm ? "\u{26a0} " : frame.state == .right ? "\u{2713} " : ""
    svg.text(isAlarm ? "detail alarm" : "detail", sign + frame.told, x: x + 9, y: y + 33)
  }

  private func arrow(
    _ kind: String, from x: Int, _ y: Int, to gfn: GFN, in svg: inout SVG
  ) {
    guard let end = places[gfn.rawValue], !isDead else { return }
    let head = kind == "untracked" ? 0 : 8
    let reach = max(16, (y - end.y) / 2)
    svg.path(
      "arrow \(kind)",
      "M\(x) \(y)C\(x) \(y - reach) \(end.x) \(end.y + head + reach) \(end.x) \(end.y + head)")
    if head > 0 {
      svg.path("head \(kind)", "M\(end.x - 5) \(end.y + head + 1)l5 -\(head + 1)l5 \(head + 1)z")
    }
  }
}

extension SlotPicture.Mark {
  /// Its name in the style.
  var style: String {
    switch self {
    case .same: "same"
    case .new: "new"
    case .changed: "changed"
    case .gone: "gone"
    case .lost: "lost"
    case .freed: "freed"
    }
  }

  /// What stands before its tag.
  package var sign: String {
    switch self {
    case .new: "+ "
    case .gone: "\u{2212} "
    case .lost: "\u{2715} "
    case .same, .changed, .freed: ""
    }
  }
}
