import Exploration
import Hypervisor

/// Where in a state the quantities of an acting domain lie. A class, as every rule asks for it often; it does
/// not change any more once there is a `StateLayout`.
final class DomainCells {
  let id: DomainID
  let index: DomainIndex
  /// What is mapped at each GFN.
  var p2m: [CellIndex] = []
  /// Where each frame is tracked: nowhere, a GFN's number + 1, or beyond the P2M.
  var tracked: [CellIndex] = []
  /// Whether each frame was given back, if that can be.
  var dead: [CellIndex] = []
  /// Where shared_info is tracked, if anything maps it.
  var sharedInfoTracked: CellIndex?
  var sharedInfoDead: CellIndex?
  /// Where the status frame is tracked, if there is version 2.
  var statusTracked: CellIndex?
  /// Whether the status frame's allocation was given back, if that can be.
  var statusDead: CellIndex?
  /// Whether the grant table is in version 1, if that can be.
  var isVersion1: CellIndex?
  /// Whether the domain was crashed, if that can be.
  var crashed: CellIndex?

  init(id: DomainID, index: DomainIndex) {
    self.id = id
    self.index = index
  }

  /// The cell that tells where `page` is tracked.
  func trackingCell(of page: SpecialPage) -> CellIndex? {
    switch page {
    case .grant(let frame): tracked[frame]
    case .status: statusTracked
    case .sharedInfo: sharedInfoTracked
    }
  }

  /// The cell that tells whether `page` was given back, if it can be.
  func deathCell(of page: SpecialPage) -> CellIndex? {
    switch page {
    case .grant(let frame): dead.isEmpty ? nil : dead[frame]
    case .status: statusDead
    case .sharedInfo: sharedInfoDead
    }
  }
}

/// A number that is kept as digits, so that a rule reads no more of it than it must: one of pages, by
/// extents of 2^0, 2^9 and 2^18 of them.
struct PageCount: Hashable, Sendable {
  /// The least significant first.
  let digits: [CellIndex]

  /// - Parameter limit: the largest number.
  init(upTo limit: Int, hasSuperpages: Bool, in layout: inout CellLayout) {
    guard hasSuperpages, limit >= 512 else {
      digits = [layout.add(cardinality: limit + 1)]
      return
    }
    var digits: [CellIndex] = []
    var rest = limit
    while rest >= 512, digits.count < 2 {
      digits.append(layout.add(cardinality: 512))
      rest /= 512
    }
    digits.append(layout.add(cardinality: rest + 1))
    self.digits = digits
  }

  /// The digits of `number`.
  func values(_ number: Int) -> [(cell: CellIndex, value: Int)] {
    var rest = number
    return digits.enumerated().map { place, cell in
      defer { rest /= 512 }
      return (cell, place == digits.count - 1 ? rest : rest % 512)
    }
  }

  /// Takes 2^`order` away, if there are so many.
  func take(order: Int, from cells: CellRecorder) -> Bool {
    var place = order / 9
    while place < digits.count {
      let digit = cells.read(digits[place])
      if digit > 0 {
        cells.write(digit - 1, to: digits[place])
        for lower in order / 9..<place { cells.write(511, to: digits[lower]) }
        return true
      }
      place += 1
    }
    return false
  }

  /// Adds `count`, as far as the largest number: rules are also tried on states that cannot be.
  func add(_ count: Int, to cells: CellRecorder) {
    var carry = count
    for (place, cell) in digits.enumerated() where carry > 0 {
      let isLast = place == digits.count - 1
      let sum = cells.read(cell) + (isLast ? carry : carry % 512)
      carry = isLast ? 0 : carry / 512 + sum / 512
      cells.write(isLast ? min(sum, cells.layout[cell].cardinality - 1) : sum % 512, to: cell)
    }
  }
}
