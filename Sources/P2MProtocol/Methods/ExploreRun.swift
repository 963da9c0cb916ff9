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
    self.plan = plan
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let space = try space()
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

  private func space() throws(RPCError) -> ExplorationSpace {
    do throws(ExplorationPlan.Fault) {
      return try ExplorationSpace(plan)
    } catch {
      let path = error.parameter.isEmpty ? "" : "/\(error.parameter)"
      throw .invalidParams(path: path, expected: error.expected)
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
