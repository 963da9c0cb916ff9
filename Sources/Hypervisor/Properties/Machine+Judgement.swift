/// Judging what an operation did, by looking only at what it changed.
extension Machine {
  /// Finds the properties that the last operation broke.
  mutating func judge() {
    for effect in log.effects {
      switch effect {
      case .physmap(let domain, let gfn, let before, let after, let cause):
        guard let index = index(of: domain) else { continue }
        judgeRemoval(of: before, at: gfn, cause: cause, in: index)
        if let before { judge(before.entry, in: index) }
        if let after { judge(after.entry, in: index) }
      case .tracking(let domain, let frame, _, _):
        guard let index = index(of: domain) else { continue }
        judgeFrame(frame, in: index)
      case .reference(let mfn, _, _):
        judgePage(mfn)
      case .growth:
        continue
      }
    }
  }

  private mutating func judgeRemoval(
    of before: Mapping?, at gfn: GFN, cause: Effect.Cause, in domain: DomainIndex
  ) {
    switch cause {
    case .moved: return
    case .requested:
      // Whoever names the GFN again knows what is there.
      if !domains[domain.rawValue].lost.isEmpty { domains[domain.rawValue].lost[gfn] = nil }
    case .staleTracking:
      guard let before else { return }
      domains[domain.rawValue].lost[gfn] = before.page
      violations.append(
        .collateralRemoval(domain: id(of: domain), gfn: gfn, page: before.page))
    }
  }

  private mutating func judge(_ entry: P2MEntry, in domain: DomainIndex) {
    switch entry.type {
    case .mmioDirectDevice: return
    case .mapForeignReadWrite: judgePage(entry.mfn)
    case .ramReadWrite:
      guard let page = frameTable[entry.mfn] else { return }
      if page.kind == .grant { judgeFrame(Int(page.index), in: domain) }
    }
  }

  private mutating func judgeFrame(_ number: Int, in domain: DomainIndex) {
    let frame = domains[domain.rawValue].grantTable.frames[number]
    let disagrees = !frame.trackingAgrees
    if disagrees, !frame.disagrees {
      violations.append(frame.disagreement(number, of: id(of: domain)))
    }
    let isMultiplyMapped = frame.mappedAt.count > 1
    if isMultiplyMapped, !frame.isMultiplyMapped {
      violations.append(frame.multiplicity(number, of: id(of: domain)))
    }
    if disagrees != frame.disagrees {
      domains[domain.rawValue].grantTable.frames[number].disagrees = disagrees
    }
    if isMultiplyMapped != frame.isMultiplyMapped {
      domains[domain.rawValue].grantTable.frames[number].isMultiplyMapped = isMultiplyMapped
    }
  }

  private mutating func judgePage(_ mfn: MFN) {
    guard let page = frameTable[mfn] else { return }
    let isUnbalanced = page.references != page.accountedReferences
    if isUnbalanced, !page.isUnbalanced { violations.append(page.imbalance(mfn)) }
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

/// Judging a machine as it stands.
extension Machine {
  /// All that stands against `properties`, domain by domain.
  package func standingViolations(of properties: Set<Property>) -> [Violation] {
    var found: [Violation] = []
    for (position, domain) in domains.enumerated() {
      if properties.contains(.noCollateralRemoval) {
        for (gfn, page) in domain.lost.sorted(by: { $0.key < $1.key }) {
          found.append(.collateralRemoval(domain: domain.id, gfn: gfn, page: page))
        }
      }
      for (number, frame) in domain.grantTable.frames.enumerated() {
        if properties.contains(.trackingAgrees), !frame.trackingAgrees {
          found.append(frame.disagreement(number, of: domain.id))
        }
        if properties.contains(.singleMapping), frame.mappedAt.count > 1 {
          found.append(frame.multiplicity(number, of: domain.id))
        }
      }
      if properties.contains(.regionDiscipline) {
        found += breachesOfDiscipline(in: DomainIndex(position))
      }
    }
    frameTable.forEachTouchedPage { mfn, page in
      if properties.contains(.referencesBalance), page.references != page.accountedReferences {
        found.append(page.imbalance(mfn))
      }
      if properties.contains(.noDangling), page.kind == .free, page.isMapped {
        found.append(.dangling(domain: page.owner, mfn: mfn))
      }
    }
    return found
  }

  /// What the first region of `domain` holds that it should not.
  private func breachesOfDiscipline(in domain: DomainIndex) -> [Violation] {
    guard let region = domains[domain.rawValue].regions.first else { return [] }
    var found: [Violation] = []
    let range = region.range
    domains[domain.rawValue].p2m.forEachEntry(from: range.first.rawValue, to: range.end) {
      gfn, entry in
      let page = name(of: entry, at: gfn, in: domain)
      let expected = PageName.grant(
        domain: id(of: domain), frame: Int(gfn.rawValue - range.first.rawValue))
      if page != expected {
        found.append(.undisciplined(domain: id(of: domain), gfn: gfn, page: page))
      }
      return true
    }
    return found
  }
}

extension GrantTable.Frame {
  fileprivate func disagreement(_ number: Int, of domain: DomainID) -> Violation {
    // Where the frame is although it is not tracked there, if it is anywhere.
    let elsewhere = mappedAt.first { $0 != tracked }
    return .trackingDisagrees(
      domain: domain, frame: number, tracked: tracked, mappedAt: elsewhere)
  }

  fileprivate func multiplicity(_ number: Int, of domain: DomainID) -> Violation {
    .multiplyMapped(domain: domain, frame: number, count: mappedAt.count)
  }
}

extension PageInfo {
  fileprivate func imbalance(_ mfn: MFN) -> Violation {
    .unbalancedReferences(
      domain: owner, mfn: mfn, held: references, accounted: accountedReferences)
  }
}
