import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// One run of an actor: its requests one after another, each an ordinary one of the machine's history.
struct ActorPlay {
  /// Why a run is given up; the machine may have been changed by then.
  enum Failure: Error {
    /// The template cannot be used.
    case template(UnusableInput)
    /// The client has cancelled, or the answer would be too long.
    case request(RPCError)
  }

  /// The step after which the actor went no further.
  struct Stop {
    let line: Int
    let reason: String
  }

  private let template: ActorTemplate
  private let machine: String
  private var values: [String: TemplateValue]
  private(set) var requests = 0
  /// What has been done before this run, and how much there is in all, for the progress.
  var workStart = 0
  var work = ActorTemplate.Limits.requests
  private(set) var stop: Stop?
  /// What the operations broke, in order.
  private(set) var violations: [Violation] = []

  var name: String { template.name }

  /// - Parameter values: what each parameter stands for.
  init(
    _ template: ActorTemplate, domain: DomainID, machine: String, values: [String: TemplateValue]
  ) {
    self.template = template
    self.machine = machine
    self.values = values
    self.values["domain"] = .integer(Int64(domain.rawValue))
    self.values["machine"] = .text(machine)
  }

  /// Makes the requests, up to the first that fails unforeseen.
  ///
  /// - Parameters:
  ///   - damage: what the operations did is added to it.
  ///   - steps: an open array, to which each request with its reply is appended.
  mutating func run(
    in laboratory: inout Laboratory, context: inout RequestContext, damage: inout Damage,
    steps: inout JSONWriter
  ) throws(Failure) {
    for step in template.steps {
      for turn in 0..<(try times(step)) {
        values["i"] = .integer(turn)
        guard requests < ActorTemplate.Limits.requests else {
          throw fault(step, "more than \(ActorTemplate.Limits.requests) requests")
        }
        requests += 1
        do throws(RPCError) {
          try context.advance(to: workStart + requests, of: work)
        } catch {
          throw .request(error)
        }
        try carryOut(step, in: &laboratory, damage: &damage, steps: &steps)
        if stop != nil { return }
        guard steps.count <= ActorTemplate.Limits.answer else {
          throw .request(
            .exceeded("bytes in an actor's replies", limit: ActorTemplate.Limits.answer))
        }
      }
    }
  }

  private func times(_ step: ActorTemplate.Step) throws(Failure) -> Int64 {
    guard let times = step.times else { return 1 }
    let limit = ActorTemplate.Limits.times
    let count: Int64? =
      switch try value(times, step) {
      case .integer(let count): count
      case .hex(let count): Int64(exactly: count)
      case .text: nil
      }
    guard let count, (0...limit).contains(count) else {
      throw fault(step, "'times' is a number from 0 to \(limit)")
    }
    return count
  }

  private mutating func carryOut(
    _ step: ActorTemplate.Step, in laboratory: inout Laboratory, damage: inout Damage,
    steps: inout JSONWriter
  ) throws(Failure) {
    let index: Laboratory.Index
    do throws(RPCError) { index = try laboratory.find(machine) } catch { throw .request(error) }
    // Only what this step does is counted.
    laboratory[index].machine.forgetLastOperation()
    let reply = try ask(step, in: &laboratory, steps: &steps)
    defer { extendLifetime(reply) }
    let code = reply.root["error"]?["code"]?.integer
    if step.method.perform != nil {
      damage.count(laboratory[index].machine, failed: code.map(Self.isHypercallFailure) ?? false)
      violations += laboratory[index].machine.violations
    }
    guard let code else { return try save(step, from: reply.root) }
    if step.mayFail.contains(code) { return }
    let reason = "\(step.method.name): \(reply.root["error"]?["message"]?.string ?? "")"
    if Self.isMistake(code) { throw fault(step, reason) }
    stop = Stop(line: step.line, reason: reason)
  }

  /// Makes the request, and writes it down with its reply.
  private func ask(
    _ step: ActorTemplate.Step, in laboratory: inout Laboratory, steps: inout JSONWriter
  ) throws(Failure) -> JSONDocument {
    var params = JSONWriter()
    params.beginObject()
    for (name, node) in step.params {
      params.key(name)
      try write(node, step, into: &params)
    }
    params.key("machine")
    params.string(machine)
    params.endObject()
    let document = JSONDocument(written: params)
    defer { extendLifetime(document) }

    steps.element()
    steps.raw("{\"line\":")
    steps.integer(step.line)
    steps.raw(",\"request\":{\"method\":")
    steps.string(step.method.name)
    steps.raw(",\"params\":")
    steps.append(params)
    steps.raw("},\"reply\":")
    let start = steps.count
    steps.raw("{")
    let mark = steps.mark
    // Nobody waits for a step of its own; each takes but a moment.
    var context = RequestContext()
    do throws(RPCError) {
      try step.method.call(&laboratory, document.root, &context, &steps)
    } catch {
      steps.rewind(to: mark)
      steps.error(error)
    }
    steps.raw("}")
    let reply = JSONDocument(written: steps, from: start)
    steps.raw("}")
    return reply
  }

  private func write(
    _ node: TemplateNode, _ step: ActorTemplate.Step, into params: inout JSONWriter
  ) throws(Failure) {
    switch node {
    case .literal(let json): params.append(Array(json.utf8).span)
    case .text(let text): params.value(try value(text, step))
    case .object(let members):
      params.beginObject()
      for (name, member) in members {
        params.key(name)
        try write(member, step, into: &params)
      }
      params.endObject()
    case .array(let elements):
      params.beginArray()
      for element in elements {
        params.element()
        try write(element, step, into: &params)
      }
      params.endArray()
    }
  }

  /// Keeps what later steps need of a reply.
  private mutating func save(
    _ step: ActorTemplate.Step, from reply: JSONView
  ) throws(Failure) {
    for (name, pointer) in step.saves {
      guard let value = reply.value(at: pointer).flatMap(TemplateValue.init) else {
        throw fault(step, "the reply has no integer and no string at '\(pointer)'")
      }
      values[name] = value
    }
  }

  private func value(
    _ text: TemplateText, _ step: ActorTemplate.Step
  ) throws(Failure) -> TemplateValue {
    do throws(TemplateText.Fault) {
      return try text.value(values)
    } catch {
      throw fault(step, error.reason)
    }
  }

  private func fault(_ step: ActorTemplate.Step, _ reason: String) -> Failure {
    .template(UnusableInput(line: step.line, reason: reason))
  }

  /// Whether the code is Xen's, or says that Xen is dead or the domain crashed.
  private static func isHypercallFailure(_ code: Int64) -> Bool {
    Errno(rawValue: Int(-code)) != nil || code == ErrorCode.hypervisorPanic
      || code == ErrorCode.domainCrashed
  }

  /// Whether the code says that the request itself was wrong, whatever the machine is.
  private static func isMistake(_ code: Int64) -> Bool {
    code == RPCError.Code.invalidParams || code == RPCError.Code.methodNotFound
  }
}

extension JSONView {
  /// What a JSON pointer leads to. RFC 6901.
  fileprivate func value(at pointer: String) -> JSONView? {
    var place = self
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
      let next = place.kind == .array ? Int(name).flatMap { place[$0] } : place.member(name)
      guard let next else { return nil }
      place = next
    }
    return place
  }
}
