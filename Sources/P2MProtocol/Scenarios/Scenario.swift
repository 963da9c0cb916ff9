import Hypervisor
import JSONRPC
import Jansson

/// A set-up and sequences of actors, to be played on several presets.
///
/// Holds views into the document that it was read from.
struct Scenario {
  struct SetUp {
    let method: MethodTable.Entry
    let params: JSONView?
  }

  struct Role {
    let actor: String
    let domain: DomainID
    let values: JSONView?
  }

  struct Sequence {
    let name: String
    let about: String
    let roles: [Role]
  }

  /// What a scenario may have.
  enum Limits {
    static let setUp = 64
    static let sequences = 32
    /// Presets that are named.
    static let presets = 64
    /// Actors of a sequence.
    static let actors = 16
    /// Bytes of a sentence about it.
    static let text = 4096
  }

  let name: String
  let about: String
  let machine: Machinery
  var presets: [Variant]
  let setUp: [SetUp]
  let sequences: [Sequence]

  /// What its machines have in common, beside the preset.
  struct Machinery {
    /// For the presets of its architecture; `nil` for each preset's own.
    var cpu: CPU?
    var maxGrantFrames = Hypervisor.Limits.defaultGrantFrames
    var overrides: [Knob.Setting] = []

    func configuration(_ variant: Variant) -> MachineConfiguration {
      let fits = cpu?.architecture == variant.preset.cpu.architecture
      return MachineConfiguration(
        preset: variant.preset, cpu: fits ? cpu : nil, maxGrantFrames: maxGrantFrames
      ).following(variant.overridden(by: overrides))
    }
  }
}

// MARK: Reading

extension Scenario {
  /// - Throws: invalid params, with the place in the scenario.
  init(from reader: inout ParameterReader) throws(RPCError) {
    name = try reader.name("scenario", "what it is called")
    about = try reader.optionalText("about", atMost: Limits.text, "what it is about") ?? ""
    machine =
      try reader.optionalObject("machine", "what its machines have in common") {
        machine throws(RPCError) in try Machinery(from: &machine)
      } ?? Machinery()
    presets = try reader.presets()
    setUp = try reader.objects("setUp", atMost: Limits.setUp, "requests before every sequence") {
      request throws(RPCError) in try SetUp(from: &request)
    }
    sequences = try reader.objects(
      "sequences", atMost: Limits.sequences, "the columns of the matrix"
    ) { sequence throws(RPCError) in try Sequence(from: &sequence) }
    guard !sequences.isEmpty || reader.isDescribing else {
      throw reader.refusal(of: "sequences", "at least one sequence")
    }
  }
}

extension Scenario.Machinery {
  fileprivate init(from reader: inout ParameterReader) throws(RPCError) {
    cpu = try reader.optionalChoice(
      "cpu", "decides how far a P2M reaches on presets of its architecture; their own elsewhere")
    maxGrantFrames = Int(
      try reader.integer(
        "maxGrantFrames", 1...Int64(Hypervisor.Limits.grantFrames),
        default: Int64(maxGrantFrames), "frames that a grant table may have"))
    overrides = try reader.overrides("knobs that differ from the presets'")
  }
}

extension Scenario.SetUp {
  fileprivate init(from reader: inout ParameterReader) throws(RPCError) {
    let name = try reader.text("method", atMost: 64, "an operation on a machine")
    params = try reader.optionalAnyObject("params", "its parameters, without 'machine'")
    let method = MethodTable.all.first { "\($0.name)" == name && $0.perform != nil }
    guard let method = reader.isDescribing ? MethodTable.all.first : method else {
      throw reader.refusal(of: "method", "an operation on a machine, such as domain.create")
    }
    guard params?["machine"] == nil else {
      throw .invalidParams(path: "/params/machine", expected: "nothing; each machine has its turn")
    }
    self.method = method
  }
}

extension Scenario.Sequence {
  fileprivate init(from reader: inout ParameterReader) throws(RPCError) {
    name = try reader.name("name", "what to call it")
    about =
      try reader.optionalText(
        "about", atMost: Scenario.Limits.text, "what it is about") ?? ""
    roles = try reader.objects(
      "actors", atMost: Scenario.Limits.actors, "who plays, one after another"
    ) { role throws(RPCError) in
      Scenario.Role(
        actor: try role.name("actor", "which actor"), domain: try role.domain("who it is"),
        values: try role.optionalAnyObject("with", "the actor's own parameters by name"))
    }
  }
}

extension ParameterReader {
  /// The presets that are named; all where none is.
  fileprivate mutating func presets() throws(RPCError) -> [Variant] {
    let limit = Scenario.Limits.presets
    describe(
      .init(
        "presets", .array(of: .string, atMost: limit),
        "the rows of the matrix, such as xen-4.17 or xen-4.17+remap=move; all presets where it is "
          + "not said", isRequired: false))
    guard let array = value("presets") else { return Preset.all.map { Variant($0) } }
    guard array.kind == .array, (1...limit).contains(array.count) else {
      throw refusal(of: "presets", "an array of 1 to \(limit) presets")
    }
    var presets: [Variant] = []
    for index in 0..<array.count {
      guard let text = array[index]?.string(atMost: Scenario.Limits.text) else {
        throw .invalidParams(path: "/presets/\(index)", expected: "a string")
      }
      do throws(Variant.Fault) {
        presets.append(try Variant(text))
      } catch {
        throw .invalidParams(path: "/presets/\(index)", expected: "a preset; \(error)")
      }
    }
    return presets
  }
}
