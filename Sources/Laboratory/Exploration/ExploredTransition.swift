import Exploration
import Hypervisor

/// What is tried in a state: an operation, or with several vCPUs a step of one.
package enum ExploredTransition: Hashable, Sendable {
  case whole(ExploredOperation, by: DomainID = ExploredOperation.domain)
  /// All that an actor does.
  case actor(ExploredActor)
  /// `vcpu`, which is idle, begins an operation.
  case begin(vcpu: Int, ExploredOperation)
  /// `vcpu` does the next step of its operation.
  case advance(vcpu: Int)

  /// All that `plan` tries.
  static func all(of plan: ExplorationPlan) -> [ExploredTransition] {
    let operations = plan.explored
    guard plan.vcpus == 1 else {
      return (0..<plan.vcpus).flatMap { vcpu in
        operations.map { .begin(vcpu: vcpu, $0) } + [.advance(vcpu: vcpu)]
      }
    }
    let whole = plan.actingDomains.flatMap { domain in
      operations.filter { plan.triesInvalidArguments || !$0.names(domain) }
        .map { ExploredTransition.whole($0, by: domain) }
    }
    return whole + plan.actors.map { .actor($0) }
  }
}

extension ExploredOperation {
  /// Whether it maps a page of `domain`, which cannot map its own so.
  fileprivate func names(_ domain: DomainID) -> Bool {
    guard case .mapForeignPage(domain, _, _) = self else { return false }
    return true
  }
}

/// The cells that tell what a vCPU is in the midst of.
struct VCPUCells: Hashable, Sendable {
  /// What it does next.
  enum Phase: Int, CaseIterable {
    case idle, lookingUp, inserting, ending, detaching, releasing
  }

  let phase: CellIndex
  /// The frame that it maps; behind the grant frames the status frame.
  let page: CellIndex
  /// Where it maps the frame.
  let target: CellIndex
  /// Where the frame is believed to be.
  let old: CellIndex
}

/// vCPUs that take turns.
extension CellStorage {
  /// Does what the transition says, unless it cannot happen; then nothing changes.
  mutating func perform(_ transition: ExploredTransition) {
    switch transition {
    case .whole(let operation, let id): perform(operation, as: cells(of: id))
    case .actor(let actor):
      let domain = cells(of: actor.domain)
      for step in actor.steps {
        guard !isCrashed(domain), step.goesOn(after: perform(step.operation, as: domain)) else {
          return
        }
      }
    case .begin(let vcpu, let operation): if !isCrashed(space.first) { begin(operation, on: vcpu) }
    case .advance(let vcpu): if !isCrashed(space.first) { advance(vcpu) }
    }
  }

  private mutating func begin(_ operation: ExploredOperation, on vcpu: Int) {
    guard progress(of: vcpu) == nil else { return }
    guard let stepped = operation.stepped else {
      // Grant tables grow under the grant lock; the others need the P2M lock for themselves only.
      if operation.kind == .setUpGrantTable, !isFree(.grant, for: vcpu) { return }
      perform(operation, as: space.first)
      return
    }
    guard isFree(stepped.firstLocks, for: vcpu) else { return }
    step(vcpu) { storage throws(HypercallError) in
      if case .mapGrantFrame(_, let gfn) = stepped { try storage.checkEarly(gfn) }
      return try storage.begin(stepped, in: storage.space.first.index)
    }
  }

  private mutating func advance(_ vcpu: Int) {
    guard let progress = progress(of: vcpu), isFree(progress.locks(knobs), for: vcpu) else {
      return
    }
    step(vcpu) { storage throws(HypercallError) in
      try storage.advance(progress, in: storage.space.first.index)
    }
  }

  /// Whether no other vCPU holds one of `locks`.
  private func isFree(_ locks: Locks, for vcpu: Int) -> Bool {
    space.vcpus.indices.allSatisfy { other in
      guard other != vcpu, let progress = progress(of: other) else { return true }
      return progress.heldLocks(knobs).isDisjoint(with: locks)
    }
  }

  private mutating func step(
    _ vcpu: Int,
    _ body: (inout CellStorage) throws(HypercallError) -> OperationInProgress?
  ) {
    do throws(HypercallError) {
      note(try body(&self), of: vcpu)
    } catch {
      note(nil, of: vcpu)
      noteCrash(error)
    }
    noteOutcome()
  }

  // MARK: What a vCPU is in the midst of

  private func progress(of vcpu: Int) -> OperationInProgress? {
    let own = space.vcpus[vcpu]
    guard let phase = VCPUCells.Phase(rawValue: cells.read(own.phase)) else {
      preconditionFailure("a vCPU's phase was stored that is none")
    }
    return switch phase {
    case .idle: nil
    case .lookingUp: .lookingUp(mapping(own))
    case .inserting: .inserting(mapping(own))
    // What it will answer makes no difference to the state.
    case .ending: .ending(mapping(own), nil)
    case .detaching: .detaching(statusFrame: 0, at: tracked(own.old))
    case .releasing: .releasing(statusFrame: 0)
    }
  }

  private func mapping(_ own: VCPUCells) -> FrameMapping {
    let number = cells.read(own.page)
    let page = number < space.plan.frames ? SpecialPage.grant(number) : .status(0)
    return FrameMapping(
      page: page, mfn: space.start.mfn(of: page, in: space.first.index), gfn: tracked(own.target),
      old: tracked(own.old))
  }

  private mutating func note(_ progress: OperationInProgress?, of vcpu: Int) {
    let (phase, mapping, old): (VCPUCells.Phase, FrameMapping?, GFN?) =
      switch progress {
      case nil: (.idle, nil, nil)
      case .lookingUp(let mapping)?: (.lookingUp, mapping, mapping.old)
      case .inserting(let mapping)?: (.inserting, mapping, mapping.old)
      // Only whose reference is dropped still matters.
      case .ending(let mapping, _)?:
        (.ending, FrameMapping(page: mapping.page, mfn: mapping.mfn, gfn: nil), nil)
      case .detaching(_, let gfn)?: (.detaching, nil, gfn)
      case .releasing?: (.releasing, nil, nil)
      }
    let own = space.vcpus[vcpu]
    cells.write(phase.rawValue, to: own.phase)
    cells.write(mapping.map { number(of: $0.page) } ?? 0, to: own.page)
    cells.write(space.place(of: mapping?.gfn), to: own.target)
    cells.write(space.place(of: old), to: own.old)
  }

  private func number(of page: SpecialPage) -> Int {
    switch page {
    case .grant(let frame): frame
    case .status: space.plan.frames
    case .sharedInfo: preconditionFailure("shared_info is mapped in one step")
    }
  }
}
