/// Which of a machine's domains; valid until a domain is created or destroyed.
package struct DomainIndex: Hashable, Sendable {
  package let rawValue: Int

  package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A page of Xen's own that it lends to a domain, and of which it knows where it is mapped.
///
/// Xen: `is_special_page`
package enum SpecialPage: Hashable, Sendable {
  /// A shared frame of the grant table.
  case grant(Int)
  /// A status frame, which a grant table of version 2 has.
  case status(Int)
  case sharedInfo
}

/// What the rules ask of a machine, however it keeps its state.
///
/// The rules are extensions of this protocol and stand once; the compiler specialises them for each
/// storage. A storage records every change as an effect, so that no rule has to.
package protocol MachineStorage {
  var knobs: Knobs { get }
  var architecture: Architecture { get }
  /// The first GFN that no P2M reaches.
  var p2mLimit: UInt64 { get }
  /// The most frames that a grant table may have.
  var maxGrantFrames: Int { get }

  func index(of domain: DomainID) -> DomainIndex?
  func id(of domain: DomainIndex) -> DomainID
  func isPrivileged(_ domain: DomainIndex) -> Bool
  func isDirectMapped(_ domain: DomainIndex) -> Bool

  /// The entry at `gfn`, which is below `p2mLimit`.
  func entry(at gfn: GFN, in domain: DomainIndex) -> P2MEntry?
  /// Sets the entry at `gfn`, which is below `p2mLimit`. A foreign page comes with the GFN that it
  /// has in its own domain, its `source`.
  /// - Throws: `outOfTables`; nothing has changed then.
  mutating func setEntry(
    _ entry: P2MEntry?, at gfn: GFN, in domain: DomainIndex, source: GFN?, cause: Effect.Cause
  ) throws(HypercallError)

  /// Sets the leaf of 2^`order` pages of RAM at `gfn`, which is below `p2mLimit`; both are multiples.
  ///
  /// - Returns: the entries of 4 KiB that it replaced.
  /// - Throws: `outOfTables`; nothing has changed then.
  mutating func setSuperpage(
    _ entry: P2MEntry, order: Int, at gfn: GFN, in domain: DomainIndex
  ) throws(HypercallError) -> [P2MEntry]
  /// The first of the GFNs from `first` to `end` - 1, which are below `p2mLimit`, whose entry satisfies
  /// `condition`.
  func firstEntry(
    from first: UInt64, to end: UInt64, in domain: DomainIndex,
    where condition: (P2MEntry) -> Bool
  ) -> GFN?
  /// Does at once what `decrease` of each page does, if a leaf of RAM of at most `pageCount` pages begins
  /// at `gfn`.
  ///
  /// - Returns: how many pages that were; 0 if nothing has changed.
  mutating func decreaseLeaf(
    at gfn: GFN, pageCount: UInt64, in domain: DomainIndex
  ) -> UInt64

  /// Grant frames that exist.
  func grantFrameCount(of domain: DomainIndex) -> Int
  /// Status frames that exist.
  func statusFrameCount(of domain: DomainIndex) -> Int
  /// Makes `count` grant frames exist, at least as many as there are and at most `maxGrantFrames`,
  /// and `statusCount` status frames.
  ///
  /// - Returns: whether the host had the memory; nothing has changed otherwise.
  mutating func growGrantTable(
    of domain: DomainIndex, to count: Int, statusFrames statusCount: Int
  ) -> Bool
  /// Gives all status frames back to the heap, also those that are still mapped.
  mutating func freeStatusFrames(of domain: DomainIndex)
  /// The version of the grant table that the guest has chosen, 1 or 2.
  func grantVersion(of domain: DomainIndex) -> Int
  mutating func setGrantVersion(to version: Int, of domain: DomainIndex)

  /// The machine frame of `page`, which exists.
  func mfn(of page: SpecialPage, in domain: DomainIndex) -> MFN
  /// Where Xen believes `page` mapped, which exists.
  func tracked(_ page: SpecialPage, in domain: DomainIndex) -> GFN?
  mutating func setTracked(_ page: SpecialPage, to gfn: GFN?, in domain: DomainIndex)

  /// Makes so many attempts to take a reference, as far as faults go that were asked for.
  ///
  /// - Returns: whether one was to fail.
  mutating func referenceFails(_ attempts: Int, in domain: DomainIndex) -> Bool
  /// Counts a walk of page tables, beside those that come with each change.
  func noteWalk()
  /// Counts members of the array that were compared.
  func noteTrackingComparisons(_ count: Int)

  /// The page, or `nil` where the host has no memory.
  func page(_ mfn: MFN) -> PageInfo?
  /// Whether 2^`order` pages from `first` on all exist and satisfy `condition`.
  func everyPage(
    from first: MFN, order: Int, satisfies condition: (PageInfo) -> Bool
  ) -> Bool
  /// Takes a reference, if the host has the memory to note it.
  mutating func takeReference(to mfn: MFN) -> Bool
  /// Drops a reference; with the last one the page stops being the domain's.
  mutating func dropReference(to mfn: MFN)
  /// Drops the reference that the allocation took, if it is still held.
  ///
  /// Xen: `put_page_alloc_ref`
  mutating func dropAllocationReference(to mfn: MFN)
  /// 2^`order` new pages for `domain` that lie together, at a multiple of that, if its maximum allows
  /// so many more.
  mutating func allocatePages(order: Int, for domain: DomainIndex) -> MFN?
  /// Gives new pages their number, as they are about to be mapped at `gfn`.
  mutating func notePopulated(_ first: MFN, at gfn: GFN?, in domain: DomainIndex)
  /// Takes the number back from pages that do not count as mapped.
  mutating func takeBackPopulated(_ first: MFN, in domain: DomainIndex)
}

/// What a storage need not know.
extension MachineStorage {
  package mutating func referenceFails(_ attempts: Int, in domain: DomainIndex) -> Bool { false }
  package func noteWalk() {}
  package func noteTrackingComparisons(_ count: Int) {}

  package mutating func decreaseLeaf(
    at gfn: GFN, pageCount: UInt64, in domain: DomainIndex
  ) -> UInt64 { 0 }

  package func everyPage(
    from first: MFN, order: Int, satisfies condition: (PageInfo) -> Bool
  ) -> Bool {
    (0..<1 << UInt64(order)).allSatisfy { offset in
      page(MFN(first.rawValue + offset)).map(condition) ?? false
    }
  }
}
