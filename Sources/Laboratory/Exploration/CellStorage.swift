import Exploration
import Hypervisor

/// A machine whose state is cells that record what is read and written: the storage on which the
/// rules run while an exploration learns what they do.
///
/// What no operation changes, such as the domain that does nothing, is asked of the machine at the
/// start.
struct CellStorage {
  let space: ExplorationSpace
  let cells: CellRecorder
  /// What the last operation changed, but for references.
  var log = EffectLog()
  /// References taken and mappings gone, less those dropped and added, of each counted page.
  var referencesLeftOver: [ExplorationSpace.Content: Int] = [:]
  /// GFNs whose populated page was freed.
  var freed: [Int] = []
  /// The properties of operations that were broken.
  private(set) var broken: Set<Property> = []
  private(set) var hasSaturated = false

  init(_ space: ExplorationSpace, _ cells: CellRecorder) {
    self.space = space
    self.cells = cells
  }

  /// Does `operation` on the cells as they are, as one of the acting domains, unless that was crashed;
  /// and notes in them what it leaves of references.
  @discardableResult
  mutating func perform(
    _ operation: ExploredOperation, as domain: DomainCells
  ) -> OperationReply {
    guard !isCrashed(domain) else { return OperationReply() }
    log.removeAll()
    let reply = operation.perform(on: &self, in: domain.index)
    if let error = reply.error { noteCrash(error) }
    noteOutcome()
    return reply
  }

  /// The acting domain that is called `id`.
  func cells(of id: DomainID) -> DomainCells {
    guard let number = space.number(of: id) else {
      preconditionFailure("domain \(id) acts, which does nothing")
    }
    return space.domains[number]
  }

  func cells(of index: DomainIndex) -> DomainCells { cells(of: space.start.id(of: index)) }

  /// Whether the domain does nothing any more.
  func isCrashed(_ domain: DomainCells) -> Bool {
    domain.crashed.map { cells.read($0) == 1 } ?? false
  }

  func noteCrash(_ error: HypercallError) {
    guard case .domainCrashed(let id, _) = error else { return }
    guard let crashed = cells(of: id).crashed else {
      preconditionFailure("a domain was crashed, which cannot be")
    }
    cells.write(1, to: crashed)
  }

  /// Notes what the operation or step that was done leaves of references, and what it broke.
  mutating func noteOutcome() {
    // In the order of contents, so that what is read does not depend on that of a dictionary.
    for content in space.contents {
      guard let change = referencesLeftOver[content], change != 0 else { continue }
      noteLeftOver(change, of: content)
    }
    referencesLeftOver.removeAll(keepingCapacity: true)
    if log.effects.contains(where: { $0.collateralRemoval != nil }) {
      broken.insert(.noCollateralRemoval)
    }
    if freed.contains(where: { content(at: $0, in: space.first) == .populated }) {
      broken.insert(.noDangling)
    }
    freed.removeAll(keepingCapacity: true)
  }

  private mutating func noteLeftOver(_ change: Int, of page: ExplorationSpace.Content) {
    guard let cell = space.surplus[page] else {
      // Too many references are nobody's loss but the page's. Too few would have to be counted.
      if change < 0 { hasSaturated = true }
      return
    }
    guard let surplus = ExplorationSpace.Surplus(rawValue: cells.read(cell)) else {
      preconditionFailure("a surplus was stored that is none")
    }
    if surplus != .none || abs(change) > 1 { hasSaturated = true }
    let result: ExplorationSpace.Surplus =
      switch (surplus, change > 0) {
      case (.none, true), (.leaked, _): .leaked
      case (.none, false), (.missing, _): .missing
      }
    cells.write(result.rawValue, to: cell)
  }

  /// What is mapped at the GFN number `index` of `domain`.
  func content(at index: Int, in domain: DomainCells) -> ExplorationSpace.Content {
    space.contents[cells.read(domain.p2m[index])]
  }
}
