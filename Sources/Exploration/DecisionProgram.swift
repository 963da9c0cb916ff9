/// A system whose transitions are rules over the cells of packed states, each learnt as a tree of
/// decisions while the search runs.
///
/// The first time that a rule comes to a branch it is really run, on cells that record what it reads
/// and writes. From then on the branch is a step in the tree, and at its end stand two words a word
/// of state: the bits to keep, and those to set. So the rules stand once, in whatever language they
/// are best said, and the search runs at the speed of masks and shifts.
package struct DecisionProgram<State: PackedState>: ~Copyable, TransitionSystem {
  /// Runs rule `number` on the cells, and answers what it broke; the same for the same cells.
  package typealias Rule = (_ number: Int, _ cells: CellRecorder) -> PropertySet

  /// Slots of all trees together, those built anew as well; beyond them rules are run each time.
  static var slotLimit: Int { 1 << 20 }

  /// The end of a branch: `state & keep | set`. Without the mark in `keep` it is no end, and the
  /// first word of `set` tells what it is; see `Reference`.
  struct Slot: BitwiseCopyable {
    var keep: State
    var set: State

    @inline(__always)
    func successor(of state: State) -> State { state & keep | set }
  }

  /// What a plain leaf stands for: the rule, and the node that it lies below, if it is not the rule's own,
  /// counted from 1.
  struct Branch: BitwiseCopyable {
    let rule: UInt32
    fileprivate let node: UInt32

    init(of rule: Int, below node: Int?) {
      self.rule = UInt32(truncatingIfNeeded: rule)
      self.node = UInt32(truncatingIfNeeded: (node ?? -1) &+ 1)
    }
  }

  /// Where the search of a rule's tree begins, and the cell that is read there, if one is.
  struct Root: BitwiseCopyable {
    var look: Look
    var reads = State.marked
  }

  let layout: CellLayout
  package let initialState: State
  package let successorLimit: Int
  let rule: Rule
  /// Judges states by `stateProperties`.
  private let brokenInState: (State) -> PropertySet
  private let stateProperties: PropertySet
  /// Whether one of them is still to be told of.
  private var judgesStates: Bool
  let recorder: CellRecorder
  /// Where the search of each rule's tree begins.
  let roots: MappedArray<Root>
  let slots: MappedArray<Slot>
  /// What is said of each slot that is a plain leaf.
  let branches: MappedArray<Branch>
  var followers: Followers
  /// Whether trees have grown since it was last found out what follows a branch.
  var hasGrown = true
  /// The slot of the first rule; the others' follow.
  var firstSlot = 0
  var slotCount: Int
  var nodes: ContiguousArray<DecisionNode<State>> = []
  var markedLeaves: ContiguousArray<MarkedLeaf<State>> = []
  /// Nothing more is to be told of these.
  private(set) var forgotten: PropertySet = []

  /// - Parameters:
  ///   - first: the value of each cell in the first state.
  ///   - stateProperties: the properties of states.
  ///   - broken: those of them that do not hold in a state.
  package init(
    layout: CellLayout, first: [Int], ruleCount: Int, rule: @escaping Rule,
    stateProperties: PropertySet = [], broken: @escaping (State) -> PropertySet = { _ in [] }
  ) {
    let capacity = Self.slotLimit + (PropertySet.limit + 2) * ruleCount
    guard let slots = MappedArray<Slot>(capacity: capacity),
      let branches = MappedArray<Branch>(capacity: capacity),
      let roots = MappedArray<Root>(capacity: ruleCount),
      let followers = Followers(branches: capacity, rules: ruleCount)
    else { preconditionFailure("the host has no memory for the trees") }
    self.layout = layout
    self.rule = rule
    self.slots = slots
    self.branches = branches
    self.followers = followers
    brokenInState = broken
    self.stateProperties = stateProperties
    judgesStates = !stateProperties.isEmpty
    successorLimit = ruleCount
    recorder = CellRecorder(layout)
    initialState = State(first, layout)
    self.roots = roots
    slotCount = ruleCount
    plant()
  }

  /// Gives each rule a slot of its own, before anything is known of it.
  private func plant() {
    for number in 0..<roots.capacity { roots[number] = Root(look: Look(at: firstSlot + number)) }
  }

  /// The bits of the cells that a branch reads, and the mark.
  @inline(__always)
  func reads(_ branch: Branch) -> State {
    branch.node == 0 ? .marked : nodes[Int(branch.node) &- 1].reads
  }

  package var stateBits: State {
    var bits = State()
    for cell in layout.cells { bits[word: cell.word] |= cell.wordMask }
    return bits
  }

  @inline(__always)
  package func broken(in state: State) -> PropertySet {
    judgesStates ? brokenInState(state) : []
  }

  /// Builds all trees anew, without the branches that only these properties told apart.
  package mutating func forget(_ properties: PropertySet) {
    guard !properties.isSubset(of: forgotten) else { return }
    forgotten.formUnion(properties)
    judgesStates = !stateProperties.isSubset(of: forgotten)
    guard markedLeaves.contains(where: { !$0.properties.isDisjoint(with: properties) }) else {
      return
    }
    // Old slots and nodes stay, as states that wait were come to by them.
    firstSlot = slotCount
    slotCount += roots.capacity
    plant()
    hasGrown = true
    markedLeaves.removeAll(keepingCapacity: true)
  }
}

/// What a slot says that is no plain leaf.
enum Reference {
  /// No rule has come here yet.
  case unknown
  case node(Int)
  case marked(Int)

  init(bits: UInt64) {
    let index = Int(truncatingIfNeeded: bits &>> 2)
    switch bits & 3 {
    case 0: self = .unknown
    case 1: self = .node(index)
    default: self = .marked(index)
    }
  }

  var bits: UInt64 {
    switch self {
    case .unknown: 0
    case .node(let index): UInt64(index) << 2 | 1
    case .marked(let index): UInt64(index) << 2 | 2
    }
  }
}

/// The end of a branch that breaks something.
struct MarkedLeaf<State: PackedState> {
  var keep: State
  var set: State
  var properties: PropertySet
}

/// Where in a state to look, and where the slot of value 0 is.
struct Look: BitwiseCopyable {
  var base: Int
  var word: UInt8 = 0
  var shift: UInt8 = 0
  var mask: UInt32 = 0

  /// A look that finds the same slot in every state.
  init(at slot: Int) { base = slot }

  init(at cell: Cell, base: Int) {
    self.base = base
    word = UInt8(cell.word)
    shift = UInt8(cell.shift)
    mask = UInt32(cell.mask)
  }

  /// The slot for `state`.
  @inline(__always)
  func slot<State: PackedState>(_ state: State) -> Int {
    let value = state[word: Int(word)] &>> UInt64(shift)
    return base &+ Int(truncatingIfNeeded: value & UInt64(mask))
  }
}

/// A branching of a tree, by the value of one cell.
struct DecisionNode<State: PackedState> {
  let cell: CellIndex
  /// The bits of this cell and of those that were looked at before, and the mark.
  let reads: State
  let look: Look
  /// The slot that leads here, and the node that has it, if it is not a rule's own.
  let parentSlot: Int
  let parent: Int?
  /// Values whose slot is a leaf.
  var leafCount = 0
  /// Whether the values were tried that had not come.
  var wasCompleted = false
}
