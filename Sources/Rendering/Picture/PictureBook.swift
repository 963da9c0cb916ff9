import Hypervisor

/// The pictures of a story, from the first to the last.
package struct PictureBook {
  private let story: Story
  private let slots: SlotTable
  private var scenes: [Scene]
  private var number = 0

  package init(_ story: Story) {
    self.story = story
    slots = SlotTable(story)
    scenes = Array(repeating: Scene(), count: story.sides.count)
  }

  /// The picture of a step behind the last one that was asked for; 0 is before the first.
  package mutating func picture(of step: Int) -> StepPicture {
    precondition(number <= step && step <= story.steps.count, "pictures are made in order")
    var before = scenes
    while number < step {
      before = scenes
      for side in scenes.indices {
        scenes[side].apply(story.steps[number].outcomes[side].change)
      }
      number += 1
    }
    let told = step > 0 ? story.steps[step - 1] : nil
    return StepPicture(
      notes: notes(at: step), step: told, number: step,
      sides: scenes.indices.map { side in
        let outcome = told?.outcomes[side]
        return SidePicture(
          name: story.sides[side].name, isRecorded: story.sides[side].isRecorded,
          outcome: outcome,
          machines: scenes[side].machines.map { machine in
            picture(
              of: machine, on: story.sides[side], since: before[side].machines[machine.name],
              outcome)
          })
      })
  }

  private func notes(at step: Int) -> [String] {
    if step == story.steps.count, !story.epilogue.isEmpty {
      return (step > 0 ? story.steps[step - 1].notes : []) + story.epilogue
    }
    guard step > 0 else { return [] }
    if !story.steps[step - 1].notes.isEmpty { return story.steps[step - 1].notes }
    return story.steps.prefix(step).last { !$0.notes.isEmpty }.map { $0.notes.suffix(1) } ?? []
  }

  private func picture(
    of machine: MachineScene, on side: Story.Side, since before: MachineScene,
    _ outcome: Story.Outcome?
  ) -> MachinePicture {
    MachinePicture(
      name: machine.name, facts: machine.facts,
      domains: machine.domains.map { domain in
        let painter = DomainPainter(
          domain, before: before.domains[domain: domain.id], of: machine.name, on: side, outcome)
        return painter.picture(slots.ranges(of: domain.id, in: machine.name))
      })
  }
}

extension DomainPicture {
  /// The picture of one domain alone, whose slots are what is there and what was.
  init(
    _ domain: DomainScene, before: DomainScene, of machine: String, _ outcome: Story.Outcome?
  ) {
    let painter = DomainPainter(
      domain, before: before, of: machine, on: Story.Side(name: ""), outcome)
    self = painter.picture(SlotTable.ranges(of: [before.strip, domain.strip]))
  }
}

/// Paints one domain.
private struct DomainPainter {
  let domain: DomainScene
  let before: DomainScene
  let lost: Set<UInt64>
  let findings: [Story.Finding]
  let side: Story.Side

  init(
    _ domain: DomainScene, before: DomainScene, of machine: String, on side: Story.Side,
    _ outcome: Story.Outcome?
  ) {
    self.side = side
    self.domain = domain
    self.before = before
    lost = Set(
      (outcome?.collateral ?? []).filter { $0.machine == machine && $0.domain == domain.id }
        .map(\.frame))
    findings = (outcome?.violations ?? []).filter {
      $0.machine == machine && ($0.domain == domain.id || $0.mfn != nil)
    }
  }

  func picture(_ ranges: [Range<UInt64>]) -> DomainPicture {
    var end: UInt64?
    let slots = ranges.map { range in
      defer { end = range.upperBound }
      return slot(range, after: end)
    }
    let frames =
      frames(domain.grant, before.grant, false) + self.frames(domain.status, before.status, true)
    return DomainPicture(
      id: domain.id, facts: domain.facts, slots: slots, frames: frames,
      idleFrames: (
        domain.grant.count - frames.count { !$0.isStatus },
        domain.status.count - frames.count { $0.isStatus }
      ))
  }

  /// - Parameter end: where the slot before it ends, if there is one.
  private func slot(_ range: Range<UInt64>, after end: UInt64?) -> SlotPicture {
    let now = domain.strip.block(at: range.lowerBound)
    let was = before.strip.block(at: range.lowerBound)
    let (shown, mark, tag) = change(at: range, from: was, to: now)
    let region = domain.facts.regions.first { region in
      range.lowerBound >= region.first && range.lowerBound - region.first < region.count
        && (end ?? 0) <= region.first
    }
    let isBroken = findings.contains { finding in
      finding.gfn == range.lowerBound
        || (finding.mfn != nil && finding.mfn == now?.content.mfn?.rawValue)
    }
    return SlotPicture(
      range: range, shown: shown, mark: mark, tag: tag, isKnown: side.knows(range),
      isBroken: isBroken, region: region?.name,
      gap: end.map { range.lowerBound - $0 } ?? 0)
  }

  private func change(
    at range: Range<UInt64>, from was: Block?, to now: Block?
  ) -> (shown: Block?, mark: SlotPicture.Mark, tag: String) {
    if lost.contains(range.lowerBound) { return (was, .lost, "taken away") }
    guard was?.content != now?.content else { return (now, .same, "") }
    if let now, now.kind == .free { return (now, .freed, was.map { "was \(name(of: $0))" } ?? "") }
    guard let now, now.kind != .hole else {
      guard let was, was.kind != .hole else { return (now, now == nil ? .gone : .changed, "") }
      return (was, .gone, hasMoved(was) ? "moved" : "unmapped")
    }
    guard let was, was.kind != .hole else { return (now, .new, "new") }
    guard was.kind == now.kind, was.detail == now.detail else {
      return (now, .new, "replaced \(name(of: was))")
    }
    let references = [was, now].map { $0.references ?? 1 }
    if references[0] != references[1] {
      return (now, .changed, "references \(references[0]) \u{2192} \(references[1])")
    }
    return (now, .changed, was.leafSize != now.leafSize ? "split" : "")
  }

  private func name(of block: Block) -> String {
    block.detail.isEmpty ? block.title : "\(block.title) \(block.detail)"
  }

  /// Whether a frame of the grant table is elsewhere now.
  private func hasMoved(_ block: Block) -> Bool {
    switch block.content {
    case .page(.grant(_, let frame), _, _, _): !domain.grant[frame].mappedAt.isEmpty
    case .page(.status(_, let frame), _, _, _): !domain.status[frame].mappedAt.isEmpty
    case .page, .ram, .device, .hole, .unknown: false
    }
  }

  private func frames(_ list: FrameList, _ old: FrameList, _ isStatus: Bool) -> [FramePicture] {
    Set(list.marks.keys).union(old.marks.keys).sorted().filter { $0 < list.count }.map { number in
      let (mark, was) = (list[number], old[number])
      return FramePicture(
        isStatus: isStatus, number: number, mark: mark,
        blamed: was.tracked.flatMap { lost.contains($0.rawValue) ? $0 : nil },
        isTouched: mark != was)
    }
  }
}
