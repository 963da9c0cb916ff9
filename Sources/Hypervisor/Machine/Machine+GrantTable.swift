/// Grant tables: their frames, and where Xen believes them mapped.
extension Machine {
  package func grantFrameCount(of domain: DomainIndex) -> Int {
    domains[domain.rawValue].grantTable.frames.count
  }

  package func statusFrameCount(of domain: DomainIndex) -> Int {
    domains[domain.rawValue].grantTable.statusFrames.count
  }

  package func grantVersion(of domain: DomainIndex) -> Int {
    domains[domain.rawValue].grantTable.version
  }

  package mutating func setGrantVersion(to version: Int, of domain: DomainIndex) {
    let before = grantVersion(of: domain)
    domains[domain.rawValue].grantTable.version = version
    log.append(.version(domain: id(of: domain), before: before, after: version))
  }

  package mutating func growGrantTable(
    of domain: DomainIndex, to count: Int, statusFrames statusCount: Int
  ) -> Bool {
    let before = grantFrameCount(of: domain)
    let statusBefore = statusFrameCount(of: domain)
    let owner = id(of: domain)
    var frames = frameTable
    var table = domains[domain.rawValue].grantTable
    for frame in before..<count {
      if pageAllocationFails(in: domain) { return false }
      let page = PageInfo(kind: .grant, owner: owner, index: UInt32(frame))
      guard let mfn = frames.allocate(page) else { return false }
      table.frames.append(GrantTable.Frame(mfn: mfn))
    }
    for frame in statusBefore..<max(statusBefore, statusCount) {
      if pageAllocationFails(in: domain) { return false }
      let page = PageInfo(kind: .status, owner: owner, index: UInt32(frame))
      guard let mfn = frames.allocateXenheap(page) else { return false }
      let mappedAt = table.abandoned.removeValue(forKey: mfn) ?? []
      table.abandonedTracking[frame] = nil
      table.statusFrames.append(GrantTable.Frame(mfn: mfn, mappedAt: mappedAt))
    }
    frameTable = frames
    domains[domain.rawValue].grantTable = table
    log.append(.growth(domain: owner, before: before, after: count))
    log.append(
      .statusGrowth(domain: owner, before: statusBefore, after: statusFrameCount(of: domain)))
    return true
  }

  package mutating func freeStatusFrames(of domain: DomainIndex) {
    let frames = domains[domain.rawValue].grantTable.statusFrames
    domains[domain.rawValue].grantTable.statusFrames = []
    for frame in frames {
      if !frame.mappedAt.isEmpty {
        domains[domain.rawValue].grantTable.abandoned[frame.mfn] = frame.mappedAt
      }
      frameTable.free(frame.mfn)
    }
    log.append(.statusGrowth(domain: id(of: domain), before: frames.count, after: 0))
  }

  package func mfn(of page: SpecialPage, in domain: DomainIndex) -> MFN {
    switch page {
    case .grant(let frame): domains[domain.rawValue].grantTable.frames[frame].mfn
    case .status(let frame): domains[domain.rawValue].grantTable.statusFrames[frame].mfn
    case .sharedInfo: domains[domain.rawValue].sharedInfo
    }
  }

  package func tracked(_ page: SpecialPage, in domain: DomainIndex) -> GFN? {
    switch page {
    case .grant(let frame): domains[domain.rawValue].grantTable.frames[frame].tracked
    case .status(let frame): domains[domain.rawValue].grantTable.statusTracked(frame)
    case .sharedInfo: domains[domain.rawValue].sharedInfoTracked
    }
  }

  package mutating func setTracked(_ page: SpecialPage, to gfn: GFN?, in domain: DomainIndex) {
    let before = tracked(page, in: domain)
    switch page {
    case .grant(let frame): domains[domain.rawValue].grantTable.frames[frame].tracked = gfn
    case .status(let frame):
      domains[domain.rawValue].grantTable.setStatusTracked(frame, to: gfn)
    case .sharedInfo:
      // No property is about it, and the wire has no effect for it.
      domains[domain.rawValue].sharedInfoTracked = gfn
      return
    }
    log.append(.tracking(domain: id(of: domain), page: page, before: before, after: gfn))
  }

  /// Keeps a frame's own list of where its domain has it mapped.
  mutating func noteMapped(
    _ entry: P2MEntry, _ page: PageInfo, at gfn: GFN, in domain: DomainIndex, present: Bool
  ) {
    let frame = Int(page.index)
    switch page.kind {
    case .grant where page.owner == id(of: domain):
      domains[domain.rawValue].grantTable.frames[frame].noteMapped(gfn, present)
    case .status where page.owner == id(of: domain):
      domains[domain.rawValue].grantTable.statusFrames[frame].noteMapped(gfn, present)
    case .free:
      domains[domain.rawValue].grantTable.noteAbandoned(entry.mfn, at: gfn, present)
    // A page may have become another domain's while a vCPU was on its way with it.
    case .ram, .populated, .sharedInfo, .grant, .status: return
    }
  }
}

extension GrantTable {
  /// Where Xen believes status frame `frame` mapped, which may have been freed in the meantime.
  fileprivate func statusTracked(_ frame: Int) -> GFN? {
    frame < statusFrames.count ? statusFrames[frame].tracked : abandonedTracking[frame]
  }

  fileprivate mutating func setStatusTracked(_ frame: Int, to gfn: GFN?) {
    if frame < statusFrames.count {
      statusFrames[frame].tracked = gfn
    } else {
      abandonedTracking[frame] = gfn
    }
  }

  /// Notes where a page is mapped that was freed, or is no more.
  fileprivate mutating func noteAbandoned(_ mfn: MFN, at gfn: GFN, _ present: Bool) {
    if present {
      abandoned[mfn, default: []].append(gfn)
    } else {
      abandoned[mfn]?.removeAll { $0 == gfn }
    }
  }
}
