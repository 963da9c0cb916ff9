import Hypervisor
import JSONRPC
import Jansson

/// Gives the domain a page of its own at a GFN.
struct PagePopulate: OperationMethod {
  static let name: StaticString = "page.populate"
  static let declaration = Declaration(
    "Gives the domain 2^order pages of its own from a GFN on, as XENMEM_populate_physmap does; leaves "
      + "are as large as the GFN is aligned.",
    result: .consequences([.extents]), errors: [.limitReached, .crashed] + .domain,
    example: #"{"domain":2,"gfn":"0x38000"}"#)

  let domain: DomainID
  let gfn: GFN?
  let order: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose page, and who asks")
    gfn = try params.gfn("where")
    order = try params.order("2^order pages")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try machine.checkChanges(order: order, from: gfn, of: domain, isMapping: true)
    let extents = try hypercall { () throws(HypercallError) in
      try machine.populatePhysmap(caller: domain, target: domain, gfn, order: order)
    }
    reply.reservation(extents, machine)
  }
}

/// Takes the domain's own page at a GFN away.
struct PageDecrease: OperationMethod {
  static let name: StaticString = "page.decrease"
  static let declaration = Declaration(
    "Takes 2^order pages of the domain's own from a GFN on away, one by one, as "
      + "XENMEM_decrease_reservation does; the first that is not its own ends it.",
    result: .consequences([.extents]), errors: [.limitReached] + .domain,
    example: #"{"domain":1,"gfn":"0x40000"}"#)

  let domain: DomainID
  let gfn: GFN?
  let order: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose page, and who asks")
    gfn = try params.gfn("where")
    order = try params.order("2^order pages")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try machine.checkChanges(order: order, from: gfn, of: domain, isMapping: false)
    let extents = try hypercall { () throws(HypercallError) in
      try machine.decreaseReservation(caller: domain, target: domain, gfn, order: order)
    }
    reply.reservation(extents, machine)
  }
}

extension Machine {
  /// - Throws: limit reached, where more leaves would change than one operation tells.
  @inline(__always)
  fileprivate func checkChanges(
    order: Int, from gfn: GFN?, of domain: DomainID, isMapping: Bool
  ) throws(MachineFailure) {
    guard canTellChanges(order: order, from: gfn, of: domain, isMapping: isMapping) else {
      throw .request(
        .limitReached(
          "entries that one operation changes; use a smaller order",
          limit: Limits.leavesPerOperation))
    }
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
    result: .consequences(), errors: [.nothingMapped, .outOfTables] + .domain,
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
      .init(
        "entries", .array(of: .named(.entry)),
        "the entries, in order of GFN; a superpage is one, at the first of its GFNs that was asked for"
      )
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
