import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Carries out the same requests on several presets, and tells where their replies part.
struct CompareRun: SearchMethod {
  static let name: StaticString = "compare.run"
  static let declaration = Declaration(
    "Carries out the same requests on several presets, and tells where their replies part; no "
      + "machine changes.",
    result: .object([
      .init("presets", .array(of: .string), "the presets, as they were named"),
      .init("rows", .array(of: .comparedRequest), "the requests, but for notes"),
      .init("firstDifference", .nullable(.firstDifference), "where they part, if they do"),
    ]),
    errors: [.invalidParams, .notFound, .limitReached],
    example: #"{"presets":["xen-4.16","xen-4.17"]}"#)

  let variants: [Variant]
  let requests: RequestList?
  let comparison: ReplyComparison

  init(from params: inout ParameterReader) throws(RPCError) {
    let variants = try params.variants()
    let requests = try params.requests()
    let settings = try params.overrides("knobs to be set otherwise, on every preset")
    self.variants = variants.map { $0.overridden(by: settings) }
    let isExact = try params.boolean(
      "exact", default: false,
      "whether numbering, words of messages, and the order of effects are compared too")
    comparison = isExact ? .exact : .meaning
    let session = try params.sessionRequests()
    guard requests == nil || session == nil else {
      throw .invalidParams(path: "/session", expected: "no session where there are requests")
    }
    self.requests = requests ?? session
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let experiment = try Experiment(
      requests, machine: call.machine, isFollowing: true, in: laboratory)
    let result = try Comparison(
      experiment.requests, startingWith: experiment.start, about: call.machine, on: variants,
      by: comparison, memory: laboratory.memory, provisions: laboratory.provisions,
      context: &context)
    reply.key("result")
    reply.comparison(result)
  }
}

extension ParameterReader {
  /// The presets to compare.
  fileprivate mutating func variants() throws(RPCError) -> [Variant] {
    let limit = Comparison.variantLimit
    describe(
      .init(
        "presets", .array(of: .string, atMost: limit),
        "2 to \(limit) presets; a knob is set otherwise as in \"xen-4.16+remap=busy\""))
    guard let array = value("presets"), array.kind == .array, 2...limit ~= array.count else {
      if isDescribing { return [] }
      throw refusal(of: "presets", "an array of 2 to \(limit) presets")
    }
    var variants: [Variant] = []
    for index in 0..<array.count {
      do throws(Variant.Fault) {
        variants.append(try Variant(array[index]?.string(atMost: 1024) ?? ""))
      } catch {
        throw .invalidParams(path: "/presets/\(index)", expected: "a preset: \(error)")
      }
    }
    return variants
  }
}

extension Schema {
  /// A request, and what became of it on each preset.
  fileprivate static let comparedRequest = Schema.object([
    .init("line", .anyInteger, "its line of the session, if one was given", isRequired: false),
    .init("number", .anyInteger, "its index among all requests"),
    .init("method", .string, "the method"),
    .init(
      "params", .oneOf([.anyObject, .anyArray]), "its parameters as they came", isRequired: false),
    .init(
      "replies",
      .array(
        of: .object([
          .init("code", .anyInteger, "0 for a result, or the error's code"),
          .init("errno", .nullable(.string), "the model's name of the error"),
          .init("violations", .array(of: .choice(Property.words)), "what it broke"),
          .init("differs", .boolean, "whether it differs from the first preset's reply"),
        ])), "a summary of each preset's reply"),
  ])

  fileprivate static let firstDifference = Schema.object([
    .init("line", .anyInteger, "its line of the session, if one was given", isRequired: false),
    .init("number", .anyInteger, "the request's index"),
    .init("path", .string, "a JSON pointer into the replies"),
    .init(
      "values",
      .array(
        of: .object([
          .init("preset", .string, "the preset"),
          .init(
            "value",
            .oneOf([.anyObject, .anyArray, .string, .anyInteger, .boolean, .null]),
            "what is there; absent where nothing is", isRequired: false),
        ])), "of the first preset, and of the first one that differs from it"),
  ])
}

extension JSONWriter {
  fileprivate mutating func comparison(_ comparison: Comparison) {
    beginObject()
    key("presets")
    array(comparison.variants) { writer, variant in writer.string(variant.name) }
    key("rows")
    array(comparison.rows) { writer, row in writer.row(row) }
    key("firstDifference")
    if let parting = comparison.parting {
      self.parting(parting, of: comparison)
    } else {
      null()
    }
    endObject()
  }

  private mutating func row(_ row: Comparison.Row) {
    beginObject()
    line(of: row.request)
    members(of: row)
    endObject()
  }

  private mutating func parting(_ parting: Comparison.Parting, of comparison: Comparison) {
    beginObject()
    line(of: parting.request)
    members(of: parting, comparison)
    endObject()
  }

  /// The member `line` of a request that comes from a session.
  private mutating func line(of request: RequestList.Request) {
    guard request.line > 0 else { return }
    key("line")
    integer(request.line)
  }

  /// A request, and what became of it on each preset.
  package mutating func members(of row: Comparison.Row) {
    key("number")
    integer(row.request.number)
    members(of: row.request.text)
    key("replies")
    array(row.outcomes) { writer, outcome in
      writer.beginObject()
      writer.key("code")
      writer.integer(outcome.code)
      writer.key("errno")
      if let errno = outcome.errno { writer.string(errno) } else { writer.null() }
      writer.key("violations")
      writer.array(outcome.violations) { writer, property in writer.string(property.rawValue) }
      writer.key("differs")
      writer.boolean(outcome.differs)
      writer.endObject()
    }
  }

  /// Where presets part.
  package mutating func members(of parting: Comparison.Parting, _ comparison: Comparison) {
    key("number")
    integer(parting.request.number)
    key("path")
    string(parting.difference.path)
    key("values")
    let values = [
      (comparison.variants[0], parting.difference.expected),
      (comparison.variants[parting.variant], parting.difference.actual),
    ]
    array(values) { writer, pair in
      writer.beginObject()
      writer.key("preset")
      writer.string(pair.0.name)
      if let value = pair.1 {
        writer.key("value")
        writer.bareText(value)
      }
      writer.endObject()
    }
  }
}
