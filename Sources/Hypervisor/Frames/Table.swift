import Glibc

/// What the models may take of the host's memory together, in tables of 4 KiB: for page tables, and
/// for the `page_info` of pages to which something happened.
///
/// One for all machines of a process, so that no client can exhaust the host with requests that
/// each are within their machine's limits.
package final class HostMemory {
  /// 160 MiB.
  package static let defaultLimit = 40_960

  private let limit: Int
  private var taken = 0

  package init(limit: Int = HostMemory.defaultLimit) { self.limit = limit }

  /// Room that is left.
  package var left: Int { limit - taken }

  /// Takes room for `count` tables.
  /// - Returns: whether there was room.
  func take(_ count: Int = 1) -> Bool {
    guard taken + count <= limit else { return false }
    taken += count
    return true
  }

  /// Gives room for `count` tables back.
  func give(_ count: Int = 1) { taken -= count }

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

/// A page table: 512 words, and how many tables or roots lead to it.
///
/// A word of the three upper levels is the address of a table, of the lowest a packed `P2MEntry`;
/// zero is nothing.
@safe
struct Table {
  private static let entryCount = 512

  private let words: UnsafeMutablePointer<UInt64>

  /// A table of nothing, to which one word leads; `nil` where there is no memory for it.
  init?(_ memory: HostMemory) {
    guard memory.take() else { return nil }
    guard let raw = unsafe calloc(Self.entryCount + 1, 8) else {
      memory.give()
      return nil
    }
    unsafe words = raw.assumingMemoryBound(to: UInt64.self)
    references = 1
  }

  private init?(bits: UInt64) {
    let address = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(bits))
    guard let address = unsafe address else { return nil }
    unsafe words = address
  }

  /// The table's address, as a word that leads to it.
  var bits: UInt64 { unsafe UInt64(UInt(bitPattern: words)) }

  @inline(__always)
  subscript(slot: Int) -> UInt64 {
    get { unsafe words[slot] }
    nonmutating set { unsafe words[slot] = newValue }
  }

  /// The table to which the word at `slot` leads, in a table of an upper level.
  @inline(__always)
  func child(_ slot: Int) -> Table? { Table(bits: self[slot]) }

  private(set) var references: UInt64 {
    get { unsafe words[Self.entryCount] }
    nonmutating set { unsafe words[Self.entryCount] = newValue }
  }

  /// Counts one more word that leads here.
  func retain() { references += 1 }

  /// Counts one less, and frees the table with the last, and what only it leads to.
  func release(level: Int, to memory: HostMemory) {
    references -= 1
    guard references == 0 else { return }
    if level < 3 {
      for slot in 0..<Self.entryCount { child(slot)?.release(level: level + 1, to: memory) }
    }
    unsafe free(words)
    memory.give()
  }

  /// A table with the same words; `nil` where there is no memory for it.
  func copy(level: Int, from memory: HostMemory) -> Table? {
    guard let copy = Table(memory) else { return nil }
    unsafe copy.words.update(from: words, count: Self.entryCount)
    if level < 3 {
      for slot in 0..<Self.entryCount { child(slot)?.retain() }
    }
    return copy
  }
}

/// The uppermost table; with the last owner of it the whole tree goes.
final class RootTable {
  let table: Table
  let memory: HostMemory

  /// An empty root; `nil` where there is no memory for it.
  init?(memory: HostMemory) {
    guard let table = Table(memory) else { return nil }
    self.table = table
    self.memory = memory
  }

  /// A root with the same tables below it; `nil` where there is no memory for it.
  init?(copying other: RootTable) {
    guard let table = other.table.copy(level: 0, from: other.memory) else { return nil }
    self.table = table
    memory = other.memory
  }

  deinit { table.release(level: 0, to: memory) }

  /// `child`, or where others share it a copy in its place; `nil` where there is no memory for it.
  @inline(__always)
  func unshared(_ child: Table, level: Int) -> Table? {
    guard child.references > 1 else { return child }
    guard let copy = child.copy(level: level, from: memory) else { return nil }
    child.release(level: level, to: memory)
    return copy
  }
}
