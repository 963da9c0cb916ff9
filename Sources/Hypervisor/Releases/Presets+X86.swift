extension Preset {
  /// x86's, oldest release first.
  static let x86: [Preset] = [
    Preset(
      name: "x86-4.10.0", summary: "x86 Xen 4.10.0: status frames are freed while mapped (XSA-255)",
      knobs: v410 { $0.statusFreeing = .blind }, cpu: .x86),
    Preset(
      name: "x86-4.10.1",
      summary: "x86 Xen 4.10.1: status frames are unmapped before they are freed",
      knobs: v410(), cpu: .x86),
    Preset(
      name: "x86-4.15.0",
      summary: "x86 Xen 4.15.0: the M2P is read before the lock (XSA-379, XSA-384)",
      knobs: v415(), cpu: .x86),
    Preset(
      name: "x86-4.15.1",
      summary: "x86 Xen 4.15.1: the M2P is read under the lock, frames are pinned",
      knobs: v415 {
        $0.m2pLookup = .underLock
        $0.statusFramePinning = .pageRef
        $0.mmioReplacement = .refused
      }, cpu: .x86),
    Preset(
      name: "x86-4.17.0", summary: "x86 Xen 4.17.0: a frame keeps its mapping where it cannot move",
      knobs: m2p(), cpu: .x86),
    Preset(
      name: "x86-4.17.7", summary: "x86 Xen 4.17.7: the grant lock is held while mapping (XSA-486)",
      knobs: m2p { $0.statusFramePinning = .lockHeld }, cpu: .x86),
    Preset(
      name: "x86-4.22", summary: "x86 Xen 4.22: as 4.17.7; only RAM moves between GFNs",
      knobs: m2p {
        $0.statusFramePinning = .lockHeld
        $0.gmfnMove = .v422
      }, cpu: .x86),
  ]

  /// Xen 4.17.0 on x86, with `change` applied.
  private static func m2p(_ change: (inout Knobs) -> Void = { _ in }) -> Knobs {
    array {
      $0.tracking = .m2p
      $0.removalCheck = .mfnMatch
      $0.frameIndex = .bits32
      $0.invalidGFN = .early
      $0.foreignErrno = .from420
      $0.mmioReplacement = .refused
      $0.maxGrantVersion = 2
      change(&$0)
    }
  }

  /// Xen 4.15.0 on x86, with `change` applied.
  private static func v415(_ change: (inout Knobs) -> Void = { _ in }) -> Knobs {
    m2p {
      $0.frameIndex = .split
      $0.invalidGFN = .late
      $0.statusFramePinning = .none
      $0.m2pLookup = .beforeLock
      $0.populateInsert = .unchecked
      $0.unmapFirst = .yes
      $0.mmioReplacement = .replaced
      $0.gmfnMove = .v415
      change(&$0)
    }
  }

  /// Xen 4.10.1, with `change` applied.
  private static func v410(_ change: (inout Knobs) -> Void = { _ in }) -> Knobs {
    v415 {
      $0.frameIndex = .bits64
      $0.foreignErrno = .x86v410
      $0.statusGrowth = .never
      $0.gmfnMove = .v410
      change(&$0)
    }
  }
}
