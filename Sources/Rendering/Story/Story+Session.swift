import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

extension Story {
  /// What the requests of a session do.
  ///
  /// - Parameters:
  ///   - variants: what the machine `main` follows on each side, whatever the session says; none for
  ///     one side that follows the session.
  ///   - settings: knobs to be set otherwise on all of them.
  /// - Throws: `Fault`.
  package init(
    _ requests: RequestList, title: String, on variants: [Variant], settings: [Knob.Setting] = [],
    provisions: Provisions = Provisions(), budget: Int = SceneKeeper.defaultBudget
  ) throws(Fault) {
    let machine = Laboratory.defaultMachine
    var tellers = variants.map { variant in
      Teller(
        ExperimentSide(
          MachineConfiguration(preset: .default), about: machine,
          variant.overridden(by: settings), memory: nil, provisions: provisions), budget)
    }
    if tellers.isEmpty {
      tellers = [Teller(ExperimentSide(settings, provisions: provisions), budget)]
    }
    let told = settings.map { "+\($0)" }.joined()
    self.init(
      title: title,
      sides: variants.isEmpty ? [Side(name: "")] : variants.map { Side(name: $0.name + told) })
    var notes: [String] = []
    for request in requests.requests {
      for part in tellers.count == 1 ? tellers[0].parts(of: request) : [Part(request)] {
        if let note = part.note {
          notes.append(note)
          continue
        }
        guard steps.count < Self.stepLimit else { throw .tooManySteps }
        var step = part.step(notes)
        notes = []
        let replies = tellers.indices.map { tellers[$0].tell(part.message, &step) }
        step.difference = Self.difference(between: replies)
        steps.append(step)
        if tellers.contains(where: \.keeper.isExhausted) { throw .tooLarge(budget) }
      }
    }
    epilogue = notes
    guard !steps.isEmpty else { throw .nothing }
    if variants.isEmpty { sides[0].name = followed }
  }

  /// What the first machine followed last, as the session has it.
  private var followed: String {
    let facts = steps.flatMap { $0.outcomes[0].change.machines }
      .filter { $0.name == Laboratory.defaultMachine }.compactMap(\.facts)
    return facts.last?.variant ?? ""
  }

  /// Where the second reply says something else than the first.
  private static func difference(between replies: [[UInt8]]) -> Difference? {
    guard replies.count == 2, replies[0] != replies[1] else { return nil }
    let first = JSONDocument(known: replies[0])
    let second = JSONDocument(known: replies[1])
    defer {
      extendLifetime(first)
      extendLifetime(second)
    }
    let found = ReplyComparison.meaning.difference(between: first.root, and: second.root)
    guard let found else { return nil }
    return Difference(
      place: found.path.isEmpty ? "the reply" : found.path, values: [found.expected, found.actual])
  }
}

/// A request to be carried out, or one of those that an actor makes.
private struct Part {
  let message: [UInt8]
  let line: Int
  let within: String?

  init(_ request: RequestList.Request) {
    message = request.message
    line = request.line
    within = nil
  }

  init(_ message: [UInt8], line: Int, within: String) {
    self.message = message
    self.line = line
    self.within = within
  }

  /// The text, where an actor makes a note.
  var note: String? {
    let document = JSONDocument(known: message)
    defer { extendLifetime(document) }
    return document.root.note
  }

  func step(_ notes: [String]) -> Story.Step {
    let document = JSONDocument(known: message)
    defer { extendLifetime(document) }
    return Story.Step(
      line: line, notes: notes, method: document.root["method"]?.string ?? "",
      arguments: document.root["params"]?.argumentsInShort ?? "", within: within)
  }
}

extension SceneKeeper.Reach {
  /// What `request`, which was answered with `reply`, can have changed.
  package init(of request: JSONView, answered reply: JSONView) {
    let method = request["method"]
    if method?.equals("snapshot.restore") == true {
      self = .everything
    } else if method?.equals("domain.destroy") == true || reply.outcome?["effects"] == nil
      || request["params"]?.kind == .array
    {
      // Destroying a domain changes more than it tells; the machine among positional ones is not sought.
      self = .done
    } else {
      self = .effects(request.machine)
    }
  }
}

/// Carries requests out on one side, and tells what came of them.
private struct Teller {
  var side: ExperimentSide
  var keeper: SceneKeeper

  init(_ side: ExperimentSide, _ budget: Int) {
    self.side = side
    keeper = SceneKeeper(budget: budget)
  }

  /// The request, or those that an actor makes in its place, as a trial finds.
  func parts(of request: RequestList.Request) -> [Part] {
    guard request.method == "actor.run" else { return [Part(request)] }
    var trial = side
    var context = RequestContext()
    var writer = JSONWriter()
    let reply = JSONDocument(known: trial.reply(to: request.message, &context, &writer))
    defer { extendLifetime(reply) }
    let steps = reply.root["result"]?["steps"]?.elements ?? []
    guard !steps.isEmpty else { return [Part(request)] }
    let name = Narration.inShort(request)
    return steps.compactMap { step in
      guard let asked = step["request"] else { return nil }
      var message = JSONWriter()
      message.raw("{\"jsonrpc\":\"2.0\",\"id\":1,")
      message.raw("\"method\":")
      if let method = asked["method"] { message.value(method) } else { message.null() }
      if let params = asked["params"] {
        message.raw(",\"params\":")
        message.value(params)
      }
      message.raw("}")
      return Part(Array(message.text.utf8), line: request.line, within: name)
    }
  }

  /// Carries a request out, and adds what came of it to `step`.
  mutating func tell(_ message: [UInt8], _ step: inout Story.Step) -> [UInt8] {
    var context = RequestContext()
    var writer = JSONWriter()
    let reply = side.reply(to: message, &context, &writer)
    let request = JSONDocument(known: message)
    let document = JSONDocument(known: reply)
    defer {
      extendLifetime(request)
      extendLifetime(document)
    }
    var outcome = Story.Outcome(of: document.root, on: request.root.machine)
    outcome.change = keeper.look(
      at: side.laboratory, SceneKeeper.Reach(of: request.root, answered: document.root))
    outcome.isDeath = outcome.change.machines.contains { machine in
      machine.facts?.panic != nil || machine.domains.contains { $0.facts?.crash != nil }
    }
    step.outcomes.append(outcome)
    return reply
  }
}

extension JSONView {
  /// The text, where a request is a note.
  fileprivate var note: String? {
    guard self["method"]?.equals("session.note") == true else { return nil }
    return self["params"]?["text"]?.string ?? self["params"]?[0]?.string ?? ""
  }

  /// The machine that a request is about.
  package var machine: String { self["params"]?["machine"]?.string ?? Laboratory.defaultMachine }

  /// What a reply tells of what was done, done or failed.
  var outcome: JSONView? { self["result"] ?? self["error"]?["data"] }
}

extension Story.Outcome {
  /// What `reply` tells.
  package init(of reply: JSONView, on machine: String) {
    if let error = reply["error"] {
      isFailure = true
      answer = error["data"]?["errno"]?.string ?? "error \(error["code"]?.integer ?? 0)"
    }
    narration = Narration(of: reply)
    guard let outcome = reply.outcome, let effects = outcome["effects"]?.elements else { return }
    violations = (outcome["violations"]?.elements ?? []).map { Story.Finding($0, on: machine) }
    for effect in effects where effect["cause"]?.equals("stale-tracking") == true {
      guard let gfn = effect["gfn"]?.hex, effect["before"]?.kind == .object else { continue }
      let domain = UInt16(truncatingIfNeeded: effect["domain"]?.integer ?? 0)
      collateral.append(Story.Spot(machine: machine, domain: domain, frame: gfn))
    }
  }
}

extension Story.Finding {
  fileprivate init(_ violation: JSONView, on machine: String) {
    property = violation["property"]?.string ?? ""
    message = violation["message"]?.string ?? ""
    self.machine = machine
    domain = UInt16(truncatingIfNeeded: violation["domain"]?.integer ?? 0)
    gfn = violation["gfn"]?.hex
    grantFrame = violation["frame"]?.integer.map { Int($0) }
    isStatus = violation["status"]?.boolean == true
    mfn = violation["mfn"]?.hex
  }
}

extension JSONView {
  /// A frame number, as the wire has it.
  fileprivate var hex: UInt64? { string.flatMap { UInt64($0.dropFirst(2), radix: 16) } }
}
