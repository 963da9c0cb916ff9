import Hypervisor
import JSONRPC
import Jansson

/// Makes grant frames exist.
struct GrantTableSetup: OperationMethod {
  static let name: StaticString = "grantTable.setup"
  static let declaration = Declaration(
    "Makes grant frames exist and tells where they are tracked, as GNTTABOP_setup_table does.",
    result: .consequences([
      .init("frames", .anyInteger, "frames that exist now"),
      .init("status", .anyInteger, "GNTST_okay (0) or GNTST_general_error (-1)"),
      .init("tracked", .array(of: .nullable(.hex)), "where the frames asked for are tracked"),
    ]),
    errors: [.locked] + .domain, example: #"{"domain":1,"frames":4}"#)

  let domain: DomainID
  let frames: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose grant table, and who asks")
    frames = UInt64(try params.integer("frames", 0...0xffff_ffff, "how many there should be"))
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try machine.checkUnlocked(.grant, of: domain)
    let status = try hypercall { () throws(HypercallError) in
      try machine.setUpGrantTable(caller: domain, target: domain, frames: frames)
    }
    let table = machine.domains[try machine.find(domain).rawValue].grantTable
    // Xen fills in as many GFNs as were asked for, and none after an error.
    let listed = status == .okay ? Int(frames) : 0
    reply.beginObject()
    reply.key("frames")
    reply.integer(table.frames.count)
    reply.key("status")
    reply.integer(status.rawValue)
    reply.key("tracked")
    reply.array(table.frames.prefix(listed)) { writer, frame in writer.gfn(frame.tracked) }
    reply.consequences(of: machine)
    reply.endObject()
  }
}

/// Chooses the version of a grant table.
struct GrantTableSetVersion: OperationMethod {
  static let name: StaticString = "grantTable.setVersion"
  static let declaration = Declaration(
    "Chooses the version of a grant table, as GNTTABOP_set_version does; only 2 has status frames.",
    result: .consequences([
      .init("version", .integer(1...2), "the version that the guest uses now")
    ]),
    errors: [.invalidVersion, .versionUnsupported, .outOfMemory, .crashed, .locked] + .domain,
    example: #"{"domain":1,"version":1}"#)

  let domain: DomainID
  let version: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose grant table, and who asks")
    version = try params.grantVersion()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try machine.checkUnlocked(.grant, of: domain)
    try hypercall { () throws(HypercallError) in
      try machine.setGrantTableVersion(caller: domain, to: version)
    }
    reply.object { writer in
      writer.key("version")
      writer.integer(version)
      writer.consequences(of: machine)
    }
  }
}

extension ParameterReader {
  /// A version of the grant table.
  mutating func grantVersion() throws(RPCError) -> Int {
    Int(try integer("version", 0...0xffff_ffff, "the version, 1 or 2"))
  }
}

/// Tells how large a grant table is.
struct GrantTableQuery: MachineMethod {
  static let name: StaticString = "grantTable.query"
  static let declaration = Declaration(
    "Tells how large a grant table is, as GNTTABOP_query_size does.",
    result: .object([
      .init("frames", .anyInteger, "frames that exist"),
      .init("maxFrames", .anyInteger, "frames that may exist"),
      .init("version", .integer(1...2), "the version that the guest uses"),
    ]),
    errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose grant table")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    reply.grantTable(of: try machine.find(domain), machine)
  }
}

extension JSONWriter {
  /// How large the grant table of `domain` is.
  mutating func grantTable(of domain: DomainIndex, _ machine: borrowing Machine) {
    beginObject()
    key("frames")
    integer(machine.grantFrameCount(of: domain))
    key("maxFrames")
    integer(machine.maxGrantFrames)
    key("version")
    integer(machine.domains[domain.rawValue].grantTable.version)
    endObject()
  }

  /// Where Xen believes grant frame `number` mapped, and where it is.
  mutating func grantFrame(_ number: Int, _ frame: GrantTable.Frame) {
    raw("{\"frame\":")
    integer(number)
    raw(",\"tracked\":")
    gfn(frame.tracked)
    raw(",\"mappedAt\":")
    array(frame.mappedAt) { writer, gfn in writer.gfn(gfn) }
    raw(",\"stale\":")
    boolean(frame.isStale)
    raw("}")
  }

  /// What Xen knows of the page at `mfn`.
  mutating func frame(_ mfn: MFN, _ page: PageInfo, _ machine: borrowing Machine) {
    beginObject()
    key("mfn")
    hex(mfn.rawValue)
    key("owner")
    if page.kind == .free || page.isOrphaned { null() } else { integer(page.owner.rawValue) }
    key("references")
    integer(page.references)
    key("allocated")
    boolean(page.allocated)
    key("type")
    string(page.isXenheap ? "xenheap" : "domheap")
    key("kind")
    string(page.kind.name)
    key("tracked")
    gfn(machine.tracked(page))
    key("page")
    self.page(machine.name(of: page))
    endObject()
  }
}

/// Tells where Xen believes grant frames mapped, and where they are.
struct ArrayQuery: MachineMethod {
  static let name: StaticString = "array.query"
  static let declaration = Declaration(
    "Tells where Xen believes grant frames mapped, and where they are.",
    result: .object([
      .init("frames", .array(of: .named(.grantFrame)), "those of the frames that exist")
    ]),
    errors: .domain, example: #"{"domain":1,"count":4}"#)

  /// Frames that one query may ask of.
  static let countLimit: Int64 = 1024

  let domain: DomainID
  let first: Int
  let count: Int
  let status: Bool

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose grant frames")
    first = Int(try params.integer("first", 0...0xffff_ffff, default: 0, "the first frame"))
    count = Int(try params.integer("count", 1...Self.countLimit, default: 1, "how many frames"))
    status = try params.boolean("status", default: false, "whether status frames are meant")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let domain = try machine.find(domain)
    let existing =
      status ? machine.statusFrameCount(of: domain) : machine.grantFrameCount(of: domain)
    reply.beginObject()
    reply.key("frames")
    reply.array(min(first, existing)..<min(first + count, existing)) { writer, number in
      if status {
        writer.grantFrame(number, machine.domains[domain.rawValue].grantTable.statusFrames[number])
      } else {
        writer.grantFrame(number, machine.domains[domain.rawValue].grantTable.frames[number])
      }
    }
    reply.endObject()
  }
}

/// Tells what Xen knows of a machine page.
struct FrameQuery: MachineMethod {
  static let name: StaticString = "frame.query"
  static let declaration = Declaration(
    "Tells what Xen knows of a machine page.",
    result: .named(.frame), errors: .machine, example: #"{"mfn":"0x1000000001"}"#)

  let mfn: MFN

  init(from params: inout ParameterReader) throws(RPCError) {
    mfn = try params.mfn("the page")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    guard let page = machine.page(mfn) else {
      throw .request(.notFound("page_info of MFN \(mfn); the host has no memory there"))
    }
    reply.frame(mfn, page, machine)
  }
}

extension PageInfo.Kind {
  fileprivate var name: StaticString {
    switch self {
    case .ram: "ram"
    case .populated: "populated"
    case .grant: "grant"
    case .status: "status"
    case .sharedInfo: "sharedInfo"
    case .free: "free"
    }
  }
}
