import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Finds the shortest history that still violates a property.
struct ShrinkRun: SearchMethod {
  static let name: StaticString = "shrink.run"
  static let declaration = Declaration(
    "Finds a shorter and plainer history that still violates a property; no machine changes.",
    result: .object([
      .init("requests", .array(of: .anyObject), "the history, ready to be sent to a fresh server"),
      .init("violation", .named(.violation), "what the last request violates"),
      .init("given", .anyInteger, "requests before, notes not counted"),
      .init("operations", .anyInteger, "operations that are left"),
      .init("removed", .anyInteger, "how many fewer"),
      .init("runs", .anyInteger, "histories that were tried"),
      .init(
        "minimal", .boolean,
        "whether nothing more could be left out; otherwise the limit of runs was reached"),
      .init("search", .windowSearch, "what the search for a shorter one of its requests saw"),
    ]),
    errors: [.invalidParams, .notFound, .limitReached],
    example: #"""
      {"property":"no-collateral-removal","requests":[
      {"method":"domain.create","params":{"domain":7}},
      {"method":"domain.create","params":{"domain":3,"ram":[{"gfn":"0x40000","pages":16}]}},
      {"method":"grantFrame.map","params":{"domain":7,"frame":2,"gfn":"0x38000"}},
      {"method":"physmap.unmap","params":{"domain":7,"gfn":"0x38000"}},
      {"method":"device.map","params":{"domain":7,"gfn":"0x38000","mfn":"0x9000"}},
      {"method":"grantFrame.map","params":{"domain":7,"frame":2,"gfn":"0x38010"}}]}
      """#)

  let property: Property
  let requests: RequestList?
  let preset: Preset?
  let settings: [Knob.Setting]

  init(from params: inout ParameterReader) throws(RPCError) {
    property = try params.choice("property", "which property")
    requests = try params.requests()
    preset = try params.optionalPreset("the release to follow, whatever was followed before")
    settings = try params.overrides("knobs to be set otherwise")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let lease = HostMemory.Lease(laboratory.memory, laboratory.memory.left)
    defer { extendLifetime(lease) }
    let shrunk = try ShrunkHistory(
      history(of: call.machine, in: laboratory), violating: property,
      memory: HostMemory(limit: lease?.count ?? 0), context: &context)
    guard let shrunk else {
      throw .notFound("a violation of '\(property.rawValue)' in what was done")
    }
    reply.key("result")
    reply.shrunk(shrunk)
  }

  private func history(
    of machine: String, in laboratory: borrowing Laboratory
  ) throws(RPCError) -> ShrunkHistory.History {
    let experiment = try Experiment(
      requests, machine: machine, isFollowing: preset != nil || !settings.isEmpty, in: laboratory)
    if requests != nil {
      return .requests(
        experiment.requests, Subject(machine: machine, preset: preset, settings: settings))
    }
    var configuration = experiment.start
    if let preset { configuration = configuration.following(Variant(preset)) }
    configuration.knobs = configuration.knobs.setting(settings)
    return .machine(experiment.requests, configuration)
  }
}

extension Schema {
  /// What a search within the window of a history saw.
  fileprivate static var windowSearch: Schema {
    .object([
      .init(
        "verdict", .choice(WindowSearch.Verdict.allCases.map(\.rawValue)),
        "holds: no shorter history of these requests violates the property; bounded: a limit came "
          + "first; skipped: nothing was searched"),
      .init("reason", .nullable(.string), "which limit came first, or why nothing was searched"),
      .init(
        "foundShorter", .boolean,
        "whether it found a history shorter than the one that leaving out led to"),
      .init(
        "requests", .anyInteger,
        "requests tried in each state: the history's methods with all of its arguments"),
      .init("states", .anyInteger, "states that the last search found"),
      .init("transitions", .anyInteger, "requests that it tried in them"),
    ])
  }
}

extension JSONWriter {
  fileprivate mutating func shrunk(_ shrunk: ShrunkHistory) {
    object { $0.members(of: shrunk) }
  }

  package mutating func members(of shrunk: ShrunkHistory) {
    key("requests")
    array(shrunk.requests) { writer, request in writer.bareText(request.compact) }
    key("violation")
    violation(shrunk.violation)
    key("given")
    integer(shrunk.given)
    key("operations")
    integer(shrunk.operations)
    key("removed")
    integer(shrunk.given - shrunk.operations)
    key("runs")
    integer(shrunk.runs)
    key("minimal")
    boolean(shrunk.isMinimal)
    key("search")
    object { $0.members(of: shrunk.search) }
  }

  private mutating func members(of search: WindowSearch) {
    key("verdict")
    string(search.verdict.rawValue)
    key("reason")
    if let reason = search.reason { string(reason) } else { null() }
    key("foundShorter")
    boolean(search.foundShorter)
    key("requests")
    integer(search.requests)
    key("states")
    integer(search.states)
    key("transitions")
    integer(search.transitions)
  }
}
