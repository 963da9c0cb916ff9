import Exploration
import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// What an exploration came to, as clients are told.
package struct ExplorationResult {
  package let plan: ExplorationPlan
  package let report: ExplorationReport
  package let requests: ExplorationRequests

  package init(_ space: ExplorationSpace, _ report: ExplorationReport) {
    plan = space.plan
    self.report = report
    requests = ExplorationRequests(space)
  }

  /// The first property that does not hold, with a shortest history that shows it.
  package var counterexample: ExplorationReport.Counterexample? { report.counterexamples.first }

  package var verdict: Verdict {
    switch report.verdict {
    case .violated: .violated
    case .holds: .holds
    case .bounded: .bounded
    }
  }

  /// What ended the exploration early, or made it incomplete.
  package var bound: SearchBound? {
    guard case .bounded(let bound) = report.verdict else { return nil }
    return bound
  }

  package enum Verdict: String, CaseIterable, Sendable {
    case holds, violated, bounded
  }

  package var bytesPerState: Int { report.bytes / max(report.states, 1) }

  /// How many times fewer states there are at most for the symmetries: in how many ways what is
  /// interchangeable can be named. Cut off at 2^53-1.
  package var symmetryFactor: Int {
    let limit = 1 << 53 - 1
    var factor = 1
    for symmetry in plan.symmetries {
      let count =
        switch symmetry {
        case .gfn: plan.gfns
        case .page: plan.foreignPages
        case .frame: plan.frames
        case .vcpu: plan.vcpus
        }
      for number in 1...max(count, 1) {
        let (product, isTooLarge) = factor.multipliedReportingOverflow(by: number)
        factor = isTooLarge ? limit : min(product, limit)
      }
    }
    return factor
  }
}

extension ExplorationResult.Verdict: WireChoice {}
extension ExplorationPlan.Symmetry: WireChoice {}
extension ExploredOperation.Kind: WireChoice {}
extension ExploredOperation.Argument: WireChoice {}

extension SearchProgress {
  /// The part of the states found that was looked at, in states; it nears all of them in the end.
  package var looked: Int { states - waiting }
}

extension ExplorationPlan.Fault {
  /// The parameter that is at fault, as the protocol calls it; empty for all together.
  package var parameter: String {
    switch self {
    case .size(let name, _, _): name
    case .tooLarge, .unsupported: ""
    case .noSuchArgument: "arguments"
    case .unsound: "symmetry"
    case .noOperations: "operations"
    }
  }

  /// What would be accepted, and why this is not.
  package var expected: String {
    switch self {
    case .size(_, let value, let range):
      return "an integer from \(range.lowerBound) to \(range.upperBound), not \(value)"
    case .tooLarge(let words, let limit):
      return "fewer GFNs, frames, foreign pages or vCPUs: a state would take \(words) words of 64 "
        + "bits, and has \(limit) at most"
    case .unsound(let symmetry, let reason):
      return "symmetries that are sound; '\(symmetry.rawValue)' is not: \(reason)"
    case .noOperations:
      return "at least one operation that there is; foreignPage.map takes foreign pages"
    case .noSuchArgument(let kind, let argument):
      return "values of '\(argument.rawValue)' with which \(kind.rawValue) is tried"
    case .unsupported(let reason):
      return "what goes together: \(reason)"
    }
  }
}

extension JSONWriter {
  /// - Parameter seconds: writes how long it took, and how fast it was.
  package mutating func members(of result: ExplorationResult, milliseconds: Int? = nil) {
    let report = result.report
    key("verdict")
    string(result.verdict.rawValue)
    key("boundedBy")
    if let bound = result.bound { string(bound.rawValue) } else { null() }
    key("property")
    if let found = result.counterexample { string(found.property.rawValue) } else { null() }
    key("states")
    integer(report.states)
    key("transitions")
    integer(report.transitions)
    key("depth")
    integer(report.depth)
    if let milliseconds {
      key("seconds")
      thousandths(milliseconds)
      key("statesPerSecond")
      integer(report.states * 1000 / max(milliseconds, 1))
    }
    key("bytesPerState")
    integer(result.bytesPerState)
    key("symmetryFactor")
    integer(result.symmetryFactor)
    key("setup")
    trees(result.requests.setup)
    key("trace")
    trees(result.counterexample.map { result.requests.trace($0.history) } ?? [])
    guard result.plan.keepsGoing else { return }
    key("violations")
    array(report.counterexamples) { writer, found in
      writer.object { violation in
        violation.key("property")
        violation.string(found.property.rawValue)
        violation.key("trace")
        violation.trees(result.requests.trace(found.history))
      }
    }
  }

  private mutating func trees(_ trees: [JSONTree]) {
    array(trees) { writer, tree in writer.bareText(tree.compact) }
  }

  /// A number with three digits behind the point.
  private mutating func thousandths(_ count: Int) {
    let digits = "\(count % 1000)"
    bareText("\(count / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits)
  }
}
