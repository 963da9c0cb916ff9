import Hypervisor

/// Where a model and a recording part.
package struct Divergence: Hashable, Sendable {
  /// The recording's number of the operation.
  package let step: Int
  /// What differs: `rc`, `err`, `status`, `nr, max`, `version`, `p2m 0x…`, `frames`, `tracked`,
  /// `grantVersion`.
  package let field: String
  package let recorded: String
  package let modelled: String
}

/// A recording of real Xen being replayed on the model, operation by operation.
package struct Replay {
  package internal(set) var machine: Machine
  /// What the model answered to the last operation.
  package private(set) var outcome = RecordedOutcome()
  let caller: DomainID
  let callerIndex: DomainIndex
  /// The GFNs whose pages the guest reads after each operation.
  package let window: [GFN]
  /// The numbers that the guest wrote into populated pages.
  var populatedNumbers: [MFN: Int] = [:]
  var populateCount = 0
  /// How many more pages a recorded domain holds than the modelled one, once it was told. What else
  /// an x86 dom0 holds is not known.
  var otherPages: [DomainID: Int] = [:]

  /// The machine of a recording: domains 0 and 1, as the recorded ones were set up.
  ///
  /// - Parameters:
  ///   - initial: the state before the first operation; it shows where dom0's RAM is.
  ///   - ramOrder: the order of the largest leaves that map RAM. It makes no difference to what was
  ///     recorded.
  package init(
    _ header: RecordingHeader, initial: RecordedState, on variant: Variant, ramOrder: Int = 0
  ) {
    machine = RecordedMachine.make(
      header, initial: initial, on: variant, ramOrder: ramOrder)
    caller = header.caller.domain
    guard let index = machine.index(of: caller) else {
      preconditionFailure("the recorded caller exists")
    }
    callerIndex = index
    window = header.window
  }

  /// Runs one operation and compares.
  ///
  /// - Returns: the first difference, in the order of `Divergence.field`.
  package mutating func run(_ step: RecordedStep) -> Divergence? {
    perform(step.operation, recorded: step.outcome)
    return difference(from: step)
  }

  /// Runs one operation; `outcome` is then what came of it.
  ///
  /// - Parameter recorded: tells by its return code how much else a domain holds.
  package mutating func perform(_ operation: RecordedOperation, recorded: RecordedOutcome) {
    outcome = hypercall(operation, recorded: recorded)
  }

  /// Compares an operation that was run.
  ///
  /// - Returns: the first difference, in the order of `Divergence.field`.
  package func difference(from step: RecordedStep) -> Divergence? {
    difference(of: outcome, from: step) ?? difference(from: step.state, at: step.number)
      ?? differenceBesideWindow(step)
  }

  /// Compares the one page that `probe1` read, where it tells the page's name.
  private func differenceBesideWindow(_ step: RecordedStep) -> Divergence? {
    guard case .probeOne(let gfn?, let name?) = step.operation, gfn.rawValue < machine.p2mLimit,
      ["grant:", "foreign:", "ram:", "populated:", "shared_info", "raw:"].contains(
        where: name.hasPrefix)
    else { return nil }
    return difference(at: gfn, recorded: name, step: step.number)
  }

  private func difference(at gfn: GFN, recorded: String?, step: Int) -> Divergence? {
    let modelled = reading(at: gfn)
    if modelled.agrees(with: recorded) { return nil }
    return Divergence(
      step: step, field: "p2m \(gfn)", recorded: recorded ?? "nothing",
      modelled: modelled.description)
  }

  /// Compares the state alone.
  package func difference(from state: RecordedState, at step: Int) -> Divergence? {
    for gfn in window {
      let found = difference(at: gfn, recorded: state.physmap[gfn], step: step)
      if let found { return found }
    }
    let count = grantFrameCount
    if state.frames != count {
      return Divergence(
        step: step, field: "frames", recorded: "\(state.frames)", modelled: "\(count)")
    }
    let tracked = (0..<min(count, state.tracked.count)).map { self.tracked($0) }
    if state.tracked != tracked {
      return Divergence(
        step: step, field: "tracked", recorded: text(state.tracked), modelled: text(tracked))
    }
    if let recorded = state.version, recorded != grantVersion {
      return Divergence(
        step: step, field: "grantVersion", recorded: "\(recorded)", modelled: "\(grantVersion)")
    }
    return nil
  }

  /// Grant frames that the caller has.
  package var grantFrameCount: Int { machine.grantFrameCount(of: callerIndex) }

  /// The version of the caller's grant table.
  package var grantVersion: Int { machine.grantVersion(of: callerIndex) }

  /// Where Xen believes one of the caller's grant frames mapped.
  package func tracked(_ frame: Int) -> GFN? { machine.tracked(.grant(frame), in: callerIndex) }

  private func text(_ tracked: [GFN?]) -> String {
    "[" + tracked.map { $0?.description ?? "null" }.joined(separator: ", ") + "]"
  }

  private func difference(of outcome: RecordedOutcome, from step: RecordedStep) -> Divergence? {
    func divergence<V: Equatable>(_ field: String, _ recorded: V?, _ modelled: V?) -> Divergence? {
      guard recorded != modelled else { return nil }
      return Divergence(
        step: step.number, field: field, recorded: recorded.map { "\($0)" } ?? "null",
        modelled: modelled.map { "\($0)" } ?? (machine.panic == nil ? "null" : "hypervisor panic"))
    }
    return divergence("rc", step.outcome.returnCode, outcome.returnCode)
      ?? divergence("err", step.outcome.entryError, outcome.entryError)
      ?? divergence("status", step.outcome.status, outcome.status)
      ?? divergence("nr, max", step.outcome.size, outcome.size)
      ?? divergence("version", step.outcome.version, outcome.version)
  }

  /// What the caller, which tagged its pages, reads at `gfn`.
  package func reading(at gfn: GFN) -> GuestReading {
    guard gfn.rawValue < machine.p2mLimit, let mapping = machine.mapping(at: gfn, in: callerIndex)
    else { return .nothing }
    switch mapping.page {
    case .grant(_, let frame): return .grant(frame: frame)
    case .status(_, let frame): return .status(frame: frame)
    case .sharedInfo: return .sharedInfo
    case .ram(let gfn): return .ram(gfn)
    case .populated: return populatedNumbers[mapping.entry.mfn].map { .populated($0) } ?? .something
    case .foreign:
      guard let page = machine.page(mapping.entry.mfn), page.kind == .ram, let gfn = page.firstGFN
      else { return .something }
      return .foreign(gfn)
    case .device, .free: return .something
    }
  }
}
