import Hypervisor

/// What was done to a machine, in order, so that it can be undone, done again and exported.
///
/// Operations are kept as the JSON of the requests that made them; every `chunkSize` of them the
/// machine is kept too, which costs little, as machines share what they have in common. To undo is
/// to go back to the machine before, and to do again what came after it.
package struct History {
  /// Operations between two machines that are kept.
  package static let chunkSize = 1024
  /// Chunks that are kept; beyond them the oldest are forgotten.
  package static let chunkLimit = 64
  /// Bytes of requests that are kept; beyond them the oldest are forgotten.
  package static let textLimit = 16 << 20

  /// Bytes of a request that is kept as it came. Longer ones are written anew, so that blanks and ids
  /// take no memory.
  package static let requestLimit = 1024

  /// One operation.
  package struct Entry: Sendable {
    /// The request, as a JSON object; of its members only `method` and `params` count.
    package let request: [UInt8]
    /// Whether it is a note, which changes nothing.
    package let isNote: Bool
  }

  private struct Chunk {
    /// The machine before the chunk's first entry.
    let start: Machine
    var text: [UInt8] = []
    /// Where in `text` each entry ends; negative for a note.
    var ends: [Int32] = []
    /// The memory of a chunk that is full.
    var lease: HostMemory.Lease?

    init(start: Machine) {
      self.start = start
      // Most requests fit; growing would touch twice the memory.
      text.reserveCapacity(History.chunkSize * 128)
    }

    func entry(_ index: Int) -> Entry {
      let start = index == 0 ? 0 : abs(Int(ends[index - 1]))
      let end = abs(Int(ends[index]))
      return Entry(request: Array(text[start..<end]), isNote: ends[index] < 0)
    }

    mutating func truncate(to count: Int) {
      ends.removeSubrange(count...)
      text.removeSubrange(abs(Int(ends.last ?? 0))...)
    }
  }

  private var chunks: [Chunk]
  private var textSize = 0
  /// Operations of forgotten chunks.
  package private(set) var forgotten = 0
  /// Operations that are done, the forgotten ones included.
  package private(set) var position = 0

  /// The history of a machine to which nothing has been done.
  package init(_ machine: Machine) { chunks = [Chunk(start: machine)] }

  /// Operations that are known, those that were undone and the forgotten ones included.
  package var count: Int {
    forgotten + (chunks.count - 1) * Self.chunkSize + chunks[chunks.count - 1].ends.count
  }

  /// The operation `number`, from `forgotten` to `count - 1`.
  package subscript(number: Int) -> Entry {
    let index = number - forgotten
    return chunks[index / Self.chunkSize].entry(index % Self.chunkSize)
  }

  /// Whether the operation `number` is a note. Reads no text: an entry made for this alone was
  /// freed by the compiler before it was filled.
  package func isNote(_ number: Int) -> Bool {
    let index = number - forgotten
    return chunks[index / Self.chunkSize].ends[index % Self.chunkSize] < 0
  }

  /// Notes that `machine` is what the operations so far have made. Called before each operation.
  package mutating func prepare(_ machine: borrowing Machine) {
    let index = position - forgotten
    guard index == chunks.count * Self.chunkSize else { return }
    charge(machine)
    chunks.append(Chunk(start: copy machine))
    while chunks.count > Self.chunkLimit || (textSize > Self.textLimit && chunks.count > 1) {
      forgetOldest()
    }
  }

  /// Takes memory for the last chunk, which is full, and for a copy of the machine; where there is
  /// none, the oldest chunks are forgotten.
  private mutating func charge(_ machine: borrowing Machine) {
    let last = chunks[chunks.count - 1]
    let size = machine.copySize + last.text.count / 4096
    while true {
      chunks[chunks.count - 1].lease = HostMemory.Lease(machine.memory, size)
      guard chunks[chunks.count - 1].lease == nil, chunks.count > 1 else { return }
      forgetOldest()
    }
  }

  private mutating func forgetOldest() {
    textSize -= chunks.removeFirst().text.count
    forgotten += Self.chunkSize
  }

  /// Adds the operation that was just done; those that were undone are forgotten.
  package mutating func append(_ request: Span<UInt8>, isNote: Bool) {
    if position < count { forgetUndone() }
    let last = chunks.count - 1
    unsafe request.withUnsafeBufferPointer { unsafe chunks[last].text.append(contentsOf: $0) }
    let end = Int32(truncatingIfNeeded: chunks[last].text.count)
    chunks[last].ends.append(isNote ? -end : end)
    textSize += request.count
    position += 1
  }

  private mutating func forgetUndone() {
    let index = position - forgotten
    let chunk = min(index / Self.chunkSize, chunks.count - 1)
    for later in chunks[(chunk + 1)...] { textSize -= later.text.count }
    chunks.removeSubrange((chunk + 1)...)
    textSize -= chunks[chunk].text.count
    chunks[chunk].truncate(to: index - chunk * Self.chunkSize)
    textSize += chunks[chunk].text.count
  }

  /// Goes to where `number` operations are done, from `forgotten` to `count`.
  ///
  /// - Parameter perform: does an operation again, and answers whether the host has the memory.
  /// - Returns: the machine as it was then; `nil` where there is no memory for it beside the other.
  package mutating func go(
    to number: Int, _ perform: (borrowing Entry, inout Machine) -> Bool
  ) -> Machine? {
    let index = number - forgotten
    let chunk = min(index / Self.chunkSize, chunks.count - 1)
    var machine = chunks[chunk].start
    for offset in 0..<(index - chunk * Self.chunkSize) {
      guard perform(chunks[chunk].entry(offset), &machine) else { return nil }
    }
    position = number
    return machine
  }
}
