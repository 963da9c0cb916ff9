import Hypervisor
import Jansson
import Laboratory

/// Replays a recording line by line, and has of each no more read than it takes.
///
/// A line is `{"i":17,`, what was done and what came of it, and the state after that. Its number is one
/// more than the last, its state what the model has come to, or they diverge; what was done was mostly
/// read before. So what should stand there is written, and compared byte by byte. A line on which anything
/// else stands, other blanks or another order too, is read whole: what passes was read before, or is what
/// `JSONWriter` writes.
struct LineReplay: ~Copyable {
  private(set) var replay: Replay
  /// The number that the next operation should have.
  private var next: Int64 = 0
  /// The most grant frames whose tracking is told.
  private var trackedLimit = Int.max
  /// Whether the grant table's version is told.
  private var tellsVersion = false
  /// How the line should begin.
  private var start = JSONWriter()
  /// The state to which the model has come, as the line should tell it.
  private var state = JSONWriter()
  /// Whether `state` is whole, and that after the operation before.
  private var isStateWritten = false

  fileprivate static let stateStart: StaticString = #","p2m":{"#

  /// - Parameter initial: what the first state tells, all others should.
  init(_ replay: Replay, from initial: RecordedState) {
    self.replay = replay
    learn(initial)
  }

  /// Runs the operation on line `number` and compares.
  ///
  /// - Throws: what is wrong with the line.
  mutating func run(
    _ line: Span<UInt8>, number: Int, known: inout KnownActions
  ) throws(UnusableInput) -> Divergence? {
    guard let start = foretoldStart(of: line),
      let end = stateStart(in: line, from: start),
      let action = known.action(line.extracting(start..<end))
    else {
      let step = try RecordingReader.step(line, number: number)
      learn(step)
      return replay.run(step)
    }
    replay.perform(action.operation, recorded: action.outcome)
    if replay.outcome == action.outcome, isState(line.extracting(end...)) {
      next &+= 1
      return nil
    }
    let step = try RecordingReader.step(line, number: number)
    learn(step)
    return replay.difference(from: step)
  }

  /// Where what was done begins, if the line begins as it should.
  private mutating func foretoldStart(of line: Span<UInt8>) -> Int? {
    start.removeAll()
    start.raw(#"{"i":"#)
    start.integer(next)
    start.raw(",")
    return start.withBytes { line.hasPrefix($0) ? $0.count : nil }
  }

  /// Where the state may begin that is behind what was done: at the comma before its first brace.
  private func stateStart(in line: Span<UInt8>, from start: Int) -> Int? {
    guard let brace = line.firstIndex(of: .init(ascii: "{"), from: start) else { return nil }
    let end = brace + 1 - Self.stateStart.utf8CodeUnitCount
    return end > start ? end : nil
  }

  /// Whether the rest of a line tells the state to which the model has come. An operation without
  /// effects leaves it as it was.
  private mutating func isState(_ text: Span<UInt8>) -> Bool {
    if !isStateWritten || !replay.machine.log.effects.isEmpty {
      state.removeAll()
      isStateWritten = state.state(of: replay, trackedLimit, tellsVersion: tellsVersion)
    }
    return isStateWritten && state.withBytes { text.isEqual(to: $0) }
  }

  private mutating func learn(_ step: RecordedStep) {
    next = Int64(step.number) &+ 1
    learn(step.state)
  }

  private mutating func learn(_ state: RecordedState) {
    isStateWritten = false
    if state.tracked.count < state.frames { trackedLimit = state.tracked.count }
    tellsVersion = state.version != nil
  }
}

extension JSONWriter {
  /// The members that tell a state, as recordings have them: from the comma before the first to the end
  /// of the line.
  ///
  /// - Returns: whether the model knows them all; half are written where it does not.
  fileprivate mutating func state(
    of replay: Replay, _ trackedLimit: Int, tellsVersion: Bool
  ) -> Bool {
    raw(LineReplay.stateStart)
    var isFirst = true
    for gfn in replay.window {
      let reading = replay.reading(at: gfn)
      if reading == .nothing { continue }
      if !isFirst { raw(",") }
      isFirst = false
      hex(gfn.rawValue)
      raw(":")
      guard page(reading) else { return false }
    }
    raw(#"},"frames":"#)
    let count = replay.grantFrameCount
    integer(Int64(count))
    raw(#","tracked":["#)
    for frame in 0..<min(count, trackedLimit) {
      element()
      if let gfn = replay.tracked(frame) { hex(gfn.rawValue) } else { null() }
    }
    raw("]")
    if tellsVersion {
      raw(#","grantVersion":"#)
      integer(Int64(replay.grantVersion))
    }
    raw("}")
    return true
  }

  /// What recordings call a page.
  ///
  /// - Returns: whether they have a word for it.
  private mutating func page(_ reading: GuestReading) -> Bool {
    switch reading {
    case .nothing, .something: return false
    case .sharedInfo:
      raw(#""shared_info""#)
      return true
    case .grant(let frame): name(#""grant:"#, frame)
    case .status(let frame): name(#""status:"#, frame)
    case .populated(let number): name(#""populated:"#, number)
    case .ram(let gfn): name(#""ram:"#, gfn)
    case .foreign(let gfn): name(#""foreign:"#, gfn)
    }
    raw(#"""#)
    return true
  }

  private mutating func name(_ kind: StaticString, _ number: Int) {
    raw(kind)
    integer(Int64(number))
  }

  private mutating func name(_ kind: StaticString, _ gfn: GFN) {
    raw(kind)
    bareHex(gfn.rawValue)
  }
}
