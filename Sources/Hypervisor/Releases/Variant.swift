/// A preset with some of its knobs set otherwise, written `xen-4.16+remap=busy+tracking=page-info`.
package struct Variant: Sendable {
  /// As it was written.
  package let name: String
  package let preset: Preset
  package let settings: [Knob.Setting]

  package init(_ preset: Preset, _ settings: [Knob.Setting] = []) {
    name = preset.name + settings.map { "+\($0)" }.joined()
    self.preset = preset
    self.settings = settings
  }

  package var knobs: Knobs { preset.knobs.setting(settings) }

  /// The same variant with more settings, which its name does not tell.
  package func overridden(by settings: [Knob.Setting]) -> Variant {
    Variant(name: name, preset: preset, settings: self.settings + settings)
  }

  private init(name: String, preset: Preset, settings: [Knob.Setting]) {
    self.name = name
    self.preset = preset
    self.settings = settings
  }
}

extension Knob.Setting: CustomStringConvertible {
  package var description: String {
    switch value {
    case .word(let word): "\(knob.name)=\(word)"
    case .integer(let number): "\(knob.name)=\(number)"
    }
  }
}

extension Variant {
  /// Why a text is no variant, or no setting: what it should have been.
  package enum Fault: Error, Hashable, Sendable {
    case unknownPreset(String)
    case noSetting(String)
    case unknownKnob(String)
    case unknownValue(String, knob: String, choices: [String])
  }

  /// Reads `PRESET` or `PRESET+KNOB=VALUE...`.
  package init(_ text: String) throws(Fault) {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    guard let preset = Preset.named(parts[0]) else { throw .unknownPreset(String(parts[0])) }
    var settings: [Knob.Setting] = []
    for part in parts.dropFirst() { settings.append(try Knob.Setting(part)) }
    self.init(preset, settings)
  }
}

extension Knob.Setting {
  /// Reads `KNOB=VALUE`.
  package init(_ text: some StringProtocol) throws(Variant.Fault) {
    guard let equals = text.firstIndex(of: "=") else { throw .noSetting(String(text)) }
    let name = text[..<equals]
    let written = String(text[text.index(after: equals)...])
    guard let knob = Knob.named(name) else { throw .unknownKnob(String(name)) }
    let value: Knob.Value? =
      switch knob.choices {
      case .words: .word(written)
      case .integers: Int(written).map { .integer($0) }
      }
    guard let value, let setting = Knob.Setting(knob, to: value) else {
      throw .unknownValue(written, knob: "\(knob.name)", choices: knob.choices.texts)
    }
    self = setting
  }
}
