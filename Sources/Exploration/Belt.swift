import Synchronization

/// Blocks that several threads expand, and one adds, in order.
///
/// The blocks go round. Any thread takes the next to be expanded; it comes back to the one that adds when its
/// turn has come, and is free for other states then. So what is added does not depend on who expanded it.
final class Belt<State: PackedState> {
  /// Blocks between the one that is added and the last that is expanded.
  private static var length: Int { 32 }

  private let blocks: ContiguousArray<Block<State>>
  /// The states that are expanded.
  private var start = 0
  private var end = 0
  /// Blocks that were taken to be expanded, and that were added.
  private let taken = Atomic(0)
  private let added = Atomic(0)
  private let isStopped = Atomic(false)

  init(successorLimit: Int) {
    blocks = ContiguousArray((0..<Self.length).map { _ in Block(successorLimit: successorLimit) })
  }

  /// Begins with the states from `start` to `end` - 1 of the list. No thread is at the belt.
  func begin(from start: Int, to end: Int) {
    self.start = start
    self.end = end
    taken.store(0, ordering: .relaxed)
    added.store(0, ordering: .relaxed)
    isStopped.store(false, ordering: .relaxed)
    for block in blocks { block.turn.store(0, ordering: .relaxed) }
  }

  /// Lets nobody take another block before `goOn`.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  /// Takes the block at which `stop` was said for added. No thread is at the belt.
  func goOn() {
    isStopped.store(false, ordering: .relaxed)
    noteAdded()
  }

  /// What there is to expand.
  enum Offer {
    case block(Block<State>, number: Int)
    /// Nothing before one is added.
    case later
    case nothing
  }

  /// Takes the next block to be expanded, which is to be given back by `putBack`.
  @inline(__always)
  func take() -> Offer {
    var number = taken.load(ordering: .relaxed)
    while true {
      let first = start + number * Block<State>.size
      guard first < end, !isStopped.load(ordering: .relaxed) else { return .nothing }
      // What was read of the block is read before it is written.
      guard number < added.load(ordering: .acquiring) + Self.length else { return .later }
      let (isMine, last) = taken.weakCompareExchange(
        expected: number, desired: number + 1, ordering: .relaxed)
      if isMine {
        let block = blocks[number % Self.length]
        block.begin(from: first, to: end)
        return .block(block, number: number)
      }
      number = last
    }
  }

  @inline(__always)
  func putBack(_ block: Block<State>, number: Int) {
    block.turn.store(number + 1, ordering: .releasing)
  }

  /// The number of the block that is added next.
  @inline(__always)
  var nextToAdd: Int { added.load(ordering: .relaxed) }

  /// The block with this number, if it was expanded.
  @inline(__always)
  func expanded(_ number: Int) -> Block<State>? {
    let block = blocks[number % Self.length]
    return block.turn.load(ordering: .acquiring) == number + 1 ? block : nil
  }

  /// Says that the next block was added.
  @inline(__always)
  func noteAdded() { added.wrappingAdd(1, ordering: .releasing) }

  /// Whether there is a block still to be added.
  @inline(__always)
  var isLeft: Bool { start + added.load(ordering: .relaxed) * Block<State>.size < end }
}
