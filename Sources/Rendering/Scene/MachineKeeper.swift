import Hypervisor

/// Keeps what is shown of one machine up with it.
struct MachineKeeper {
  private(set) var scene: MachineScene
  /// Where pages are or were mapped that are not RAM at its own place.
  private var places: [MFN: Set<Place>] = [:]

  private struct Place: Hashable {
    let domain: UInt16
    let frame: UInt64
  }

  init(_ name: String) { scene = MachineScene(name: name) }

  /// Looks at the whole machine.
  ///
  /// - Parameter budget: what is left of the entries that may be looked at.
  mutating func lookAtAll(of machine: Machine, _ budget: inout Int) -> MachineChange {
    var told = MachineChange(name: scene.name)
    compareFacts(of: machine, &told)
    for domain in scene.domains where machine.index(of: DomainID(domain.id)) == nil {
      var gone = DomainChange(id: domain.id)
      gone.isGone = true
      told.domains.append(gone)
      scene.domains.removeAll { $0.id == domain.id }
    }
    places = [:]
    for number in machine.domains.indices {
      guard budget >= 0 else { break }
      let domain = machine.domains[number]
      let id = domain.id.rawValue
      var strip = Strip()
      budget -= machine.forEachBlock(in: 0..<machine.p2mLimit, of: DomainIndex(number)) {
        strip.append($0)
        remember($1, at: $0.first, of: id)
      }
      var change = DomainChange(id: id)
      compareFacts(of: domain, machine.knobs, &change)
      change.strip = scene.domains[domain: id].strip.become(strip)
      change.grant = scene.domains[domain: id].grant.become(FrameList(domain.grantTable.frames))
      change.status = scene.domains[domain: id].status.become(
        FrameList(domain.grantTable.statusFrames))
      if !change.isEmpty { told.domains.append(change) }
    }
    return told
  }

  private mutating func compareFacts(of machine: Machine, _ told: inout MachineChange) {
    let configuration = machine.configuration
    let facts = MachineFacts(
      variant: configuration.variantName, panic: machine.panic?.description)
    guard facts != scene.facts else { return }
    scene.facts = facts
    told.facts = facts
  }

  private mutating func compareFacts(
    of domain: Domain, _ knobs: Knobs, _ told: inout DomainChange
  ) {
    let facts = DomainFacts(domain, knobs)
    let isKnown = scene.domains.contains { $0.id == domain.id.rawValue }
    guard !isKnown || facts != scene.domains[domain: domain.id.rawValue].facts else { return }
    scene.domains[domain: domain.id.rawValue].facts = facts
    told.facts = facts
  }

  private mutating func remember(_ mfn: MFN?, at frame: UInt64, of domain: UInt16) {
    if let mfn { places[mfn, default: []].insert(Place(domain: domain, frame: frame)) }
  }

  // MARK: After an operation

  /// What of one domain an operation can have changed.
  private struct Touched {
    var ranges: [Range<UInt64>] = []
    var frames: Set<SpecialPage> = []
    /// Whether frames came or went.
    var allFrames = false
  }

  /// Looks at what is told in words only.
  mutating func lookAtFacts(of machine: Machine) -> MachineChange {
    var told = MachineChange(name: scene.name)
    compareFacts(of: machine, &told)
    for domain in machine.domains {
      var change = DomainChange(id: domain.id.rawValue)
      compareFacts(of: domain, machine.knobs, &change)
      if !change.isEmpty { told.domains.append(change) }
    }
    return told
  }

  /// Looks at what the effects of the machine's last operation name.
  mutating func lookAtEffects(of machine: Machine, _ budget: inout Int) -> MachineChange {
    var told = MachineChange(name: scene.name)
    compareFacts(of: machine, &told)
    let touched = touched(by: machine.log.effects, of: machine)
    for number in machine.domains.indices {
      let domain = machine.domains[number]
      var change = DomainChange(id: domain.id.rawValue)
      compareFacts(of: domain, machine.knobs, &change)
      if let touched = touched[domain.id] {
        let before = scene.domains[domain: change.id].strip
        for range in touched.ranges {
          budget -= look(at: range, DomainIndex(number), of: machine)
        }
        change.strip = scene.domains[domain: change.id].strip.change(since: before)
        lookAtFrames(touched, of: domain, &change)
      }
      if !change.isEmpty { told.domains.append(change) }
    }
    return told
  }

  private func touched(
    by effects: ContiguousArray<Effect>, of machine: Machine
  ) -> [DomainID: Touched] {
    var touched: [DomainID: Touched] = [:]
    for effect in effects {
      switch effect {
      case .physmap(let domain, let gfn, let before, let after, let cause):
        let order = max(before?.order ?? 0, cause == .replaced ? 0 : after?.order ?? 0)
        let count = UInt64(1) << UInt64(order)
        touched[domain, default: Touched()].ranges.append(gfn.rawValue..<gfn.rawValue + count)
        for mapping in [before, after] {
          if let (owner, frame) = mapping?.page.frame {
            touched[owner, default: Touched()].frames.insert(frame)
          }
        }
      case .tracking(let domain, let page, _, _):
        touched[domain, default: Touched()].frames.insert(page)
      case .reference(let mfn, _, _):
        touch(placesOf(mfn, machine), &touched)
      case .references(let first, let pages, _, _):
        for offset in 0..<UInt64(pages) {
          touch(placesOf(MFN(first.rawValue + offset), machine), &touched)
        }
      case .growth(let domain, _, _):
        touched[domain, default: Touched()].allFrames = true
      case .statusGrowth(let domain, _, _), .version(let domain, _, _):
        // A page that is free though mapped may have become a frame, and a frame such a page.
        touched[domain, default: Touched()].allFrames = true
        touch(Set(places.values.joined()), &touched)
      }
    }
    return touched
  }

  private func touch(_ places: Set<Place>, _ touched: inout [DomainID: Touched]) {
    for place in places.sorted(by: { ($0.domain, $0.frame) < ($1.domain, $1.frame) }) {
      touched[DomainID(place.domain), default: Touched()].ranges.append(
        place.frame..<place.frame + 1)
    }
  }

  /// Where a page is mapped, as far as that is known, and where it was first.
  private func placesOf(_ mfn: MFN, _ machine: Machine) -> Set<Place> {
    var places = places[mfn] ?? []
    if let page = machine.page(mfn), let gfn = page.firstGFN, !page.isOrphaned {
      places.insert(Place(domain: page.owner.rawValue, frame: gfn.rawValue))
    }
    return places
  }

  /// - Returns: how many entries were looked at.
  private mutating func look(
    at range: Range<UInt64>, _ index: DomainIndex, of machine: Machine
  ) -> Int {
    let id = machine.id(of: index).rawValue
    var blocks: [Block] = []
    let looked = machine.forEachBlock(in: range, of: index) {
      blocks.append($0)
      remember($1, at: $0.first, of: id)
    }
    scene.domains[domain: id].strip.replace(range, with: blocks)
    return looked
  }

  private mutating func lookAtFrames(
    _ touched: Touched, of domain: Domain, _ told: inout DomainChange
  ) {
    let (frames, statusFrames) = (domain.grantTable.frames, domain.grantTable.statusFrames)
    let id = domain.id.rawValue
    if touched.allFrames {
      told.grant = scene.domains[domain: id].grant.become(FrameList(frames))
      told.status = scene.domains[domain: id].status.become(FrameList(statusFrames))
      return
    }
    for page in touched.frames.sorted(by: { $0.order < $1.order }) {
      switch page {
      case .grant(let frame) where frame < frames.count:
        let mark = FrameList.Mark(frames[frame])
        if let entry = scene.domains[domain: id].grant.set(frame, mark) {
          told.grant.entries.append(entry)
        }
      case .status(let frame) where frame < statusFrames.count:
        let mark = FrameList.Mark(statusFrames[frame])
        if let entry = scene.domains[domain: id].status.set(frame, mark) {
          told.status.entries.append(entry)
        }
      case .grant, .status, .sharedInfo: continue
      }
    }
  }
}

extension PageName {
  /// The frame of a grant table that the page is, and whose.
  fileprivate var frame: (DomainID, SpecialPage)? {
    switch self {
    case .grant(let domain, let frame): (domain, .grant(frame))
    case .status(let domain, let frame): (domain, .status(frame))
    case .foreign, .ram, .populated, .sharedInfo, .device, .free: nil
    }
  }
}

extension SpecialPage {
  /// Grant frames first, each kind by number.
  fileprivate var order: Int {
    switch self {
    case .grant(let frame): frame
    case .status(let frame): frame + Limits.grantFrames
    case .sharedInfo: 2 * Limits.grantFrames
    }
  }
}
