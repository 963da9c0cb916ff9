import Hypervisor
import JSONRPC
import Jansson

/// The ways in which a history becomes shorter and plainer. Each is tried until none helps.
extension Shrinker {
  private enum Pass: CaseIterable {
    case removeOperations
    case removePairs
    case dropParameters
    case renumberDomains
    case lowerNames
    case lowerNumbers
  }

  /// Operations of which every pair is tried, and not only neighbours.
  private static let pairLimit = 32

  /// Shrinks as far as it can.
  ///
  /// - Returns: whether nothing more could be left out; otherwise the limit of runs is reached.
  /// - Throws: request cancelled.
  mutating func shrink(_ context: inout RequestContext) throws(RPCError) -> Bool {
    do throws(Stop) {
      var before: [JSONTree]
      repeat {
        before = best.map(\.params)
        for pass in Pass.allCases { try perform(pass, &context) }
      } while best.map(\.params) != before
      return true
    } catch {
      switch error {
      case .outOfRuns: return false
      case .request(let error): throw error
      }
    }
  }

  private mutating func perform(_ pass: Pass, _ context: inout RequestContext) throws(Stop) {
    switch pass {
    case .removeOperations: try removeOperations(&context)
    case .removePairs: try removePairs(&context)
    case .dropParameters: try edit(&context) { $0.withOneLess }
    case .renumberDomains: try renumberDomains(&context)
    case .lowerNames: try lowerNames(&context)
    case .lowerNumbers: try edit(&context) { $0.withOneNumberLower }
    }
  }

  /// Removes stretches of operations, half of them first, at last single ones.
  ///
  /// From the end: what comes late is needed least often by what comes early.
  private mutating func removeOperations(_ context: inout RequestContext) throws(Stop) {
    var size = max(1, best.count / 2)
    while true {
      let before = best.count
      var start = best.count - size
      while start > -size {
        let first = max(0, start)
        let shorter = Array(best[..<first] + best[min(start + size, best.count)...])
        _ = try accept(shorter, changedFrom: first, mayRefuse: true, &context)
        start = min(start, best.count) - size
      }
      if size == 1, best.count == before { return }
      size = max(1, size / 2)
    }
  }

  /// Removes two operations that undo each other, where neither can go alone.
  private mutating func removePairs(_ context: inout RequestContext) throws(Stop) {
    guard best.count <= Self.pairLimit else { return }
    var first = 0
    while first < best.count {
      var second = first + 1
      while first < best.count, second < best.count {
        var shorter = best
        shorter.remove(at: second)
        shorter.remove(at: first)
        let isShorter = try accept(shorter, changedFrom: first, mayRefuse: true, &context)
        second = isShorter ? first + 1 : second + 1
      }
      first += 1
    }
  }

  /// Tries plainer parameters of each operation, until there are none.
  private mutating func edit(
    _ context: inout RequestContext, _ plainer: (JSONTree) -> [JSONTree]
  ) throws(Stop) {
    var index = 0
    while index < best.count {
      var isPlainest = true
      for params in plainer(best[index].params) {
        var candidate = best
        candidate[index] = candidate[index].with(params)
        if try accept(candidate, changedFrom: index, mayRefuse: false, &context) {
          isPlainest = false
          break
        }
      }
      if isPlainest { index += 1 }
    }
  }

  /// Numbers domains from 1 on, in order of appearance. Domain 0 stays, as it owns the devices, and
  /// the special ones do.
  private mutating func renumberDomains(_ context: inout RequestContext) throws(Stop) {
    let reserved = UInt64(DomainID.firstReserved)
    let ordinary = numbers(.domain).filter { $0 > 0 && $0 < reserved }
    let renamed = best.map { step in
      step.with(
        step.params.replacing(.domain) { id in
          ordinary.firstIndex(of: id).map { UInt64($0 + 1) } ?? id
        })
    }
    guard renamed.map(\.params) != best.map(\.params) else { return }
    _ = try accept(renamed, changedFrom: 0, mayRefuse: false, &context)
  }

  /// Gives frames and GFNs the lowest numbers that will do, the same ones where they may be the same.
  private mutating func lowerNames(_ context: inout RequestContext) throws(Stop) {
    for name in NumberName.allCases where name != .domain {
      // From the lowest on; what one becomes is not looked at again.
      var last: UInt64?
      while let number = next(name, after: last) {
        last = max(last ?? 0, try lower(number, name, &context) ?? number)
      }
    }
  }

  private func next(_ name: NumberName, after last: UInt64?) -> UInt64? {
    numbers(name).filter { number in last.map { number > $0 } ?? true }.min()
  }

  /// The numbers that the best history has of this name, in order of appearance.
  private func numbers(_ name: NumberName) -> [UInt64] {
    var numbers: [UInt64] = []
    for step in best { step.params.collect(name, into: &numbers) }
    var seen: Set<UInt64> = []
    return numbers.filter { seen.insert($0).inserted }
  }

  /// - Returns: what `number` became; `nil` if it could not be lowered.
  private mutating func lower(
    _ number: UInt64, _ name: NumberName, _ context: inout RequestContext
  ) throws(Stop) -> UInt64? {
    for target in name.targets(below: number, among: numbers(name)) {
      let renamed = best.map { step in
        step.with(step.params.replacing(name) { $0 == number ? target : $0 })
      }
      if try accept(renamed, changedFrom: 0, mayRefuse: false, &context) { return target }
      guard name.isPlace else { continue }
      // With all that lies above it, such as RAM and the pages in it.
      let moved = best.map { step in
        step.with(step.params.replacing(name) { $0 >= number ? $0 - (number - target) : $0 })
      }
      if try accept(moved, changedFrom: 0, mayRefuse: false, &context) { return target }
    }
    return nil
  }
}
