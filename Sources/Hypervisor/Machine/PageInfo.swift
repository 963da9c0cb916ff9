/// What Xen knows of a machine page.
///
/// Xen: `struct page_info`
package struct PageInfo: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// RAM that a domain was created with.
    case ram
    /// A page allocated by a populate; `index` is its number.
    case populated
    /// A shared grant frame, a xenheap page; `index` is the frame.
    case grant
    /// A status frame of the grant table, a xenheap page; `index` is the frame.
    case status
    /// The shared_info page, a xenheap page.
    case sharedInfo
    /// Nobody's.
    case free
  }

  package var kind: Kind
  package var owner: DomainID
  /// Whether the reference is held that the allocation took. Xen: `PGC_allocated`
  package var allocated = true
  /// References held in all. Xen: `PGC_count_mask`
  package var references: UInt32 = 1
  /// P2M entries of other domains that map the page; each should hold one reference.
  package var foreignMappings: UInt32 = 0
  /// P2M entries of its owner that map the page; they hold none.
  package var ownMappings: UInt32 = 0
  /// Which grant frame or populated page this is.
  package var index: UInt32 = 0
  /// The GFN that the page was first at, if it was at any.
  package var firstGFN: GFN?
  /// Whether the owner was destroyed; the page lives on for those that map it.
  package var isOrphaned = false
  /// Whether a violation of `references-balance` stands.
  package var isUnbalanced = false
  /// Whether a violation of `no-dangling` stands.
  package var isDangling = false

  /// The number that a populated page has which was never mapped.
  package static let neverMapped = UInt32.max

  package var isMapped: Bool { foreignMappings + ownMappings > 0 }

  /// References that the page's allocation and its mappings account for.
  package var accountedReferences: UInt32 { (allocated ? 1 : 0) + foreignMappings }

  /// Whether Xen keeps the page for itself and lends it to the owner.
  ///
  /// Xen: `is_xen_heap_page`
  package var isXenheap: Bool {
    switch kind {
    case .grant, .status, .sharedInfo: true
    case .ram, .populated, .free: false
    }
  }

  /// Which page of Xen's own this is to its owner, if it is one.
  package var special: SpecialPage? {
    switch kind {
    case .grant: .grant(Int(index))
    case .status: .status(Int(index))
    case .sharedInfo: .sharedInfo
    case .ram, .populated, .free: nil
    }
  }

  /// Takes the page from its owner, which was destroyed and maps it no more. It lives on while
  /// somebody holds a reference.
  mutating func orphan() {
    isOrphaned = true
    ownMappings = 0
    if allocated {
      allocated = false
      references -= 1
    }
    if references == 0 { kind = .free }
  }
}
