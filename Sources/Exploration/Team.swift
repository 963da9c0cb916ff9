/// The threads of a search, with a worker each, and the blocks that they share.
///
/// What a worker has found a short time ago may not have been added yet. So what the caller's thread expands
/// and adds by itself it does with another one.
final class Team<System: TransitionSystem & ~Copyable> {
  /// Fewer states are expanded by one thread: to meet takes as long as expanding some tens.
  static var leastStates: Int { 1 << 8 }

  let crew: Crew
  let belt: Belt<System.State>
  let workers: ContiguousArray<Worker<System>>

  init(_ system: borrowing System, threads: Int) {
    crew = Crew(size: threads)
    belt = Belt(successorLimit: system.successorLimit)
    var workers: ContiguousArray<Worker<System>> = []
    for _ in 0..<crew.size { workers.append(Worker(system)) }
    self.workers = workers
  }
}
