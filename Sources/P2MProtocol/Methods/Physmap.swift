import Hypervisor
import JSONRPC
import Jansson

/// Gives the domain a page of its own at a GFN.
struct PagePopulate: MachineMethod {
  static let name: StaticString = "page.populate"

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
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
struct PageDecrease: MachineMethod {
  static let name: StaticString = "page.decrease"

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
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
    _ = try integer("order", 0...0, default: 0)
  }
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
struct PhysmapUnmap: MachineMethod {
  static let name: StaticString = "physmap.unmap"

  let domain: DomainID
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
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

  /// GFNs that one query may ask of.
  static let countLimit: Int64 = 4096

  let domain: DomainID
  let gfn: GFN?
  let count: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
    count = UInt64(try params.integer("count", 1...Self.countLimit, default: 1))
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
