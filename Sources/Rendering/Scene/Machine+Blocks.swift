import Hypervisor

/// A live machine, as pictures have it.
extension Machine {
  /// What is at the guest frames of `range`, in order; neighbours that are alike may be told apart.
  ///
  /// - Parameter body: also given the machine frame of an entry that maps one page which is not the
  ///   domain's RAM at its own place.
  /// - Returns: how many entries were looked at.
  func forEachBlock(
    in range: Range<UInt64>, of domain: DomainIndex, _ body: (Block, MFN?) -> Void
  ) -> Int {
    var next = range.lowerBound
    var looked = 0
    let ram = domains[domain.rawValue].configuration.ram
    domains[domain.rawValue].p2m.forEachLeaf(from: range.lowerBound, to: range.upperBound) { leaf in
      looked += 1
      forEachHole(in: next..<leaf.gfn.rawValue, of: ram, body)
      let end = min(leaf.end, range.upperBound)
      forEachBlock(of: leaf, to: end, in: domain, body)
      next = end
      return true
    }
    forEachHole(in: next..<range.upperBound, of: ram, body)
    return looked
  }

  /// What is in no P2M entry although it was given as RAM.
  private func forEachHole(
    in range: Range<UInt64>, of ram: [GuestRange], _ body: (Block, MFN?) -> Void
  ) {
    for bank in ram.sorted(by: { $0.first < $1.first }) {
      let hole = range.clamped(to: bank.first.rawValue..<bank.end)
      if !hole.isEmpty {
        body(Block(first: hole.lowerBound, count: UInt64(hole.count), content: .hole), nil)
      }
    }
  }

  /// What a leaf, or its part from some frame on, maps; pages that are alike together.
  private func forEachBlock(
    of leaf: PageTable.Leaf, to end: UInt64, in domain: DomainIndex, _ body: (Block, MFN?) -> Void
  ) {
    let first = leaf.gfn.rawValue
    guard leaf.order > 0 else {
      let content = content(of: leaf.entry, order: 0, at: leaf.gfn, in: domain)
      let block = Block(first: first, count: 1, content: content)
      return body(block, content.isOwnPlace ? nil : leaf.entry.mfn)
    }
    let start = leaf.entry.mfn.rawValue
    _ = frameTable.forEachRun(leaf.entry.mfn, count: Int(end - first)) { mfn, _, count in
      let gfn = GFN(first + (mfn.rawValue - start))
      let entry = P2MEntry(mfn, leaf.entry.type)
      let content = content(of: entry, order: leaf.order, at: gfn, in: domain)
      body(Block(first: gfn.rawValue, count: UInt64(count), content: content), nil)
      return true
    }
  }

  private func content(
    of entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) -> Block.Content {
    let name = name(of: entry, at: gfn, in: domain)
    guard name != .device else { return .device }
    let references = page(entry.mfn)?.references
    if case .ram(gfn) = name, references == 1 { return .ram(order: order) }
    if case .populated = name {
      return .page(name, mfn: nil, references: references, order: order)
    }
    return .page(
      name, mfn: order == 0 ? entry.mfn : nil, references: references, order: order)
  }
}

extension Block.Content {
  /// Whether a page is meant that is where it always was.
  fileprivate var isOwnPlace: Bool {
    switch self {
    case .ram, .device: true
    case .page, .hole, .unknown: false
    }
  }
}

extension FrameList {
  init(_ frames: ChunkedArray<GrantTable.Frame>) {
    count = frames.count
    for (number, frame) in frames.enumerated() {
      let mark = Mark(frame)
      if mark != Mark() { marks[number] = mark }
    }
  }
}

extension FrameList.Mark {
  init(_ frame: GrantTable.Frame) {
    self.init(tracked: frame.tracked, mappedAt: frame.mappedAt)
  }
}

extension DomainFacts {
  init(_ domain: Domain, _ knobs: Knobs) {
    isPrivileged = domain.configuration.privileged
    version = domain.grantTable.version
    crash = domain.crash?.description
    regions = domain.regions.map { region in
      Region(
        name: region.name, kind: region.kind.rawValue, first: region.range.first.rawValue,
        count: region.range.pageCount)
    }
    if domain.progress.count > 1 { vcpus = domain.progress.map { $0?.told(knobs) } }
  }
}

extension OperationInProgress {
  /// What the vCPU is doing, what comes next, and which locks it holds.
  fileprivate func told(_ knobs: Knobs) -> String {
    let held = heldLocks(knobs).names
    let locks = held.isEmpty ? "" : ", holds the \(held.joined(separator: " and ")) lock"
    return "\(doing); next: \(nextStep.rawValue)\(locks)"
  }

  private var doing: String {
    guard let mapping else { return "going back to version 1" }
    let place = mapping.gfn?.description ?? "INVALID_GFN"
    return switch mapping.page {
    case .grant(let frame): "mapping grant frame \(frame) at \(place)"
    case .status(let frame): "mapping status frame \(frame) at \(place)"
    case .sharedInfo: "mapping shared_info at \(place)"
    }
  }
}
