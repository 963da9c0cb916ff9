import Hypervisor

@testable import Laboratory

/// A history on a live machine and, beside it, on the cells of an exploration.
struct Walk {
  let space: ExplorationSpace
  var machine: Machine
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

  mutating func perform(_ operation: ExploredOperation) {
    guard difference == nil else { return }
    let reply = operation.perform(on: &machine)
    var storage = space.storage(values)
    let expected = storage.perform(operation)
    values = storage.cells.currentValues
    if storage.hasSaturated { hasSaturated = true }

    compare("reply", reply, expected, operation)
    compare("effects", told(machine.log), told(storage.log), operation)
    compare("cells", hidden(space.values(of: machine)), hidden(values), operation)
    let lost = machine.violations.contains { $0.property == .noCollateralRemoval }
    compare("loss", lost, storage.broken.contains(.noCollateralRemoval), operation)
    let properties: Set<Property> = [.trackingAgrees, .singleMapping, .referencesBalance]
    let standing = Set(machine.standingViolations(of: properties).map(\.property))
    if !hasSaturated { compare("properties", standing, space.broken(values), operation) }
  }

  /// Once a surplus is cut off at its limit, it need not be the machine's.
  private func hidden(_ values: [Int]) -> [Int] {
    guard hasSaturated else { return values }
    var values = values
    for cell in space.surplus { values[cell.rawValue] = 0 }
    return values
  }

  /// The effects that both tell, without what cannot be told of a state.
  private func told(_ log: EffectLog) -> [Effect] {
    log.effects.compactMap { effect in
      switch effect {
      case .physmap(let domain, let gfn, let before, let after, let cause):
        .physmap(
          domain: domain, gfn: gfn, before: before.map(unnumbered),
          after: after.map(unnumbered), cause: cause)
      case .tracking: effect
      case .reference, .growth: nil
      }
    }
  }

  /// Without which of the populated pages it is.
  private func unnumbered(_ mapping: Mapping) -> Mapping {
    guard case .populated = mapping.page else { return mapping }
    return Mapping(entry: P2MEntry(MFN(0), .ramReadWrite), page: .populated(n: 0))
  }

  private mutating func compare<Value: Equatable>(
    _ what: String, _ live: Value, _ explored: Value, _ operation: ExploredOperation
  ) {
    if difference == nil, live != explored {
      difference = "\(what) of \(operation): live \(live), explored \(explored)"
    }
  }
}
