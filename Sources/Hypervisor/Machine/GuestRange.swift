/// Guest frames that lie together; at least one, all below 2^36.
package struct GuestRange: Hashable, Sendable {
  package let first: GFN
  package let pageCount: UInt64
  /// The order of the largest leaves that map it, where it is RAM: 0, 9 or 18.
  package let order: Int

  /// The range, or `nil` if it is empty or reaches 2^36.
  package init?(first: GFN, pageCount: UInt64, order: Int = 0) {
    guard pageCount > 0, first.rawValue < PageTable.reach,
      pageCount <= PageTable.reach - first.rawValue
    else { return nil }
    self.first = first
    self.pageCount = pageCount
    self.order = order
  }

  /// The same range, which leaves of another order map.
  package func mapped(withOrder order: Int) -> GuestRange {
    GuestRange(first: first, pageCount: pageCount, order: order) ?? self
  }

  /// The first raw frame number after it.
  package var end: UInt64 { first.rawValue + pageCount }

  package func contains(_ gfn: GFN) -> Bool {
    gfn.rawValue &- first.rawValue < pageCount
  }

  package func overlaps(_ other: GuestRange) -> Bool {
    first.rawValue < other.end && other.first.rawValue < end
  }
}
