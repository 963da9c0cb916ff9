/// All states found, in order, each in as few bytes as its cells need.
struct StateList<State: PackedState>: ~Copyable {
  private let bytes: MappedArray<UInt8>
  /// Bytes of a state.
  let size: Int
  /// The bits of a state that may be set, apart from the mark.
  private let bits: State
  let capacity: Int

  /// A list for as many states as there can be where the table, the list and the arrivals have `memory`
  /// bytes together.
  init?(bits: State, memory: Int) {
    let least = MemoryLayout<State>.stride + MemoryLayout<Origin>.stride + bits.byteCount
    self.init(capacity: max(memory / least, 1), bits: bits)
  }

  /// A list of `capacity` states that have no bits but `bits` and the mark; `nil` where the host has not
  /// the addresses.
  init?(capacity: Int, bits: State) {
    let size = bits.byteCount
    let slack = MemoryLayout<State>.size
    guard let bytes = MappedArray<UInt8>(capacity: capacity * size + slack) else { return nil }
    self.bytes = bytes
    self.size = size
    self.bits = bits
    self.capacity = capacity
  }

  /// Setting a state makes those behind it undefined, as far as they begin within a state's width.
  @inline(__always)
  subscript(index: Int) -> State {
    get { reader[index] }
    nonmutating set { bytes.elements.store(newValue, at: index &* size) }
  }

  /// To read states while others are set behind them, of which a read takes some bytes and drops them.
  @inline(__always)
  var reader: Reader { Reader(bytes: bytes.elements, size: size, bits: bits) }

  struct Reader {
    fileprivate let bytes: MappedArray<UInt8>.Elements
    fileprivate let size: Int
    fileprivate let bits: State

    @inline(__always)
    subscript(index: Int) -> State {
      bytes.load(index &* size, as: State.self) & bits | .marked
    }
  }
}

extension PackedState {
  /// Bytes up to the last in which a bit is set, one at least.
  fileprivate var byteCount: Int {
    for word in (0..<Self.wordCount).reversed() where self[word: word] != 0 {
      return 8 * word + (64 - self[word: word].leadingZeroBitCount + 7) / 8
    }
    return 1
  }
}
