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

  /// `nil` where it is not said.
  let preset: Preset?
  let overrides: [Knob.Setting]
  /// `nil` for the preset's.
  let cpu: CPU?
  let maxGrantFrames: Int
  let vcpus: Int
  let p2mPoolPages: Int?
  let measuresCost: Bool

  init(from params: inout ParameterReader) throws(RPCError) {
    preset = try params.optionalPreset(
      "the release to follow", shown: "\"\(Preset.default.name)\"")
    overrides = try params.overrides("knobs that differ from the preset's")
    cpu = try params.optionalChoice(
      "cpu", "decides how far a P2M reaches; cortex-a57 where it is not said, on x86 x86-64")
    try params.check(cpu, fits: preset ?? .default)
    maxGrantFrames = Int(
      try params.integer(
        "maxGrantFrames", 1...Int64(Limits.grantFrames),
        default: Int64(Limits.defaultGrantFrames), "frames that a grant table may have"))
    p2mPoolPages = try params.optionalInteger(
      "p2mPoolPages", 0...Int64(Limits.tablesPerDomain),
      "tables that each P2M but domain 0's may take beyond the root"
    ).map { Int($0) }
    vcpus = Int(
      try params.integer(
        "vcpus", 1...Int64(Limits.vcpus), default: 1, "vCPUs of each domain, for vcpu.begin"))
    measuresCost = try params.boolean(
      "cost", default: false, "whether operations tell what they cost")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let name = call.machine
    let chosen = laboratory.variant(for: name, preset: preset, overrides: overrides)
    var configuration = MachineConfiguration(
      name: name, uri: "/machines/" + PercentEncoding.encode(name), preset: preset ?? .default,
      cpu: cpu, maxGrantFrames: maxGrantFrames, vcpus: vcpus
    ).following(chosen)
    configuration.p2mPoolPages = p2mPoolPages
    configuration.measuresCost = measuresCost
    let index = try refusing { () throws(Laboratory.Failure) in
      try laboratory.create(configuration)
    }
    reply.key("result")
    reply.machine(laboratory[index].machine)
  }
}

extension ParameterReader {
  /// A preset, or `nil` where it is not said.
  ///
  /// - Parameter shown: what the schema says stands for it then, as JSON.
  mutating func optionalPreset(
    _ about: StaticString, shown: String? = nil
  ) throws(RPCError) -> Preset? {
    let names = Preset.all.map(\.name)
    describe(.init("preset", .choice(names), "\(about)", isRequired: false, absent: shown))
    guard let value = value("preset") else { return nil }
    guard let preset = value.word.flatMap({ Preset.named($0) }) else {
      throw refusal(of: "preset", Self.expectedPreset)
    }
    return preset
  }

  static var expectedPreset: String {
    "one of " + Preset.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
  }

  /// Refuses a CPU that is not of the preset's architecture.
  fileprivate func check(_ cpu: CPU?, fits preset: Preset) throws(RPCError) {
    guard let cpu, cpu.architecture != preset.cpu.architecture else { return }
    let fitting = CPU.allCases.filter { $0.architecture == preset.cpu.architecture }
    let names = fitting.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
    throw refusal(of: "cpu", "\(names), as the preset is \(preset.name)")
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
    limits(of: configuration)
    key("domains")
    array(machine.domains) { writer, domain in writer.integer(domain.id.rawValue) }
    key("panic")
    if let panic = machine.panic { string("\(panic)") } else { null() }
    endObject()
  }
}
