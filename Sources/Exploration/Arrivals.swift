/// By which branch of which transition a state was first come to, as its system numbers them.
package struct Origin: BitwiseCopyable, Equatable {
  /// Nothing is known of it.
  package static let unknown = Origin(rawValue: 0)

  /// Twice the number of the branch and one; the last bit says whether the next state of the list was
  /// found among the successors of the same state.
  private var rawValue: UInt32

  private init(rawValue: UInt32) { self.rawValue = rawValue }

  @inline(__always)
  init(branch: Int) { rawValue = UInt32(truncatingIfNeeded: branch &+ 1) &<< 1 }

  @inline(__always)
  var branch: Int? { rawValue < 2 ? nil : Int(rawValue &>> 1) &- 1 }

  @inline(__always)
  var hasSibling: Bool {
    get { rawValue & 1 != 0 }
    set { rawValue = rawValue & ~1 | (newValue ? 1 : 0) }
  }
}

/// How a state was first come to, and what was new beside it.
package struct Arrival {
  fileprivate let origins: MappedArray<Origin>.Elements?
  fileprivate let index: Int

  /// Nothing is known: all is to be tried.
  package static var unknown: Arrival { Arrival(origins: nil, index: 0) }

  @inline(__always)
  var origin: Origin {
    guard let origins else { return .unknown }
    return origins[index]
  }

  /// The origins of the states that were found after it among the successors of the same state, in
  /// order.
  @inline(__always)
  var laterSiblings: LaterSiblings { LaterSiblings(arrival: self) }

  struct LaterSiblings: IteratorProtocol {
    private let origins: MappedArray<Origin>.Elements?
    private var index: Int

    @inline(__always)
    fileprivate init(arrival: Arrival) {
      origins = arrival.origins
      index = arrival.index
    }

    @inline(__always)
    mutating func next() -> Origin? {
      guard let origins, origins[index].hasSibling else { return nil }
      index &+= 1
      return origins[index]
    }
  }
}

/// How the states of a list were come to, kept only for those that wait to be expanded.
package struct Arrivals: ~Copyable {
  private let origins: MappedArray<Origin>
  /// Up to here memory was given back.
  private var start = 0
  private var most = 0

  /// `nil` where the host has not the addresses.
  init?(limit: Int) {
    guard let origins = MappedArray<Origin>(capacity: limit) else { return nil }
    self.origins = origins
  }

  @inline(__always)
  subscript(index: Int) -> Arrival { reader[index] }

  /// To read while others are noted.
  @inline(__always)
  var reader: Reader { Reader(origins: origins.elements) }

  struct Reader {
    fileprivate let origins: MappedArray<Origin>.Elements

    @inline(__always)
    subscript(index: Int) -> Arrival { Arrival(origins: origins, index: index) }
  }

  @inline(__always)
  func note(_ origin: Origin, at index: Int) { origins[index] = origin }

  /// Says that the states at `index` and before it, from `first` on, were found among the successors of
  /// the same state.
  @inline(__always)
  func noteSibling(at index: Int, from first: Int) {
    if _fastPath(origins[index] != .unknown) {
      origins[index &- 1].hasSibling = true
    } else {
      forget(index, from: first)
    }
  }

  /// Forgets how the state at `index` was come to, and so what was new beside those before it, from
  /// `first` on.
  func forget(_ index: Int, from first: Int) {
    for sibling in first...index { origins[sibling] = .unknown }
  }

  /// Gives the memory back of those before `index`, of `count`.
  mutating func discard(upTo index: Int, of count: Int) {
    most = max(most, count - start)
    start = origins.discard(from: start, to: index)
  }

  /// The most that they took at once.
  var bytes: Int { most * MemoryLayout<Origin>.stride }
}

/// Notes how new states were come to, one after the other.
struct ArrivalNotes {
  private let successorLimit: UInt32
  /// Successors that a source has at most.
  var limit: Int { Int(successorLimit) }
  /// The first key behind those of the successors of the present source.
  private var end: UInt32 = 0
  /// Where in the list the first of them is.
  private(set) var first = 0

  init(successorLimit: Int) { self.successorLimit = UInt32(truncatingIfNeeded: successorLimit) }

  /// Whether the source is that of the last one noted.
  @inline(__always)
  func isSibling<State>(_ candidate: Candidate<State>) -> Bool { candidate.key < end }

  @inline(__always)
  mutating func note<State>(
    _ candidate: Candidate<State>, at index: Int, in arrivals: borrowing Arrivals
  ) {
    arrivals.note(candidate.origin, at: index)
    if isSibling(candidate) {
      arrivals.noteSibling(at: index, from: first)
    } else {
      end = candidate.firstKey(successorLimit) &+ successorLimit
      first = index
    }
  }
}
