import CMemory
import Glibc

/// Waiting for other threads, for which there is nothing better to do.
struct Patience {
  /// Looks before going to sleep, some tens of microseconds.
  private static var looks: Int { 1_000 }
  /// Microseconds of sleep, in which a belt is neither filled nor emptied.
  private static var nap: UInt32 { 50 }

  private var count = 0
  private var start: ContinuousClock.Instant?
  /// Time that was waited.
  private(set) var total = Duration.zero

  /// Waits for a moment.
  mutating func wait() {
    if start == nil { start = .now }
    count += 1
    if count < Self.looks { relax() } else { usleep(Self.nap) }
  }

  /// Says that the waiting has an end.
  @inline(__always)
  mutating func end() {
    guard let start else { return }
    total += .now - start
    self.start = nil
    count = 0
  }
}
