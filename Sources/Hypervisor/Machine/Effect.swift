/// One change that an operation made.
package enum Effect: Hashable, Sendable {
  /// A P2M entry changed.
  case physmap(domain: DomainID, gfn: GFN, before: Mapping?, after: Mapping?, cause: Cause)
  /// Xen's idea of where a grant or status frame is mapped changed.
  case tracking(domain: DomainID, page: SpecialPage, before: GFN?, after: GFN?)
  /// A page's reference count changed.
  case reference(mfn: MFN, before: UInt32, after: UInt32)
  /// The reference counts of `pages` pages that lie together changed alike.
  case references(first: MFN, pages: Int, before: UInt32, after: UInt32)
  /// The grant table grew; frames that exist.
  case growth(domain: DomainID, before: Int, after: Int)
  /// The number of status frames that exist changed.
  case statusGrowth(domain: DomainID, before: Int, after: Int)
  /// The guest chose another version of its grant table.
  case version(domain: DomainID, before: Int, after: Int)

  /// Why a P2M entry changed.
  package enum Cause: CaseIterable, Sendable {
    /// The request named this GFN.
    case requested
    /// The tracking named this GFN, but the page there was another.
    case staleTracking
    /// The frame's own mapping, taken away because it goes elsewhere.
    case moved
    /// A status frame, taken away because the grant table goes back to version 1.
    case versionSwitch
    /// A larger leaf came that covers this GFN.
    case replaced
    /// The leaf was split, as part of it changes; what it maps is the same.
    case split

    package var name: StaticString {
      switch self {
      case .requested: "requested"
      case .staleTracking: "stale-tracking"
      case .moved: "moved"
      case .versionSwitch: "version-switch"
      case .replaced: "replaced"
      case .split: "split"
      }
    }
  }
}

extension Effect {
  /// What was taken away at a GFN that the operation did not name, if that is what this is.
  package var collateralRemoval: (gfn: GFN, page: PageName)? {
    guard case .physmap(_, let gfn, let before?, _, .staleTracking) = self else { return nil }
    return (gfn, before.page)
  }
}

/// The changes of one operation, in order; two changes of one thing are told as one.
package struct EffectLog: Sendable {
  package private(set) var effects: ContiguousArray<Effect> = []

  package init() {}

  package mutating func removeAll() {
    if !effects.isEmpty { effects.removeAll(keepingCapacity: true) }
  }

  /// Appends a change of something that no other change in the log is of.
  mutating func appendDistinct(_ effect: Effect) { effects.append(effect) }

  package mutating func append(_ effect: Effect) {
    for index in effects.indices {
      guard let merged = effects[index].merged(with: effect) else { continue }
      if merged.isChange { effects[index] = merged } else { effects.remove(at: index) }
      return
    }
    if effect.isChange { effects.append(effect) }
  }
}

extension Effect {
  /// Whether anything is different afterwards.
  fileprivate var isChange: Bool {
    switch self {
    case .physmap(_, _, let before, let after, _): before?.entry != after?.entry
    case .tracking(_, _, let before, let after): before != after
    case .reference(_, let before, let after): before != after
    case .references(_, _, let before, let after): before != after
    case .growth(_, let before, let after), .statusGrowth(_, let before, let after),
      .version(_, let before, let after):
      before != after
    }
  }

  /// This change followed by `next`, if both are of one thing.
  fileprivate func merged(with next: Effect) -> Effect? {
    switch (self, next) {
    case (
      .physmap(let a, let gfn, let before, _, let cause),
      .physmap(let b, let next, _, let after, let c)
    )
    where a == b && gfn == next && cause != .split:
      .physmap(domain: a, gfn: gfn, before: before, after: after, cause: c)
    case (.tracking(let a, let page, let before, _), .tracking(let b, let next, _, let after))
    where a == b && page == next:
      .tracking(domain: a, page: page, before: before, after: after)
    case (.reference(let mfn, let before, _), .reference(let next, _, let after))
    where mfn == next:
      .reference(mfn: mfn, before: before, after: after)
    case (.physmap, _), (.tracking, _), (.reference, _), (.references, _), (.growth, _),
      (.statusGrowth, _), (.version, _):
      nil
    }
  }
}
