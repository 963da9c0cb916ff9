/// The rule that all of this is about: how a grant frame comes to be mapped at a GFN.
extension MachineStorage {
  /// Maps grant frame `index` of `domain` at `gfn`; `nil` is INVALID_GFN.
  ///
  /// What was changed before a failure stays changed.
  /// - Throws: `noSuchFrame`, `frameBusy`, `frameDead`, `otherPageAtTrackedGFN`,
  ///   `trackedBeyondP2M`, `beyondP2M`, `invalidGFN`, `outOfTables`, `panic`.
  ///
  /// Xen: `gnttab_map_frame`, later `gnttab_map_frame_begin`, within `xenmem_add_to_physmap_one`
  package mutating func mapGrantFrame(
    _ index: UInt64, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    let frame = try existingFrame(index, in: domain)

    // First the frame is taken away from where it is believed to be. An index beyond the frames that
    // exist is believed to be nowhere, though it was taken for this frame's.
    let isKnown = knobs.frameIndex == .bits32 || index == UInt64(frame)
    let tracked = isKnown ? tracked(frame, in: domain) : nil
    switch knobs.remap {
    case .move:
      if let tracked { try removeTracked(frame, at: tracked, in: domain) }
      try checkAlive(frame, in: domain)
    case .moveUnlessSame:
      try checkAlive(frame, in: domain)
      if let tracked, tracked != gfn { try removeTracked(frame, at: tracked, in: domain) }
    case .busy:
      try checkAlive(frame, in: domain)
      if let tracked {
        throw .frameBusy(domain: id(of: domain), frame: frame, at: tracked)
      }
    }

    // Then it is mapped. The array is written first, and keeps what it says if mapping fails.
    let entry = P2MEntry(mfn(ofGrantFrame: frame, in: domain), .ramReadWrite)
    switch knobs.tracking {
    case .array, .arrayClearedOnPut:
      setTracked(frame, to: gfn, in: domain)
      try put(entry, at: gfn, in: domain)
    case .pageInfo, .m2p:
      try put(entry, at: gfn, in: domain)
      setTracked(frame, to: gfn, in: domain)
    }
  }

  /// The frame that `index` means, after growing the table to hold it.
  ///
  /// Xen: `gnttab_get_shared_frame_mfn`
  private mutating func existingFrame(
    _ index: UInt64, in domain: DomainIndex
  ) throws(HypercallError) -> Int {
    let checked: UInt64
    switch knobs.frameIndex {
    case .bits64: checked = index
    case .split, .bits32: checked = index & 0xffff_ffff
    }
    guard checked < UInt64(maxGrantFrames) else {
      throw .noSuchFrame(index: index, maximum: maxGrantFrames)
    }
    let frame = Int(checked)
    if frame >= grantFrameCount(of: domain), !growGrantTable(of: domain, to: frame + 1) {
      throw .noSuchFrame(index: index, maximum: grantFrameCount(of: domain))
    }

    switch knobs.frameIndex {
    case .split where Self.arrayOffset(of: index) != Self.arrayOffset(of: checked):
      try checkAlive(frame, in: domain)
      throw .panic(HypervisorPanic(index: index))
    case .split, .bits64, .bits32:
      return frame
    }
  }

  /// Where in the array the member for `index` lies, in bytes; from 2^61 on it is back at the start.
  private static func arrayOffset(of index: UInt64) -> UInt64 { index &* 8 }

  /// Removes what is at `gfn`, where `frame` is believed to be.
  private mutating func removeTracked(
    _ frame: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) {
    guard gfn.rawValue < p2mLimit else {
      throw .trackedBeyondP2M(domain: id(of: domain), frame: frame, at: gfn)
    }
    let entry = entry(at: gfn, in: domain)
    let isFrame = entry?.mfn == mfn(ofGrantFrame: frame, in: domain)
    switch knobs.removalCheck {
    case .none: break
    case .mfnMatch:
      if let entry, entry.type.isAnyRAM, !isFrame {
        throw .otherPageAtTrackedGFN(domain: id(of: domain), frame: frame, at: gfn)
      }
    }
    try remove(at: gfn, in: domain, cause: isFrame ? .moved : .staleTracking)
  }

  /// A frame that was given back by a decrease has no reference left to take.
  private mutating func checkAlive(
    _ frame: Int, in domain: DomainIndex
  ) throws(HypercallError) {
    switch knobs.statusFramePinning {
    case .none: return
    case .pageRef, .lockHeld:
      if isDead(mfn(ofGrantFrame: frame, in: domain)) || referenceFails(1, in: domain) {
        throw .frameDead(domain: id(of: domain), frame: frame)
      }
    }
  }

  /// Makes at least `count` frames exist.
  ///
  /// - Returns: the operation's status, GNTST_okay or GNTST_general_error.
  ///
  /// Xen: `GNTTABOP_setup_table`
  package mutating func setUpGrantTable(_ count: UInt64, in domain: DomainIndex) -> GrantStatus {
    guard count <= UInt64(maxGrantFrames) else { return .generalError }
    let isEnough = count <= UInt64(grantFrameCount(of: domain))
    return isEnough || growGrantTable(of: domain, to: Int(count)) ? .okay : .generalError
  }
}

/// What a grant table operation reports beside the hypercall's return code.
package enum GrantStatus: Int, Sendable {
  /// Xen: `GNTST_okay`
  case okay = 0
  /// Xen: `GNTST_general_error`
  case generalError = -1
  /// Xen: `GNTST_bad_domain`
  case badDomain = -2
  /// Xen: `GNTST_permission_denied`
  case permissionDenied = -8
}
