import Hypervisor
import Laboratory

/// What came of replaying one recording.
package struct RecordingCheck: Sendable {
  package let preset: String
  /// Operations that were replayed, the diverging one included.
  package let operations: Int
  /// Where the model and real Xen part first.
  package let divergence: Divergence?

  /// Replays the recording `text` until its end or the first divergence.
  ///
  /// - Parameters:
  ///   - preset: the preset to replay on; `nil` for the one that models the release.
  ///   - overrides: knobs to be set otherwise.
  ///   - ramOrder: the order of the largest leaves that map the domains' RAM.
  /// - Throws: what makes the recording unusable, and where.
  package init(
    _ text: borrowing [UInt8], preset: Preset?, overrides: [Knob.Setting] = [], ramOrder: Int = 0
  ) throws(UnusableInput) {
    let lines = TextLine.all(of: text)
    guard let first = lines.first else { throw UnusableInput(line: 1, reason: "it is empty") }
    let text = text.span
    let release = try RecordingReader.release(text.extracting(first.range))
    let preset = try Self.preset(preset, for: release)
    let variant = Variant(preset, overrides)
    let header = try RecordingReader.header(text.extracting(first.range))
    guard lines.count > 1 else {
      throw UnusableInput(line: first.number + 1, reason: "the initial state is missing")
    }
    let initial = try RecordingReader.initialState(text.extracting(lines[1].range))
    var replay = Replay(header, initial: initial, on: variant, ramOrder: ramOrder)
    var divergence = replay.difference(from: initial, at: -1)
    var operations = 0
    for line in lines.dropFirst(2) where divergence == nil {
      let step = try RecordingReader.step(text.extracting(line.range), number: line.number)
      operations += 1
      divergence = replay.run(step)
    }
    self.preset = variant.name
    self.operations = operations
    self.divergence = divergence
  }

  private static func preset(
    _ chosen: Preset?, for release: String
  ) throws(UnusableInput) -> Preset {
    guard let name = Preset.nameModelling(release: release) else {
      if let chosen { return chosen }
      throw UnusableInput(
        line: 1, reason: "no preset models Xen \(release); choose one with --preset")
    }
    // Another architecture's recording cannot be judged by any of our presets.
    guard let preset = Preset.named(name) else {
      throw UnusableInput(
        line: 1, reason: "it needs the preset \(name), which this version does not have")
    }
    guard let chosen else { return preset }
    guard chosen.cpu.architecture == preset.cpu.architecture else {
      throw UnusableInput(
        line: 1,
        reason: "it was recorded on another architecture than \(chosen.name) models; "
          + "\(preset.name) models its release")
    }
    return chosen
  }
}
