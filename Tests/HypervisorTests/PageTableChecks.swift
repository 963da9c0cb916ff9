import Foundation
import Hypervisor
import Testing

/// Every short history of a page table, at every place where its levels meet: after each step the
/// tree's invariants hold, and look-ups answer as a list of what was done does.
///
/// Takes half a minute, so it runs where P2MLAB_INTERNAL_CHECKS is set: in `make test`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["P2MLAB_INTERNAL_CHECKS"] != nil))
struct PageTableChecks {
  /// Where a history happens: a frame, and around it a block of 2 MiB within one of 1 GiB.
  struct Place: CustomTestStringConvertible {
    let cpu: CPU
    let frame: UInt64
    /// Tables that the pool has.
    let tables: Int

    var testDescription: String {
      "\(cpu) at 0x\(String(frame, radix: 16)) with \(tables) tables"
    }

    static let all: [Place] = CPU.allCases.flatMap { cpu in
      // The first and last frame of all, of a root table, and one within.
      let reach = cpu.p2mLimit
      return [0, 0x4_0201, 1 << 27 - 1, 1 << 27, reach - 1].flatMap { frame in
        [0, 1, 2, 3, 4, 1000].map { Place(cpu: cpu, frame: frame, tables: $0) }
      }
    }
  }

  /// What is done to the leaf of an order that covers a frame.
  enum Step: Hashable {
    case set(order: Int, neighbour: UInt64)
    case remove(neighbour: UInt64)

    /// Neighbours differ in the bits given: the next frame, one of the next 2 MiB, of the next 1 GiB.
    static let all: [Step] =
      PageTable.leafOrders.map { .set(order: $0, neighbour: 0) }
      + [.set(order: 0, neighbour: 1), .set(order: 0, neighbour: 512)]
      + [.set(order: 9, neighbour: 512), .set(order: 9, neighbour: 1 << 18)]
      + [.remove(neighbour: 0), .remove(neighbour: 1), .remove(neighbour: 512)]

    func isWithin(_ place: Place) -> Bool {
      switch self {
      case .set(_, let neighbour), .remove(let neighbour):
        place.frame ^ neighbour < place.cpu.p2mLimit
      }
    }
  }

  /// What was done, newest last: the frames, and the entry of the first of them.
  private struct Done {
    let frames: Range<UInt64>
    let entry: P2MEntry?
  }

  @Test(arguments: Place.all)
  func everyShortHistoryKeepsTheTreeWhole(at place: Place) throws {
    let memory = HostMemory()
    let pool = TablePool(limit: place.tables)
    let table = try #require(PageTable(cpu: place.cpu, pool: pool, memory: memory))
    try follow([table], [[]], at: place, depth: 3)
  }

  /// Does every step to the last of `tables`, which all stay as they are, and goes on from there.
  private func follow(
    _ tables: [PageTable], _ histories: [[Done]], at place: Place, depth: Int
  ) throws {
    guard depth > 0, let last = tables.last, let history = histories.last else { return }
    for step in Step.all where step.isWithin(place) {
      var table = last
      let done = perform(step, on: &table, at: place, number: UInt64(history.count + 1))
      let all = tables + [table]
      let extended = histories + [history + (done.map { [$0] } ?? [])]
      #expect(PageTable.faults(of: all).isEmpty, "after \(extended)")
      for (table, history) in zip(all, extended) {
        for gfn in Self.probes(of: place) {
          try #require(table[gfn] == Self.expected(at: gfn, history), "after \(history)")
        }
      }
      try follow(all, extended, at: place, depth: depth - 1)
    }
  }

  /// - Returns: what was done, `nil` where there was no table for it.
  private func perform(
    _ step: Step, on table: inout PageTable, at place: Place, number: UInt64
  ) -> Done? {
    let before = (table.tableCount, table.leafCount)
    switch step {
    case .set(let order, let neighbour):
      let pages: UInt64 = 1 << UInt64(order)
      let first = (place.frame ^ neighbour) / pages * pages
      let entry = P2MEntry(MFN(number << 30), .ramReadWrite)
      let outcome = table.set(entry, at: GFN(first), order: order)
      guard outcome == .done else {
        #expect(outcome == .noTable)
        #expect(table.leafCount == before.1)
        return nil
      }
      return Done(frames: first..<first + pages, entry: entry)
    case .remove(let neighbour):
      let gfn = GFN(place.frame ^ neighbour)
      let isSplit = table.leaf(at: gfn).map { $0.order > 0 } ?? false
      let outcome = table.remove(at: gfn)
      if outcome != .done || !isSplit { #expect(table.tableCount == before.0) }
      guard outcome == .done else {
        #expect(outcome == .noTable && isSplit && table.leafCount == before.1)
        return nil
      }
      return Done(frames: gfn.rawValue..<gfn.rawValue + 1, entry: nil)
    }
  }

  private static func expected(at gfn: GFN, _ history: [Done]) -> P2MEntry? {
    guard let last = history.last(where: { $0.frames.contains(gfn.rawValue) }),
      let entry = last.entry
    else { return nil }
    return P2MEntry(
      MFN(entry.mfn.rawValue + gfn.rawValue - last.frames.lowerBound), entry.type)
  }

  /// Frames of every block that a step touches: its own, and the first and the last.
  private static func probes(of place: Place) -> [GFN] {
    let near = [0, 1, 2, 512, 1 << 18].map { place.frame ^ $0 }
    let blocks = near.flatMap { frame in
      [9, 18].flatMap { order -> [UInt64] in
        let pages: UInt64 = 1 << order
        return [frame / pages * pages, frame / pages * pages + pages - 1]
      }
    }
    return Set(near + blocks).filter { $0 < place.cpu.p2mLimit }.sorted().map { GFN($0) }
  }
}
