import Hypervisor

@testable import Laboratory

/// A history on a live machine and, beside it, on the cells of an exploration.
struct Walk {
  let space: ExplorationSpace
  private(set) var machine: Machine
  private var values: [Int]
  /// The first difference between the two.
  private(set) var difference: String?
  private var hasSaturated = false

  /// - Parameter change: what is different about the live machine, to see whether it is noticed.
  init(_ space: ExplorationSpace, machine: Machine? = nil) {
    self.space = space
    self.machine = machine ?? space.start
    values = space.firstValues
  }

  mutating func perform(_ operation: ExploredTransition) {
    guard difference == nil else { return }
    var storage = space.storage(values)
    guard operation.canHappen(on: machine) else {
      storage.perform(operation)
      compare("change", storage.cells.currentValues, values, operation)
      return
    }
    let before = machine
    let done = operation.perform(on: &machine)
    if case .whole(let whole, let domain) = operation {
      let reply = storage.perform(whole, as: storage.cells(of: domain))
      compare("reply", done.reply, reply, operation)
    } else {
      storage.perform(operation)
    }
    values = storage.cells.currentValues
    if storage.hasSaturated { hasSaturated = true }

    // Of an actor only the last operation's are left; superpages are told leaf by leaf.
    if !operation.isOfManyEffects {
      compare("effects", told(machine.log), told(storage.log), operation)
    }
    compare("cells", hidden(space.values(of: machine)), hidden(values), operation)
    compare(
      "loss", isLost(by: operation, before), storage.broken.contains(.noCollateralRemoval),
      operation)
    compare("progress", isIdle, idle, operation)
    var properties: Set<Property> = [.trackingAgrees, .singleMapping, .referencesBalance]
    if space.plan.hasVersion2, !space.plan.alphabet.contains(.populate) {
      properties.insert(.noDangling)
    }
    let standing = Set(machine.standingViolations(of: properties).map(\.property))
    if !hasSaturated {
      compare("properties", standing, space.broken(values).intersection(properties), operation)
    }
  }

  /// Whether the operation, or one of an actor's, took something away that it did not name.
  private func isLost(by operation: ExploredTransition, _ before: Machine) -> Bool {
    guard case .actor(let actor) = operation else { return machine.isLoss }
    var machine = before
    var isLost = false
    actor.perform(on: &machine) { _, machine, _ in isLost = isLost || machine.isLoss }
    return isLost
  }

  /// Once a surplus is cut off at its limit, it need not be the machine's.
  private func hidden(_ values: [Int]) -> [Int] {
    var values = values
    // What vCPUs are in the midst of is not the machine's.
    for vcpu in space.vcpus {
      for cell in [vcpu.phase, vcpu.page, vcpu.target, vcpu.old] { values[cell.rawValue] = 0 }
    }
    for cell in space.pins + [space.statusPins].compactMap({ $0 }) { values[cell.rawValue] = 0 }
    if hasSaturated {
      for cell in space.surplus.values { values[cell.rawValue] = 0 }
    }
    return values
  }

  private var isIdle: [Bool] {
    machine.domains[space.first.index.rawValue].progress.map { $0 == nil }
  }

  private var idle: [Bool] {
    guard space.plan.vcpus > 1 else { return [true] }
    // A crash ends everything.
    let isCrashed = space.first.crashed.map { values[$0.rawValue] == 1 } ?? false
    if isCrashed { return space.vcpus.map { _ in true } }
    return space.vcpus.map { values[$0.phase.rawValue] == VCPUCells.Phase.idle.rawValue }
  }

  /// The effects that both tell, without what cannot be told of a state.
  private func told(_ log: EffectLog) -> [Effect] {
    log.effects.compactMap { effect in
      switch effect {
      case .physmap(_, _, _, _, .split): nil  // A state does not tell how large leaves are.
      case .physmap(let domain, let gfn, let before, let after, let cause):
        .physmap(
          domain: domain, gfn: gfn, before: before.map(unnumbered),
          after: after.map(unnumbered), cause: cause)
      case .tracking, .statusGrowth, .version: effect
      case .reference, .references, .growth: nil
      }
    }
  }

  /// Without which of the populated pages it is, and which page the status frame.
  private func unnumbered(_ mapping: Mapping) -> Mapping {
    switch mapping.page {
    case .populated: Mapping(entry: P2MEntry(MFN(0), .ramReadWrite), page: .populated(n: 0))
    case .status, .free: Mapping(entry: P2MEntry(MFN(0), .ramReadWrite), page: mapping.page)
    case .foreign(space.plan.owner, _): mapping
    case .foreign(let domain, _):
      Mapping(entry: mapping.entry, page: .foreign(domain: domain, gfn: GFN(0)))
    case .grant, .ram, .sharedInfo, .device: mapping
    }
  }

  private mutating func compare<Value: Equatable>(
    _ what: String, _ live: Value, _ explored: Value, _ operation: ExploredTransition
  ) {
    if difference == nil, live != explored {
      difference = "\(what) of \(operation): live \(live), explored \(explored)"
    }
  }
}

extension ExploredTransition {
  fileprivate var isOfManyEffects: Bool {
    switch self {
    case .actor: true
    case .whole(.populate(_, let order), _), .whole(.decrease(_, let order), _): order > 0
    case .whole, .begin, .advance: false
    }
  }
}

extension Machine {
  fileprivate var isLoss: Bool { violations.contains { $0.property == .noCollateralRemoval } }
}
