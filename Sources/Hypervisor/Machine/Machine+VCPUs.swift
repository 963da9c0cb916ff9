/// vCPUs of a domain that take turns, each in the midst of an operation or idle.
///
/// Other operations are done whole, as by one more vCPU that nobody sees between two steps.
extension Machine {
  /// Why a vCPU cannot do a step now.
  package enum StepRefusal: Error, Hashable, Sendable {
    /// Another vCPU holds a lock that the step takes.
    case locked(Locks, by: Int)
    /// It is in the midst of an operation, and cannot begin another one.
    case busy
    /// It is in the midst of nothing.
    case idle
  }

  /// A step that was done.
  package struct Step: Hashable, Sendable {
    package let name: StepName
    /// The locks under which it ran.
    package let locks: Locks
    /// Whether the operation is done.
    package let isDone: Bool
  }

  /// Why `vcpu` of `domain` cannot begin `operation`; `nil` if it can.
  package func refusal(
    toBegin operation: SteppedOperation, on vcpu: Int, of domain: DomainIndex
  ) -> StepRefusal? {
    if domains[domain.rawValue].progress[vcpu] != nil { return .busy }
    return refusal(toLock: operation.firstLocks, for: vcpu, of: domain)
  }

  /// Why `vcpu` of `domain` cannot do the next step; `nil` if it can.
  package func refusal(toStep vcpu: Int, of domain: DomainIndex) -> StepRefusal? {
    guard let progress = domains[domain.rawValue].progress[vcpu] else { return .idle }
    return refusal(toLock: progress.locks(knobs), for: vcpu, of: domain)
  }

  /// Why `locks` of `domain` cannot be taken; `nil` if they can.
  ///
  /// - Parameter vcpu: who takes them; `nil` for none of those that do steps.
  package func refusal(
    toLock locks: Locks, for vcpu: Int? = nil, of domain: DomainIndex
  ) -> StepRefusal? {
    for (other, progress) in domains[domain.rawValue].progress.enumerated() where other != vcpu {
      let held = progress?.heldLocks(knobs).intersection(locks) ?? []
      if !held.isEmpty { return .locked(held, by: other) }
    }
    return nil
  }

  /// Does the first step of an operation, which nothing refuses, on the caller's own behalf.
  package mutating func begin(
    _ operation: SteppedOperation, on vcpu: Int, caller: DomainID
  ) throws(HypercallError) -> Step {
    try self.operation { machine throws(HypercallError) in
      let domain = try machine.permitted(caller, by: caller)
      precondition(
        machine.refusal(toBegin: operation, on: vcpu, of: domain) == nil, "a lock is held")
      if case .mapGrantFrame(_, let gfn) = operation { try machine.checkEarly(gfn) }
      let next = try machine.begin(operation, in: domain)
      machine.note(next, of: vcpu, in: domain)
      return Step(name: .begin, locks: operation.firstLocks, isDone: next == nil)
    }
  }

  /// Does the next step of what `vcpu` has begun, which nothing refuses.
  package mutating func step(
    _ vcpu: Int, caller: DomainID
  ) throws(HypercallError) -> Step {
    try operation { machine throws(HypercallError) in
      let domain = try machine.permitted(caller, by: caller)
      guard machine.refusal(toStep: vcpu, of: domain) == nil,
        let progress = machine.domains[domain.rawValue].progress[vcpu]
      else { preconditionFailure("a vCPU is idle, or a lock is held") }
      do throws(HypercallError) {
        let next = try machine.advance(progress, in: domain)
        machine.note(next, of: vcpu, in: domain)
        return Step(
          name: progress.nextStep, locks: progress.locks(machine.knobs), isDone: next == nil)
      } catch {
        machine.note(nil, of: vcpu, in: domain)
        throw error
      }
    }
  }

  private mutating func note(
    _ progress: OperationInProgress?, of vcpu: Int, in domain: DomainIndex
  ) {
    if domains[domain.rawValue].progress[vcpu] != nil { progressCount -= 1 }
    if progress != nil { progressCount += 1 }
    domains[domain.rawValue].progress[vcpu] = progress
  }

  /// Ends what vCPUs of a domain that is no more are in the midst of; the references they hold go.
  mutating func endProgress(of domain: DomainIndex) {
    for vcpu in domains[domain.rawValue].progress.indices {
      guard let progress = domains[domain.rawValue].progress[vcpu] else { continue }
      note(nil, of: vcpu, in: domain)
      if let mapping = progress.mapping { unpin(mapping) }
    }
  }

  /// References to `mfn` that vCPUs hold until they are done.
  func referencesOnTheWay(to mfn: MFN) -> UInt32 {
    guard progressCount > 0, isPinned else { return 0 }
    var count: UInt32 = 0
    for domain in domains {
      for progress in domain.progress where progress?.mapping?.mfn == mfn { count += 1 }
    }
    return count
  }
}

extension OperationInProgress {
  /// The frame that is on its way to a GFN, if one is.
  package var mapping: FrameMapping? {
    switch self {
    case .lookingUp(let mapping), .inserting(let mapping), .ending(let mapping, _): mapping
    case .detaching, .releasing: nil
    }
  }
}
