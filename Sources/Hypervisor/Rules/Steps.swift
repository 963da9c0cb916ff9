/// An operation in whose midst another vCPU can run.
package enum SteppedOperation: Hashable, Sendable {
  case mapGrantFrame(UInt64, at: GFN?)
  case setGrantVersion(Int)
}

/// An operation that has begun: what its vCPU knows, and what it does next.
package enum OperationInProgress: Hashable, Sendable {
  /// Asks where the frame is mapped.
  case lookingUp(FrameMapping)
  /// Brings the frame to its GFN.
  case inserting(FrameMapping)
  /// Drops the reference that was taken, then answers.
  case ending(FrameMapping, HypercallError?)
  /// Takes the status frame away from where it was found tracked.
  case detaching(statusFrame: Int, at: GFN?)
  /// Drops the status frame's allocation reference; with the last frame all are freed.
  case releasing(statusFrame: Int)
}

/// What keeps other vCPUs out.
package struct Locks: OptionSet, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The grant table's. Xen: `grant_table.lock`
  package static let grant = Locks(rawValue: 1)
  /// The physmap's. Xen: `p2m_domain.lock`
  package static let p2m = Locks(rawValue: 2)
}

extension SteppedOperation {
  /// The locks under which the first step runs.
  package var firstLocks: Locks { .grant }
}

extension OperationInProgress {
  /// The locks under which the next step runs, those included that are held since an earlier one.
  package func locks(_ knobs: Knobs) -> Locks {
    switch self {
    case .lookingUp, .ending: heldLocks(knobs)
    case .inserting, .detaching: heldLocks(knobs).union(.p2m)
    case .releasing: heldLocks(knobs)
    }
  }

  /// The locks that are held until the next step.
  package func heldLocks(_ knobs: Knobs) -> Locks {
    switch self {
    case .lookingUp, .inserting, .ending:
      switch knobs.statusFramePinning {
      case .none, .pageRef: []
      case .lockHeld: .grant
      }
    case .detaching, .releasing: .grant
    }
  }

  /// What the next step does.
  package var nextStep: StepName {
    switch self {
    case .lookingUp: .lookUp
    case .inserting: .insert
    case .ending: .end
    case .detaching: .detach
    case .releasing: .release
    }
  }
}

/// What a step of an operation does, in short.
package enum StepName: String, CaseIterable, Sendable {
  case begin, lookUp, insert, end, detach, release
}

/// Operations step by step. Whoever runs them one after the other has the whole operation.
extension MachineStorage {
  /// Does the first step.
  ///
  /// - Returns: what is to follow; `nil` where the operation is done.
  /// - Throws: what the operation throws; it is done then.
  package mutating func begin(
    _ operation: SteppedOperation, in domain: DomainIndex
  ) throws(HypercallError) -> OperationInProgress? {
    switch operation {
    case .mapGrantFrame(let index, let gfn):
      let mapping = try beginMapping(index, at: gfn, in: domain)
      return asksM2PBeforeLock ? .lookingUp(mapping) : .inserting(mapping)
    case .setGrantVersion(let version):
      return try beginGrantVersion(version, in: domain)
    }
  }

  /// Does the next step.
  ///
  /// - Returns: what is to follow; `nil` where the operation is done.
  /// - Throws: what the operation throws; it is done then.
  package mutating func advance(
    _ progress: OperationInProgress, in domain: DomainIndex
  ) throws(HypercallError) -> OperationInProgress? {
    switch progress {
    case .lookingUp(var mapping):
      mapping.old = tracked(mapping.page, in: domain)
      return .inserting(mapping)
    case .inserting(let mapping):
      do throws(HypercallError) {
        try insert(mapping, in: domain)
      } catch {
        guard isPinned else { throw error }
        return .ending(mapping, error)
      }
      return isPinned ? .ending(mapping, nil) : nil
    case .ending(let mapping, let error):
      unpin(mapping)
      if let error { throw error }
      return nil
    case .detaching(let frame, let gfn):
      try detachStatusFrame(frame, at: gfn, in: domain)
      return .releasing(statusFrame: frame)
    case .releasing(let frame):
      try releaseStatusFrame(frame, in: domain)
      return leaveVersion2(from: frame + 1, in: domain)
    }
  }

  /// Does the whole operation.
  package mutating func run(
    _ operation: SteppedOperation, in domain: DomainIndex
  ) throws(HypercallError) {
    var progress = try begin(operation, in: domain)
    while let next = progress { progress = try advance(next, in: domain) }
  }
}
