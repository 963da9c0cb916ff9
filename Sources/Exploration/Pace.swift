/// Whether several threads are faster at the moment than one.
///
/// They are not while other programs keep the cores busy. Nothing that is found depends on it.
struct Pace {
  /// Of so many steps the first is shared and the second is not, to see how the others should be:
  /// steps that lie apart cannot be compared, as a larger table is slower.
  private static let period = 64

  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant
  private var transitions = 0
  private var step = 0
  /// Time of a transition in the last step of each kind that was tried.
  private var shared = Duration.zero
  private var alone = Duration.zero

  init() { start = clock.now }

  /// Notes how long the step took that ends now, after so many transitions in all.
  /// - Returns: whether the next is to be shared by all threads.
  mutating func next(_ transitions: Int) -> Bool {
    let now = clock.now
    let cost = (now - start) / max(transitions - self.transitions, 1)
    start = now
    self.transitions = transitions
    step += 1
    switch step % Self.period {
    case 1: return true
    case 2:
      shared = cost
      return false
    case 3: alone = cost
    default: break
    }
    // What is gained must be worth the time that others lose.
    return shared * 10 < alone * 9
  }
}
