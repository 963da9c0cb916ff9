import Hypervisor
import JSONRPC
import Jansson

extension ParameterReader {
  /// `preset` with the knobs that the object names set to its values.
  mutating func knobs(overriding preset: Knobs) throws(RPCError) -> Knobs {
    var knobs = preset
    try override(&knobs.tracking, "tracking", "where the GFN of a grant frame is kept")
    try override(&knobs.remap, "remap", "what mapping a frame does that is tracked elsewhere")
    try override(&knobs.removalCheck, "removalCheck", "what removing a mapping checks first")
    try override(&knobs.frameIndex, "frameIndex", "how wide a frame's index is")
    try override(&knobs.invalidGFN, "invalidGfn", "when INVALID_GFN is noticed")
    try override(&knobs.foreignErrno, "foreignErrno", "errnos of foreign maps")
    try override(&knobs.statusFramePinning, "statusFramePinning", "XSA-384, XSA-486")
    try override(&knobs.m2pLookup, "m2pLookup", "XSA-379")
    try override(&knobs.statusFreeing, "statusFreeing", "XSA-255")
    try override(
      &knobs.populateInsert, "populateInsert", "whether populating notices that it cannot map")
    try override(&knobs.unmapFirst, "unmapFirst", "whether x86 drops the old mapping first")
    try override(
      &knobs.statusGrowth, "statusGrowth", "whether mapping a status frame makes it exist")
    try override(
      &knobs.mmioReplacement, "mmioReplacement", "whether x86 maps pages over device memory")
    try override(&knobs.gmfnMove, "gmfnMove", "how x86 moves a page between GFNs")
    knobs.maxGrantVersion = Int(
      try integer(
        "maxGrantVersion", 1...2, default: Int64(preset.maxGrantVersion),
        "the highest version of a grant table"))
    return knobs
  }

  private mutating func override<Choice: WireChoice>(
    _ knob: inout Choice, _ name: StaticString, _ about: StaticString
  ) throws(RPCError) {
    if let choice: Choice = try optionalChoice(name, about) { knob = choice }
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
    key("populateInsert")
    string(knobs.populateInsert.rawValue)
    key("unmapFirst")
    string(knobs.unmapFirst.rawValue)
    key("statusGrowth")
    string(knobs.statusGrowth.rawValue)
    key("mmioReplacement")
    string(knobs.mmioReplacement.rawValue)
    key("gmfnMove")
    string(knobs.gmfnMove.rawValue)
    key("maxGrantVersion")
    integer(knobs.maxGrantVersion)
    endObject()
  }
}
