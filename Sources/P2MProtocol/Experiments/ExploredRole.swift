import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// An actor that an exploration plays as one transition.
package struct ExploredRole {
  package let actor: String
  /// Who it is.
  package let domain: DomainID
  /// What is given for its parameters, an object; `nil` where nothing is.
  package let values: JSONView?

  package init(actor: String, domain: DomainID, values: JSONView?) {
    self.actor = actor
    self.domain = domain
    self.values = values
  }

  /// Roles of an exploration.
  package static let limit = 16
}

extension ExplorationPlan {
  /// Has `roles` play, each as one transition: what it asks for on the machine at the start.
  ///
  /// - Throws: not found, or invalid params: a template that cannot be used, an actor that asks for what
  ///   is not explored or comes to no end.
  package mutating func play(
    _ roles: [ExploredRole], _ provisions: Provisions
  ) throws(RPCError) {
    guard !roles.isEmpty else { return }
    hasBanks = true
    var stage = self
    stage.operations = [.unmap]
    stage.choices = []
    stage.symmetry = .automatic
    let start: Machine
    do throws(Fault) { start = try ExplorationSpace(stage).start } catch { throw error.refusal }
    for (number, role) in roles.enumerated() {
      actors.append(try role.play(on: start, in: self, provisions, at: "/actors/\(number)"))
    }
  }
}

extension ExplorationPlan.Fault {
  /// The error that names the parameter at fault.
  var refusal: RPCError {
    .invalidParams(path: parameter.isEmpty ? "" : "/\(parameter)", expected: expected)
  }
}

extension ExploredRole {
  fileprivate func play(
    on start: Machine, in plan: ExplorationPlan, _ provisions: Provisions, at path: String
  ) throws(RPCError) -> ExploredActor {
    guard plan.actingDomains.contains(domain) else {
      let last = plan.actingDomains.last ?? domain
      throw .invalidParams(
        path: "\(path)/domain",
        expected: "a domain that acts, from \(ExploredOperation.domain) to \(last)")
    }
    let template = try provisions.actor(actor, at: "\(path)/actor")
    let values = try template.values(self.values, at: "\(path)/with")
    var laboratory = Laboratory(start.configuration, provisions: provisions)
    laboratory[0].machine = start
    var play = ActorPlay(
      template, domain: domain, machine: start.configuration.name, values: values)
    var damage = Damage()
    var context = RequestContext()
    var steps = JSONWriter()
    steps.beginArray()
    do throws(ActorPlay.Failure) {
      try play.run(in: &laboratory, context: &context, damage: &damage, steps: &steps)
    } catch {
      switch error {
      case .request(let error): throw error
      case .template(let fault):
        throw .template(fault, of: "\(actor).ndjson", at: "\(path)/actor")
      }
    }
    steps.endArray()
    func refused(_ line: Int, _ reason: String) -> RPCError {
      .invalidParams(
        path: "\(path)/actor",
        expected: "an actor whose operations are explored; \(actor).ndjson:\(line): \(reason)")
    }
    if let stop = play.stop { throw refused(stop.line, "it stops at the start: \(stop.reason)") }
    let asked = JSONDocument(written: steps)
    defer { extendLifetime(asked) }
    var explored: [ExploredActor.Step] = []
    for index in 0..<asked.root.count {
      guard let step = asked.root[index], let line = step["line"]?.integer.map({ Int($0) }),
        let request = step["request"]
      else { continue }
      do throws(NotExplored) {
        guard let operation = try ExploredOperation(request, of: domain, in: plan) else { continue }
        let mayFail = template.steps.first { $0.line == line }?.mayFail ?? []
        let errors = mayFail.compactMap { Errno(rawValue: Int(-$0)) }
        explored.append(.init(operation, mayFail: Set(errors)))
      } catch {
        throw refused(line, error.reason)
      }
    }
    guard !explored.isEmpty else { throw refused(1, "it does nothing") }
    return ExploredActor(actor, as: domain, explored)
  }
}

/// A request that an exploration has no operation for.
private struct NotExplored: Error {
  let reason: String
}

extension ExploredOperation {
  /// The operation that a request asks for; `nil` for one that changes nothing of what is explored.
  fileprivate init?(
    _ request: JSONView, of domain: DomainID, in plan: ExplorationPlan
  ) throws(NotExplored) {
    let method = request["method"]?.string ?? ""
    let entry = MethodTable.all.first { "\($0.name)" == method }
    guard let kind = Kind(rawValue: method) else {
      let changesNothing = [SessionNote.name, RegionAllocate.name].contains { "\($0)" == method }
      guard changesNothing || entry?.perform == nil else {
        throw NotExplored(reason: "\(method) is not explored")
      }
      return nil
    }
    var reader = ParameterReader(request["params"])
    let operation: ExploredOperation
    do throws(RPCError) {
      guard try reader.domain("who asks") == domain else {
        throw RPCError.invalidParams(path: "/domain", expected: "the actor's own domain")
      }
      operation = try Self.read(kind, &reader)
    } catch {
      throw NotExplored(reason: "\(method): \(error.message)")
    }
    guard plan.explores(operation) else {
      throw NotExplored(reason: "\(method) is out of what is explored: \(plan.extent)")
    }
    self = operation
  }

  private static func read(
    _ kind: Kind, _ params: inout ParameterReader
  ) throws(RPCError) -> ExploredOperation {
    switch kind {
    case .mapGrantFrame:
      let (index, gfn) = try params.frameAndPlace()
      return .mapGrantFrame(index, at: gfn)
    case .mapForeignPage:
      let gfn = try params.gfn("where")
      let (owner, source) = try params.object("from", "the page") { from throws(RPCError) in
        (try from.domain("whose page"), try from.gfn("where its owner has it"))
      }
      return .mapForeignPage(from: owner, source: source, at: gfn)
    case .unmap: return .unmap(try params.gfn("where"))
    case .populate:
      return .populate(try params.gfn("where"), order: try params.order("2^order pages"))
    case .decrease:
      return .decrease(try params.gfn("where"), order: try params.order("2^order pages"))
    case .mapSharedInfo: return .mapSharedInfo(at: try params.gfn("where"))
    case .mapDevice: return .mapDevice(at: try params.gfn("where"))
    case .setUpGrantTable:
      return .setUpGrantTable(frames: try params.number("frames", "how many"))
    case .setGrantVersion:
      return .setGrantVersion(Int(try params.integer("version", 0...3, "the version")))
    }
  }
}

extension ExplorationPlan {
  /// What a request of an actor may name.
  fileprivate var extent: String {
    "\(gfns) GFNs from 0x\(String(firstGFN, radix: 16)), \(frames) frames, \(foreignPages) pages of "
      + "domain \(owner) from 0x\(String(ExplorationSpace.firstSource, radix: 16))"
  }
}
