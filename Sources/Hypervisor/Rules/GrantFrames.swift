/// The rule that all of this is about: how a grant frame comes to be mapped at a GFN.
extension MachineStorage {
  /// Maps the grant frame that `index` means in `domain` at `gfn`; `nil` is INVALID_GFN.
  ///
  /// Another vCPU can come between its steps, which follow here. What was changed before a failure
  /// stays changed.
  /// - Throws: `noSuchFrame`, `noSuchStatusFrame`, `frameBusy`, `frameDead`,
  ///   `otherPageAtTrackedGFN`, `trackedBeyondP2M`, `beyondP2M`, `invalidGFN`, `outOfTables`,
  ///   `panic`; on x86 also `notInP2M`, `foreignInTheWay`, `deviceInTheWay`.
  ///
  /// Xen: `XENMAPSPACE_grant_table` within `xenmem_add_to_physmap_one`
  package mutating func mapGrantFrame(
    _ index: UInt64, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    try run(.mapGrantFrame(index, at: gfn), in: domain)
  }

  /// The first step, under the grant lock: finds the frame, takes it away from where it is believed
  /// to be where the release does so this early, and takes a reference that keeps it from being
  /// freed.
  ///
  /// Xen: `gnttab_map_frame`, later `gnttab_map_frame_begin`
  mutating func beginMapping(
    _ index: UInt64, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) -> FrameMapping {
    let page = try existingFrame(index, in: domain)
    let mapping = FrameMapping(page: page, mfn: mfn(of: page, in: domain), gfn: gfn)
    let tracked = isFound(page, by: index) ? tracked(page, in: domain) : nil
    switch (knobs.remap, architecture) {
    case (.move, .arm):
      if let tracked { try removeTracked(mapping, at: tracked, in: domain) }
      try pin(mapping, in: domain)
    case (.moveUnlessSame, .arm):
      try pin(mapping, in: domain)
      if let tracked, tracked != gfn {
        do throws(HypercallError) {
          try removeTracked(mapping, at: tracked, in: domain)
        } catch {
          unpin(mapping)
          throw error
        }
      }
    case (.move, .x86), (.moveUnlessSame, .x86):
      switch knobs.unmapFirst {
      case .yes: if let tracked { try removeTracked(mapping, at: tracked, in: domain) }
      case .no: break
      }
      try pin(mapping, in: domain)
    case (.busy, _):
      try pin(mapping, in: domain)
    }
    switch knobs.tracking {
    case .array, .arrayClearedOnPut:
      do throws(HypercallError) {
        try checkNotBusy(page, in: domain)
      } catch {
        unpin(mapping)
        throw error
      }
      setTracked(page, to: gfn, in: domain)
    case .pageInfo, .m2p: break  // Asked and written under the P2M lock.
    }
    return mapping
  }

  /// Whether there is a second step, under no lock: x86 asked where the frame is mapped (XSA-379).
  var asksM2PBeforeLock: Bool {
    switch (architecture, knobs.m2pLookup) {
    case (.x86, .beforeLock): true
    case (.x86, .underLock), (.arm, _): false
    }
  }

  /// The third step, under the P2M lock: the frame comes to its GFN.
  mutating func insert(
    _ mapping: FrameMapping, in domain: DomainIndex
  ) throws(HypercallError) {
    switch knobs.tracking {
    case .array, .arrayClearedOnPut: break  // Asked and written before.
    case .pageInfo, .m2p: try checkNotBusy(mapping.page, in: domain)
    }
    switch architecture {
    case .arm:
      try put(P2MEntry(mapping.mfn, .ramReadWrite), at: mapping.gfn, in: domain)
    case .x86:
      let old: GFN?
      switch knobs.m2pLookup {
      case .beforeLock: old = mapping.old
      case .underLock: old = tracked(mapping.page, in: domain)
      }
      try putMoving(mapping.mfn, from: old, at: mapping.gfn, in: domain)
    }
    switch knobs.tracking {
    case .array, .arrayClearedOnPut: break
    case .pageInfo, .m2p: setTracked(mapping.page, to: mapping.gfn, in: domain)
    }
  }

  /// Whether a reference keeps the frame from being freed until it is mapped (XSA-384).
  var isPinned: Bool {
    switch knobs.statusFramePinning {
    case .none: false
    case .pageRef, .lockHeld: true
    }
  }

  /// The last step, under no lock unless the grant lock is held all along: the reference goes.
  ///
  /// Xen: `gnttab_map_frame_end`
  mutating func unpin(_ mapping: FrameMapping) {
    if isPinned { dropReference(to: mapping.mfn) }
  }

  /// A frame that was given back by a decrease has no reference left to take.
  private mutating func pin(
    _ mapping: FrameMapping, in domain: DomainIndex
  ) throws(HypercallError) {
    guard isPinned else { return }
    guard !isDead(mapping.mfn), !referenceFails(1, in: domain), takeReference(to: mapping.mfn)
    else {
      throw .frameDead(domain: id(of: domain), page: mapping.page)
    }
  }

  private func checkNotBusy(
    _ page: SpecialPage, in domain: DomainIndex
  ) throws(HypercallError) {
    switch knobs.remap {
    case .busy:
      if let tracked = tracked(page, in: domain) {
        throw .frameBusy(domain: id(of: domain), page: page, at: tracked)
      }
    case .move, .moveUnlessSame: return
    }
  }

  /// Removes what is at `gfn`, where the frame is believed to be.
  private mutating func removeTracked(
    _ mapping: FrameMapping, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) {
    guard gfn.rawValue < p2mLimit else {
      throw .trackedBeyondP2M(domain: id(of: domain), page: mapping.page, at: gfn)
    }
    try removeBelieved(mapping.mfn, at: gfn, in: domain, cause: .moved)
  }
}

/// A frame on its way to a GFN: what one vCPU knows between the steps.
package struct FrameMapping: Hashable, Sendable {
  package let page: SpecialPage
  package let mfn: MFN
  /// Where it is to be; `nil` is INVALID_GFN.
  package let gfn: GFN?
  /// Where it was when x86 asked the M2P before the P2M lock.
  package var old: GFN?

  package init(page: SpecialPage, mfn: MFN, gfn: GFN?, old: GFN? = nil) {
    self.page = page
    self.mfn = mfn
    self.gfn = gfn
    self.old = old
  }
}
