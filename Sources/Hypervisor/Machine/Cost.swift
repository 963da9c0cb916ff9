/// What an operation costs a hypervisor, in the work that its code does.
package struct Cost: Hashable, Sendable {
  /// Walks from the root to an entry, of look-ups and of changes. Xen: `p2m_get_entry`,
  /// `__p2m_set_entry`
  package internal(set) var tableWalks = 0
  /// Words of page tables written, those included that a split fills. Xen: `p2m_write_pte`
  package internal(set) var entryWrites = 0
  /// Members of the array compared with a GFN that is put.
  package internal(set) var trackingComparisons = 0
  /// Tables taken from the pool. Xen: `p2m_alloc_page`
  package internal(set) var tablesAllocated = 0
  /// Xen: `p2m_force_tlb_flush_sync`
  package internal(set) var tlbFlushes = 0

  package init() {}

  /// What both cost together.
  package func adding(_ other: Cost) -> Cost {
    var sum = self
    sum.tableWalks += other.tableWalks
    sum.entryWrites += other.entryWrites
    sum.trackingComparisons += other.trackingComparisons
    sum.tablesAllocated += other.tablesAllocated
    sum.tlbFlushes += other.tlbFlushes
    return sum
  }
}

/// Adds up what the last operation cost. Copies of a machine share it, as it is about none of them.
final class CostMeter {
  var cost = Cost()
}

extension Machine {
  /// What the last operation cost, where the machine is to tell.
  package var cost: Cost? { meter?.cost }

  package func noteWalk() { meter?.cost.tableWalks += 1 }

  package func noteTrackingComparisons(_ count: Int) {
    meter?.cost.trackingComparisons += count
  }

  /// Adds what a change of an entry costs that was tried.
  ///
  /// - Parameters:
  ///   - splits: tables that a leaf's split took; 0 where there was none.
  ///   - taken: tables that were taken in all.
  ///   - old: whether there was an entry, to be taken away first.
  ///   - new: whether there is one now.
  func noteChange(splits: Int, taken: Int, old: Bool, new: Bool) {
    guard let meter else { return }
    meter.cost.tableWalks += 1
    meter.cost.tablesAllocated += max(0, taken)
    meter.cost.entryWrites += max(0, taken - splits) + (old ? 1 : 0) + (new ? 1 : 0)
    meter.cost.tlbFlushes += old ? 1 : 0
    noteSplits(splits > 0 ? 1 : 0, tables: splits)
  }

  /// Adds what so many splits cost that took `tables` in all: 512 entries a table, the way to it, and
  /// the leaf, which is taken away and flushed before it is written.
  func noteSplits(_ splits: Int, tables: Int) {
    guard let meter else { return }
    meter.cost.entryWrites += tables * 512 + (tables - splits) + 2 * splits
    meter.cost.tlbFlushes += splits
  }

  /// Adds what it costs to decrease each page of a leaf of 2^`order`.
  func noteDecrease(order: Int) {
    guard let meter else { return }
    let pages = 1 << order
    let splits = pages / 512
    let tables = order == 18 ? splits + 1 : splits
    noteSplits(splits, tables: tables)
    meter.cost.tablesAllocated += tables
    meter.cost.tableWalks += pages * (knobs.removalCheck == .mfnMatch ? 3 : 2)
    meter.cost.entryWrites += pages
    meter.cost.tlbFlushes += pages
    if knobs.tracking == .arrayClearedOnPut { noteTrackingComparisons(pages * maxGrantFrames) }
  }
}
