import Exploration
import Hypervisor

/// Judges packed states by the properties that are about states.
struct StateJudge<State: PackedState> {
  /// Usually there is no other one; to loop over one in an array costs a quarter of the whole search.
  private let first: DomainJudge<State>
  private let others: [DomainJudge<State>]
  private let surplus: [Cell]
  /// The number of the property, empty if it is not looked at.
  private let referencesBalance: PropertySet

  /// The properties that are about states.
  static func judged(hasVersion2: Bool) -> Set<Property> {
    let always: Set<Property> = [
      .trackingAgrees, .singleMapping, .referencesBalance, .regionDiscipline,
    ]
    return hasVersion2 ? always.union([.noDangling]) : always
  }

  init(_ space: ExplorationSpace) {
    referencesBalance = space.set([.referencesBalance])
    surplus =
      referencesBalance.isEmpty
      ? [] : space.surplus.values.map { space.layout[$0] }.sorted { $0.place < $1.place }
    first = DomainJudge(space, number: 0)
    others = space.domains.indices.dropFirst().map { DomainJudge(space, number: $0) }
  }

  /// The properties that do not hold in `state`.
  func broken(in state: State) -> PropertySet {
    var broken = first.broken(in: state)
    for other in others { broken.formUnion(other.broken(in: state)) }
    for cell in surplus where state[cell] != ExplorationSpace.Surplus.none.rawValue {
      broken.formUnion(referencesBalance)
    }
    return broken
  }
}

extension Cell {
  fileprivate var place: Int { word * 64 + shift }
}

/// The same of one acting domain.
private struct DomainJudge<State: PackedState> {
  private let columns: [Cell]
  private let tracked: [Cell]
  /// GFNs of the first region.
  private let bankPages: Int
  /// The numbers of the properties, empty for those that are not looked at.
  private let trackingAgrees: PropertySet
  private let singleMapping: PropertySet
  private let noDangling: PropertySet
  private let regionDiscipline: PropertySet
  private let status: Status?

  /// The status frame.
  private struct Status {
    /// The content that it is.
    let content: Int
    let tracked: Cell
    /// Whether it is free.
    let isFree: Cell?
    /// The content that it is to other domains, and their GFNs.
    let peerContent: Int?
    let peerColumns: [Cell]
  }

  init(_ space: ExplorationSpace, number: Int) {
    let domain = space.domains[number]
    columns = domain.p2m.map { space.layout[$0] }
    tracked = domain.tracked.map { space.layout[$0] }
    bankPages = space.plan.bankPages
    trackingAgrees = space.set([.trackingAgrees])
    singleMapping = space.set([.singleMapping])
    noDangling = space.set([.noDangling])
    regionDiscipline = space.set([.regionDiscipline])
    status = domain.statusTracked.map { tracked in
      guard let content = space.valueOf[.status] else {
        preconditionFailure("a status frame that is tracked can be mapped")
      }
      let others = space.domains.indices.filter { $0 != number }
      return Status(
        content: content, tracked: space.layout[tracked],
        isFree: domain.isVersion1.map { space.layout[$0] },
        peerContent: space.valueOf[.peer(number, .status(0))],
        peerColumns: others.flatMap { space.domains[$0].p2m.map { space.layout[$0] } })
    }
  }

  func broken(in state: State) -> PropertySet {
    var broken: PropertySet = []
    for frame in tracked.indices {
      // Grant frames are the contents from 1 on.
      broken.formUnion(judge(content: frame + 1, tracked: tracked[frame], in: state))
    }
    if let status {
      if let isFree = status.isFree, state[isFree] == 1 {
        let isMapped =
          columns.contains { state[$0] == status.content }
          || status.peerColumns.contains { state[$0] == status.peerContent }
        if isMapped { broken.formUnion(noDangling) }
      } else {
        broken.formUnion(judge(content: status.content, tracked: status.tracked, in: state))
      }
    }
    if !regionDiscipline.isEmpty, !isDisciplined(state) { broken.formUnion(regionDiscipline) }
    return broken
  }

  /// Whether the first region has frame k at its k-th GFN and nothing else.
  private func isDisciplined(_ state: State) -> Bool {
    (0..<bankPages).allSatisfy { place in
      let content = state[columns[place]]
      return content == 0 || (content == place + 1 && place < tracked.count)
    }
  }

  /// What does not hold of one frame.
  private func judge(content: Int, tracked: Cell, in state: State) -> PropertySet {
    var mappings = 0
    for column in columns where state[column] == content { mappings += 1 }
    let place = state[tracked]
    let isThere = place > 0 && place <= columns.count && state[columns[place - 1]] == content
    let agrees = GrantTable.Frame.trackingAgrees(
      isTracked: place > 0, mappings: mappings, isMappedWhereTracked: isThere)
    var broken = agrees ? PropertySet() : trackingAgrees
    if mappings > 1 { broken.formUnion(singleMapping) }
    return broken
  }
}
