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
  package private(set) var machine: Machine
  /// What the model answered to the last operation.
  package private(set) var outcome = RecordedOutcome()
  private let caller: DomainID
  private let window: [GFN]
  /// The numbers that the guest wrote into populated pages.
  private var populatedNumbers: [MFN: Int] = [:]
  private var populateCount = 0
  /// How many more pages a recorded domain holds than the modelled one, once it was told. What else
  /// an x86 dom0 holds is not known.
  private var otherPages: [DomainID: Int] = [:]

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
    window = header.window
  }

  /// Runs one operation and compares.
  ///
  /// - Returns: the first difference, in the order of `Divergence.field`.
  package mutating func run(_ step: RecordedStep) -> Divergence? {
    outcome = perform(step.operation, recorded: step.outcome)
    return difference(of: outcome, from: step) ?? difference(from: step.state, at: step.number)
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
    guard let index = machine.index(of: caller) else {
      preconditionFailure("the recorded caller exists")
    }
    let mapping = gfn.rawValue < machine.p2mLimit ? machine.mapping(at: gfn, in: index) : nil
    if agree(recorded, mapping) { return nil }
    return Divergence(
      step: step, field: "p2m \(gfn)", recorded: recorded ?? "nothing",
      modelled: mapping.map { content(of: $0) ?? "something" } ?? "nothing")
  }

  /// Compares the state alone.
  package func difference(from state: RecordedState, at step: Int) -> Divergence? {
    guard let index = machine.index(of: caller) else {
      preconditionFailure("the recorded caller exists")
    }
    for gfn in window {
      let found = difference(at: gfn, recorded: state.physmap[gfn], step: step)
      if let found { return found }
    }
    let table = machine.domains[index.rawValue].grantTable.frames
    if state.frames != table.count {
      return Divergence(
        step: step, field: "frames", recorded: "\(state.frames)", modelled: "\(table.count)")
    }
    let tracked = table.prefix(state.tracked.count).map(\.tracked)
    if state.tracked != tracked {
      return Divergence(
        step: step, field: "tracked", recorded: text(state.tracked), modelled: text(tracked))
    }
    let version = machine.grantVersion(of: index)
    if let recorded = state.version, recorded != version {
      return Divergence(
        step: step, field: "grantVersion", recorded: "\(recorded)", modelled: "\(version)")
    }
    return nil
  }

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

  /// Whether what the guest read is what the model has mapped.
  private func agree(_ recorded: String?, _ mapping: Mapping?) -> Bool {
    guard let recorded, let mapping else { return recorded == nil && mapping == nil }
    guard let content = content(of: mapping) else { return true }
    // A page that nobody tagged reads as something, no matter what.
    return recorded == content || recorded.hasPrefix("raw:")
  }

  /// What a guest that tagged its pages reads in this one; `nil` where that is not known.
  private func content(of mapping: Mapping) -> String? {
    switch mapping.page {
    case .grant(_, let frame): return "grant:\(frame)"
    case .status(_, let frame): return "status:\(frame)"
    case .sharedInfo: return "shared_info"
    case .ram(let gfn): return "ram:\(gfn)"
    case .populated: return populatedNumbers[mapping.entry.mfn].map { "populated:\($0)" }
    case .foreign:
      guard let page = machine.page(mapping.entry.mfn), page.kind == .ram, let gfn = page.firstGFN
      else { return nil }
      return "foreign:\(gfn)"
    case .device, .free: return nil
    }
  }
}

extension Replay {
  /// Makes the hypercall that `operation` records.
  private mutating func perform(
    _ operation: RecordedOperation, recorded: RecordedOutcome
  ) -> RecordedOutcome {
    switch operation {
    case .grow(let want):
      return grow(want)
    case .mapGrant(let frame, let gfn):
      return addToPhysmap(.caller, .grantTable, index: frame, at: gfn)
    case .mapSharedInfo(let index, let gfn):
      return addToPhysmap(.caller, .sharedInfo, index: index, at: gfn)
    case .addToPhysmap(let domain, let space, let index, let gfn):
      return addToPhysmap(domain, MappingSpace(number: space), index: index, at: gfn)
    case .mapForeign(let domain, let source, let gfn):
      return batch(.foreign(domain), index: source?.rawValue ?? GFN.invalidRawValue, at: gfn)
    case .batch(let space, let index, let gfn):
      return batch(MappingSpace(number: space), index: index, at: gfn)
    case .unmap(let gfn):
      return remove(gfn, from: .caller)
    case .removeFromOther(let domain, let gfn):
      return remove(gfn, from: domain)
    case .populate(let gfn):
      return RecordedOutcome(returnCode: populate(gfn, domain: .caller, tagged: true))
    case .populateOther(let domain, let gfn):
      return RecordedOutcome(returnCode: populate(gfn, domain: domain, tagged: false))
    case .decrease(let gfn):
      return RecordedOutcome(returnCode: decrease(gfn, domain: .caller))
    case .decreaseOther(let domain, let gfn):
      return RecordedOutcome(returnCode: decrease(gfn, domain: domain))
    case .querySize:
      let table = machine.index(of: caller).map { machine.grantFrameCount(of: $0) } ?? 0
      return RecordedOutcome(
        returnCode: 0, status: GrantStatus.okay.rawValue, size: [table, machine.maxGrantFrames])
    case .currentReservation(let domain):
      let outcome = reservation { machine throws(HypercallError) in
        try machine.currentReservation(caller: caller, target: domain)
      }
      return includingOtherPages(outcome, of: domain, recorded)
    case .setVersion(let version):
      return setVersion(version)
    case .getVersion:
      return RecordedOutcome(returnCode: 0, version: version)
    case .mapStatus(let frame, let gfn):
      let index = frame | GrantTable.statusFlag
      return addToPhysmap(.caller, .grantTable, index: index, at: gfn)
    case .getStatusFrames:
      return getStatusFrames()
    case .maximumReservation(let domain):
      return reservation { machine throws(HypercallError) in
        try machine.maximumReservation(caller: caller, target: domain)
      }
    case .probe, .probeOne: return RecordedOutcome()
    case .tagRAM: return RecordedOutcome(returnCode: 0)
    }
  }

  private mutating func grow(_ want: UInt64) -> RecordedOutcome {
    let status = try? machine.setUpGrantTable(caller: caller, target: .caller, frames: want)
    return RecordedOutcome(returnCode: status == nil ? nil : 0, status: status?.rawValue)
  }

  private var version: Int? { machine.index(of: caller).map { machine.grantVersion(of: $0) } }

  private mutating func setVersion(_ version: Int) -> RecordedOutcome {
    do throws(HypercallError) {
      try machine.setGrantTableVersion(caller: caller, to: version)
      return RecordedOutcome(returnCode: 0, version: self.version)
    } catch {
      return RecordedOutcome(returnCode: error.errno?.returnCode, version: self.version)
    }
  }

  private func getStatusFrames() -> RecordedOutcome {
    do throws(HypercallError) {
      try machine.getStatusFrames(caller: caller)
    } catch {
      // The status is what the guest wrote there before the call.
      return RecordedOutcome(returnCode: error.errno?.returnCode, status: 99)
    }
  }

  /// Adds what the recorded domain holds beside what is modelled; the first answer tells how much.
  private mutating func includingOtherPages(
    _ outcome: RecordedOutcome, of domain: DomainID, _ recorded: RecordedOutcome
  ) -> RecordedOutcome {
    guard machine.architecture == .x86, let modelled = outcome.returnCode, modelled >= 0,
      let told = recorded.returnCode, told >= 0
    else { return outcome }
    let domain = domain == .caller ? caller : domain
    let others = otherPages[domain] ?? told - modelled
    otherPages[domain] = others
    return RecordedOutcome(returnCode: modelled + others)
  }

  private mutating func addToPhysmap(
    _ domain: DomainID, _ space: MappingSpace, index: UInt64, at gfn: GFN?
  ) -> RecordedOutcome {
    do throws(HypercallError) {
      try machine.addToPhysmap(caller: caller, target: domain, space, index: index, at: gfn)
      return RecordedOutcome(returnCode: 0)
    } catch {
      return RecordedOutcome(returnCode: error.errno?.returnCode)
    }
  }

  private mutating func batch(
    _ space: MappingSpace, index: UInt64, at gfn: GFN?
  ) -> RecordedOutcome {
    let outcome = machine.addToPhysmapBatch(
      caller: caller, target: .caller, space, index: index, at: gfn)
    switch outcome {
    case .refused(let error):
      return RecordedOutcome(returnCode: error.errno?.returnCode, entryError: .refused)
    case .entry(let error):
      return RecordedOutcome(returnCode: 0, entryError: .entry(error?.errno?.returnCode ?? 0))
    }
  }

  private mutating func remove(_ gfn: GFN?, from domain: DomainID) -> RecordedOutcome {
    do throws(HypercallError) {
      try machine.removeFromPhysmap(caller: caller, target: domain, gfn)
      return RecordedOutcome(returnCode: 0)
    } catch {
      return RecordedOutcome(returnCode: error.errno?.returnCode)
    }
  }

  /// - Parameter tagged: whether the guest then writes a number into the new page.
  private mutating func populate(_ gfn: GFN?, domain: DomainID, tagged: Bool) -> Int {
    let extents = try? machine.populatePhysmap(caller: caller, target: domain, gfn)
    guard extents == 1 else { return 0 }
    if let gfn, gfn.rawValue < machine.p2mLimit,
      let index = machine.index(of: domain == .caller ? caller : domain),
      let entry = machine.entry(at: gfn, in: index)
    {
      populatedNumbers[entry.mfn] = tagged ? populateCount : nil
    }
    if tagged { populateCount += 1 }
    return 1
  }

  private mutating func decrease(_ gfn: GFN?, domain: DomainID) -> Int {
    (try? machine.decreaseReservation(caller: caller, target: domain, gfn)) ?? 0
  }

  private func reservation(
    _ ask: (Machine) throws(HypercallError) -> UInt64
  ) -> RecordedOutcome {
    do throws(HypercallError) {
      return RecordedOutcome(returnCode: Int(try ask(machine)))
    } catch {
      return RecordedOutcome(returnCode: error.errno?.returnCode)
    }
  }
}
