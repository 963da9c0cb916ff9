import Hypervisor

/// The machine that an experiment is about, and what it follows whatever requests say.
///
/// A session that deletes `main` and creates it with a preset of its own, as an exported one does,
/// could not be tried on another preset otherwise.
package struct Subject: Sendable {
  package let machine: String
  /// What it follows, and every machine created without a preset; `nil` to leave that to requests.
  package let preset: Preset?
  /// Set on top of the preset, for the subject only.
  package let settings: [Knob.Setting]

  package init(machine: String, preset: Preset?, settings: [Knob.Setting]) {
    self.machine = machine
    self.preset = preset
    self.settings = settings
  }
}

extension Laboratory {
  /// What a machine that a request creates is to follow.
  ///
  /// - Parameters:
  ///   - preset: the one that the request names, if it names one.
  ///   - overrides: those that the request names.
  package func variant(
    for machine: String, preset: Preset?, overrides: [Knob.Setting]
  ) -> Variant {
    guard let subject else { return Variant(preset ?? .default, overrides) }
    guard machine == subject.machine else {
      return Variant(preset ?? subject.preset ?? .default, overrides)
    }
    if let preset = subject.preset { return Variant(preset, subject.settings) }
    return Variant(preset ?? .default, overrides + subject.settings)
  }
}
