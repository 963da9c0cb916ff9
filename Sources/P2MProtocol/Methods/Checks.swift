import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Tells what stands against the properties, on the machine as it is.
struct CheckRun: LongMethod {
  static let name: StaticString = "check.run"
  static let declaration = Declaration(
    "Tells what stands against the properties, on the machine as it is, counting everything anew.",
    result: .object([
      .init("violations", .array(of: .named(.violation)), "all that stands against them")
    ]),
    errors: .machine)

  let properties: Set<Property>

  init(from params: inout ParameterReader) throws(RPCError) {
    let chosen: [Property]? = try params.choices(
      "properties", "which properties; all but region-discipline where it is not said")
    properties = Set(chosen ?? Property.always)
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    if laboratory[index].machine.refuses(Self.name, into: &reply) { return }
    var check = StateCheck(laboratory[index].machine, properties)
    let total = context.reportsProgress ? check.total : 0
    while true {
      if let violations = check.step() {
        reply.key("result")
        return reply.object { writer in
          writer.key("violations")
          writer.array(violations) { writer, violation in writer.violation(violation) }
        }
      }
      try context.advance(to: check.done, of: total)
    }
  }
}

/// Tells which properties there are.
struct CheckProperties: Method {
  static let name: StaticString = "check.properties"
  static let declaration = Declaration(
    "Tells which properties there are.",
    result: .object([
      .init(
        "properties",
        .array(
          of: .object([
            .init("name", .string, "its name"), .init("sentence", .string, "what should hold"),
            .init("default", .boolean, "whether it is judged without being asked for"),
          ])), "the properties")
    ]))

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { writer in
      writer.key("properties")
      writer.array(Property.allCases) { writer, property in
        writer.beginObject()
        writer.key("name")
        writer.string(property.rawValue)
        writer.key("sentence")
        writer.string(property.sentence)
        writer.key("default")
        writer.boolean(Property.always.contains(property))
        writer.endObject()
      }
    }
  }
}
