/// Creating domains, and their regions.
extension Machine {
  /// Why a domain cannot be created.
  package enum CreationError: Error, Hashable, Sendable {
    case domainExists(DomainID)
    /// The host has no room for it: which limit, and its value.
    case limit(String, UInt64)
    /// The host has no memory left for its page tables.
    case hostMemory
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
        range, owner: configuration.id, directMapped: configuration.directMapped)
      guard let start else { throw .ramTaken(index: index) }
      starts.append(start)
    }
    let page = PageInfo(kind: .sharedInfo, owner: configuration.id)
    guard let sharedInfo = frames.allocate(page), var p2m = PageTable(memory: memory) else {
      throw .hostMemory
    }
    for (range, start) in zip(configuration.ram, starts) {
      guard p2m.map(range, from: start, tableLimit: Limits.tablesPerDomain) else {
        throw .hostMemory
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
    return freeGFN(from: range.first.rawValue, to: range.end, pageCount: pageCount, of: domain)
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

  /// The first GFN in `range` with nothing mapped.
  package func firstFreeGFN(in range: GuestRange, of domain: DomainIndex) -> GFN? {
    freeGFN(from: range.first.rawValue, to: range.end, pageCount: 1, of: domain)
  }

  private func freeGFN(
    from start: UInt64, to end: UInt64, pageCount: UInt64, of domain: DomainIndex
  ) -> GFN? {
    var candidate = start
    domains[domain.rawValue].p2m.forEachEntry(from: start, to: end) { gfn, _ in
      if gfn.rawValue - candidate >= pageCount { return false }
      candidate = gfn.rawValue + 1
      return true
    }
    return end - candidate >= pageCount ? GFN(candidate) : nil
  }
}

extension PageTable {
  /// Maps `range` to the machine frames from `first` on, as RAM.
  ///
  /// - Returns: whether the tables that it takes are within `tableLimit`.
  fileprivate mutating func map(
    _ range: GuestRange, from first: MFN, tableLimit: Int
  ) -> Bool {
    for offset in 0..<range.pageCount {
      let entry = P2MEntry(MFN(first.rawValue + offset), .ramReadWrite)
      let gfn = GFN(range.first.rawValue + offset)
      guard set(entry, at: gfn, tableLimit: tableLimit) else { return false }
    }
    return true
  }
}
