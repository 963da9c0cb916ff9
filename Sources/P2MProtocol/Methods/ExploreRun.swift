import Exploration
import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Looks at every state that a small machine can come to.
struct ExploreRun: SearchMethod {
  static let name: StaticString = "explore.run"
  static let declaration = Declaration(
    "Looks at every state that a small machine can come to, and tells a shortest history that "
      + "violates a property, or that none does within the bounds; no machine changes.",
    result: .object([
      .init("verdict", .choice(ExplorationResult.Verdict.words), "what was found"),
      .init(
        "boundedBy", .nullable(.choice(SearchBound.told.map(\.rawValue))),
        "the limit that ended it early, or a quantity that was cut off (saturation)"),
      .init("property", .nullable(.choice(Property.words)), "what the trace violates"),
      .init("states", .anyInteger, "states found"),
      .init("transitions", .anyInteger, "operations, or steps of them, tried in all states"),
      .init("depth", .anyInteger, "transitions to the state that was found last"),
      .init("bytesPerState", .anyInteger, "memory of all states, divided by their number"),
      .init(
        "symmetryFactor", .anyInteger,
        "how many times fewer states symmetry makes them at most: the size of its group"),
      .init("setup", .array(of: .anyObject), "requests that make the machine on a fresh server"),
      .init(
        "trace", .array(of: .anyObject),
        "the requests of a shortest history that violates the property; with several vCPUs each "
          + "tells its 'vcpu', the 'step' and the 'locks'"),
      .init(
        "violations",
        .array(
          of: .object([
            .init("property", .choice(Property.words), "which property"),
            .init("trace", .array(of: .anyObject), "a shortest history that violates it"),
          ])), "of each property that does not hold, with keepGoing", isRequired: false),
    ]),
    errors: [.invalidParams, .limitReached],
    example: #"""
      {"preset":"xen-4.16","gfns":2,"frames":1,"foreignPages":1,"properties":["no-collateral-removal"]}
      """#)

  /// Memory of the states of one exploration, in bytes: the server's other memory fits beside it.
  static let memoryLimit = 64 << 20
  private static let countLimit: Int64 = 1 << 40

  let plan: ExplorationPlan
  private let roles: [ExploredRole]

  init(from params: inout ParameterReader) throws(RPCError) {
    var plan = ExplorationPlan(try params.preset())
    plan.gfns = try params.size("gfns", ExplorationPlan.gfnRange, "GFNs at which things are mapped")
    plan.frames = try params.size("frames", ExplorationPlan.frameRange, "grant frames; they exist")
    plan.foreignPages = try params.size(
      "foreignPages", ExplorationPlan.foreignPageRange, "pages of another domain")
    let vcpus = ExplorationPlan.vcpuRange
    plan.vcpus = Int(
      try params.integer(
        "vcpus", Int64(vcpus.lowerBound)...Int64(vcpus.upperBound), default: 1,
        "vCPUs; several do operations step by step"))
    let operations: [ExploredOperation.Kind]? = try params.choices(
      "operations",
      "what is tried; absent: mapping grant and foreign pages, unmapping, the table's version")
    plan.operations = operations.map { Set($0) }
    let properties: [Property]? = try params.choices(
      "properties", "what should hold; all but region-discipline where it is not said")
    plan.properties = properties.map { Set($0) }
    plan.depth = Int(
      try params.integer("depth", 0...Self.countLimit, default: Self.countLimit, "transitions"))
    plan.states = Int(
      try params.integer(
        "maxStates", 1...Self.countLimit, default: Self.countLimit, "states that are looked at"))
    plan.memory = Int(
      try params.integer(
        "maxMemory", 1...Int64(Self.memoryLimit), default: Int64(Self.memoryLimit),
        "bytes of all states"))
    let symmetry: [ExplorationPlan.Symmetry]? = try params.choices(
      "symmetry", "what may be renamed; all that is sound where it is not said")
    plan.symmetry = symmetry.map { .exactly(Set($0)) } ?? .automatic
    plan.knobs = plan.knobs.setting(try params.overrides("knobs to be set otherwise"))
    plan.keepsGoing = try params.boolean(
      "keepGoing", default: false, "whether every property's first violation is looked for")
    plan.domains = Int(
      try params.integer(
        "domains", 1...Int64(ExplorationPlan.domainRange.upperBound), default: 1,
        "domains that act, each with GFNs and frames of its own; they map each other's pages too"))
    let orders = try params.integers(
      "orders", among: PageTable.leafOrders,
      "orders of page.populate and page.decrease; 0 where it is not said")
    plan.orders = Set(orders ?? [0])
    let maxPages = ExplorationPlan.maxPagesRange
    plan.maxPages = try params.optionalInteger(
      "maxPages", Int64(maxPages.lowerBound)...Int64(maxPages.upperBound),
      "pages that the domain may populate; one extent of each order where it is not said"
    ).map { Int($0) }
    plan.triesInvalidArguments = try params.boolean(
      "invalidArguments", default: false,
      "whether GFNs, frames and domains that cannot be are tried too")
    plan.choices = try params.argumentChoices()
    roles = try params.exploredRoles()
    self.plan = plan
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let space = try space(laboratory.provisions)
    let lease = HostMemory.Lease(laboratory.memory, plan.memory / 4096 + 1)
    guard lease != nil else {
      throw .limitReached("bytes of 'maxMemory' now", limit: laboratory.memory.left * 4096)
    }
    defer { extendLifetime(lease) }
    var failure: RPCError?
    let report = space.explore { progress in
      do throws(RPCError) {
        try context.advance(to: progress.looked, of: progress.states)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    reply.key("result")
    reply.object { $0.members(of: ExplorationResult(space, report)) }
  }

  private func space(_ provisions: Provisions) throws(RPCError) -> ExplorationSpace {
    var plan = plan
    try plan.play(roles, provisions)
    do throws(ExplorationPlan.Fault) { return try ExplorationSpace(plan) } catch {
      throw error.refusal
    }
  }
}

extension SearchBound {
  /// The bounds that a client is told; one who has cancelled is told nothing.
  static var told: [SearchBound] { allCases.filter { $0 != .cancellation } }
}

extension ParameterReader {
  fileprivate mutating func size(
    _ name: StaticString, _ range: ClosedRange<Int>, _ about: StaticString
  ) throws(RPCError) -> Int {
    Int(try integer(name, Int64(range.lowerBound)...Int64(range.upperBound), about))
  }

  /// A preset, which must be said.
  fileprivate mutating func preset() throws(RPCError) -> Preset {
    let names = Preset.all.map(\.name)
    describe(.init("preset", .choice(names), "the release to follow"))
    let word = value("preset")?.word ?? (isDescribing ? names[0] : "")
    guard let preset = Preset.named(word) else {
      throw refusal(of: "preset", Self.expectedPreset)
    }
    return preset
  }
}

extension ParameterReader {
  /// Which operations of a kind are tried.
  fileprivate mutating func argumentChoices() throws(RPCError) -> [ArgumentChoice] {
    try objects(
      "arguments", atMost: 32, "which operations of a method are tried; all where it is not said"
    ) { choice throws(RPCError) in
      let kind: ExploredOperation.Kind = try choice.choice("method", "the method")
      var values: [ExploredOperation.Argument: Set<UInt64>] = [:]
      for argument in ExploredOperation.Argument.allCases {
        let numbers = try choice.numbers(argument.wireName, atMost: 64, argument.about)
        if let numbers { values[argument] = Set(numbers) }
      }
      return ArgumentChoice(kind, values)
    }
  }

  fileprivate mutating func exploredRoles() throws(RPCError) -> [ExploredRole] {
    try objects(
      "actors", atMost: ExploredRole.limit,
      "actors, each of which does all that it does as one transition"
    ) { role throws(RPCError) in
      ExploredRole(
        actor: try role.name("actor", "which actor; 'actor.list' tells which there are"),
        domain: DomainID(
          UInt16(try role.integer("domain", 0...0xffff, default: 1, "who it is"))),
        values: try role.optionalAnyObject("with", "the actor's own parameters by name"))
    }
  }
}

extension ExploredOperation.Argument {
  fileprivate var wireName: StaticString {
    switch self {
    case .gfn: "gfn"
    case .frame: "frame"
    case .status: "status"
    case .owner: "owner"
    case .source: "source"
    case .order: "order"
    case .frames: "frames"
    case .version: "version"
    }
  }

  fileprivate var about: StaticString {
    switch self {
    case .gfn: "GFNs at which it is done"
    case .frame: "indices of grantFrame.map"
    case .status: "0 for grant frames of grantFrame.map, 1 for status frames"
    case .owner: "domains whose pages foreignPage.map maps"
    case .source: "GFNs at which they have them"
    case .order: "orders of page.populate and page.decrease"
    case .frames: "counts of grantTable.setup"
    case .version: "versions of grantTable.setVersion"
    }
  }
}
