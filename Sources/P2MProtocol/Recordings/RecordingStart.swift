import Hypervisor
import Laboratory

/// What the first two lines of a recording tell, and the preset to replay it on.
package struct RecordingStart: Sendable {
  package let header: RecordingHeader
  package let initial: RecordedState
  package let preset: Preset

  /// - Parameters:
  ///   - lines: the lines of `text` that are not blank.
  ///   - preset: the preset to replay on; `nil` for the one that models the release.
  /// - Throws: what makes the recording unusable, and where.
  package init(
    _ text: Span<UInt8>, _ lines: [TextLine], preset: Preset?
  ) throws(UnusableInput) {
    guard let first = lines.first else { throw UnusableInput(line: 1, reason: "it is empty") }
    let release = try RecordingReader.release(text.extracting(first.range))
    self.preset = try Self.preset(preset, for: release)
    header = try RecordingReader.header(text.extracting(first.range))
    guard lines.count > 1 else {
      throw UnusableInput(line: first.number + 1, reason: "the initial state is missing")
    }
    initial = try RecordingReader.initialState(text.extracting(lines[1].range))
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
