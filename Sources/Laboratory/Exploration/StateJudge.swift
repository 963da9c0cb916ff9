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

  /// `nil` where no property is about states.
  init?(_ space: ExplorationSpace) {
    columns = space.p2m.map { space.layout[$0] }
    tracked = space.tracked.map { space.layout[$0] }
    surplus = space.surplus.map { space.layout[$0] }
    trackingAgrees = space.set([.trackingAgrees])
    singleMapping = space.set([.singleMapping])
    referencesBalance = space.set([.referencesBalance])
    if trackingAgrees.union(singleMapping).union(referencesBalance).isEmpty { return nil }
  }

  /// The properties that do not hold in `state`.
  func broken(in state: State) -> PropertySet {
    var broken: PropertySet = []
    for frame in tracked.indices {
      // Grant frames are the contents from 1 on.
      var mappings = 0
      for column in columns where state[column] == frame + 1 { mappings += 1 }
      let place = state[tracked[frame]]
      let isThere =
        place > 0 && place <= columns.count && state[columns[place - 1]] == frame + 1
      let agrees = GrantTable.Frame.trackingAgrees(
        isTracked: place > 0, mappings: mappings, isMappedWhereTracked: isThere)
      if !agrees { broken.formUnion(trackingAgrees) }
      if mappings > 1 { broken.formUnion(singleMapping) }
    }
    for cell in surplus where state[cell] != ExplorationSpace.Surplus.none.rawValue {
      broken.formUnion(referencesBalance)
    }
    return broken
  }
}
