import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Creates a machine.
struct MachineCreate: Method {
  static let name: StaticString = "machine.create"
  static let declaration = Declaration(
    "Creates a machine: a hypervisor of some release, without domains.",
    result: .named(.machine), errors: [.invalidParams, .alreadyExists, .limitReached],
    example: #"{"preset":"xen-4.17","overrides":{"remap":"move"},"machine":"mine"}"#)

  let preset: Preset
  let knobs: Knobs
  let cpu: CPU
  let maxGrantFrames: Int
  let p2mPoolPages: Int?
  let measuresCost: Bool

  init(from params: inout ParameterReader) throws(RPCError) {
    let preset = try params.preset()
    let overridden = try params.optionalObject("overrides", "knobs that differ from the preset's") {
      overrides throws(RPCError) in try overrides.knobs(overriding: preset.knobs)
    }
    self.preset = preset
    knobs = overridden ?? preset.knobs
    cpu = try params.choice("cpu", default: CPU.cortexA57, "decides how far a P2M reaches")
    maxGrantFrames = Int(
      try params.integer(
        "maxGrantFrames", 1...Int64(Limits.grantFrames),
        default: Int64(Limits.defaultGrantFrames), "frames that a grant table may have"))
    p2mPoolPages = try params.optionalInteger(
      "p2mPoolPages", 0...Int64(Limits.tablesPerDomain),
      "tables that each P2M but domain 0's may take beyond the root"
    ).map { Int($0) }
    _ = try params.integer("vcpus", 1...1, default: 1, "1 is the only number so far")
    measuresCost = try params.boolean(
      "cost", default: false, "whether operations tell what they cost")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    var configuration = MachineConfiguration(
      name: call.machine, uri: "/machines/" + PercentEncoding.encode(call.machine), preset: preset,
      cpu: cpu, maxGrantFrames: maxGrantFrames)
    configuration.knobs = knobs
    configuration.p2mPoolPages = p2mPoolPages
    configuration.measuresCost = measuresCost
    do throws(Laboratory.Failure) {
      let index = try laboratory.create(configuration)
      reply.key("result")
      reply.machine(laboratory[index].machine)
    } catch {
      throw .laboratory(error)
    }
  }
}

extension ParameterReader {
  /// The preset that a new machine is to follow; Xen 4.16's where it is not said.
  fileprivate mutating func preset() throws(RPCError) -> Preset {
    let names = Preset.all.map(\.name)
    describe(
      .init(
        "preset", .choice(names), "the release to follow", isRequired: false,
        absent: "\"\(Preset.default.name)\""))
    guard let value = value("preset") else { return .default }
    guard let preset = value.word.flatMap({ Preset.named($0) }) else {
      throw refusal(
        of: "preset", "one of " + names.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return preset
  }
}

/// Tells which presets there are.
struct MachinePresets: Method {
  static let name: StaticString = "machine.presets"
  static let declaration = Declaration(
    "Tells which presets there are, oldest release first.",
    result: .object([
      .init(
        "presets",
        .array(
          of: .object([
            .init("name", .string, "its name"), .init("summary", .string, "what it models"),
            .init("knobs", .named(.knobs), "its knobs"),
          ])), "the presets")
    ]))

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
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
  static let declaration = Declaration(
    "Tells which machines there are, in order of creation.",
    result: .object([.init("machines", .array(of: .named(.machine)), "the machines")]))

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.object { writer in
      writer.key("machines")
      writer.array(laboratory.benches) { writer, bench in writer.machine(bench.machine) }
    }
  }
}

/// Tells how a machine was created and which domains it has; of a dead one too.
struct MachineGet: Method {
  static let name: StaticString = "machine.get"
  static let declaration = Declaration(
    "Tells how a machine was created and which domains it has; of a dead one too.",
    result: .named(.machine), errors: [.notFound])

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    reply.key("result")
    reply.machine(laboratory[index].machine)
  }
}

/// Puts a machine back to how it was created.
struct MachineReset: Method {
  static let name: StaticString = "machine.reset"
  static let declaration = Declaration(
    "Puts a machine back to how it was created: no domains, alive, nothing done.",
    result: .named(.machine), errors: [.notFound])

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    laboratory.reset(index)
    reply.key("result")
    reply.machine(laboratory[index].machine)
  }
}

/// Deletes a machine.
struct MachineDelete: Method {
  static let name: StaticString = "machine.delete"
  static let declaration = Declaration(
    "Deletes a machine, and answers with what it was.",
    result: .named(.machine), errors: [.notFound])

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    reply.key("result")
    reply.machine(laboratory[index].machine)
    laboratory.delete(index)
  }
}

extension JSONWriter {
  mutating func machine(_ machine: borrowing Machine) {
    let configuration = machine.configuration
    beginObject()
    key("machine")
    string(configuration.name)
    key("preset")
    string(configuration.preset.name)
    key("knobs")
    knobs(configuration.knobs)
    key("cpu")
    string(configuration.cpu.rawValue)
    key("p2mLimit")
    hex(configuration.cpu.p2mLimit)
    key("maxGrantFrames")
    integer(configuration.maxGrantFrames)
    if let pool = configuration.p2mPoolPages {
      key("p2mPoolPages")
      integer(pool)
    }
    if configuration.measuresCost {
      key("cost")
      boolean(true)
    }
    key("domains")
    array(machine.domains) { writer, domain in writer.integer(domain.id.rawValue) }
    key("panic")
    if let panic = machine.panic { string("\(panic)") } else { null() }
    endObject()
  }
}
