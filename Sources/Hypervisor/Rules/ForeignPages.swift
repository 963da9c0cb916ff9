/// Mapping another domain's pages.
extension MachineStorage {
  /// Maps the page that `owner` has at `source` into `domain` at `gfn`; `nil` is INVALID_GFN.
  ///
  /// A failure leaves what was at `gfn` alone.
  /// - Throws: `noSuchDomain`, `foreignFromItself`, `notPermitted`, `nothingToMap`, `invalidGFN`,
  ///   `beyondP2M`, `outOfTables`; on x86 also `notInP2M`, `foreignInTheWay`, `deviceInTheWay`.
  ///
  /// Xen: `XENMAPSPACE_gmfn_foreign` within `xenmem_add_to_physmap_one`
  package mutating func mapForeignPage(
    from owner: DomainID, _ source: GFN?, at gfn: GFN?, in domain: DomainIndex
  ) throws(HypercallError) {
    let caller = id(of: domain)
    if architecture == .x86, !isPrivileged(domain), owner != .caller {
      throw .notPermitted(caller: caller, target: owner)
    }
    let isSpecial = try checkForeignOwner(owner, caller: caller)
    guard isPrivileged(domain) else { throw .notPermitted(caller: caller, target: owner) }
    if !isSpecial { noteWalk() }
    guard !isSpecial, let source, source.rawValue < p2mLimit, let index = index(of: owner),
      let entry = entry(at: source, in: index), isForeignMappable(entry),
      !referenceFails(1, in: domain)
    else { throw .nothingToMap(domain: owner, gfn: source) }

    guard takeReference(to: entry.mfn) else {
      throw .outOfHostMemory(domain: caller, gfn: gfn ?? source)
    }
    do throws(HypercallError) {
      switch architecture {
      case .arm:
        let foreign = P2MEntry(entry.mfn, .mapForeignReadWrite)
        try put(foreign, at: gfn, in: domain, source: source)
      case .x86:
        try putForeign(entry.mfn, from: source, at: gfn, in: domain)
      }
    } catch {
      dropReference(to: entry.mfn)
      throw error
    }
  }

  /// Whether `owner` may be named as somebody else's domain.
  ///
  /// - Returns: whether it is a pseudo-domain, which has no page to give.
  ///
  /// Xen: `get_pg_owner`, later `rcu_lock_remote_domain_by_id`; x86 4.10 `rcu_lock_domain_by_id`
  private func checkForeignOwner(
    _ owner: DomainID, caller: DomainID
  ) throws(HypercallError) -> Bool {
    switch knobs.foreignErrno {
    case .before420:
      if owner == caller { throw .foreignFromItself(caller, .ESRCH) }
      if owner == .caller { throw .foreignFromItself(caller, .EINVAL) }
      if owner == .io || owner == .xen { return true }
    case .from420:
      if owner == caller { throw .foreignFromItself(caller, .EPERM) }
      if owner == .xen { return true }
    case .x86v410:
      if owner == caller || owner == .caller { throw .foreignFromItself(caller, .EINVAL) }
      if owner == .xen { return true }
    }
    guard index(of: owner) != nil else { throw .noSuchDomain(owner) }
    return false
  }

  /// Only what is the owner's own can be mapped, and only while it has references.
  private func isForeignMappable(_ entry: P2MEntry) -> Bool {
    switch entry.type {
    case .ramReadWrite: isReferable(entry)
    case .mapForeignReadWrite, .mmioDirectDevice: false
    }
  }
}
