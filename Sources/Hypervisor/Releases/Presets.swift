/// A release of Xen, or a proposal, as a named value of the knobs.
package struct Preset: Hashable, Sendable {
  package let name: String
  package let summary: String
  package let knobs: Knobs
  /// The CPU that a machine has where none is asked for.
  package let cpu: CPU

  init(name: String, summary: String, knobs: Knobs, cpu: CPU = .cortexA57) {
    self.name = name
    self.summary = summary
    self.knobs = knobs
    self.cpu = cpu
  }

  /// The release in which the bug is easiest to see.
  package static let `default` = Preset(
    name: "xen-4.16", summary: "Xen 4.16: the array; an index of 2^32 or more kills Xen",
    knobs: array())

  /// The preset called `name`.
  package static func named(_ name: some StringProtocol) -> Preset? {
    all.first { $0.name == name }
  }

  /// The preset that models Xen `release` as recordings name it, such as `4.16.7`, `deb-4.17.7`,
  /// `4.22.0-privU` or `5a4a2cef08`.
  ///
  /// - Returns: the preset's name, which may be one that this build does not have; `nil` for a
  ///   release that no preset models.
  package static func nameModelling(release: String) -> String? {
    var release = Substring(release)
    var family = "xen-"
    if release.hasPrefix("x86-") {
      family = "x86-"
      release = release.dropFirst(4)
    }
    if release.hasPrefix("deb-") { release = release.dropFirst(4) }
    if let dash = release.firstIndex(of: "-") { release = release[..<dash] }
    let series = release.split(separator: ".").prefix(2).joined(separator: ".")
    if family == "x86-" { return family + (series == "4.22" ? series : String(release)) }
    switch series {
    case "4.14", "4.16", "4.20", "4.22": return family + series
    case "4.17": return release == "4.17.7" ? "xen-4.17.7" : "xen-4.17"
    default: return named(family + release)?.name
    }
  }
}

extension Preset {
  /// Every preset, Arm's first, then x86's, each oldest release first.
  package static let all = arm + x86

  private static let arm: [Preset] = [
    Preset(
      name: "xen-4.14", summary: "Xen 4.14: the array, never cleared by an unmap",
      knobs: array {
        $0.frameIndex = .bits64
        $0.populateInsert = .unchecked
      }),
    .default,
    Preset(
      name: "xen-4.16-clear-on-put",
      summary: "Xen 4.16 with the fix proposed in 2021: p2m_put_l3_page clears the array",
      knobs: array { $0.tracking = .arrayClearedOnPut }),
    Preset(
      name: "xen-5a4a2cef08",
      summary: "Development, July 2022: still the array, but a removal checks the MFN",
      knobs: array {
        $0.remap = .moveUnlessSame
        $0.removalCheck = .mfnMatch
        $0.invalidGFN = .early
      }),
    Preset(
      name: "xen-4.17", summary: "Xen 4.17.0: the GFN is kept in page_info; no array",
      knobs: pageInfo()),
    Preset(
      name: "xen-4.17.7", summary: "Xen 4.17.7: as 4.17, the grant lock held while mapping",
      knobs: pageInfo { $0.statusFramePinning = .lockHeld }),
    Preset(
      name: "xen-4.20", summary: "Xen 4.20: as 4.17.7, with other errnos for foreign maps",
      knobs: pageInfo {
        $0.statusFramePinning = .lockHeld
        $0.foreignErrno = .from420
      }),
    Preset(
      name: "xen-4.22", summary: "Xen 4.22: as 4.20",
      knobs: pageInfo {
        $0.statusFramePinning = .lockHeld
        $0.foreignErrno = .from420
      }),
  ]

  /// Xen 4.16 on Arm, with `change` applied.
  static func array(_ change: (inout Knobs) -> Void = { _ in }) -> Knobs {
    var knobs = Knobs(
      tracking: .array, remap: .move, removalCheck: .none, frameIndex: .split, invalidGFN: .late,
      foreignErrno: .before420, statusFramePinning: .pageRef, m2pLookup: .underLock,
      statusFreeing: .checked, populateInsert: .checked, unmapFirst: .no, statusGrowth: .onDemand,
      mmioReplacement: .replaced, gmfnMove: .v417, maxGrantVersion: 1)
    change(&knobs)
    return knobs
  }

  /// Xen 4.17.0 on Arm, with `change` applied.
  private static func pageInfo(_ change: (inout Knobs) -> Void = { _ in }) -> Knobs {
    array {
      $0.tracking = .pageInfo
      $0.remap = .busy
      $0.removalCheck = .mfnMatch
      $0.frameIndex = .bits32
      $0.invalidGFN = .early
      change(&$0)
    }
  }
}

/// What rules a hypervisor follows beside its knobs.
package enum Architecture: CaseIterable, Sendable {
  case arm
  case x86
}

/// The CPU that the model runs on, which decides how far a P2M reaches.
package enum CPU: String, CaseIterable, Sendable {
  /// Four levels, order-0 root.
  case cortexA57 = "cortex-a57"
  /// Three levels, order-1 root.
  case cortexA53 = "cortex-a53"
  /// Nested paging with four levels.
  case x86 = "x86-64"

  package var architecture: Architecture {
    switch self {
    case .cortexA57, .cortexA53: .arm
    case .x86: .x86
    }
  }

  /// The level of the uppermost tables. Xen: `P2M_ROOT_LEVEL`
  var rootLevel: Int {
    switch self {
    case .cortexA57, .x86: 0
    case .cortexA53: 1
    }
  }

  /// How many tables lie together there. Xen: `P2M_ROOT_PAGES`
  var rootTableCount: Int {
    switch self {
    case .cortexA57, .x86: 1
    case .cortexA53: 2
    }
  }

  /// The first GFN that no P2M reaches.
  package var p2mLimit: UInt64 {
    switch self {
    case .cortexA57, .x86: 1 << 36
    case .cortexA53: 1 << 28
    }
  }
}
