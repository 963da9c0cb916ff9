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
    let domain = JSONTree.integer(ExploredOperation.domain)
    let populates = plan.alphabet.contains(.populate)
    add(
      DomainCreate.name,
      [
        "domain": domain, "privileged": .boolean(true),
        "maxPages": populates ? .integer(Int64(plan.budget)) : nil,
      ])
    if plan.foreignPages > 0 {
      let ram = JSONTree.object([
        "gfn": .gfn(GFN(ExplorationSpace.firstSource)), "pages": .integer(Int64(plan.foreignPages)),
      ])
      add(
        DomainCreate.name,
        ["domain": .integer(ExploredOperation.otherDomain), "ram": .array([ram])])
    }
    if plan.judged.contains(.regionDiscipline) {
      add(
        RegionDefine.name,
        [
          "domain": domain, "name": .string("bank0"),
          "gfn": .gfn(GFN(ExplorationSpace.firstGFN)), "pages": .integer(Int64(plan.gfns)),
          "kind": .string(Region.Kind.grantTable.rawValue),
        ])
    }
    if plan.frames > 1 {
      add(GrantTableSetup.name, ["domain": domain, "frames": .integer(Int64(plan.frames))])
    }
    if plan.hasVersion2 {
      add(GrantTableSetVersion.name, ["domain": domain, "version": .integer(2)])
    }
    self.setup = setup
  }

  /// The requests of `history`, with ids behind those of the set-up. With several vCPUs each has the
  /// members `vcpu`, `step` and `locks` beside those of JSON-RPC.
  package func trace(_ history: [ExploredTransition]) -> [JSONTree] {
    var machine = space.start
    return history.enumerated().map { number, transition in
      let id = Int64(setup.count + number) + 1
      let (method, params) = transition.request
      let request = JSONTree.request(id, "\(method)", .object(params))
      let turn = transition.turn(on: machine)
      _ = transition.perform(on: &machine)
      guard case .object(let members) = request, let turn else { return request }
      return .object(members + turn)
    }
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

extension ExploredTransition {
  /// The method and its parameters.
  fileprivate var request: (method: String, params: [JSONTree.Member]) {
    let domain = JSONTree.Member(name: "domain", value: .integer(ExploredOperation.domain))
    func vcpu(_ number: Int) -> JSONTree.Member {
      .init(name: "vcpu", value: .integer(Int64(number)))
    }
    switch self {
    case .begin(let number, let operation) where operation.stepped != nil:
      let begun = JSONTree.object([
        "method": .string(operation.kind.rawValue), "params": .object(operation.params),
      ])
      return ("\(VCPUBegin.name)", [domain, vcpu(number), .init(name: "operation", value: begun)])
    case .whole(let operation), .begin(_, let operation):
      return (operation.kind.rawValue, [domain] + operation.params)
    case .advance(let number): return ("\(VCPUStep.name)", [domain, vcpu(number)])
    }
  }

  /// Who does which step under which locks; `nil` where there is one vCPU.
  fileprivate func turn(on machine: borrowing Machine) -> [JSONTree.Member]? {
    let turn: (vcpu: Int, step: String, locks: Locks)
    switch self {
    case .whole: return nil
    case .begin(let vcpu, let operation):
      let stepped = operation.stepped
      turn = (vcpu, stepped == nil ? "whole" : "begin", stepped?.firstLocks ?? operation.locks)
    case .advance(let vcpu):
      guard let domain = machine.index(of: ExploredOperation.domain),
        let progress = machine.domains[domain.rawValue].progress[vcpu]
      else { preconditionFailure("a step is explored where there is one") }
      turn = (vcpu, progress.nextStep.rawValue, progress.locks(machine.knobs))
    }
    return [
      .init(name: "vcpu", value: .integer(Int64(turn.vcpu))),
      .init(name: "step", value: .string(turn.step)),
      .init(name: "locks", value: .array(turn.locks.names.map { .string($0) })),
    ]
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
    case .mapForeignPage(let source, let gfn):
      let from = JSONTree.object([
        "domain": .integer(Self.otherDomain), "gfn": .gfn(source),
      ])
      return [.init(name: "gfn", value: .gfn(gfn)), .init(name: "from", value: from)]
    case .unmap(let gfn), .populate(let gfn), .decrease(let gfn), .mapSharedInfo(let gfn):
      return [.init(name: "gfn", value: .gfn(gfn))]
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
