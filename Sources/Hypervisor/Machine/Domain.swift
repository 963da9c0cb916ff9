/// How a domain is created.
package struct DomainConfiguration: Hashable, Sendable {
  package var id: DomainID
  /// Whether it may act on other domains and map their pages.
  package var privileged: Bool
  /// Whether its RAM has MFN = GFN, as dom0's has.
  package var directMapped: Bool
  package var ram: [GuestRange]
  /// How many pages it may have allocated, its RAM included. Xen: `max_pages`
  package var maxPages: UInt64

  package init(
    id: DomainID, privileged: Bool = false, directMapped: Bool = false, ram: [GuestRange] = [],
    maxPages: UInt64? = nil
  ) {
    self.id = id
    self.privileged = privileged
    self.directMapped = directMapped
    self.ram = ram
    self.maxPages = maxPages ?? ram.reduce(0) { $0 + $1.pageCount }
  }
}

/// A domain: its physmap, its grant table, and what it has allocated.
///
/// Xen: `struct domain`
package struct Domain {
  package let configuration: DomainConfiguration
  package internal(set) var p2m: PageTable
  package internal(set) var grantTable = GrantTable()
  package internal(set) var sharedInfo: MFN
  /// Where shared_info is mapped, on releases that keep it.
  package internal(set) var sharedInfoTracked: GFN?
  /// Pages allocated, mapped or not. Xen: `domain_tot_pages`
  package internal(set) var allocatedPages: UInt64
  /// Successful populates so far.
  package internal(set) var populateCount: UInt32 = 0
  package internal(set) var regions: [Region] = []
  /// GFNs whose page an operation removed that did not name them, and what was there.
  package internal(set) var lost: [GFN: PageName] = [:]
  /// Why Xen crashed the domain, if it did.
  package internal(set) var crash: CrashReason?
  /// What each vCPU is in the midst of.
  package internal(set) var progress: [OperationInProgress?]
  /// Where foreign pages were mapped from that are at another GFN than they were first.
  var foreignSources: [GFN: GFN] = [:]
  /// What is to fail.
  var faults = Faults()

  package var id: DomainID { configuration.id }

  init(_ configuration: DomainConfiguration, vcpus: Int, p2m: PageTable, sharedInfo: MFN) {
    self.configuration = configuration
    self.p2m = p2m
    self.sharedInfo = sharedInfo
    progress = Array(repeating: nil, count: vcpus)
    allocatedPages = configuration.ram.reduce(0) { $0 + $1.pageCount }
  }
}

/// A domain's grant table: its frames and where Xen believes them mapped.
///
/// Xen: `struct grant_table`
package struct GrantTable: Sendable {
  package struct Frame: Sendable {
    package let mfn: MFN
    /// Where Xen believes the frame mapped. Xen: `shared_gfn[]`, later `page_get_xenheap_gfn()`
    package internal(set) var tracked: GFN?
    /// Where the frame's own domain really has it mapped.
    package internal(set) var mappedAt: [GFN] = []
    /// Whether a violation of `tracking-agrees` stands.
    var disagrees = false
    /// Whether a violation of `single-mapping` stands.
    var isMultiplyMapped = false

    init(mfn: MFN, mappedAt: [GFN] = []) {
      self.mfn = mfn
      self.mappedAt = mappedAt
    }

    mutating func noteMapped(_ gfn: GFN, _ present: Bool) {
      if present { mappedAt.append(gfn) } else { mappedAt.removeAll { $0 == gfn } }
    }

    /// Whether the tracking names a GFN where the frame is not.
    package var isStale: Bool {
      guard let tracked else { return false }
      return !mappedAt.contains(tracked)
    }

    /// Whether the tracking is right: mapped there and nowhere else, or nowhere at all.
    package var trackingAgrees: Bool {
      Self.trackingAgrees(
        isTracked: tracked != nil, mappings: mappedAt.count,
        isMappedWhereTracked: tracked.map { mappedAt.contains($0) } ?? false)
    }

    /// The same, of a frame that is mapped at `mappings` GFNs.
    package static func trackingAgrees(
      isTracked: Bool, mappings: Int, isMappedWhereTracked: Bool
    ) -> Bool {
      isTracked ? isMappedWhereTracked && mappings == 1 : mappings == 0
    }
  }

  /// The frames that exist.
  package internal(set) var frames: ChunkedArray<Frame> = []
  /// The status frames that exist, of version 2.
  package internal(set) var statusFrames: ChunkedArray<Frame> = []
  /// The version that the guest uses.
  package internal(set) var version = 1
  /// Where status frames are still mapped that were freed.
  var abandoned: [MFN: [GFN]] = [:]
  /// What the M2P says of status frames that were freed, where a vCPU wrote it since.
  var abandonedTracking: [Int: GFN] = [:]
}

/// A named range of a domain's guest frames: a bank of the hypervisor node, RAM, or a device.
package struct Region: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case grantTable = "grant-table"
    case extended
    case ram
    case mmio
  }

  package let name: String
  package let range: GuestRange
  package let kind: Kind
  /// Where a next-fit search goes on: the raw frame number behind what the last one found.
  var cursor: UInt64?

  package init(name: String, range: GuestRange, kind: Kind) {
    self.name = name
    self.range = range
    self.kind = kind
  }
}
