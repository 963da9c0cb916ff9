import Hypervisor
import Testing

/// Knobs by their names, as clients and the command line have them.
@Suite struct KnobTests {
  @Test(arguments: Preset.all)
  func settingEveryKnobAsAnotherPresetHasItGivesThatPreset(preset: Preset) throws {
    let settings = try Knob.all.map { try #require(Knob.Setting($0, to: preset.knobs[$0])) }
    for other in Preset.all { #expect(other.knobs.setting(settings) == preset.knobs) }
  }

  @Test func aKnobTakesItsOwnValuesOnly() throws {
    let remap = try #require(Knob.named("remap"))
    #expect(Knob.Setting(remap, to: .word("busy")) != nil)
    #expect(Knob.Setting(remap, to: .word("array")) == nil)
    #expect(Knob.Setting(remap, to: .integer(1)) == nil)
  }

  @Test func aVariantIsReadAsItIsWritten() throws {
    let variant = try Variant("xen-4.16+remap=busy+tracking=page-info")
    #expect(variant.preset.name == "xen-4.16")
    #expect(variant.knobs.remap == .busy)
    #expect(variant.knobs.tracking == .pageInfo)
    #expect(variant.knobs.removalCheck == .none)
    #expect(variant.name == "xen-4.16+remap=busy+tracking=page-info")
  }

  @Test func theLastSettingOfAKnobCounts() throws {
    #expect(try Variant("xen-4.16+remap=busy+remap=move").knobs == Preset.default.knobs)
  }

  @Test(arguments: [
    ("xen-4", Variant.Fault.unknownPreset("xen-4")),
    ("", .unknownPreset("")),
    ("xen-4.16+", .noSetting("")),
    ("xen-4.16+busy", .noSetting("busy")),
    ("xen-4.16+rimap=busy", .unknownKnob("rimap")),
    (
      "xen-4.16+remap=bizzy",
      .unknownValue("bizzy", knob: "remap", choices: ["move", "move-unless-same", "busy"])
    ),
    (
      "xen-4.16+maxGrantVersion=x",
      .unknownValue("x", knob: "maxGrantVersion", choices: ["1", "2"])
    ),
  ])
  func whatIsNoVariantIsNamed(text: String, fault: Variant.Fault) {
    #expect(throws: fault) { try Variant(text) }
  }
}
