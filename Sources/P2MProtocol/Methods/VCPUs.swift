import Hypervisor
import JSONRPC
import Jansson

/// Begins an operation on a vCPU, to be done step by step.
struct VCPUBegin: OperationMethod {
  static let name: StaticString = "vcpu.begin"
  static let declaration = Declaration(
    "Does the first step of an operation on a vCPU; others can run before the next one.",
    result: .step,
    errors: [
      .invalid, .busy, .otherPage, .outOfTables, .invalidVersion, .versionUnsupported, .crashed,
      .locked,
    ] + .domain,
    example: #"""
      {"domain":1,"vcpu":0,"operation":{"method":"grantFrame.map","params":{"frame":0,"gfn":"0x38000"}}}
      """#)

  let domain: DomainID
  let vcpu: Int
  let operation: SteppedOperation

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose vCPU, and who asks")
    vcpu = try params.vcpu()
    operation = try params.steppedOperation()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = try machine.find(domain)
    try machine.check(vcpu, of: index)
    if let refusal = machine.refusal(toBegin: operation, on: vcpu, of: index) {
      throw .request(refusal.error(on: vcpu, of: index, machine))
    }
    let step = try hypercall { () throws(HypercallError) in
      try machine.begin(operation, on: vcpu, caller: domain)
    }
    reply.step(step, on: machine)
  }
}

/// Does the next step of what a vCPU has begun.
struct VCPUStep: OperationMethod {
  static let name: StaticString = "vcpu.step"
  static let declaration = Declaration(
    "Does the next step of the operation that a vCPU is in the midst of.",
    result: .step,
    errors: [.invalid, .busy, .otherPage, .outOfTables, .crashed, .locked] + .inTheWay + .domain,
    example: #"{"domain":2,"vcpu":1}"#)

  let domain: DomainID
  let vcpu: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose vCPU, and who asks")
    vcpu = try params.vcpu()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = try machine.find(domain)
    try machine.check(vcpu, of: index)
    // A crashed domain is told so, whatever its vCPUs were in the midst of.
    let isAlive = machine.domains[index.rawValue].crash == nil
    if isAlive, let refusal = machine.refusal(toStep: vcpu, of: index) {
      throw .request(refusal.error(on: vcpu, of: index, machine))
    }
    let step = try hypercall { () throws(HypercallError) in
      try machine.step(vcpu, caller: domain)
    }
    reply.step(step, on: machine)
  }
}

/// Tells what the vCPUs of a domain are in the midst of.
struct VCPUList: MachineMethod {
  static let name: StaticString = "vcpu.list"
  static let declaration = Declaration(
    "Tells what each vCPU of a domain is in the midst of, and which locks it holds.",
    result: .object([
      .init(
        "vcpus",
        .array(
          of: .object([
            .init("vcpu", .anyInteger, "its number"),
            .init(
              "operation",
              .nullable(
                .object([
                  .init("method", .choice(SteppedMethod.words), "the method"),
                  .init("params", .anyObject, "its parameters, without the domain"),
                ])), "what it has begun; null where it is idle"),
            .init("next", .nullable(.choice(StepName.words)), "the step that comes next"),
            .init("holds", .array(of: .choice(Locks.words)), "locks that it holds until then"),
          ])), "all of them")
    ]),
    errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("which domain")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let progress = machine.domains[try machine.find(domain).rawValue].progress
    reply.object { writer in
      writer.key("vcpus")
      writer.array(progress.enumerated()) { writer, vcpu in
        writer.vcpu(vcpu.offset, vcpu.element, machine.knobs)
      }
    }
  }
}

/// The methods whose operations can be done step by step.
enum SteppedMethod: String, WireChoice {
  case grantFrameMap = "grantFrame.map"
  case grantTableSetVersion = "grantTable.setVersion"
}

extension StepName: WireChoice {}

extension ParameterReader {
  fileprivate mutating func vcpu() throws(RPCError) -> Int {
    Int(try integer("vcpu", 0...Int64(Limits.vcpus - 1), "which of its vCPUs, from 0"))
  }

  fileprivate mutating func steppedOperation() throws(RPCError) -> SteppedOperation {
    try object("operation", "the request, without the domain") { request throws(RPCError) in
      let method: SteppedMethod = try request.choice("method", "what is begun")
      if request.isDescribing { return try request.describeOperation() }
      return try request.object("params", "its parameters") { params throws(RPCError) in
        try params.operation(of: method)
      }
    }
  }

  private mutating func operation(
    of method: SteppedMethod
  ) throws(RPCError) -> SteppedOperation {
    switch method {
    case .grantFrameMap:
      let (index, gfn) = try frameAndPlace()
      return .mapGrantFrame(index, at: gfn)
    case .grantTableSetVersion:
      return .setGrantVersion(try grantVersion())
    }
  }

  /// Describes `params`, which depend on the method.
  private mutating func describeOperation() throws(RPCError) -> SteppedOperation {
    var schemas: [Schema] = []
    for method in SteppedMethod.allCases {
      var reader = ParameterReader(describing: ())
      _ = try reader.operation(of: method)
      schemas.append(.object(reader.description ?? []))
    }
    describe(.init("params", .oneOf(schemas), "its parameters, without the domain"))
    return .setGrantVersion(1)
  }
}

extension Machine {
  /// - Throws: invalid params, where the domain has no such vCPU.
  fileprivate func check(_ vcpu: Int, of domain: DomainIndex) throws(MachineFailure) {
    guard vcpu >= configuration.vcpus else { return }
    throw .request(
      .invalidParams(
        path: "/vcpu",
        expected: "a vCPU below \(configuration.vcpus), which 'machine.create' set as 'vcpus'"))
  }

  /// - Throws: locked, where a vCPU of `domain` holds one of `locks`.
  func checkUnlocked(_ locks: Locks, of domain: DomainID) throws(MachineFailure) {
    guard progressCount > 0, let index = index(of: domain) else { return }
    guard case .locked(let held, let vcpu) = refusal(toLock: locks, of: index) else { return }
    throw .request(StepRefusal.locked(held, by: vcpu).error(on: vcpu, of: index, self))
  }
}

extension Machine.StepRefusal {
  /// What a client is told.
  fileprivate func error(
    on vcpu: Int, of domain: DomainIndex, _ machine: borrowing Machine
  ) -> RPCError {
    switch self {
    case .locked(let locks, let holder):
      let names = locks.names.joined(separator: " and ")
      let doing = machine.domains[domain.rawValue].progress[holder].map { " \($0.method.rawValue)" }
      return RPCError(
        code: ErrorCode.locked,
        message: "Locked: vCPU \(holder) of domain \(machine.id(of: domain)) holds the \(names) "
          + "lock in the midst of\(doing ?? " an operation"); 'vcpu.step' takes it further")
    case .busy:
      return .invalidParams(
        path: "/vcpu", expected: "an idle vCPU; 'vcpu.step' takes vCPU \(vcpu) further")
    case .idle:
      return .invalidParams(
        path: "/vcpu",
        expected: "a vCPU that is in the midst of an operation; 'vcpu.begin' begins one")
    }
  }
}

extension OperationInProgress {
  /// The method that began it.
  var method: SteppedMethod {
    switch self {
    case .lookingUp, .inserting, .ending: .grantFrameMap
    case .detaching, .releasing: .grantTableSetVersion
    }
  }
}

extension Locks {
  static let words = ["grant", "p2m"]

  /// The locks' names, in the order in which they are taken.
  package var names: [String] {
    zip([Locks.grant, .p2m], Self.words).filter { contains($0.0) }.map(\.1)
  }
}

extension Schema {
  fileprivate static let step = Schema.consequences([
    .init("step", .choice(StepName.words), "what was done"),
    .init("locks", .array(of: .choice(Locks.words)), "the locks under which it ran"),
    .init("done", .boolean, "whether the operation is done, and the vCPU idle"),
  ])
}

extension JSONWriter {
  fileprivate mutating func step(_ step: Machine.Step, on machine: borrowing Machine) {
    beginObject()
    key("step")
    string(step.name.rawValue)
    key("locks")
    locks(step.locks)
    key("done")
    boolean(step.isDone)
    consequences(of: machine)
    endObject()
  }

  private mutating func locks(_ locks: Locks) {
    array(locks.names) { writer, name in writer.string(name) }
  }

  fileprivate mutating func vcpu(_ number: Int, _ progress: OperationInProgress?, _ knobs: Knobs) {
    beginObject()
    key("vcpu")
    integer(number)
    key("operation")
    if let progress { operation(progress) } else { null() }
    key("next")
    if let progress { string(progress.nextStep.rawValue) } else { null() }
    key("holds")
    locks(progress?.heldLocks(knobs) ?? [])
    endObject()
  }

  private mutating func operation(_ progress: OperationInProgress) {
    object { writer in
      writer.key("method")
      writer.string(progress.method.rawValue)
      writer.key("params")
      writer.object { params in
        if let mapping = progress.mapping {
          params.frameAndPlace(of: mapping)
        } else {
          // Only going back to version 1 has more than one step.
          params.key("version")
          params.integer(1)
        }
      }
    }
  }

  private mutating func frameAndPlace(of mapping: FrameMapping) {
    key("frame")
    let isStatus: Bool
    switch mapping.page {
    case .grant(let frame):
      integer(frame)
      isStatus = false
    case .status(let frame):
      integer(frame)
      isStatus = true
    case .sharedInfo: preconditionFailure("shared_info is mapped in one step")
    }
    key("gfn")
    hex(mapping.gfn?.rawValue ?? GFN.invalidRawValue)
    if isStatus {
      key("status")
      boolean(true)
    }
  }
}
