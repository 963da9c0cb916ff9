/// What is mapped by an add-to-physmap hypercall.
///
/// Xen: `XENMAPSPACE_*`
package enum MappingSpace: Sendable {
  case sharedInfo
  case grantTable
  /// A page of the domain's own; x86 only.
  case gmfn
  /// Xen: `XENMAPSPACE_gmfn_range`; other spaces that Arm has not stand as `other`.
  case gmfnRange
  case foreign(DomainID)
  case deviceMMIO
  case other(UInt64)

  /// The space of `number`; a foreign one maps pages of `owner`.
  package init(number: UInt64, owner: DomainID = DomainID(0)) {
    switch number {
    case 0: self = .sharedInfo
    case 1: self = .grantTable
    case 2: self = .gmfn
    case 3: self = .gmfnRange
    case 4: self = .foreign(owner)
    case 5: self = .deviceMMIO
    default: self = .other(number)
    }
  }
}

/// A batch of one entry: refused whole, or with an error of the entry's own.
package enum BatchOutcome: Sendable {
  case refused(HypercallError)
  case entry(HypercallError?)
}

/// The hypercalls as a caller makes them: who may do what to whom, and in which order it is asked.
///
/// Each is one operation: it clears `log` and `violations` first and fills them, also on failure.
extension Machine {
  /// Xen: `XENMEM_add_to_physmap`
  package mutating func addToPhysmap(
    caller: DomainID, target: DomainID, _ space: MappingSpace, index: UInt64, at gfn: GFN?
  ) throws(HypercallError) {
    try operation { machine throws(HypercallError) in
      if case .foreign = space { throw .unsupportedSpace(4) }
      let domain = try machine.permitted(target, by: caller, mapping: space)
      try machine.checkEarly(gfn)
      if case .gmfnRange = space { return }
      try machine.addOne(space, index: index, at: gfn, in: domain)
    }
  }

  /// A batch of one entry on the caller's behalf.
  ///
  /// Xen: `XENMEM_add_to_physmap_batch`
  package mutating func addToPhysmapBatch(
    caller: DomainID, target: DomainID, _ space: MappingSpace, index: UInt64, at gfn: GFN?
  ) -> BatchOutcome {
    do throws(HypercallError) {
      return try operation { machine throws(HypercallError) in
        if case .gmfnRange = space { throw .spaceNotBatched(3) }
        let domain = try machine.permitted(target, by: caller, mapping: space)
        try machine.checkEarly(gfn)
        do throws(HypercallError) {
          try machine.addOne(space, index: index, at: gfn, in: domain)
          return .entry(nil)
        } catch {
          switch error {
          case .panic, .domainCrashed: throw error
          default: return .entry(error)
          }
        }
      }
    } catch {
      return .refused(error)
    }
  }

  /// Xen: `XENMEM_remove_from_physmap`
  package mutating func removeFromPhysmap(
    caller: DomainID, target: DomainID, _ gfn: GFN?
  ) throws(HypercallError) {
    try operation { machine throws(HypercallError) in
      try machine.unmap(gfn, in: machine.permitted(target, by: caller))
    }
  }

  /// - Returns: extents done, 0 or 1.
  ///
  /// Xen: `XENMEM_populate_physmap`, which does nothing where it throws here
  package mutating func populatePhysmap(
    caller: DomainID, target: DomainID, _ gfn: GFN?, order: Int = 0
  ) throws(HypercallError) -> Int {
    try operation { machine throws(HypercallError) in
      try machine.populate(gfn, order: order, in: machine.permitted(target, by: caller))
    }
  }

  /// - Returns: extents done, 0 or 1.
  ///
  /// Xen: `XENMEM_decrease_reservation`, which does nothing where it throws here
  package mutating func decreaseReservation(
    caller: DomainID, target: DomainID, _ gfn: GFN?, order: Int = 0
  ) throws(HypercallError) -> Int {
    try operation { machine throws(HypercallError) in
      machine.decrease(gfn, order: order, in: try machine.permitted(target, by: caller))
    }
  }

  /// Maps device memory into `domain`, on the toolstack's behalf.
  ///
  /// Xen: `XEN_DOMCTL_memory_mapping`
  package mutating func addDeviceMapping(
    _ mfn: MFN, at gfn: GFN?, of domain: DomainID
  ) throws(HypercallError) {
    try operation { machine throws(HypercallError) in
      try machine.mapDevice(mfn, at: gfn, in: machine.permitted(domain, by: domain))
    }
  }

  /// Xen: `GNTTABOP_setup_table`
  package mutating func setUpGrantTable(
    caller: DomainID, target: DomainID, frames: UInt64
  ) throws(HypercallError) -> GrantStatus {
    try operation { machine throws(HypercallError) in
      machine.setUpGrantTable(frames, in: try machine.permitted(target, by: caller))
    }
  }

  /// Xen: `GNTTABOP_set_version`
  package mutating func setGrantTableVersion(
    caller: DomainID, to version: Int
  ) throws(HypercallError) {
    try operation { machine throws(HypercallError) in
      try machine.setGrantTableVersion(version, in: machine.permitted(caller, by: caller))
    }
  }

  /// Refused: a domain with a physmap is not told.
  ///
  /// Xen: `GNTTABOP_get_status_frames`
  package func getStatusFrames(caller: DomainID) throws(HypercallError) -> Never {
    throw .statusFramesNotTold(id(of: try permitted(caller, by: caller)))
  }

  /// Pages that `target` has allocated.
  ///
  /// Xen: `XENMEM_current_reservation`
  package func currentReservation(
    caller: DomainID, target: DomainID
  ) throws(HypercallError) -> UInt64 {
    domains[try permitted(target, by: caller).rawValue].allocatedPages
  }

  /// Pages that `target` may have allocated.
  ///
  /// Xen: `XENMEM_maximum_reservation`
  package func maximumReservation(
    caller: DomainID, target: DomainID
  ) throws(HypercallError) -> UInt64 {
    domains[try permitted(target, by: caller).rawValue].configuration.maxPages
  }

  /// The domain that `target` means to `caller`, if `caller` may act on it, and map from `space`.
  ///
  /// Xen: `rcu_lock_domain_by_any_id`, `xatp_permission_check`, then XSM's `XSM_TARGET`
  func permitted(
    _ target: DomainID, by caller: DomainID, mapping space: MappingSpace? = nil
  ) throws(HypercallError) -> DomainIndex {
    if let panic { throw .panic(panic) }
    if let crashed = index(of: caller), let reason = domains[crashed.rawValue].crash {
      throw .domainCrashed(caller, reason)
    }
    let target = target == .caller ? caller : target
    guard let domain = index(of: target) else { throw .noSuchDomain(target) }
    if case .deviceMMIO? = space {
      guard target == caller, caller == .hardware else { throw .deviceSpaceRefused(caller) }
    }
    guard target == caller || index(of: caller).map(isPrivileged) == true else {
      throw .notPermitted(caller: caller, target: target)
    }
    return domain
  }

  /// Runs `body` as one operation: its effects and violations are kept, and a panic or a crash is for
  /// good.
  mutating func operation<R>(
    _ body: (inout Machine) throws(HypercallError) -> R
  ) throws(HypercallError) -> R {
    forgetLastOperation()
    if let panic { throw .panic(panic) }
    defer { judge() }
    do throws(HypercallError) {
      return try body(&self)
    } catch {
      switch error {
      case .panic(let panic):
        self.panic = panic
        for index in domains.indices { endProgress(of: DomainIndex(index)) }
      case .domainCrashed(let domain, let reason):
        if let index = index(of: domain) {
          domains[index.rawValue].crash = reason
          endProgress(of: index)
        }
      default: break
      }
      throw error
    }
  }
}

/// What is common to adding to a physmap one by one and in a batch, once it is permitted.
extension MachineStorage {
  /// Releases that know INVALID_GFN refuse it before they look at anything else.
  /// - Throws: `invalidGFN`.
  package func checkEarly(_ gfn: GFN?) throws(HypercallError) {
    switch knobs.invalidGFN {
    case .early: if gfn == nil { throw .invalidGFN }
    case .late: break
    }
  }

  /// Xen: `xenmem_add_to_physmap_one`
  package mutating func addOne(
    _ space: MappingSpace, index: UInt64, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    switch space {
    case .grantTable: try mapGrantFrame(index, at: gfn, in: domain)
    case .sharedInfo: try mapSharedInfo(index, at: gfn, in: domain)
    case .foreign(let owner):
      try mapForeignPage(from: owner, GFN(rawValue: index), at: gfn, in: domain)
    case .gmfn:
      switch architecture {
      case .arm: throw .unsupportedSpace(2)
      case .x86: try moveOwnPage(from: GFN(rawValue: index), to: gfn, in: domain)
      }
    case .deviceMMIO:
      switch architecture {
      case .arm:
        guard index < MFN.limit else { throw .invalidGFN }
        try mapDevice(MFN(index), at: gfn, in: domain)
      case .x86: throw .noSuchSpace(5)
      }
    case .gmfnRange: throw .unsupportedSpace(3)
    case .other(let number):
      switch architecture {
      case .arm: throw .unsupportedSpace(number)
      case .x86: throw .noSuchSpace(number)
      }
    }
  }
}

extension DomainID {
  /// The domain that owns the devices. Xen: `hardware_domain`
  static let hardware = DomainID(0)
}
