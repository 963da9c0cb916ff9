import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Creates a machine.
struct MachineCreate: Method {
  static let name: StaticString = "machine.create"

  let configuration: MachineConfiguration

  init(from params: inout ParameterReader) throws(RPCError) {
    let preset = try params.preset()
    var configuration = MachineConfiguration(preset: preset)
    let overridden = try params.optionalObject("overrides") { overrides throws(RPCError) in
      try overrides.knobs(overriding: preset.knobs)
    }
    configuration.knobs = overridden ?? preset.knobs
    configuration.cpu = try params.choice("cpu", CPU.self) ?? .cortexA57
    configuration.maxGrantFrames = Int(
      try params.integer(
        "maxGrantFrames", 1...Int64(Limits.grantFrames),
        default: Int64(Limits.defaultGrantFrames)))
    if params.optional("p2mPoolPages") != nil {
      throw params.refusal(of: "p2mPoolPages", "nothing: this version models no P2M pool")
    }
    _ = try params.integer("vcpus", 1...1, default: 1)
    self.configuration = configuration
  }

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    do throws(Laboratory.Failure) {
      let index = try laboratory.create(
        machine ?? Laboratory.defaultMachine, configuration)
      reply.key("result")
      reply.machine(laboratory.machines[index])
    } catch {
      throw .laboratory(error)
    }
  }
}

extension ParameterReader {
  /// The preset that a new machine is to follow; Xen 4.16's where it is not said.
  fileprivate mutating func preset() throws(RPCError) -> Preset {
    guard let value = optional("preset") else { return .default }
    guard let preset = value.string.flatMap({ Preset.named($0) }) else {
      let names = Preset.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw refusal(of: "preset", "one of \(names)")
    }
    return preset
  }
}

/// Tells which presets there are.
struct MachinePresets: Method {
  static let name: StaticString = "machine.presets"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { writer in
      writer.key("presets")
      writer.array(Preset.all) { writer, preset in
        writer.beginObject()
        writer.key("name")
        writer.string(preset.name)
        writer.key("summary")
        writer.string(preset.summary)
        writer.key("knobs")
        writer.knobs(preset.knobs)
        writer.endObject()
      }
    }
  }
}

/// Tells which machines there are.
struct MachineList: Method {
  static let name: StaticString = "machine.list"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { writer in
      writer.key("machines")
      writer.array(laboratory.machines) { writer, machine in writer.machine(machine) }
    }
  }
}

/// Tells how a machine was created and which domains it has; of a dead one too.
struct MachineGet: Method {
  static let name: StaticString = "machine.get"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(machine)
    reply.key("result")
    reply.machine(laboratory.machines[index])
  }
}

/// Puts a machine back to how it was created.
struct MachineReset: Method {
  static let name: StaticString = "machine.reset"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(machine)
    laboratory.reset(index)
    reply.key("result")
    reply.machine(laboratory.machines[index])
  }
}

/// Deletes a machine.
struct MachineDelete: Method {
  static let name: StaticString = "machine.delete"

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(machine)
    reply.key("result")
    reply.machine(laboratory.machines[index])
    laboratory.delete(index)
  }
}

extension JSONWriter {
  fileprivate mutating func machine(_ named: Laboratory.NamedMachine) {
    let configuration = named.machine.configuration
    beginObject()
    key("machine")
    string(named.name)
    key("preset")
    string(configuration.presetName)
    key("knobs")
    knobs(configuration.knobs)
    key("cpu")
    string(configuration.cpu.rawValue)
    key("p2mLimit")
    hex(configuration.cpu.p2mLimit)
    key("maxGrantFrames")
    integer(configuration.maxGrantFrames)
    key("domains")
    array(named.machine.domains) { writer, domain in writer.integer(domain.id.rawValue) }
    key("panic")
    if let panic = named.machine.panic { string("\(panic)") } else { null() }
    endObject()
  }
}
