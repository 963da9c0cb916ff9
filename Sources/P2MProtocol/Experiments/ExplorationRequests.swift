import Hypervisor
import Laboratory

/// What an exploration does, as requests to a server.
package struct ExplorationRequests {
  /// The requests that make the machine at the start on a fresh server, with ids from 1.
  package let setup: [JSONTree]
  private let space: ExplorationSpace

  package init(_ space: ExplorationSpace) {
    self.space = space
    let plan = space.plan
    var setup = space.start.configuration.creation
    func add(_ method: StaticString, _ params: KeyValuePairs<String, JSONTree?>) {
      setup.append(.request(Int64(setup.count) + 1, "\(method)", .object(params)))
    }
    let populates = plan.operationKinds.contains(.populate)
    for id in plan.actingDomains {
      add(
        DomainCreate.name,
        [
          "domain": .integer(id), "privileged": .boolean(true),
          "maxPages": populates ? .integer(Int64(plan.budget)) : nil,
        ])
    }
    if plan.foreignPages > 0 {
      let ram = JSONTree.object([
        "gfn": .gfn(GFN(ExplorationSpace.firstSource)), "pages": .integer(Int64(plan.foreignPages)),
      ])
      add(DomainCreate.name, ["domain": .integer(plan.owner), "ram": .array([ram])])
    }
    for id in plan.actingDomains {
      for region in plan.regions {
        add(
          RegionDefine.name,
          [
            "domain": .integer(id), "name": .string(region.name),
            "gfn": .gfn(region.range.first), "pages": .integer(Int64(region.range.pageCount)),
            "kind": .string(region.kind.rawValue),
          ])
      }
      if plan.frames > 1 {
        add(
          GrantTableSetup.name,
          ["domain": .integer(id), "frames": .integer(Int64(plan.frames))])
      }
      if plan.hasVersion2 {
        add(GrantTableSetVersion.name, ["domain": .integer(id), "version": .integer(2)])
      }
    }
    self.setup = setup
  }

  /// The requests of `history`, with ids behind those of the set-up. With several vCPUs each has the
  /// members `vcpu`, `step` and `locks` beside those of JSON-RPC, and those that an actor makes `actor`.
  package func trace(_ history: [ExploredTransition]) -> [JSONTree] {
    var machine = space.start
    var requests: [JSONTree] = []
    func add(_ call: (method: String, params: [JSONTree.Member]), _ rest: [JSONTree.Member]) {
      let id = Int64(setup.count + requests.count) + 1
      let request = JSONTree.request(id, call.method, .object(call.params))
      guard case .object(let members) = request else { return }
      requests.append(.object(members + rest))
    }
    for transition in history {
      switch transition {
      case .whole(let operation, let domain):
        add(operation.request(of: domain), [])
        _ = transition.perform(on: &machine)
      case .actor(let actor):
        let name = JSONTree.Member(name: "actor", value: .string(actor.name))
        actor.perform(on: &machine) { operation, _, _ in
          add(operation.request(of: actor.domain), [name])
        }
      case .begin(let vcpu, let operation):
        add(operation.request(of: transition.domain, begunOn: vcpu), operation.turn(of: vcpu))
        _ = transition.perform(on: &machine)
      case .advance(let vcpu):
        let params = [JSONTree.Member.domain(transition.domain), .vcpu(vcpu)]
        add(("\(VCPUStep.name)", params), machine.turn(of: vcpu, in: transition.domain))
        _ = transition.perform(on: &machine)
      }
    }
    return requests
  }

  /// The session of the set-up and of `history`, with the replies that a server gives. What no
  /// operation tells of unasked is asked for at the end.
  package func session(_ history: [ExploredTransition]) -> [UInt8] {
    var requests = setup + trace(history).map(\.plainRequest)
    if space.plan.judged.contains(.regionDiscipline) {
      let asked = JSONTree.array([.string(Property.regionDiscipline.rawValue)])
      requests.append(
        .request(Int64(requests.count) + 1, "\(CheckRun.name)", .object(["properties": asked])))
    }
    return requests.session
  }
}

extension JSONTree {
  static func gfn(_ gfn: GFN?) -> JSONTree {
    .string("0x" + String(gfn?.rawValue ?? GFN.invalidRawValue, radix: 16))
  }

  fileprivate static func integer(_ domain: DomainID) -> JSONTree {
    .integer(Int64(domain.rawValue))
  }

  /// The request without what is told of its vCPU.
  fileprivate var plainRequest: JSONTree {
    guard case .object(let members) = self else { return self }
    let known = ["jsonrpc", "id", "method", "params"]
    return .object(members.filter { known.contains($0.name) })
  }
}

extension JSONTree.Member {
  fileprivate static func domain(_ id: DomainID) -> Self {
    .init(name: "domain", value: .integer(id))
  }

  fileprivate static func vcpu(_ number: Int) -> Self {
    .init(name: "vcpu", value: .integer(Int64(number)))
  }

  /// Who does which step under which locks.
  fileprivate static func turn(_ vcpu: Int, _ step: String, _ locks: Locks) -> [Self] {
    [
      .vcpu(vcpu), .init(name: "step", value: .string(step)),
      .init(name: "locks", value: .array(locks.names.map { .string($0) })),
    ]
  }
}

extension ExploredOperation {
  /// The method and its parameters.
  fileprivate func request(
    of domain: DomainID
  ) -> (method: String, params: [JSONTree.Member]) {
    (kind.rawValue, [.domain(domain)] + params)
  }

  /// The same, begun by a vCPU, where another one can run in its midst.
  fileprivate func request(
    of domain: DomainID, begunOn vcpu: Int
  ) -> (method: String, params: [JSONTree.Member]) {
    guard stepped != nil else { return request(of: domain) }
    let begun = JSONTree.object([
      "method": .string(kind.rawValue), "params": .object(params),
    ])
    return (
      "\(VCPUBegin.name)", [.domain(domain), .vcpu(vcpu), .init(name: "operation", value: begun)]
    )
  }

  fileprivate func turn(of vcpu: Int) -> [JSONTree.Member] {
    JSONTree.Member.turn(
      vcpu, stepped == nil ? "whole" : "begin", stepped?.firstLocks ?? locks)
  }
}

extension Machine {
  /// What the vCPU of `domain` does next.
  fileprivate func turn(of vcpu: Int, in domain: DomainID) -> [JSONTree.Member] {
    guard let domain = index(of: domain),
      let progress = domains[domain.rawValue].progress[vcpu]
    else { preconditionFailure("a step is explored where there is one") }
    return JSONTree.Member.turn(vcpu, progress.nextStep.rawValue, progress.locks(knobs))
  }
}

extension ExploredOperation {
  /// The parameters of the method, without the domain.
  fileprivate var params: [JSONTree.Member] {
    switch self {
    case .mapGrantFrame(let index, let gfn):
      let isStatus = index & GrantTable.statusFlag != 0
      var members: [JSONTree.Member] = [
        .init(name: "frame", value: .integer(Int64(index & (GrantTable.statusFlag - 1)))),
        .init(name: "gfn", value: .gfn(gfn)),
      ]
      if isStatus { members.append(.init(name: "status", value: .boolean(true))) }
      return members
    case .mapForeignPage(let owner, let source, let gfn):
      let from = JSONTree.object(["domain": .integer(owner), "gfn": .gfn(source)])
      return [.init(name: "gfn", value: .gfn(gfn)), .init(name: "from", value: from)]
    case .unmap(let gfn), .mapSharedInfo(let gfn):
      return [.init(name: "gfn", value: .gfn(gfn))]
    case .populate(let gfn, let order), .decrease(let gfn, let order):
      let place = JSONTree.Member(name: "gfn", value: .gfn(gfn))
      return order == 0 ? [place] : [place, .init(name: "order", value: .integer(Int64(order)))]
    case .mapDevice(let gfn):
      let mfn = JSONTree.string("0x" + String(Self.deviceMFN.rawValue, radix: 16))
      return [.init(name: "gfn", value: .gfn(gfn)), .init(name: "mfn", value: mfn)]
    case .setUpGrantTable(let frames):
      return [.init(name: "frames", value: .integer(Int64(frames)))]
    case .setGrantVersion(let version):
      return [.init(name: "version", value: .integer(Int64(version)))]
    }
  }
}
