/// Judging what an operation did, by looking only at what it changed.
extension Machine {
  /// Finds the properties that the last operation broke.
  mutating func judge() {
    for effect in log.effects {
      switch effect {
      case .physmap(let domain, let gfn, let before, let after, let cause):
        guard let index = index(of: domain) else { continue }
        judgeRemoval(effect, at: gfn, cause: cause, in: index)
        if let before { judge(before.entry, in: index) }
        if let after { judge(after.entry, in: index) }
      case .tracking(let domain, let page, _, _):
        guard let index = index(of: domain) else { continue }
        judgeFrame(page, in: index)
      case .reference(let mfn, _, _):
        judgePage(mfn)
      case .references(let first, let pages, _, _):
        judgePages(first, count: pages)
      case .statusGrowth(let domain, let before, let after):
        // A page that is free though mapped may have been taken for a frame.
        guard let index = index(of: domain), before < after else { continue }
        for frame in before..<after { judgeFrame(.status(frame), in: index) }
      case .growth, .version:
        continue
      }
    }
  }

  private mutating func judgeRemoval(
    _ effect: Effect, at gfn: GFN, cause: Effect.Cause, in domain: DomainIndex
  ) {
    switch cause {
    case .moved, .versionSwitch, .split: return
    case .requested, .replaced:
      // Whoever names the GFN again knows what is there.
      if !domains[domain.rawValue].lost.isEmpty { forgetLoss(at: gfn, in: domain) }
    case .staleTracking:
      guard let page = effect.collateralRemoval?.page else { return }
      domains[domain.rawValue].lost[gfn] = page
      violations.append(.collateralRemoval(domain: id(of: domain), gfn: gfn, page: page))
    }
  }

  /// Forgets what was lost at `gfn`, and elsewhere in the leaf that covers it.
  private mutating func forgetLoss(at gfn: GFN, in domain: DomainIndex) {
    domains[domain.rawValue].lost[gfn] = nil
    guard let leaf = domains[domain.rawValue].p2m.leaf(at: gfn), leaf.order > 0 else { return }
    domains[domain.rawValue].lost = domains[domain.rawValue].lost.filter { lost, _ in
      !(leaf.first.rawValue..<leaf.end).contains(lost.rawValue)
    }
  }

  private mutating func judge(_ entry: P2MEntry, in domain: DomainIndex) {
    switch entry.type {
    case .mmioDirectDevice: return
    case .mapForeignReadWrite: judgePage(entry.mfn)
    case .ramReadWrite:
      guard let page = frameTable[entry.mfn] else { return }
      switch page.special {
      case .grant?, .status?:
        guard page.owner == id(of: domain) else { return }
        judgeFrame(page.special ?? .sharedInfo, in: domain)
      case .sharedInfo?: return
      case nil: judgePage(entry.mfn)
      }
    }
  }

  private mutating func judgeFrame(_ page: SpecialPage, in domain: DomainIndex) {
    switch page {
    case .grant(let number):
      violations += domains[domain.rawValue].grantTable.frames[number].judge(page, id(of: domain))
    case .status(let number):
      guard number < statusFrameCount(of: domain) else { return }
      violations += domains[domain.rawValue].grantTable.statusFrames[number].judge(
        page, id(of: domain))
    case .sharedInfo: return
    }
  }

  /// Pages that are alike are judged as one.
  private mutating func judgePages(_ first: MFN, count: Int) {
    var runs: [MFN] = []
    _ = frameTable.forEachRun(first, count: count) { mfn, _, _ in
      runs.append(mfn)
      return true
    }
    for mfn in runs { judgePage(mfn) }
  }

  private mutating func judgePage(_ mfn: MFN) {
    guard let page = frameTable[mfn] else { return }
    let accounted = page.accountedReferences + referencesOnTheWay(to: mfn)
    let isUnbalanced = page.references != accounted
    if isUnbalanced, !page.isUnbalanced {
      violations.append(
        .unbalancedReferences(
          domain: page.owner, mfn: mfn, held: page.references, accounted: accounted))
    }
    let isDangling = page.kind == .free && page.isMapped
    if isDangling, !page.isDangling {
      violations.append(.dangling(domain: page.owner, mfn: mfn))
    }
    guard isUnbalanced != page.isUnbalanced || isDangling != page.isDangling else { return }
    frameTable.update(mfn) { page in
      page.isUnbalanced = isUnbalanced
      page.isDangling = isDangling
    }
  }
}

extension GrantTable.Frame {
  /// What newly stands against the frame, which is remembered as told.
  fileprivate mutating func judge(_ page: SpecialPage, _ domain: DomainID) -> [Violation] {
    let now = (disagrees: !trackingAgrees, isMultiplyMapped: mappedAt.count > 1)
    guard now != (disagrees, isMultiplyMapped) else { return [] }
    var found: [Violation] = []
    if now.disagrees, !disagrees { found.append(disagreement(page, of: domain)) }
    if now.isMultiplyMapped, !isMultiplyMapped { found.append(multiplicity(page, of: domain)) }
    (disagrees, isMultiplyMapped) = now
    return found
  }

  func disagreement(_ page: SpecialPage, of domain: DomainID) -> Violation {
    // Where the frame is although it is not tracked there, if it is anywhere.
    let elsewhere = mappedAt.first { $0 != tracked }
    return .trackingDisagrees(
      domain: domain, page: page, tracked: tracked, mappedAt: elsewhere)
  }

  func multiplicity(_ page: SpecialPage, of domain: DomainID) -> Violation {
    .multiplyMapped(domain: domain, page: page, count: mappedAt.count)
  }
}
