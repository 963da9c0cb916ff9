/// Creating domains, and their regions.
extension Machine {
  /// Why a domain cannot be created.
  package enum CreationError: Error, Hashable, Sendable {
    case domainExists(DomainID)
    /// The host has no room for it: which limit, and its value.
    case limit(String, UInt64)
    /// The host has no memory left for its page tables.
    case hostMemory
    /// Its P2M's pool has too few tables for its RAM.
    case tablePool(limit: Int)
    /// Another direct-mapped domain has some of range `index`.
    case ramTaken(index: Int)
  }

  /// Adds a domain, with its RAM mapped, one grant frame and a shared_info page.
  ///
  /// The configuration's ranges must lie within the P2M and not overlap.
  /// - Throws: `CreationError`; nothing has changed then.
  package mutating func createDomain(
    _ configuration: DomainConfiguration
  ) throws(CreationError) {
    guard index(of: configuration.id) == nil else { throw .domainExists(configuration.id) }
    guard domains.count < Limits.domains else { throw .limit("domains", UInt64(Limits.domains)) }
    let pages = configuration.ram.reduce(0) { $0 + $1.pageCount }
    guard pages <= Limits.ramPages - min(frameTable.ramPages, Limits.ramPages) else {
      throw .limit("RAM pages", Limits.ramPages)
    }

    var frames = frameTable
    var starts: [MFN] = []
    for (index, range) in configuration.ram.enumerated() {
      let start = frames.addRAM(
        range, owner: configuration.id, directMapped: configuration.directMapped,
        order: range.order)
      guard let start else { throw .ramTaken(index: index) }
      starts.append(start)
    }
    let page = PageInfo(kind: .sharedInfo, owner: configuration.id)
    let pool = tablePool(for: configuration.id)
    guard let sharedInfo = frames.allocate(page),
      var p2m = PageTable(cpu: self.configuration.cpu, pool: pool, memory: memory)
    else { throw .hostMemory }
    for (range, start) in zip(configuration.ram, starts) {
      switch p2m.map(range, from: start) {
      case .done: continue
      case .noTable: throw .tablePool(limit: pool.limit)
      case .noMemory: throw .hostMemory
      }
    }
    var domain = Domain(
      configuration, vcpus: self.configuration.vcpus, p2m: p2m, sharedInfo: sharedInfo)
    guard let frame = frames.allocate(PageInfo(kind: .grant, owner: configuration.id)) else {
      throw .hostMemory
    }
    domain.grantTable.frames = [GrantTable.Frame(mfn: frame)]

    frameTable = frames
    let position = domains.firstIndex { $0.id > configuration.id } ?? domains.endIndex
    domains.insert(domain, at: position)
    forgetLastOperation()
  }

  /// What a new domain's P2M may take. The hardware domain takes from the host's heap instead.
  ///
  /// Xen: `p2m_alloc_page`
  private func tablePool(for domain: DomainID) -> TablePool {
    let limit = domain == .hardware ? nil : configuration.p2mPoolPages
    return TablePool(limit: min(limit ?? Limits.tablesPerDomain, Limits.tablesPerDomain))
  }

  /// Adds a region, which must not overlap another one of the domain.
  package mutating func addRegion(_ region: Region, to domain: DomainIndex) {
    precondition(
      !domains[domain.rawValue].regions.contains { $0.range.overlaps(region.range) },
      "regions of a domain do not overlap")
    domains[domain.rawValue].regions.append(region)
  }

  /// Removes the region at `position` of the domain's regions.
  package mutating func removeRegion(at position: Int, of domain: DomainIndex) {
    domains[domain.rawValue].regions.remove(at: position)
  }

  /// The first of `pageCount` GFNs in a region that lie together with nothing mapped.
  ///
  /// - Parameter position: which of the domain's regions.
  package func firstFreeGFN(
    inRegion position: Int, pageCount: UInt64, of domain: DomainIndex
  ) -> GFN? {
    let range = domains[domain.rawValue].regions[position].range
    return firstFreeGFN(in: range, pageCount: pageCount, of: domain)
  }

  /// The same behind what this found last in the region, or from its first GFN where there is no
  /// room up to its end. A search that fails forgets nothing.
  package mutating func nextFreeGFN(
    inRegion position: Int, pageCount: UInt64, of domain: DomainIndex
  ) -> GFN? {
    let region = domains[domain.rawValue].regions[position]
    let behind = region.cursor.flatMap { cursor in
      freeGFN(from: cursor, to: region.range.end, pageCount: pageCount, of: domain)
    }
    let found =
      behind ?? firstFreeGFN(inRegion: position, pageCount: pageCount, of: domain)
    guard let found else { return nil }
    domains[domain.rawValue].regions[position].cursor = found.rawValue + pageCount
    return found
  }

  /// The first of `pageCount` GFNs in `range` that lie together with nothing mapped.
  package func firstFreeGFN(
    in range: GuestRange, pageCount: UInt64 = 1, of domain: DomainIndex
  ) -> GFN? {
    freeGFN(from: range.first.rawValue, to: range.end, pageCount: pageCount, of: domain)
  }

  private func freeGFN(
    from start: UInt64, to end: UInt64, pageCount: UInt64, of domain: DomainIndex
  ) -> GFN? {
    var candidate = start
    domains[domain.rawValue].p2m.forEachLeaf(from: start, to: end) { leaf in
      if leaf.gfn.rawValue - candidate >= pageCount { return false }
      candidate = leaf.end
      return true
    }
    return end >= candidate && end - candidate >= pageCount ? GFN(candidate) : nil
  }
}

extension PageTable {
  /// Maps `range` to the machine frames from `first` on, as RAM, with leaves of at most its order.
  fileprivate mutating func map(_ range: GuestRange, from first: MFN) -> Outcome {
    var done: UInt64 = 0
    while done < range.pageCount {
      let entry = P2MEntry(MFN(first.rawValue + done), .ramReadWrite)
      let gfn = GFN(range.first.rawValue + done)
      let order = Self.leafOrders.last { order in
        let pages: UInt64 = 1 << UInt64(order)
        return order <= range.order && pages <= range.pageCount - done
          && (gfn.rawValue | entry.mfn.rawValue) % pages == 0
      }
      let outcome: Outcome
      let pages: UInt64
      if let order, order > 0 {
        (outcome, pages) = (set(entry, at: gfn, order: order), 1 << UInt64(order))
      } else {
        // A larger leaf begins where a table does, so none is missed.
        (outcome, pages) = set(entry, at: gfn, pageCount: range.pageCount - done)
      }
      guard outcome == .done else { return outcome }
      done += pages
    }
    return .done
  }
}
