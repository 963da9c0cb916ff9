/// What the models may take of the host's memory together, in tables of 4 KiB: for page tables, and
/// for the `page_info` of pages to which something happened.
///
/// One for all machines of a process, so that no client can exhaust the host with requests that
/// each are within their machine's limits.
package final class HostMemory {
  /// 160 MiB.
  package static let defaultLimit = 40_960

  private let limit: Int
  private(set) var taken = 0
  private var slabs = TableSlabs()

  package init(limit: Int = HostMemory.defaultLimit) { self.limit = limit }

  // Every root holds on to its memory, so that all tables are free by now.
  deinit { slabs.removeAll() }

  /// Room that is left.
  package var left: Int { limit - taken }

  /// Takes room for `count` tables.
  /// - Returns: whether there was room.
  func take(_ count: Int = 1) -> Bool {
    guard taken + count <= limit else { return false }
    taken += count
    return true
  }

  /// Whether there is room for `count` tables.
  func has(_ count: Int) -> Bool { taken + count <= limit }

  /// Gives room for `count` tables back.
  func give(_ count: Int = 1) { taken -= count }

  /// A table to which one word leads, with nothing in it unless `isFilledLater`; `nil` where there is
  /// no memory for it.
  func makeTable(isFilledLater: Bool = false) -> Table? {
    guard take() else { return nil }
    guard let table = slabs.allocate() else {
      give()
      return nil
    }
    if table.isReused, !isFilledLater { table.words.clear() }
    return table.words
  }

  /// Takes back a table to which no word leads any more.
  func free(_ table: Table) {
    slabs.free(table)
    give()
  }

  /// Room that is given back with the last owner of the lease.
  package final class Lease {
    private let memory: HostMemory
    package let count: Int

    /// Takes room for `count` tables; `nil` where there is none.
    package init?(_ memory: HostMemory, _ count: Int) {
      guard memory.take(count) else { return nil }
      self.memory = memory
      self.count = count
    }

    deinit { memory.give(count) }
  }
}
