/// Whether several threads are faster at the moment than one.
///
/// They are not while other programs keep the cores busy. Nothing that is found depends on it.
struct Pace {
  /// One step in so many is done the other way, to see.
  private static let trial = 16

  private let clock = ContinuousClock()
  private var start: ContinuousClock.Instant
  private var transitions = 0
  private var step = 0
  private var isShared = true
  /// Time of a transition, of late.
  private var alone: Duration?
  private var shared: Duration?

  init() { start = clock.now }

  /// Notes how long the step took that ends now, after so many transitions in all.
  /// - Returns: whether the next is to be shared by all threads.
  mutating func next(_ transitions: Int) -> Bool {
    let now = clock.now
    if transitions > self.transitions {
      let cost = (now - start) / (transitions - self.transitions)
      if isShared {
        shared = ((shared ?? cost) + cost) / 2
      } else {
        alone = ((alone ?? cost) + cost) / 2
      }
    }
    start = now
    self.transitions = transitions
    step += 1
    guard let shared else { return choose(true) }
    guard let alone else { return choose(false) }
    return choose((shared < alone) != (step % Self.trial == 0))
  }

  private mutating func choose(_ shares: Bool) -> Bool {
    isShared = shares
    return shares
  }
}
