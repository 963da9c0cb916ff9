import Exploration
import Hypervisor

/// Judges packed states by the properties that are about states.
struct StateJudge<State: PackedState> {
  private let columns: [Cell]
  private let tracked: [Cell]
  private let surplus: [Cell]
  /// The numbers of the properties, empty for those that are not looked at.
  private let trackingAgrees: PropertySet
  private let singleMapping: PropertySet
  private let referencesBalance: PropertySet
  private let noDangling: PropertySet
  private let regionDiscipline: PropertySet
  /// The content that the status frame is, where it is tracked, and whether it is free.
  private let status: (content: Int, tracked: Cell, isFree: Cell?)?

  /// `nil` where no property is about states.
  init?(_ space: ExplorationSpace) {
    columns = space.p2m.map { space.layout[$0] }
    tracked = space.tracked.map { space.layout[$0] }
    surplus = space.surplus.map { space.layout[$0] }
    trackingAgrees = space.set([.trackingAgrees])
    singleMapping = space.set([.singleMapping])
    referencesBalance = space.set([.referencesBalance])
    noDangling = space.set([.noDangling])
    status = space.statusTracked.map { tracked in
      guard let content = space.valueOf[.status] else {
        preconditionFailure("a status frame that is tracked can be mapped")
      }
      return (content, space.layout[tracked], space.isVersion1.map { space.layout[$0] })
    }
    regionDiscipline = space.set([.regionDiscipline])
    let judged = trackingAgrees.union(singleMapping).union(referencesBalance)
      .union(regionDiscipline)
    if judged.isEmpty, status == nil || noDangling.isEmpty { return nil }
  }

  /// The properties that do not hold in `state`.
  func broken(in state: State) -> PropertySet {
    var broken: PropertySet = []
    for frame in tracked.indices {
      // Grant frames are the contents from 1 on.
      broken.formUnion(judge(content: frame + 1, tracked: tracked[frame], in: state))
    }
    if let status {
      if let isFree = status.isFree, state[isFree] == 1 {
        let isMapped = columns.contains { state[$0] == status.content }
        if isMapped { broken.formUnion(noDangling) }
      } else {
        broken.formUnion(judge(content: status.content, tracked: status.tracked, in: state))
      }
    }
    if !regionDiscipline.isEmpty, !isDisciplined(state) { broken.formUnion(regionDiscipline) }
    for cell in surplus where state[cell] != ExplorationSpace.Surplus.none.rawValue {
      broken.formUnion(referencesBalance)
    }
    return broken
  }

  /// Whether the window, which is the first region, has frame k at its k-th GFN and nothing else.
  private func isDisciplined(_ state: State) -> Bool {
    columns.indices.allSatisfy { place in
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
