/// Which of a machine's domains; valid until a domain is created or destroyed.
package struct DomainIndex: Hashable, Sendable {
  package let rawValue: Int

  package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// What the rules ask of a machine, however it keeps its state.
///
/// The rules are extensions of this protocol and stand once; the compiler specialises them for each
/// storage. A storage records every change as an effect, so that no rule has to.
package protocol MachineStorage {
  var knobs: Knobs { get }
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
  /// Makes `count` grant frames exist, more than there are and at most `maxGrantFrames`.
  ///
  /// - Returns: whether the host had the memory; nothing has changed otherwise.
  mutating func growGrantTable(of domain: DomainIndex, to count: Int) -> Bool
  func mfn(ofGrantFrame frame: Int, in domain: DomainIndex) -> MFN
  func tracked(_ frame: Int, in domain: DomainIndex) -> GFN?
  mutating func setTracked(_ frame: Int, to gfn: GFN?, in domain: DomainIndex)

  func sharedInfo(of domain: DomainIndex) -> MFN
  func sharedInfoTracked(in domain: DomainIndex) -> GFN?
  mutating func setSharedInfoTracked(to gfn: GFN?, in domain: DomainIndex)

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
