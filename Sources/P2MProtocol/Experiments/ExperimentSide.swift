import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A laboratory on which an experiment's requests are carried out, with a dispatcher of its own.
package struct ExperimentSide {
  private var service: P2MService
  private var dispatcher = Dispatcher(info: Product.info)

  /// One whose machine `machine` follows `variant` whatever requests say.
  package init(
    _ start: MachineConfiguration, about machine: String, _ variant: Variant, memory limit: Int?,
    provisions: Provisions
  ) {
    let followed = start.name == machine ? variant : Variant(variant.preset)
    let subject = Subject(
      machine: machine, preset: variant.preset, settings: variant.settings)
    service = P2MService(
      Laboratory(
        start.following(followed), subject: subject, provisions: provisions,
        memory: limit.map { HostMemory(limit: $0) } ?? HostMemory()))
  }

  /// One whose machines follow what requests say, the machine `main` with `settings` on top.
  package init(_ settings: [Knob.Setting], provisions: Provisions) {
    let start = MachineConfiguration(preset: .default)
    let subject = Subject(machine: Laboratory.defaultMachine, preset: nil, settings: settings)
    service = P2MService(
      Laboratory(
        start.following(Variant(.default, settings)), subject: subject, provisions: provisions))
  }

  package var laboratory: Laboratory { service.laboratory }

  /// The reply to one message.
  package mutating func reply(
    to message: [UInt8], _ context: inout RequestContext, _ writer: inout JSONWriter
  ) -> [UInt8] {
    writer.removeAll()
    dispatcher.answer(message.span, from: &service, in: &context, into: &writer)
    return Array(writer.text.utf8)
  }
}
