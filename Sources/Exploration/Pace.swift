/// Whether work is worth sharing at the moment.
///
/// It is not while other programs keep the cores busy: then the caller's thread waits for one that is not
/// let run. Nothing that is found depends on it.
struct Pace {
  /// Steps that are shared to see how the rest of the period should be.
  private static let trials = 8
  private static let period = 64

  private let clock = ContinuousClock()
  private var step = 0
  private var start: ContinuousClock.Instant
  /// Time for which the caller's thread waited since then.
  private var waited = Duration.zero
  private var isWorthIt = true

  init() { start = clock.now }

  /// Notes that the caller's thread waited.
  mutating func note(waited time: Duration) { waited += time }

  /// Ends a step.
  /// - Returns: whether the next is to be shared.
  mutating func next() -> Bool {
    step += 1
    if step == Self.trials {
      isWorthIt = waited * 4 < clock.now - start
    } else if step == Self.period {
      (step, start, waited, isWorthIt) = (0, clock.now, .zero, true)
    }
    return isWorthIt
  }
}
