import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Tells what stands against the properties, on the machine as it is.
struct CheckRun: MachineMethod {
  static let name: StaticString = "check.run"

  let properties: Set<Property>

  init(from params: inout ParameterReader) throws(RPCError) {
    guard let names = params.optional("properties") else {
      properties = Set(Property.always)
      return
    }
    guard names.kind == .array, names.count <= Property.allCases.count else {
      throw params.refusal(of: "properties", "an array of properties' names")
    }
    var properties: Set<Property> = []
    for index in 0..<names.count {
      guard let property = names[index]?.string.flatMap(Property.init(rawValue:)) else {
        throw .invalidParams(path: "/properties/\(index)", expected: Property.expected)
      }
      properties.insert(property)
    }
    self.properties = properties
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    reply.beginObject()
    reply.key("violations")
    reply.array(machine.standingViolations(of: properties)) { writer, violation in
      writer.violation(violation)
    }
    reply.endObject()
  }
}

/// Tells which properties there are.
struct CheckProperties: Method {
  static let name: StaticString = "check.properties"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
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

/// A comment that lives in a session; it changes nothing.
struct SessionNote: Method {
  static let name: StaticString = "session.note"

  init(from params: inout ParameterReader) throws(RPCError) {
    _ = try params.text("text")
  }

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { _ in }
  }
}
