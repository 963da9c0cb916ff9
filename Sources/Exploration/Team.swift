/// The threads of a search, with a worker each: worker n owns part n of the table, and expands the
/// n-th part of the states of a round.
final class Team<System: TransitionSystem & ~Copyable> {
  /// States that are expanded at once.
  static var roundLimit: Int { 1 << 12 }
  /// Fewer are expanded by one thread: to meet takes as long as expanding some tens.
  static var roundMinimum: Int { 1 << 7 }

  let crew: Crew
  let workers: [Worker<System>]

  init(_ system: borrowing System, threads: Int) {
    crew = Crew(size: threads)
    var workers: [Worker<System>] = []
    let size = crew.size
    for _ in 0..<size {
      workers.append(
        Worker(system, states: (Self.roundLimit + size - 1) / size, owners: size))
    }
    self.workers = workers
  }

  /// Gives each worker its part of the states from `start` to `end` - 1 of the list.
  func divide(_ start: Int, _ end: Int) {
    let size = (end - start + workers.count - 1) / workers.count
    for (number, worker) in workers.enumerated() {
      worker.begin(min(start + number * size, end), min(start + (number + 1) * size, end))
    }
  }
}
