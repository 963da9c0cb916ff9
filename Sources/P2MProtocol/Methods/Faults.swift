import Hypervisor
import JSONRPC
import Jansson

/// Makes an attempt of a domain's operations fail.
struct FaultInject: OperationMethod {
  static let name: StaticString = "fault.inject"
  static let declaration = Declaration(
    "Lets one attempt at a site fail, the next but `after`, once: an operation then answers what Xen's "
      + "does. Takes the place of what was to fail there.",
    result: .object([
      .init(
        "faults",
        .array(
          of: .object([
            .init("site", .choice(FaultSite.words), "where"),
            .init("after", .anyInteger, "attempts before the one that fails"),
          ])), "what is to fail of the domain")
    ]),
    errors: .domain, example: #"{"domain":1,"site":"table-allocation","after":0}"#)

  /// Attempts before one that fails, at most.
  private static let afterLimit: Int64 = 1 << 32

  let domain: DomainID
  let site: FaultSite
  let after: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose operations")
    site = try params.choice("site", "where they fail")
    after = Int(
      try params.integer(
        "after", 0...Self.afterLimit, default: 0, "attempts before the one that fails"))
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let domain = try machine.find(domain)
    machine.injectFault(at: site, after: after, in: domain)
    reply.object { writer in
      writer.key("faults")
      writer.array(
        FaultSite.allCases.compactMap { site in
          machine.fault(at: site, in: domain).map { (site: site, after: $0) }
        }
      ) { writer, fault in
        writer.object { member in
          member.key("site")
          member.string(fault.site.rawValue)
          member.key("after")
          member.integer(fault.after)
        }
      }
    }
  }
}
