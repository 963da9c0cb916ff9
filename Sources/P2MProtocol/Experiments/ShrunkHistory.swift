import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The shortest history found that violates a property, as requests to a fresh server.
package struct ShrunkHistory: Sendable {
  package let property: Property
  /// What the last request violates.
  package let violation: Violation
  /// The requests, notes included, ready to be sent.
  package let requests: [JSONTree]
  /// Requests that were given, notes not counted.
  package let given: Int
  /// Operations that are left, what makes the machine not counted.
  package let operations: Int
  /// Shorter or plainer histories that were tried.
  package let runs: Int
  /// Whether nothing more could be left out; otherwise the limit of runs was reached.
  package let isMinimal: Bool
  /// What the search within its window saw.
  package let search: WindowSearch

  /// Histories that are tried.
  package static let runLimit = Shrinker.runLimit

  /// Shrinks what was done to one machine.
  ///
  /// - Parameters:
  ///   - history: what was done to it, and perhaps to others.
  ///   - memory: what the machines may take.
  ///   - provisions: what requests may draw on beside the machines.
  ///   - runLimit: histories that may be tried.
  ///   - stateLimit: states that a search may find.
  /// - Returns: `nil` where no reply says that the property is violated.
  /// - Throws: request cancelled.
  package init?(
    _ history: History, violating property: Property, memory: HostMemory = HostMemory(),
    provisions: Provisions = Provisions(), runLimit: Int = ShrunkHistory.runLimit,
    stateLimit: Int = WindowSearch.stateLimit, context: inout RequestContext
  ) throws(RPCError) {
    let found: Suspect?
    switch history {
    case .requests(let requests, let subject):
      given = requests.requests.count { !$0.isNote }
      found = try Suspect(
        requests, subject, property, memory: memory, provisions: provisions, context: &context)
    case .machine(let requests, let configuration):
      given = requests.requests.count { !$0.isNote }
      found = Suspect(requests, on: configuration, property)
    }
    guard let found else { return nil }
    let start = Machine(found.configuration, memory: memory)
    let shrinker = try Shrinker(
      found.steps, on: start, found.goal, limit: runLimit, context: &context)
    guard var shrinker else { return nil }
    (isMinimal, search) = try shrinker.shrinkAndSearch(
      stateLimit: stateLimit, &context)
    self.property = property
    violation = shrinker.violation()
    runs = shrinker.runs
    operations = shrinker.best.count
    requests = found.requests(shrinker.best)
  }

  /// Where a history comes from.
  package enum History: Sendable {
    /// Requests to a fresh server.
    case requests(RequestList, Subject)
    /// What was done to a machine.
    case machine(RequestList, MachineConfiguration)
  }
}

/// The machine that violates the property, and what was done to it.
private struct Suspect {
  let configuration: MachineConfiguration
  let steps: [ShrinkStep]
  let goal: Shrinker.Goal

  init(_ requests: RequestList, on configuration: MachineConfiguration, _ property: Property) {
    self.configuration = configuration
    steps = Self.steps(of: requests)
    goal = Property.always.contains(property) ? .broken(property) : .standing(property)
  }

  /// Carries out `requests` until a reply tells the violation.
  init?(
    _ requests: RequestList, _ subject: Subject, _ property: Property, memory: HostMemory,
    provisions: Provisions, context: inout RequestContext
  ) throws(RPCError) {
    let start = MachineConfiguration(preset: .default)
    let variant = Laboratory(start, subject: subject)
      .variant(for: start.name, preset: nil, overrides: [])
    var player = SessionPlayer(
      Laboratory(
        start.following(variant), subject: subject, provisions: provisions, memory: memory))
    var nobody = RequestContext()
    var writer = JSONWriter()
    for (done, request) in requests.requests.enumerated() {
      try context.advance(to: done, of: Shrinker.runLimit * requests.requests.count)
      writer.removeAll()
      player.play(request.message.span, in: &nobody, into: &writer)
      let reply = JSONDocument(written: writer)
      defer { extendLifetime(reply) }
      let isTold = reply.root.violations.contains { $0["property"]?.word == property.rawValue }
      guard isTold, let bench = player.service.laboratory.bench(violating: property) else {
        continue
      }
      let isBroken = bench.machine.violations.contains { $0.property == property }
      configuration = bench.machine.configuration
      steps = Self.steps(of: try RequestList(bench.history))
      goal = isBroken ? .broken(property) : .standing(property)
      return
    }
    return nil
  }

  private static func steps(of requests: RequestList) -> [ShrinkStep] {
    var steps: [ShrinkStep] = []
    var notes: [String] = []
    var areTaken = false
    for request in requests.requests {
      if let note = request.note {
        if areTaken { notes = [] }
        areTaken = false
        notes.append(note)
      } else if let step = ShrinkStep(request, notes: notes) {
        areTaken = true
        steps.append(step)
      }
    }
    return steps
  }
}

extension Laboratory {
  /// The machine whose last operation broke `property`, or where it does not hold.
  fileprivate func bench(violating property: Property) -> Bench? {
    benches.first { $0.machine.violations.contains { $0.property == property } }
      ?? benches.first { !StateCheck.all(of: $0.machine, property).isEmpty }
  }
}

extension RequestList.Request {
  /// What it says, if it is a note.
  fileprivate var note: String? {
    guard isNote else { return nil }
    return JSONTree(json: String(decoding: text, as: UTF8.self))["params"]?["text"]?.text ?? ""
  }
}

extension JSONTree {
  fileprivate var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}

// MARK: As requests

extension Suspect {
  /// The requests that make the machine on a fresh server, carry out `steps`, and show the violation.
  func requests(_ steps: [ShrinkStep]) -> [JSONTree] {
    var requests = creation()
    var number: Int64 = Int64(requests.count)
    var notes: [String] = []
    for step in steps {
      if step.notes != notes {
        notes = step.notes
        requests += notes.map { note in
          .request(nil, "\(SessionNote.name)", .object(["text": .string(note)]))
        }
      }
      number += 1
      requests.append(.request(number, step.method, step.params))
    }
    if case .standing(let property) = goal {
      let asked = JSONTree.object(["properties": .array([.string(property.rawValue)])])
      requests.append(.request(number + 1, "\(CheckRun.name)", asked))
    }
    return requests
  }

  /// The requests that make the machine, called `main`; none where a fresh server has it.
  private func creation() -> [JSONTree] {
    let main = MachineConfiguration(preset: .default)
    let wanted = configuration.named(main.name, at: main.uri)
    guard wanted != main else { return [] }
    return wanted.creation
  }
}

extension MachineConfiguration {
  /// The requests that make the machine on a fresh server.
  var creation: [JSONTree] {
    var writer = JSONWriter()
    writer.beginArray()
    writer.creation(of: self)
    writer.endArray()
    guard case .array(let requests) = JSONTree(json: writer.text) else {
      preconditionFailure("an array was written")
    }
    return requests
  }
}

extension JSONTree {
  /// A request; without an id it is a notification.
  static func request(
    _ id: Int64?, _ method: String, _ params: JSONTree
  ) -> JSONTree {
    .object([
      "jsonrpc": .string("2.0"), "id": id.map { .integer($0) }, "method": .string(method),
      "params": params == .object([]) ? nil : params,
    ])
  }
}

extension ShrunkHistory {
  /// The session of the requests, with the replies that a server gives.
  package var session: [UInt8] {
    requests.session
  }
}

extension [JSONTree] {
  /// The session of these requests, with the replies that a server gives.
  var session: [UInt8] {
    let lines = map(\.compact).joined(separator: "\n")
    do throws(UnusableInput) {
      return SessionRun(try Session([UInt8](lines.utf8)), preset: .default).updated
    } catch {
      preconditionFailure("requests are a session: \(error.reason)")
    }
  }
}
