import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A laboratory on which an experiment's requests are carried out.
package struct ExperimentSide {
  private var player: SessionPlayer

  /// One whose machine `machine` follows `variant` whatever requests say.
  package init(
    _ start: MachineConfiguration, about machine: String, _ variant: Variant, memory limit: Int?,
    provisions: Provisions
  ) {
    let followed = start.name == machine ? variant : Variant(variant.preset)
    let subject = Subject(
      machine: machine, preset: variant.preset, settings: variant.settings)
    player = SessionPlayer(
      Laboratory(
        start.following(followed), subject: subject, provisions: provisions,
        memory: limit.map { HostMemory(limit: $0) } ?? HostMemory()))
  }

  /// One whose machines follow what requests say, the machine `main` with `settings` on top.
  package init(_ settings: [Knob.Setting], provisions: Provisions) {
    let start = MachineConfiguration(preset: .default)
    let subject = Subject(machine: Laboratory.defaultMachine, preset: nil, settings: settings)
    player = SessionPlayer(
      Laboratory(
        start.following(Variant(.default, settings)), subject: subject, provisions: provisions))
  }

  package var laboratory: Laboratory { player.service.laboratory }

  /// The reply to one message.
  package mutating func reply(
    to message: [UInt8], _ context: inout RequestContext, _ writer: inout JSONWriter
  ) -> [UInt8] {
    writer.removeAll()
    player.play(message.span, in: &context, into: &writer)
    return Array(writer.text.utf8)
  }
}
