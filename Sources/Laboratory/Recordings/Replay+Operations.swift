import Hypervisor

/// The recorded operations, as hypercalls on the model.
extension Replay {
  /// Makes the hypercall that `operation` records.
  ///
  /// - Returns: what the model answered.
  mutating func hypercall(
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
      let table = machine.grantFrameCount(of: callerIndex)
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

  private var version: Int { machine.grantVersion(of: callerIndex) }

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
