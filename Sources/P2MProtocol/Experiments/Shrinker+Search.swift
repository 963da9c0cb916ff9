import Exploration
import Hypervisor
import JSONRPC
import Jansson

/// What the breadth-first search within the window of a history saw.
package struct WindowSearch: Hashable, Sendable {
  package enum Verdict: String, CaseIterable, Sendable {
    /// No shorter history of these requests violates the property.
    case holds
    /// A limit came first.
    case bounded
    /// Nothing was searched.
    case skipped
  }

  /// Whether it found a history shorter than the one that leaving out led to.
  package fileprivate(set) var foundShorter = false
  package fileprivate(set) var verdict = Verdict.skipped
  /// Which limit came first, or why nothing was searched.
  package fileprivate(set) var reason: String?
  /// Requests that can be asked in each state.
  package fileprivate(set) var requests = 0
  package fileprivate(set) var states = 0
  package fileprivate(set) var transitions = 0

  /// States that one search may find.
  package static let stateLimit = 20_000

  package init() {}
}

extension Shrinker.Goal {
  /// Whether what was lost before decides it.
  fileprivate var isAboutLosses: Bool {
    switch self {
    case .broken: false
    case .standing(let property): property == .noCollateralRemoval
    }
  }
}

/// Leaving out cannot put one request in the place of two others. A search can.
extension Shrinker {
  /// Shrinks as far as it can, in all ways.
  ///
  /// What a search finds is simplified again, as it may need less of what sets it up; so there may be
  /// several, each for a shorter history than the one before.
  /// - Parameter stateLimit: states that a search may find.
  /// - Returns: whether nothing more could be left out, and what the last search saw.
  /// - Throws: request cancelled.
  mutating func shrinkAndSearch(
    stateLimit: Int, _ context: inout RequestContext
  ) throws(RPCError) -> (isMinimal: Bool, WindowSearch) {
    var search = WindowSearch()
    while try shrink(&context) {
      guard let shorter = try findShorter(&search, stateLimit, &context) else {
        return (true, search)
      }
      do throws(Stop) {
        let first = shorter.prefix { $0.isSetup }.count
        let isReproduced = try accept(shorter, changedFrom: first, mayRefuse: false, &context)
        // The search has done just that, so that only memory can be missing.
        guard isReproduced else {
          search.verdict = .skipped
          search.reason = "the host's memory does not suffice to do what the search found"
          return (true, search)
        }
        search.foundShorter = true
      } catch {
        switch error {
        case .outOfRuns: break
        case .request(let error): throw error
        }
      }
    }
    search.verdict = .skipped
    search.reason = "the limit of runs was reached first"
    return (false, search)
  }

  /// The shortest history within the window of the best one, if it is shorter.
  private func findShorter(
    _ search: inout WindowSearch, _ stateLimit: Int, _ context: inout RequestContext
  ) throws(RPCError) -> [ShrinkStep]? {
    let window: ShrinkWindow
    do throws(ShrinkWindow.TooLarge) {
      window = try ShrinkWindow(best)
    } catch {
      search.verdict = .skipped
      search.reason =
        "its methods and arguments make more than \(ShrinkWindow.requestLimit) requests"
      return nil
    }
    search.requests = window.alphabet.count
    let outcome = try explore(window, stateLimit, &context)
    search.states = outcome.states
    search.transitions = outcome.transitions
    search.reason = nil
    switch outcome.verdict {
    case .violated:
      let trace = outcome.violations.first?.trace ?? []
      return window.setup + trace.map { original(of: window.alphabet[$0]) }
    case .holds, .bounded(by: .depth):
      search.verdict = .holds
    case .bounded:
      search.verdict = .bounded
      search.reason = "more than \(stateLimit) states"
    }
    return nil
  }

  /// Looks at all histories of the window that are shorter than the best one.
  private func explore(
    _ window: ShrinkWindow, _ stateLimit: Int, _ context: inout RequestContext
  ) throws(RPCError) -> SearchOutcome {
    let system = NumberedSystem<Machine>(
      first: machine(after: window.setup), transitionCount: window.alphabet.count,
      step: { number, machine in
        var scratch = JSONWriter()
        machine.forgetLastOperation()
        guard window.alphabet[number].attempt(on: &machine, scratch: &scratch) else {
          return .impossible
        }
        return .done(violation(on: machine) == nil ? [] : PropertySet(0))
      },
      identity: { $0.identity(withLosses: goal.isAboutLosses) })
    var options = SearchOptions(properties: PropertySet(0))
    options.depth = best.count - window.setup.count - 1
    options.states = stateLimit
    options.memory = stateLimit * 64
    options.transitionsPerLook = 1 << 12
    var failure: RPCError?
    let outcome = NumberedSystem.explore(system, options) { _ in
      do throws(RPCError) {
        try context.advance(to: runs, of: limit)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    return outcome
  }

  private func machine(after steps: [ShrinkStep]) -> Machine {
    var machine = start
    var scratch = JSONWriter()
    for step in steps {
      scratch.removeAll()
      _ = step.attempt(on: &machine, scratch: &scratch)
    }
    return machine
  }

  /// The step of the best history that asks the same, with what was noted of it.
  private func original(of step: ShrinkStep) -> ShrinkStep {
    best.first { $0.method == step.method && $0.params == step.params } ?? step.withoutNotes
  }
}
