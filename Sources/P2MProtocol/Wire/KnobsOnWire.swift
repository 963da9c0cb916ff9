import Hypervisor
import JSONRPC
import Jansson

extension ParameterReader {
  /// `preset` with the knobs that the object names set to its values.
  mutating func knobs(overriding preset: Knobs) throws(RPCError) -> Knobs {
    var knobs = preset
    try override(&knobs.tracking, "tracking")
    try override(&knobs.remap, "remap")
    try override(&knobs.removalCheck, "removalCheck")
    try override(&knobs.frameIndex, "frameIndex")
    try override(&knobs.invalidGFN, "invalidGfn")
    try override(&knobs.foreignErrno, "foreignErrno")
    try override(&knobs.statusFramePinning, "statusFramePinning")
    try override(&knobs.m2pLookup, "m2pLookup")
    try override(&knobs.statusFreeing, "statusFreeing")
    knobs.maxGrantVersion = Int(
      try integer("maxGrantVersion", 1...1, default: Int64(preset.maxGrantVersion)))
    return knobs
  }

  private mutating func override<Choice: WireChoice>(
    _ knob: inout Choice, _ name: StaticString
  ) throws(RPCError) {
    if let choice = try choice(name, Choice.self) { knob = choice }
  }
}

extension JSONWriter {
  /// All knobs, each with its value.
  mutating func knobs(_ knobs: Knobs) {
    beginObject()
    key("tracking")
    string(knobs.tracking.rawValue)
    key("remap")
    string(knobs.remap.rawValue)
    key("removalCheck")
    string(knobs.removalCheck.rawValue)
    key("frameIndex")
    string(knobs.frameIndex.rawValue)
    key("invalidGfn")
    string(knobs.invalidGFN.rawValue)
    key("foreignErrno")
    string(knobs.foreignErrno.rawValue)
    key("statusFramePinning")
    string(knobs.statusFramePinning.rawValue)
    key("m2pLookup")
    string(knobs.m2pLookup.rawValue)
    key("statusFreeing")
    string(knobs.statusFreeing.rawValue)
    key("maxGrantVersion")
    integer(knobs.maxGrantVersion)
    endObject()
  }
}
