import Hypervisor
import Laboratory

/// What recordings have in common, kept from one to the next: what their lines say, and the machine on
/// which they begin.
package struct RecordingMemory {
  var actions = KnownActions()
  private var last: Outset?

  /// A recording before its first operation.
  private struct Outset {
    let header: RecordingHeader
    let initial: RecordedState
    let preset: Preset
    let knobs: Knobs
    let ramOrder: Int
    let replay: Replay
  }

  package init() {}

  /// A replay of what begins as `start` says; a copy, where the last one began so too.
  mutating func replay(
    of start: RecordingStart, on variant: Variant, ramOrder: Int
  ) -> Replay {
    if let last, last.header == start.header, last.initial == start.initial,
      last.preset == variant.preset, last.knobs == variant.knobs, last.ramOrder == ramOrder
    {
      return last.replay
    }
    let replay = Replay(start.header, initial: start.initial, on: variant, ramOrder: ramOrder)
    last = Outset(
      header: start.header, initial: start.initial, preset: variant.preset, knobs: variant.knobs,
      ramOrder: ramOrder, replay: replay)
    return replay
  }
}
