/// A state of a system, packed into a fixed number of 64-bit words.
///
/// The highest bit of the first word is the `mark`. It is set in every state, so that zero is none.
package protocol PackedState: BitwiseCopyable, Equatable, Sendable {
  static var wordCount: Int { get }

  /// Zero, which is no state.
  init()

  subscript(word word: Int) -> UInt64 { get set }

  static func & (a: Self, b: Self) -> Self
  static func | (a: Self, b: Self) -> Self

  /// Spreads states evenly over the upper bits.
  var hash: UInt64 { get }

  /// Searches `program`, compiled for this width.
  static func explore(
    _ program: consuming DecisionProgram<Self>, _ symmetry: ColumnSymmetry?,
    _ options: SearchOptions, _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome
}

/// The bit of the first word that is set in every state.
let mark: UInt64 = 1 << 63

/// 2^64 over the golden ratio.
private let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

extension PackedState {
  static var marked: Self {
    var state = Self()
    state[word: 0] = mark
    return state
  }

  @inline(__always)
  var isMarked: Bool { self[word: 0] & mark != 0 }
}

extension UInt64: PackedState {
  package static var wordCount: Int { 1 }

  package subscript(word word: Int) -> UInt64 {
    @inlinable get { self }
    @inlinable set { self = newValue }
  }

  @inline(__always)
  package var hash: UInt64 { (self ^ self &>> 32) &* multiplier }

  package static func explore(
    _ program: consuming DecisionProgram<UInt64>, _ symmetry: ColumnSymmetry?,
    _ options: SearchOptions, _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome {
    search(program, symmetry, options, advance)
  }
}

extension SIMD2<UInt64>: PackedState {
  package static var wordCount: Int { 2 }

  package subscript(word word: Int) -> UInt64 {
    @inlinable get { self[word] }
    @inlinable set { self[word] = newValue }
  }

  @inline(__always)
  package var hash: UInt64 { (self[0].hash ^ self[1]).hash }

  package static func explore(
    _ program: consuming DecisionProgram<Self>, _ symmetry: ColumnSymmetry?,
    _ options: SearchOptions, _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome {
    search(program, symmetry, options, advance)
  }
}

extension SIMD4<UInt64>: PackedState {
  package static var wordCount: Int { 4 }

  package subscript(word word: Int) -> UInt64 {
    @inlinable get { self[word] }
    @inlinable set { self[word] = newValue }
  }

  @inline(__always)
  package var hash: UInt64 {
    (((self[0].hash ^ self[1]).hash ^ self[2]).hash ^ self[3]).hash
  }

  package static func explore(
    _ program: consuming DecisionProgram<Self>, _ symmetry: ColumnSymmetry?,
    _ options: SearchOptions, _ advance: (SearchProgress) -> Bool
  ) -> SearchOutcome {
    search(program, symmetry, options, advance)
  }
}

/// Searches the states of `program`, or its quotient by `symmetry`.
@inline(__always)
private func search<State: PackedState>(
  _ program: consuming DecisionProgram<State>, _ symmetry: ColumnSymmetry?,
  _ options: SearchOptions, _ advance: (SearchProgress) -> Bool
) -> SearchOutcome {
  guard let symmetry else {
    var search = Search(program, options)
    return search.run(advance)
  }
  var search = Search(Quotient(program, by: symmetry), options)
  return search.run(advance)
}
