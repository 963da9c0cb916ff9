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

  /// Slots of all trees together; beyond them rules are run each time.
  static var slotLimit: Int { 1 << 20 }

  /// The end of a branch: `state & keep | set`. Without the mark in `keep` it is no end, and the
  /// first word of `set` tells what it is; see `Reference`.
  struct Slot: BitwiseCopyable {
    var keep: State
    var set: State
  }

  let layout: CellLayout
  package let initialState: State
  package let successorLimit: Int
  let rule: Rule
  private let brokenInState: ((State) -> PropertySet)?
  let recorder: CellRecorder
  /// Where the search of each rule's tree begins.
  let roots: MappedArray<Look>
  let slots: MappedArray<Slot>
  var slotCount: Int
  var nodes: ContiguousArray<DecisionNode> = []
  var markedLeaves: ContiguousArray<MarkedLeaf<State>> = []
  /// Nothing more is to be told of these.
  private(set) var forgotten: PropertySet = []

  /// - Parameters:
  ///   - first: the value of each cell in the first state.
  ///   - broken: the properties that do not hold in a state, if there are properties of states.
  package init(
    layout: CellLayout, first: [Int], ruleCount: Int, rule: @escaping Rule,
    broken: ((State) -> PropertySet)? = nil
  ) {
    guard let slots = MappedArray<Slot>(capacity: Self.slotLimit),
      let roots = MappedArray<Look>(capacity: ruleCount)
    else { preconditionFailure("the host has no memory for the trees") }
    self.layout = layout
    self.rule = rule
    self.slots = slots
    brokenInState = broken
    successorLimit = ruleCount
    recorder = CellRecorder(layout)
    initialState = State(first, layout)
    // The first slots are the rules' own, before anything is known of them.
    for index in 0..<ruleCount { roots[index] = Look(at: index) }
    self.roots = roots
    slotCount = ruleCount
  }

  @inline(__always)
  package func broken(in state: State) -> PropertySet {
    guard let brokenInState else { return [] }
    return brokenInState(state)
  }

  /// Builds all trees anew, without the branches that only these properties told apart.
  package mutating func forget(_ properties: PropertySet) {
    guard !properties.isSubset(of: forgotten) else { return }
    forgotten.formUnion(properties)
    guard markedLeaves.contains(where: { !$0.properties.isDisjoint(with: properties) }) else {
      return
    }
    for index in 0..<slotCount { slots[index] = Slot(keep: State(), set: State()) }
    for index in 0..<roots.capacity { roots[index] = Look(at: index) }
    slotCount = roots.capacity
    nodes.removeAll(keepingCapacity: true)
    markedLeaves.removeAll(keepingCapacity: true)
  }

  package mutating func findSuccessors(of state: State, into successors: inout Successors<State>) {
    var nothing: Void = ()
    if findKnownSuccessors(of: state, into: &successors, using: &nothing) { return }
    for number in 0..<roots.capacity {
      switch end(number, state) {
      case .plain(let slot): successors.append(state & slot.keep | slot.set)
      case .marked(let leaf): append(leaf, of: state, number, &successors)
      case .unknown: append(learn(number, from: state), of: state, number, &successors)
      }
    }
  }

  private func append(
    _ leaf: MarkedLeaf<State>, of state: State, _ number: Int,
    _ successors: inout Successors<State>
  ) {
    if !leaf.properties.isEmpty { successors.mark(leaf.properties, transition: number) }
    successors.append(state & leaf.keep | leaf.set)
  }

  package func findKnownSuccessors(
    of state: State, into successors: inout Successors<State>, using scratch: inout Void
  ) -> Bool {
    let count = roots.capacity
    let roots = self.roots.elements
    let slots = self.slots.elements
    let elements = successors.elements
    var number = 0
    while number < count {
      let slot = slots[roots[number].slot(state)]
      if _fastPath(slot.keep.isMarked) {
        elements[number] = state & slot.keep | slot.set
      } else if let unusual = unusualSuccessor(of: state, number, &successors) {
        elements[number] = unusual
      } else {
        successors.removeAll()
        return false
      }
      number &+= 1
    }
    successors.setCount(count)
    return true
  }

  /// The successor where one look is not enough, or the leaf is marked; `nil` if it is not known.
  private func unusualSuccessor(
    of state: State, _ number: Int, _ successors: inout Successors<State>
  ) -> State? {
    switch end(number, state) {
    case .plain(let slot):
      return state & slot.keep | slot.set
    case .marked(let leaf):
      successors.mark(leaf.properties, transition: number)
      return state & leaf.keep | leaf.set
    case .unknown:
      return nil
    }
  }

  /// Where the tree of a rule leads.
  private enum End {
    case plain(Slot)
    case marked(MarkedLeaf<State>)
    case unknown
  }

  @inline(__always)
  private func end(_ number: Int, _ state: State) -> End {
    var slot = slots[roots[number].slot(state)]
    while !slot.keep.isMarked {
      switch Reference(bits: slot.set[word: 0]) {
      case .node(let node): slot = slots[nodes[node].look.slot(state)]
      case .marked(let index): return .marked(markedLeaves[index])
      case .unknown: return .unknown
      }
    }
    return .plain(slot)
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
struct DecisionNode {
  let cell: CellIndex
  let look: Look
  /// The slot that leads here, and the node that has it, if it is not a rule's own.
  let parentSlot: Int
  let parent: Int?
  /// Values whose slot is a leaf.
  var leafCount = 0
  /// Whether the values were tried that had not come.
  var wasCompleted = false
}
