import Exploration
import Synchronization

/// All cores, to do the same with many things.
final class Workshop<Memory> {
  private let crew: Crew
  /// What each thread keeps from one thing to the next.
  private var memories: [Memory]

  /// Threads for `count` things at most.
  init(for count: Int, keeping memory: () -> Memory) {
    crew = Crew(size: min(count, SearchOptions.coreCount))
    memories = (0..<crew.size).map { _ in memory() }
  }

  /// Does `work` with each item; any thread takes the next. They make no difference to what comes of it,
  /// as long as what is kept makes none.
  ///
  /// - Returns: what came of each, in the items' order.
  func map<Item, Outcome>(
    _ items: [Item], _ work: (Item, inout Memory) -> Outcome
  ) -> [Outcome] {
    let next = Atomic(0)
    return unsafe [Outcome](unsafeUninitializedCapacity: items.count) { outcomes, count in
      unsafe memories.withUnsafeMutableBufferPointer { memories in
        crew.run { thread in
          while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < items.count else { return }
            // Every thread has a memory of its own, and every item its place.
            unsafe (outcomes.baseAddress! + index).initialize(
              to: work(items[index], &memories[thread]))
          }
        }
      }
      count = items.count
    }
  }
}
