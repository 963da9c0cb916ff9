import Hypervisor
import JSONRPC
import Jansson

/// Tells how large a P2M is.
struct PhysmapStats: MachineMethod {
  static let name: StaticString = "physmap.stats"
  static let declaration = Declaration(
    "Tells how large a P2M is, as Xen's p2m_dump_info does: its tables, and its leaves by size.",
    result: .object([
      .init("tables", .anyInteger, "tables below the root"),
      .init("poolPages", .anyInteger, "tables below the root that there may be"),
      .init(
        "levels",
        .array(
          of: .object([
            .init("order", .integers([0, 9, 18]), "leaves of 2^order pages"),
            .init("mappings", .anyInteger, "how many there are, counted now"),
            .init("shattered", .anyInteger, "splits so far"),
          ])), "from the smallest leaves up"),
    ]),
    errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose physmap")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let table = machine.domains[try machine.find(domain).rawValue].p2m
    let mappings = table.mappings
    reply.beginObject()
    reply.key("tables")
    reply.integer(table.tableCount)
    reply.key("poolPages")
    reply.integer(table.pool.limit)
    reply.key("levels")
    reply.array(PageTable.leafOrders) { writer, order in
      let level = PageTable.level(ofOrder: order)
      writer.object { object in
        object.key("order")
        object.integer(order)
        object.key("mappings")
        object.integer(mappings[level])
        object.key("shattered")
        object.integer(table.shattered[level])
      }
    }
    reply.endObject()
  }
}
