import Hypervisor
import JSONRPC
import Jansson

/// Maps a grant frame.
struct GrantFrameMap: OperationMethod {
  static let name: StaticString = "grantFrame.map"
  static let declaration = Declaration(
    "Maps a grant or status frame at a GFN, as XENMAPSPACE_grant_table does.",
    result: .consequences(),
    errors: [.invalid, .busy, .otherPage, .outOfTables, .locked] + .inTheWay + .domain,
    example: #"{"domain":1,"frame":0,"gfn":"0x38000"}"#)

  let domain: DomainID
  let index: UInt64
  let gfn: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose grant frame, and who asks")
    (index, gfn) = try params.frameAndPlace()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try machine.checkUnlocked(.grant, of: domain)
    try hypercall { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: domain, target: domain, .grantTable, index: index, at: gfn)
    }
    reply.object { $0.consequences(of: machine) }
  }
}

extension ParameterReader {
  /// The index of a frame, its status marked, and where to map it.
  mutating func frameAndPlace() throws(RPCError) -> (UInt64, GFN?) {
    let frame = try number("frame", "the frame's index")
    let gfn = try gfn("where to map it")
    let status = try boolean("status", default: false, "whether a status frame is meant")
    return (status ? frame | GrantTable.statusFlag : frame, gfn)
  }
}

/// Maps another domain's page.
struct ForeignPageMap: OperationMethod {
  static let name: StaticString = "foreignPage.map"
  static let declaration = Declaration(
    "Maps another domain's page at a GFN, as XENMAPSPACE_gmfn_foreign does.",
    result: .consequences(),
    errors: [.invalid, .notPermitted, .outOfTables] + .inTheWay + .domain,
    example: #"{"domain":1,"gfn":"0x38000","from":{"domain":2,"gfn":"0x40004"}}"#)

  let domain: DomainID
  let gfn: GFN?
  let owner: DomainID
  let source: GFN?

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("who maps it")
    gfn = try params.gfn("where to map it")
    (owner, source) = try params.object("from", "the page") { from throws(RPCError) in
      (
        try from.domain("whose page; DOMID_SELF, DOMID_IO and DOMID_XEN are understood"),
        try from.gfn("where its owner has it")
      )
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
struct SharedInfoMap: OperationMethod {
  static let name: StaticString = "sharedInfo.map"
  static let declaration = Declaration(
    "Maps the domain's shared_info page at a GFN, as XENMAPSPACE_shared_info does.",
    result: .consequences(),
    errors: [.invalid, .busy, .outOfTables] + .inTheWay + .domain,
    example: #"{"domain":1,"gfn":"0x38000"}"#)

  let domain: DomainID
  let gfn: GFN?
  let index: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose shared_info, and who asks")
    gfn = try params.gfn("where to map it")
    index = try params.number("index", default: 0, "0 is the only one that there is")
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
struct DeviceMap: OperationMethod {
  static let name: StaticString = "device.map"
  static let declaration = Declaration(
    "Maps a page of device memory at a GFN.",
    result: .consequences(),
    errors: [.invalid, .outOfTables, .crashed] + .domain,
    example: #"{"domain":1,"gfn":"0x38000","mfn":"0x9000"}"#)

  let domain: DomainID
  let gfn: GFN?
  let mfn: MFN

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("for whom")
    gfn = try params.gfn("where to map it")
    mfn = try params.mfn("the device's page, below 2^40")
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
