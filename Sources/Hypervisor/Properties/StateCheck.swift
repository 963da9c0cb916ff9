/// Judging a machine as it stands, from its page tables alone, in steps.
///
/// What operations keep count of is not trusted but counted anew, so that this also checks them.
package struct StateCheck {
  /// Entries that one step looks at.
  package static let stepSize = 1 << 15

  private let machine: Machine
  private let properties: Set<Property>
  /// The domain that is being walked, and how far.
  private var position = 0
  private var cursor: UInt64 = 0
  /// Entries looked at so far.
  package private(set) var done = 0
  private var foreignMappings: [MFN: UInt32] = [:]
  private var mappedAt: [SpecialPage: [GFN]] = [:]
  private var dangling: [Violation] = []
  private var found: [Violation] = []

  package init(_ machine: Machine, _ properties: Set<Property>) {
    self.machine = machine
    self.properties = properties
  }

  /// Entries that there are to look at.
  package var total: Int { machine.domains.reduce(0) { $0 + $1.p2m.leafCount } }

  /// Looks at some more entries.
  ///
  /// - Returns: all that stands against the properties once everything is looked at; `nil` before.
  package mutating func step() -> [Violation]? {
    guard position < machine.domains.count else { return finish() }
    let domain = DomainIndex(position)
    let end = machine.p2mLimit
    var left = Self.stepSize
    var next = end
    machine.domains[position].p2m.forEachLeaf(from: cursor, to: end) { leaf in
      guard left > 0 else {
        next = leaf.gfn.rawValue
        return false
      }
      left -= 1
      look(at: leaf, in: domain)
      return true
    }
    done += Self.stepSize - left
    cursor = next
    if cursor == end {
      judgeDomain(domain)
      position += 1
      cursor = 0
    }
    return nil
  }

  private mutating func look(at leaf: PageTable.Leaf, in domain: DomainIndex) {
    guard leaf.order == 0 else { return lookForFreePages(in: leaf) }
    let entry = leaf.entry
    switch entry.type {
    case .mmioDirectDevice: return
    case .mapForeignReadWrite: foreignMappings[entry.mfn, default: 0] += 1
    case .ramReadWrite: break
    }
    guard let page = machine.page(entry.mfn) else { return }
    if page.kind == .free {
      dangling.append(.dangling(domain: page.owner, mfn: entry.mfn))
    } else if let special = page.special, entry.type == .ramReadWrite {
      mappedAt[special, default: []].append(leaf.gfn)
    }
  }

  /// A larger leaf maps RAM only.
  private mutating func lookForFreePages(in leaf: PageTable.Leaf) {
    _ = machine.frameTable.forEachRun(leaf.entry.mfn, count: 1 << leaf.order) { mfn, page, count in
      guard page.kind == .free else { return true }
      for offset in 0..<UInt64(count) {
        dangling.append(.dangling(domain: page.owner, mfn: MFN(mfn.rawValue + offset)))
      }
      return true
    }
  }

  /// What stands against the properties of one domain.
  private mutating func judgeDomain(_ index: DomainIndex) {
    let domain = machine.domains[index.rawValue]
    if properties.contains(.noCollateralRemoval) {
      for (gfn, page) in domain.lost.sorted(by: { $0.key < $1.key }) {
        found.append(.collateralRemoval(domain: domain.id, gfn: gfn, page: page))
      }
    }
    for (number, frame) in domain.grantTable.frames.enumerated() {
      judge(frame, .grant(number), of: domain.id)
    }
    for (number, frame) in domain.grantTable.statusFrames.enumerated() {
      judge(frame, .status(number), of: domain.id)
    }
    if properties.contains(.regionDiscipline) { judgeDiscipline(of: index) }
    mappedAt.removeAll(keepingCapacity: true)
  }

  private mutating func judge(
    _ frame: GrantTable.Frame, _ page: SpecialPage, of domain: DomainID
  ) {
    var frame = frame
    frame.mappedAt = mappedAt[page] ?? []
    if properties.contains(.trackingAgrees), !frame.trackingAgrees {
      found.append(frame.disagreement(page, of: domain))
    }
    if properties.contains(.singleMapping), frame.mappedAt.count > 1 {
      found.append(frame.multiplicity(page, of: domain))
    }
  }

  /// What the first region of `domain` holds that it should not: the first one for the grant table,
  /// as RAM and devices may have been named before it; the first of all where none is for that.
  private mutating func judgeDiscipline(of index: DomainIndex) {
    let domain = machine.domains[index.rawValue]
    let first = domain.regions.first { $0.kind == .grantTable } ?? domain.regions.first
    guard let range = first?.range else { return }
    machine.forEachMapping(from: range.first, to: range.end, in: index) { gfn, mapping in
      let frame = Int(gfn.rawValue - range.first.rawValue)
      if mapping.page != .grant(domain: domain.id, frame: frame) {
        found.append(.undisciplined(domain: domain.id, gfn: gfn, page: mapping.page))
      }
    }
  }

  /// What stands against the properties of pages, after those of domains.
  private mutating func finish() -> [Violation] {
    if properties.contains(.referencesBalance) {
      machine.frameTable.forEachTouchedPage { mfn, page in
        let accounted =
          (page.allocated ? 1 : 0) + (foreignMappings[mfn] ?? 0)
          + machine.referencesOnTheWay(to: mfn)
        if page.references != accounted {
          found.append(
            .unbalancedReferences(
              domain: page.owner, mfn: mfn, held: page.references, accounted: accounted))
        }
      }
    }
    if properties.contains(.noDangling) { found += dangling }
    return found
  }
}

extension Machine {
  /// All that stands against `properties`: those of domains in order of their identifiers, then
  /// those of pages.
  package func standingViolations(of properties: Set<Property>) -> [Violation] {
    var check = StateCheck(self, properties)
    while true {
      if let found = check.step() { return found }
    }
  }
}
