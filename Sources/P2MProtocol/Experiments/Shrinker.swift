import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Makes a history that violates a property as short and as plain as it can be and still violate it.
///
/// Deterministic: each pass tries its candidates in a fixed order, and the first that still violates
/// the property takes the history's place. Machines are values, so that a candidate is carried out
/// from the last machine kept that it has in common with the history.
struct Shrinker {
  /// Candidates that are tried, unless the caller asks for fewer.
  static let runLimit = 10_000
  /// Machines that are kept along the history, roughly.
  private static let checkpointCount = 16
  /// Operations between two looks at the client.
  private static let pause = 256

  /// When a history counts.
  enum Goal: Sendable {
    /// An operation breaks the property; what comes after it is not needed.
    case broken(Property)
    /// The property does not hold in the end.
    case standing(Property)
  }

  /// Why it ends early.
  enum Stop: Error {
    case outOfRuns
    case request(RPCError)
  }

  /// A machine as the first `position` operations have made it.
  private struct Checkpoint {
    let position: Int
    let machine: Machine
    /// What the copy may take of its own.
    let lease: HostMemory.Lease

    /// - Returns: `nil` where the host has no memory for it.
    init?(_ position: Int, _ machine: Machine) {
      guard let lease = HostMemory.Lease(machine.memory, machine.copySize) else { return nil }
      self.position = position
      self.machine = machine
      self.lease = lease
    }
  }

  /// The shortest history so far.
  private(set) var best: [ShrinkStep]
  /// Candidates tried so far, the first history not counted.
  private(set) var runs = 0
  let goal: Goal
  /// Candidates that may be tried.
  let limit: Int
  /// The machine before the first operation.
  let start: Machine
  private var checkpoints: [Checkpoint] = []

  /// - Parameters:
  ///   - start: the machine before the first operation.
  ///   - limit: candidates that may be tried.
  /// - Returns: `nil` if `history` does not violate the property.
  /// - Throws: request cancelled.
  init?(
    _ history: [ShrinkStep], on start: Machine, _ goal: Goal, limit: Int,
    context: inout RequestContext
  ) throws(RPCError) {
    self.goal = goal
    self.limit = limit
    self.start = start
    best = history
    let outcome: Bool
    do throws(Stop) {
      outcome = try tryOut(history, changedFrom: 0, mayRefuse: true, &context)
    } catch {
      switch error {
      case .outOfRuns: preconditionFailure("the first history is not counted")
      case .request(let error): throw error
      }
    }
    guard outcome else { return nil }
  }

  /// Takes `candidate` for the best if it violates the property.
  ///
  /// - Parameters:
  ///   - first: the first operation in which it differs from the best.
  ///   - mayRefuse: whether requests may be refused that are no hypercalls then.
  mutating func accept(
    _ candidate: [ShrinkStep], changedFrom first: Int, mayRefuse: Bool,
    _ context: inout RequestContext
  ) throws(Stop) -> Bool {
    guard runs < limit else { throw .outOfRuns }
    do throws(RPCError) {
      try context.advance(to: runs, of: limit)
    } catch {
      throw .request(error)
    }
    runs += 1
    return try tryOut(candidate, changedFrom: first, mayRefuse: mayRefuse, &context)
  }

  private mutating func tryOut(
    _ candidate: [ShrinkStep], changedFrom first: Int, mayRefuse: Bool,
    _ context: inout RequestContext
  ) throws(Stop) -> Bool {
    let kept = checkpoints.prefix { $0.position <= first }
    var machine = kept.last?.machine ?? start
    var position = kept.last?.position ?? 0
    var passed: [Checkpoint] = []
    let distance = candidate.count / Self.checkpointCount + 1
    var scratch = JSONWriter()
    while position < candidate.count {
      if position % distance == 0, let checkpoint = Checkpoint(position, machine) {
        passed.append(checkpoint)
      }
      if position % Self.pause == Self.pause - 1 { try look(&context) }
      scratch.removeAll()
      machine.forgetLastOperation()
      let isServed = candidate[position].attempt(on: &machine, scratch: &scratch)
      guard isServed || mayRefuse else { return false }
      position += 1
      if isBroken(on: machine) { break }
    }
    guard holds(on: machine) else { return false }
    best = Array(candidate[..<position])
    checkpoints = Array(kept) + passed
    return true
  }

  private func look(_ context: inout RequestContext) throws(Stop) {
    do throws(RPCError) {
      try context.advance(to: runs, of: limit)
    } catch {
      throw .request(error)
    }
  }

  /// Whether the last operation has reached the goal.
  private func isBroken(on machine: borrowing Machine) -> Bool {
    switch goal {
    case .broken(let property): machine.violations.contains { $0.property == property }
    case .standing: false
    }
  }

  /// Whether the goal is reached by all operations.
  private func holds(on machine: borrowing Machine) -> Bool { violation(on: machine) != nil }

  /// What the history that made `machine` violates, if it reaches the goal.
  func violation(on machine: borrowing Machine) -> Violation? {
    switch goal {
    case .broken(let property):
      return machine.violations.first { $0.property == property }
    case .standing(let property):
      return StateCheck.all(of: copy machine, property).first
    }
  }

  /// What the best history violates.
  func violation() -> Violation {
    var machine = start
    var scratch = JSONWriter()
    for step in best {
      scratch.removeAll()
      machine.forgetLastOperation()
      _ = step.attempt(on: &machine, scratch: &scratch)
    }
    guard let violation = violation(on: machine) else {
      preconditionFailure("the best history violates the property")
    }
    return violation
  }
}

extension StateCheck {
  /// What stands against one property.
  static func all(of machine: Machine, _ property: Property) -> [Violation] {
    var check = StateCheck(machine, [property])
    while true {
      if let found = check.step() { return found }
    }
  }
}
