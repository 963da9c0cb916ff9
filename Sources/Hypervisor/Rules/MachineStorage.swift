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

  /// The page, or `nil` where the host has no memory.
  func page(_ mfn: MFN) -> PageInfo?
  /// Takes a reference, if the host has the memory to note it.
  mutating func takeReference(to mfn: MFN) -> Bool
  /// Drops a reference; with the last one the page stops being the domain's.
  mutating func dropReference(to mfn: MFN)
  /// Drops the reference that the allocation took, if it is still held.
  ///
  /// Xen: `put_page_alloc_ref`
  mutating func dropAllocationReference(to mfn: MFN)
  /// A new page for `domain`, if its maximum allows one more.
  mutating func allocatePage(for domain: DomainIndex) -> MFN?
  /// Gives a new page its number, as it is about to be mapped at `gfn`.
  mutating func notePopulated(_ mfn: MFN, at gfn: GFN?, in domain: DomainIndex)
  /// Takes the number back from a page that does not count as mapped.
  mutating func takeBackPopulated(_ mfn: MFN, in domain: DomainIndex)
}
