import Hypervisor
import Laboratory
import P2MProtocol
import Rendering

/// What an exploration came to, for people: the verdict, how to get there, and what it took.
struct ExplorationText {
  private let result: ExplorationResult
  private let milliseconds: Int
  private let style = Console.Style.output

  init(_ result: ExplorationResult, _ milliseconds: Int) {
    self.result = result
    self.milliseconds = milliseconds
  }

  func tell() {
    let plan = result.plan
    let judged = plan.judged.map(\.rawValue).joined(separator: ", ")
    switch result.verdict {
    case .holds: print(style.added("holds: \(judged)"))
    case .bounded:
      let bound = result.bound.map { "\($0)" } ?? "?"
      print(style.warning("bounded by \(bound): nothing violates \(judged) so far"))
    case .violated: result.report.counterexamples.forEach(tell)
    }
    print(counts)
  }

  private func tell(_ found: ExplorationReport.Counterexample) {
    print(style.removed("violated: \(found.property.rawValue)"))
    print("  \(found.property.sentence)\n")
    let session = result.requests.session(found.history)
    // Each request of the set-up has a reply.
    let told = session.split(separator: .init(ascii: "\n"))
      .dropFirst(2 * result.requests.setup.count)
    Narrator(style).tell(Array(told.joined(separator: [.init(ascii: "\n")])))
    print()
  }

  /// Who does it, and with superpages of which orders.
  private var extent: String {
    let plan = result.plan
    let orders = plan.orders.sorted().map { "\($0)" }.joined(separator: ", ")
    return [
      plan.domains > 1 ? "\(plan.domains) domains" : nil, "\(plan.vcpus) vCPUs",
      plan.orders == [0] ? nil : "orders \(orders)",
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private var counts: String {
    let report = result.report
    let speed = report.states * 1000 / max(milliseconds, 1)
    let plan = result.plan
    let symmetries = ExplorationPlan.Symmetry.allCases.filter(plan.symmetries.contains)
      .map(\.rawValue).joined(separator: ", ")
    let reduction =
      symmetries.isEmpty
      ? "no symmetry" : "symmetry \(symmetries): up to \(result.symmetryFactor) times fewer states"
    return """
      \(plan.preset.name), \(plan.gfns) GFNs, \(plan.frames) frames, \(plan.foreignPages) foreign pages, \
      \(extent): \((plan.alphabet.map(\.rawValue) + plan.actors.map(\.name)).joined(separator: ", "))
      \(report.states) states, \(report.transitions) transitions, depth \(report.depth), \
      \(milliseconds) ms, \(speed) states/s, \(result.bytesPerState) bytes a state, \(reduction)
      """
  }
}

extension LevelPlot {
  /// What `result` found at each depth.
  init(_ result: ExplorationResult) {
    let plan = result.plan
    self.init(
      title: "\(plan.preset.name), \(plan.gfns) GFNs, \(plan.frames) frames, "
        + "\(plan.foreignPages) foreign pages, \(plan.vcpus) vCPUs: \(result.report.states) states",
      levels: result.report.levels,
      violations: result.report.counterexamples.map {
        Violation(property: $0.property.rawValue, depth: $0.history.count)
      })
  }
}
