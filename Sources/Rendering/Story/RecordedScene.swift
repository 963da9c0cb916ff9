import Hypervisor
import Laboratory

/// What a recording shows of real Xen: the caller's guest frames within the window, and the tracking.
struct RecordedScene {
  private let header: RecordingHeader
  private let machine: String
  private var domain: DomainScene
  private var state: RecordedState?

  init(_ header: RecordingHeader) {
    self.header = header
    machine = Laboratory.defaultMachine
    domain = DomainScene(id: header.caller.domain.rawValue)
  }

  /// What `recorded` tells.
  mutating func outcome(of recorded: RecordedStep) -> Story.Outcome {
    var outcome = Story.Outcome()
    outcome.answer = recorded.outcome.told
    outcome.isFailure = recorded.outcome.isFailure
    (outcome.narration, outcome.change) = become(recorded.state)
    return outcome
  }

  /// Makes the scene what `next` shows.
  mutating func become(
    _ next: RecordedState
  ) -> (narration: Narration, change: SceneChange) {
    var narration = Narration()
    let before = state ?? RecordedState(physmap: [:], frames: 0, tracked: [])
    if state != nil { narration.tell(from: before, to: next, in: header.window) }
    var change = DomainChange(id: domain.id)
    var facts = DomainFacts()
    facts.isPrivileged = header.caller != .domU
    facts.version = next.version ?? 1
    if state == nil || facts != domain.facts {
      domain.facts = facts
      change.facts = facts
    }
    change.strip = domain.strip.become(strip(of: next))
    change.grant = domain.grant.become(frames(of: next))
    state = next
    var scene = SceneChange()
    guard !change.isEmpty else { return (narration, scene) }
    var told = MachineChange(name: machine)
    told.facts = MachineFacts(variant: "Xen \(header.release)")
    told.domains = [change]
    scene.machines = [told]
    return (narration, scene)
  }

  private func strip(of state: RecordedState) -> Strip {
    var strip = Strip()
    for gfn in header.window.sorted() {
      guard let name = state.physmap[gfn] else { continue }
      strip.append(Block(first: gfn.rawValue, count: 1, content: content(name, at: gfn)))
    }
    return strip
  }

  private func content(_ name: String, at gfn: GFN) -> Block.Content {
    let parts = name.split(separator: ":", maxSplits: 1)
    let number = parts.count > 1 ? parts[1] : ""
    let frame = Int(number) ?? 0
    let source = UInt64(number.dropFirst(2), radix: 16).flatMap(GFN.init(rawValue:))
    let caller = header.caller.domain
    let page: PageName? =
      switch parts.first {
      case "grant": .grant(domain: caller, frame: frame)
      case "status": .status(domain: caller, frame: frame)
      case "foreign":
        source.map { .foreign(domain: DomainID(caller.rawValue == 0 ? 1 : 0), gfn: $0) }
      case "ram": source.map { .ram(gfn: $0) }
      case "populated": .populated(n: frame)
      case "shared_info": .sharedInfo
      default: nil
      }
    guard let page else { return .unknown }
    if case .ram(gfn) = page { return .ram(order: 0) }
    return .page(page, mfn: nil, references: nil, order: 0)
  }

  /// Frames beyond those of which the tracking is told count as tracked where they are.
  private func frames(of state: RecordedState) -> FrameList {
    var list = FrameList()
    list.count = state.frames
    for (gfn, name) in state.physmap.sorted(by: { $0.key < $1.key }) {
      guard name.hasPrefix("grant:"), let frame = Int(name.dropFirst("grant:".count)) else {
        continue
      }
      list.marks[frame, default: FrameList.Mark()].mappedAt.append(gfn)
      if frame >= state.tracked.count { list.marks[frame]?.tracked = gfn }
    }
    for (frame, tracked) in state.tracked.enumerated() where tracked != nil {
      list.marks[frame, default: FrameList.Mark()].tracked = tracked
    }
    return list
  }
}

extension Narration {
  /// Tells what became of a recorded state.
  fileprivate mutating func tell(
    from before: RecordedState, to after: RecordedState, in window: [GFN]
  ) {
    for gfn in window.sorted() where before.physmap[gfn] != after.physmap[gfn] {
      if let gone = before.physmap[gfn] { append(.removed, "\(gfn)  \(gone)") }
      if let new = after.physmap[gfn] { append(.added, "\(gfn)  \(new)") }
    }
    for frame in 0..<max(before.tracked.count, after.tracked.count) {
      let old = frame < before.tracked.count ? before.tracked[frame] : nil
      let new = frame < after.tracked.count ? after.tracked[frame] : nil
      guard old != new else { continue }
      let places = [old, new].map { $0?.description ?? "nowhere" }
      append(.tracking, "grant frame \(frame) tracked: \(places.joined(separator: " -> "))")
    }
    if before.frames != after.frames { append(.growth, "\(after.frames) grant frames exist") }
    if let version = after.version, version != before.version {
      append(.version, "grant table version \(version)")
    }
  }
}
