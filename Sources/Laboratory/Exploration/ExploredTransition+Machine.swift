import Hypervisor

/// Explored transitions on a live machine.
extension ExploredTransition {
  /// A transition that was done.
  package struct Done: Hashable, Sendable {
    /// The step, where it is one of several.
    package let step: Machine.Step?
    /// What a whole operation answered, or why a step failed.
    package let reply: OperationReply
  }

  /// Who does it.
  package var domain: DomainID {
    switch self {
    case .whole(_, let domain): domain
    case .actor(let actor): actor.domain
    case .begin, .advance: ExploredOperation.domain
    }
  }

  /// Whether it can happen on `machine`.
  package func canHappen(on machine: borrowing Machine) -> Bool {
    guard let domain = machine.index(of: domain), machine.domains[domain.rawValue].crash == nil
    else { return false }
    switch self {
    case .whole, .actor: return true
    case .begin(let vcpu, let operation):
      if let stepped = operation.stepped {
        return machine.refusal(toBegin: stepped, on: vcpu, of: domain) == nil
      }
      return machine.domains[domain.rawValue].progress[vcpu] == nil
        && machine.refusal(toLock: operation.locks, for: vcpu, of: domain) == nil
    case .advance(let vcpu): return machine.refusal(toStep: vcpu, of: domain) == nil
    }
  }

  /// Does it on `machine`, where it can happen.
  package func perform(on machine: inout Machine) -> Done {
    do throws(HypercallError) {
      switch self {
      case .whole(let operation, let domain):
        return Done(step: nil, reply: operation.perform(on: &machine, as: domain))
      case .actor(let actor):
        var reply = OperationReply()
        actor.perform(on: &machine) { _, _, last in reply = last }
        return Done(step: nil, reply: reply)
      case .begin(let vcpu, let operation):
        guard let stepped = operation.stepped else {
          return Done(step: nil, reply: operation.perform(on: &machine))
        }
        let step = try machine.begin(stepped, on: vcpu, caller: domain)
        return Done(step: step, reply: OperationReply())
      case .advance(let vcpu):
        let step = try machine.step(vcpu, caller: domain)
        return Done(step: step, reply: OperationReply())
      }
    } catch {
      return Done(step: nil, reply: OperationReply(error: error))
    }
  }
}

extension ExploredActor {
  /// Does what it does on `machine`, up to the first error that it does not foresee.
  ///
  /// - Parameter didStep: called after each operation, with what was answered.
  package func perform(
    on machine: inout Machine,
    _ didStep: (ExploredOperation, borrowing Machine, OperationReply) -> Void
  ) {
    for step in steps {
      let reply = step.operation.perform(on: &machine, as: domain)
      didStep(step.operation, machine, reply)
      guard step.goesOn(after: reply) else { return }
    }
  }
}

extension ExploredOperation {
  /// The locks that an operation takes one after the other, which is done whole.
  package var locks: Locks {
    switch self {
    case .mapGrantFrame, .setGrantVersion: [.grant, .p2m]
    case .setUpGrantTable: .grant
    case .mapForeignPage, .unmap, .populate, .decrease, .mapSharedInfo, .mapDevice: .p2m
    }
  }
}
