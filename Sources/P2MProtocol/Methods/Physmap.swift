import Hypervisor
import JSONRPC
import Jansson

/// Gives the domain a page of its own at a GFN.
struct PagePopulate: OperationMethod {
  static let name: StaticString = "page.populate"
  static let declaration = Declaration(
    "Gives the domain a page of its own at a GFN, as XENMEM_populate_physmap does.",
    result: .consequences([.extents]), errors: [.crashed] + .domain,
    example: #"{"domain":2,"gfn":"0x38000"}"#)

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose page, and who asks")
    gfn = try params.gfn("where")
    try params.pageOrder()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let extents = try hypercall { () throws(HypercallError) in
      try machine.populatePhysmap(caller: domain, target: domain, gfn)
    }
    reply.reservation(extents, machine)
  }
}

/// Takes the domain's own page at a GFN away.
struct PageDecrease: OperationMethod {
  static let name: StaticString = "page.decrease"
  static let declaration = Declaration(
    "Takes the domain's own page at a GFN away, as XENMEM_decrease_reservation does.",
    result: .consequences([.extents]), errors: .domain,
    example: #"{"domain":1,"gfn":"0x40000"}"#)

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose page, and who asks")
    gfn = try params.gfn("where")
    try params.pageOrder()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let extents = try hypercall { () throws(HypercallError) in
      try machine.decreaseReservation(caller: domain, target: domain, gfn)
    }
    reply.reservation(extents, machine)
  }
}

extension ParameterReader {
  /// The order of a reservation. The P2M has 4 KiB entries only, so there is one.
  fileprivate mutating func pageOrder() throws(RPCError) {
    _ = try integer("order", 0...0, default: 0, "2^order pages; 0 is the only one so far")
  }
}

extension Schema.Member {
  fileprivate static let extents = Schema.Member(
    "extents", .integer(0...1), "how many were done")
}

extension JSONWriter {
  fileprivate mutating func reservation(_ extents: Int, _ machine: borrowing Machine) {
    beginObject()
    key("extents")
    integer(extents)
    consequences(of: machine)
    endObject()
  }
}

/// Removes what is mapped at a GFN.
struct PhysmapUnmap: OperationMethod {
  static let name: StaticString = "physmap.unmap"
  static let declaration = Declaration(
    "Removes the page that is mapped at a GFN, as XENMEM_remove_from_physmap does.",
    result: .consequences(), errors: [.nothingMapped] + .domain,
    example: #"{"domain":1,"gfn":"0x38020"}"#)

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose physmap, and who asks")
    gfn = try params.gfn("where")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try hypercall { () throws(HypercallError) in
      try machine.removeFromPhysmap(caller: domain, target: domain, gfn)
    }
    reply.object { $0.consequences(of: machine) }
  }
}

/// Tells what is mapped at some GFNs.
struct PhysmapQuery: MachineMethod {
  static let name: StaticString = "physmap.query"
  static let declaration = Declaration(
    "Tells what is mapped at some GFNs; those that map nothing are left out.",
    result: .object([
      .init("entries", .array(of: .named(.entry)), "the entries, in order of GFN")
    ]),
    errors: .domain, example: #"{"domain":1,"gfn":"0x38000","count":64}"#)

  /// GFNs that one query may ask of.
  static let countLimit: Int64 = 4096

  let domain: DomainID
  let gfn: GFN?
  let count: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose physmap")
    gfn = try params.gfn("the first GFN")
    count = UInt64(
      try params.integer("count", 1...Self.countLimit, default: 1, "how many GFNs"))
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let domain = try machine.find(domain)
    reply.beginObject()
    reply.key("entries")
    reply.beginArray()
    if let gfn, gfn.rawValue < machine.p2mLimit {
      let end = min(gfn.rawValue + count, machine.p2mLimit)
      machine.forEachMapping(from: gfn, to: end, in: domain) { gfn, mapping in
        reply.element()
        reply.entry(mapping, at: gfn)
      }
    }
    reply.endArray()
    reply.endObject()
  }
}
