/// For branches by which many states were come to: the rules that `Wake` may not leave out there.
///
/// A rule that is left out whatever the state need not even be looked at. What is said here of a branch
/// stays true while trees grow, as a rule with branches not known yet is always among its followers; it
/// is only not the least then, so it is found out anew where trees have grown.
struct Followers: ~Copyable {
  private struct List {
    var uses = 0
    /// Where in `rules` they are: all of them at first.
    var rules: Range<Int>
  }

  /// Rules that all lists together may have.
  private static var limit: Int { 1 << 20 }

  /// For each branch the number of its list, counted from 1.
  private let numbers: MappedArray<UInt32>
  private var lists: ContiguousArray<List> = []
  /// The branch of each list.
  private var branches: ContiguousArray<Int> = []
  /// All rules, and behind them the lists.
  private let rules: MappedArray<UInt32>
  private let ruleCount: Int
  private var end: Int

  /// `nil` where the host has not the addresses.
  init?(branches: Int, rules ruleCount: Int) {
    guard let numbers = MappedArray<UInt32>(capacity: branches),
      let rules = MappedArray<UInt32>(capacity: ruleCount + Self.limit)
    else { return nil }
    for rule in 0..<ruleCount { rules[rule] = UInt32(rule) }
    self.numbers = numbers
    self.rules = rules
    self.ruleCount = ruleCount
    end = ruleCount
  }

  /// Forgets all lists.
  mutating func removeAll() {
    for branch in branches { numbers[branch] = 0 }
    branches.removeAll(keepingCapacity: true)
    lists.removeAll(keepingCapacity: true)
    end = ruleCount
  }

  /// Counts a state that was come to by `branch`.
  /// - Returns: how many there are now.
  mutating func countUse(of branch: Int) -> Int {
    if numbers[branch] == 0 {
      branches.append(branch)
      lists.append(List(rules: 0..<ruleCount))
      numbers[branch] = UInt32(lists.count)
    }
    let list = Int(numbers[branch]) - 1
    lists[list].uses += 1
    return lists[list].uses
  }

  /// Gives `branch`, of which a use was counted, its followers, in order, if there is room.
  mutating func add(_ followers: [Int], to branch: Int) {
    guard end + followers.count <= rules.capacity else { return }
    lists[Int(numbers[branch]) - 1].rules = end..<end + followers.count
    for rule in followers {
      rules[end] = UInt32(rule)
      end += 1
    }
  }

  /// The followers of the branch that `origin` names; where there is no list, all rules.
  @inline(__always)
  func list(of origin: Origin) -> Slice {
    guard let branch = origin.branch, case let number = Int(numbers[branch]), number > 0 else {
      return Slice(rules: rules.elements, next: 0, end: ruleCount)
    }
    let list = lists[number &- 1].rules
    return Slice(rules: rules.elements, next: list.lowerBound, end: list.upperBound)
  }

  struct Slice {
    fileprivate let rules: MappedArray<UInt32>.Elements
    fileprivate var next: Int
    fileprivate let end: Int

    /// The next rule, to be passed over with `pass`; `Int.max` behind the last.
    @inline(__always)
    var first: Int { next < end ? Int(rules[next]) : .max }

    @inline(__always)
    mutating func pass() { next &+= 1 }
  }
}

/// The rules that have to be looked at in a state, in order: the followers of its branch, and those that
/// led to new states behind it.
struct RulesToTry<State: PackedState>: IteratorProtocol {
  private var followers: Followers.Slice
  private var siblings: Arrival.LaterSiblings
  private var sibling: Int
  private let branches: MappedArray<DecisionProgram<State>.Branch>.Elements

  @inline(__always)
  init(
    _ arrival: Arrival, _ followers: borrowing Followers,
    _ branches: MappedArray<DecisionProgram<State>.Branch>.Elements
  ) {
    self.followers = followers.list(of: arrival.origin)
    self.branches = branches
    siblings = arrival.laterSiblings
    sibling = .max
    sibling = nextSibling()
  }

  @inline(__always)
  mutating func next() -> (number: Int, isSibling: Bool)? {
    let follower = followers.first
    let number = min(follower, sibling)
    if number == .max { return nil }
    if follower == number { followers.pass() }
    let isSibling = sibling == number
    if isSibling { sibling = nextSibling() }
    return (number, isSibling)
  }

  @inline(__always)
  private mutating func nextSibling() -> Int {
    guard let branch = siblings.next()?.branch else { return .max }
    return Int(branches[branch].rule)
  }
}
