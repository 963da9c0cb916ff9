/// How many frames a grant table has, and of which version it is.
extension MachineStorage {
  /// The frame that `index` means, after growing the table to hold it.
  ///
  /// - Throws: `noSuchFrame`, `noSuchStatusFrame`, `frameDead`, `panic`.
  ///
  /// Xen: `gnttab_get_shared_frame_mfn`, `gnttab_get_status_frame_mfn`
  mutating func existingFrame(
    _ index: UInt64, in domain: DomainIndex
  ) throws(HypercallError) -> SpecialPage {
    if index & GrantTable.statusFlag != 0, grantVersion(of: domain) == 2 {
      return try existingStatusFrame(index, in: domain)
    }
    let checked: UInt64
    switch knobs.frameIndex {
    case .bits64: checked = index
    case .split, .bits32: checked = index & 0xffff_ffff
    }
    guard checked < UInt64(maxGrantFrames) else {
      throw .noSuchFrame(index: index, maximum: maxGrantFrames)
    }
    let frame = Int(checked)
    if frame >= grantFrameCount(of: domain), !grow(to: frame + 1, in: domain) {
      throw .noSuchFrame(index: index, maximum: grantFrameCount(of: domain))
    }

    switch knobs.frameIndex {
    case .split where Self.arrayOffset(of: index) != Self.arrayOffset(of: checked):
      if architecture == .arm, isDead(mfn(of: .grant(frame), in: domain)) {
        throw .frameDead(domain: id(of: domain), page: .grant(frame))
      }
      throw .panic(HypervisorPanic(index: index))
    case .split, .bits64, .bits32:
      return .grant(frame)
    }
  }

  /// Only the 31 bits below the flag count, on every release.
  private mutating func existingStatusFrame(
    _ index: UInt64, in domain: DomainIndex
  ) throws(HypercallError) -> SpecialPage {
    let frame = Int(index & (GrantTable.statusFlag - 1))
    if frame >= statusFrameCount(of: domain) {
      let grantFrames = (frame + 1) * GrantTable.framesPerStatusFrame
      switch knobs.statusGrowth {
      case .never:
        throw .noSuchStatusFrame(frame, existing: statusFrameCount(of: domain))
      case .onDemand:
        guard grantFrames <= maxGrantFrames, grow(to: grantFrames, in: domain) else {
          throw .noSuchStatusFrame(frame, existing: statusFrameCount(of: domain))
        }
      }
    }
    return .status(frame)
  }

  /// Whether the tracking of `page` is found by `index`. Only Arm's array is indexed by what was
  /// not truncated.
  func isFound(_ page: SpecialPage, by index: UInt64) -> Bool {
    switch (page, architecture, knobs.frameIndex) {
    case (.grant(let frame), .arm, .bits64), (.grant(let frame), .arm, .split):
      index == UInt64(frame)
    case (.grant, .arm, .bits32), (.grant, .x86, _), (.status, _, _), (.sharedInfo, _, _): true
    }
  }

  /// Where in the array the member for `index` lies, in bytes; from 2^61 on it is back at the start.
  private static func arrayOffset(of index: UInt64) -> UInt64 { index &* 8 }

  /// Makes at least `count` frames exist.
  ///
  /// - Returns: the operation's status, GNTST_okay or GNTST_general_error.
  ///
  /// Xen: `GNTTABOP_setup_table`
  package mutating func setUpGrantTable(_ count: UInt64, in domain: DomainIndex) -> GrantStatus {
    guard count <= UInt64(maxGrantFrames) else { return .generalError }
    let isEnough = count <= UInt64(grantFrameCount(of: domain))
    return isEnough || grow(to: Int(count), in: domain) ? .okay : .generalError
  }

  /// Makes `count` frames exist, and the status frames that go with them.
  ///
  /// Xen: `gnttab_grow_table`
  private mutating func grow(to count: Int, in domain: DomainIndex) -> Bool {
    let hasStatus = grantVersion(of: domain) == 2
    return growGrantTable(
      of: domain, to: count, statusFrames: hasStatus ? GrantTable.statusFrames(for: count) : 0)
  }

  /// Chooses the version of the grant table. Version 2 has status frames; going back to version 1
  /// frees them.
  ///
  /// - Throws: `noSuchGrantVersion`, `grantVersionUnsupported`, `domainCrashed`, `outOfMemory`.
  ///
  /// Xen: `GNTTABOP_set_version`
  package mutating func setGrantTableVersion(
    _ version: Int, in domain: DomainIndex
  ) throws(HypercallError) {
    guard version == 1 || version == 2 else { throw .noSuchGrantVersion(version) }
    guard version <= knobs.maxGrantVersion else { throw .grantVersionUnsupported(version) }
    guard version != grantVersion(of: domain) else { return }
    if version == 2 {
      let count = grantFrameCount(of: domain)
      let statusCount = GrantTable.statusFrames(for: count)
      guard growGrantTable(of: domain, to: count, statusFrames: statusCount) else {
        throw .outOfMemory(domain: id(of: domain))
      }
    } else {
      for frame in 0..<statusFrameCount(of: domain) {
        let tracked = trackedForFreeing(frame, in: domain)
        try detachStatusFrame(frame, at: tracked, in: domain)
        try releaseStatusFrame(frame, in: domain)
      }
      freeStatusFrames(of: domain)
    }
    setGrantVersion(to: version, of: domain)
  }

  /// Where status frame `frame` is believed mapped, as the freeing of it asks.
  package func trackedForFreeing(_ frame: Int, in domain: DomainIndex) -> GFN? {
    switch knobs.statusFreeing {
    case .blind: nil  // XSA-255: nobody asks.
    case .checked: tracked(.status(frame), in: domain)
    }
  }

  /// Takes status frame `frame` away from `gfn`, under the P2M lock.
  package mutating func detachStatusFrame(
    _ frame: Int, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    guard let gfn else { return }
    do throws(HypercallError) {
      try removeBelieved(
        mfn(of: .status(frame), in: domain), at: gfn, in: domain, cause: .versionSwitch)
    } catch {
      throw .domainCrashed(id(of: domain), .statusFrameNotRemoved(frame))
    }
  }

  /// Drops the allocation reference of status frame `frame`; nobody else may hold one.
  package mutating func releaseStatusFrame(
    _ frame: Int, in domain: DomainIndex
  ) throws(HypercallError) {
    let mfn = mfn(of: .status(frame), in: domain)
    dropAllocationReference(to: mfn)
    switch knobs.statusFreeing {
    case .blind: break
    case .checked:
      guard isDead(mfn) else {
        throw .domainCrashed(id(of: domain), .statusFrameInUse(frame))
      }
    }
  }
}

extension GrantTable {
  /// Marks an index as a status frame's. Xen: `XENMAPIDX_grant_table_status`
  package static let statusFlag: UInt64 = 1 << 31
  /// Grant frames whose entries have their status in one status frame.
  package static let framesPerStatusFrame = 8

  /// Status frames that go with `count` grant frames. Xen: `grant_to_status_frames`
  package static func statusFrames(for count: Int) -> Int {
    (count + framesPerStatusFrame - 1) / framesPerStatusFrame
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
