import DeviceTree
import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// What this program is.
package enum Product {
  package static let name = "p2mlab"
  package static let version = "0.1.0"
  /// Changes when a client would have to.
  static let protocolVersion = "1.0"
}

/// Tells what serves here.
struct ServerInfoMethod: Method {
  static let name: StaticString = "server.info"
  static let declaration = Declaration(
    "Tells what serves here, and its limits.",
    result: .object([
      .init("name", .string, "the program"), .init("version", .string, "its version"),
      .init("protocolVersion", .string, "changes when a client would have to"),
      .init("presets", .array(of: .string), "the presets that there are"),
      .init("limits", .anyObject, "named limits"),
      .init("janssonVersion", .string, "the JSON library's version"),
    ]))

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { writer in
      writer.key("name")
      writer.string(Product.name)
      writer.key("version")
      writer.string(Product.version)
      writer.key("protocolVersion")
      writer.string(Product.protocolVersion)
      writer.key("presets")
      writer.array(Preset.all) { writer, preset in writer.string(preset.name) }
      writer.key("limits")
      writer.object { $0.limits() }
      writer.key("janssonVersion")
      writer.string(JSONDocument.libraryVersion)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func limits() {
    let limits: [(StaticString, Int)] = [
      ("nesting", JSONRPC.Limits.nesting), ("batch", JSONRPC.Limits.batch),
      ("machines", Laboratory.machineLimit), ("domains", Hypervisor.Limits.domains),
      ("ramPages", Int(Hypervisor.Limits.ramPages)),
      ("regionsPerDomain", Hypervisor.Limits.regionsPerDomain),
      ("leavesPerOperation", Hypervisor.Limits.leavesPerOperation),
      ("grantFrames", Hypervisor.Limits.grantFrames),
      ("physmapQueryCount", Int(PhysmapQuery.countLimit)),
      ("arrayQueryCount", Int(ArrayQuery.countLimit)),
      ("experimentRequests", RequestList.countLimit),
      ("experimentRequestBytes", RequestList.sizeLimit),
      ("comparedPresets", Comparison.variantLimit), ("shrinkRuns", Shrinker.runLimit),
      ("deviceTreeBytes", DeviceTree.sizeLimit),
      ("actorRequests", ActorTemplate.Limits.requests),
      ("scenarioSequences", Scenario.Limits.sequences),
    ]
    for (name, limit) in limits {
      key(name)
      integer(limit)
    }
  }
}
