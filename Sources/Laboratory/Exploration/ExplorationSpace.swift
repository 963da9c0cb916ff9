import Exploration
import Hypervisor

/// What a plan comes to: the machine at the start, the operations, and the cells of its states. It never
/// changes; a class, as each run of a rule holds it.
package final class ExplorationSpace {
  /// What is mapped at a GFN, as a number in a cell.
  enum Content: Hashable, Sendable {
    case nothing
    case grant(Int)
    case foreign(Int)
    /// The status frame, or the page that it was.
    case status
    case sharedInfo
    case device
    /// A page that a populate made; it is known by where it is.
    case populated
    /// A page of Xen's own that the acting domain of this number has, mapped by another one.
    case peer(Int, SpecialPage)
  }

  /// The first GFN that is explored, unless a superpage of 1 GiB has to begin there.
  package static let firstGFN: UInt64 = 0x38000
  /// The GFN at which the other domain has its first page.
  package static let firstSource: UInt64 = 0x40000

  package let plan: ExplorationPlan
  /// The properties of the plan, in the search's order.
  let judged: [Property]
  /// The acting domains, in order of `domains`.
  let actors: [DomainID]
  /// The machine before anything was done.
  package let start: Machine
  /// What is tried in every state.
  package let transitions: [ExploredTransition]
  /// The contents that there are; a cell's value is a position.
  let contents: [Content]
  let valueOf: [Content: Int]
  let states: StateLayout

  /// - Throws: `ExplorationPlan.Fault`.
  package init(_ plan: ExplorationPlan) throws(ExplorationPlan.Fault) {
    try plan.check()
    self.plan = plan
    judged = plan.judged
    actors = plan.actingDomains
    let start = Self.makeMachine(plan)
    self.start = start
    transitions = ExploredTransition.all(of: plan)
    contents = Self.makeContents(plan)
    valueOf = Dictionary(uniqueKeysWithValues: contents.enumerated().map { ($1, $0) })
    let domains = actors.map { id in
      guard let index = start.index(of: id) else {
        preconditionFailure("the acting domains were just created")
      }
      return DomainCells(id: id, index: index)
    }
    states = StateLayout(plan, contents, of: domains)
    guard layout.wordCount <= CellLayout.wordLimit else {
      throw .tooLarge(words: layout.wordCount, limit: CellLayout.wordLimit)
    }
  }

  /// References of a page beyond those that its allocation and its mappings account for.
  enum Surplus: Int, CaseIterable {
    case none
    /// One or more.
    case leaked
    /// One or more are missing.
    case missing
  }

  /// The value of each cell at the start.
  var firstValues: [Int] {
    var values = [Int](repeating: 0, count: layout.cells.count)
    for (cell, value) in budget?.values(plan.budget) ?? [] { values[cell.rawValue] = value }
    return values
  }

  private static func makeContents(_ plan: ExplorationPlan) -> [Content] {
    let kinds = plan.operationKinds
    var contents = [Content.nothing]
    contents += (0..<plan.frames).map { .grant($0) }
    contents += (0..<plan.foreignPages).map { .foreign($0) }
    if plan.hasVersion2 { contents.append(.status) }
    if kinds.contains(.mapSharedInfo) { contents.append(.sharedInfo) }
    if kinds.contains(.mapDevice) { contents.append(.device) }
    if kinds.contains(.populate) { contents.append(.populated) }
    guard plan.domains > 1, kinds.contains(.mapForeignPage) else { return contents }
    for number in 0..<plan.domains {
      contents += (0..<plan.frames).map { .peer(number, .grant($0)) }
      if plan.hasVersion2 { contents.append(.peer(number, .status(0))) }
      if kinds.contains(.mapSharedInfo) { contents.append(.peer(number, .sharedInfo)) }
    }
    return contents
  }
}
