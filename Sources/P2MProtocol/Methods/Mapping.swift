import Hypervisor
import JSONRPC
import Jansson

/// Maps a grant frame.
struct GrantFrameMap: MachineMethod {
  static let name: StaticString = "grantFrame.map"

  /// Marks an index as a status frame's. Xen: `XENMAPIDX_grant_table_status`
  private static let statusFlag: UInt64 = 1 << 31

  let domain: DomainID
  let frame: UInt64
  let gfn: GFN?
  let status: Bool

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    frame = try params.number("frame", "a grant frame's index")
    gfn = try params.gfn()
    status = try params.boolean("status", default: false)
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = status ? frame | Self.statusFlag : frame
    try hypercall { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: domain, target: domain, .grantTable, index: index, at: gfn)
    }
    reply.object { $0.consequences(of: machine) }
  }
}

/// Maps another domain's page.
struct ForeignPageMap: MachineMethod {
  static let name: StaticString = "foreignPage.map"

  let domain: DomainID
  let gfn: GFN?
  let owner: DomainID
  let source: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
    (owner, source) = try params.object("from") { from throws(RPCError) in
      (try from.domain(), try from.gfn())
    }
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let outcome = machine.addToPhysmapBatch(
      caller: domain, target: domain, .foreign(owner),
      index: source?.rawValue ?? GFN.invalidRawValue, at: gfn)
    switch outcome {
    case .refused(let error), .entry(let error?): throw .hypercall(error)
    case .entry(nil): reply.object { $0.consequences(of: machine) }
    }
  }
}

/// Maps the domain's shared_info page.
struct SharedInfoMap: MachineMethod {
  static let name: StaticString = "sharedInfo.map"

  let domain: DomainID
  let gfn: GFN?
  let index: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
    index = try params.number("index", "an index", default: 0)
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try hypercall { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: domain, target: domain, .sharedInfo, index: index, at: gfn)
    }
    reply.object { $0.consequences(of: machine) }
  }
}

/// Maps a page of device memory.
struct DeviceMap: MachineMethod {
  static let name: StaticString = "device.map"

  let domain: DomainID
  let gfn: GFN?
  let mfn: MFN

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    gfn = try params.gfn()
    mfn = try params.mfn()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try hypercall { () throws(HypercallError) in
      try machine.addDeviceMapping(mfn, at: gfn, of: domain)
    }
    reply.object { $0.consequences(of: machine) }
  }
}
