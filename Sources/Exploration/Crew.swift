import CMemory
import Glibc

/// Threads that do one piece of work together with the caller's thread.
///
/// They sleep in between, and end with the crew. Work is short, so one looks for the others' end for a
/// moment before going to sleep: waking up takes longer than most of what is waited for.
package final class Crew {
  private var members: [Member] = []

  /// A crew of `size` with the caller, or of fewer where the host has no more threads.
  package init(size: Int) {
    for number in 1..<max(size, 1) {
      let member = Member(number)
      guard member.start() else { break }
      members.append(member)
    }
  }

  deinit {
    for member in members { member.end() }
  }

  /// The threads, with the caller's.
  package var size: Int { members.count + 1 }

  /// Time for which the caller's thread waited for others, in all.
  private(set) var waited = Duration.zero

  /// Does `work` on each thread at once, with its number, and waits for all: 0 is the caller's.
  package func run(_ work: (Int) -> Void) {
    withoutActuallyEscaping(work) { work in
      for member in members { member.begin(work) }
      work(0)
      waited += ContinuousClock().measure {
        for member in members { member.wait() }
      }
    }
  }

  /// One thread, and the two ends at which it and the caller meet.
  private final class Member {
    private let number: Int
    private let begun = Semaphore()
    private let done = Semaphore()
    /// Written by the caller before `begun`, and by the thread before `done`.
    private var work: ((Int) -> Void)?
    private var thread = pthread_t()

    init(_ number: Int) { self.number = number }

    /// - Returns: whether the host has a thread.
    func start() -> Bool {
      let context = unsafe Unmanaged.passRetained(self)
      // Signals are for the threads that were there before.
      var (all, before) = (sigset_t(), sigset_t())
      unsafe sigfillset(&all)
      unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
      let failure = unsafe pthread_create(
        &thread, nil,
        { context in
          guard let context = unsafe context else { return nil }
          unsafe Unmanaged<Member>.fromOpaque(context).takeRetainedValue().serve()
          return nil
        }, context.toOpaque())
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
      if failure != 0 { unsafe context.release() }
      return failure == 0
    }

    func begin(_ work: @escaping (Int) -> Void) {
      self.work = work
      begun.post()
    }

    func wait() { done.wait() }

    /// Lets the thread end: there is no work when it is woken.
    func end() {
      begun.post()
      pthread_join(thread, nil)
    }

    private func serve() {
      while doWork() { done.post() }
    }

    /// Holds nothing of the work any more when it returns.
    @inline(never)
    private func doWork() -> Bool {
      begun.wait()
      guard let work else { return false }
      work(number)
      self.work = nil
      return true
    }
  }
}

/// A count of what is there, to be waited for.
@safe
private final class Semaphore {
  /// Looks before going to sleep, some tens of microseconds.
  private static let looks = 1_000

  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe semaphore.initialize(to: sem_t())
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func post() { unsafe sem_post(semaphore) }

  func wait() {
    for _ in 0..<Self.looks {
      if unsafe sem_trywait(semaphore) == 0 { return }
      relax()
    }
    // A signal handler may have run in between.
    while unsafe sem_wait(semaphore) != 0 {}
  }
}
