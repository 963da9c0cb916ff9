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
    var memory = RecordingMemory()
    try self.init(
      text, preset: preset, overrides: overrides, ramOrder: ramOrder, memory: &memory)
  }

  /// The same, where other recordings were replayed before.
  ///
  /// - Parameter memory: what is kept of them.
  package init(
    _ text: borrowing [UInt8], preset: Preset?, overrides: [Knob.Setting], ramOrder: Int,
    memory: inout RecordingMemory
  ) throws(UnusableInput) {
    let lines = TextLine.all(of: text)
    let text = text.span
    let start = try RecordingStart(text, lines, preset: preset)
    let variant = Variant(start.preset, overrides)
    let replay = memory.replay(of: start, on: variant, ramOrder: ramOrder)
    var divergence = replay.difference(from: start.initial, at: -1)
    var player = LineReplay(replay, from: start.initial)
    var operations = 0
    for line in lines.dropFirst(2) where divergence == nil {
      divergence = try player.run(
        text.extracting(line.range), number: line.number, known: &memory.actions)
      operations += 1
    }
    self.preset = variant.name
    self.operations = operations
    self.divergence = divergence
  }
}
