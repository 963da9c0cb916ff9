import Hypervisor
import JSONRPC
import Jansson

/// Makes grant frames exist.
struct GrantTableSetup: MachineMethod {
  static let name: StaticString = "grantTable.setup"

  let domain: DomainID
  let frames: UInt64

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    frames = UInt64(try params.integer("frames", 0...0xffff_ffff))
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
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

/// Tells how large a grant table is.
struct GrantTableQuery: MachineMethod {
  static let name: StaticString = "grantTable.query"

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = try machine.find(domain)
    reply.beginObject()
    reply.key("frames")
    reply.integer(machine.grantFrameCount(of: index))
    reply.key("maxFrames")
    reply.integer(machine.maxGrantFrames)
    reply.key("version")
    reply.integer(machine.domains[index.rawValue].grantTable.version)
    reply.endObject()
  }
}

/// Tells where Xen believes grant frames mapped, and where they are.
struct ArrayQuery: MachineMethod {
  static let name: StaticString = "array.query"

  /// Frames that one query may ask of.
  static let countLimit: Int64 = 1024

  let domain: DomainID
  let first: Int
  let count: Int
  let status: Bool

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain()
    first = Int(try params.integer("first", 0...0xffff_ffff, default: 0))
    count = Int(try params.integer("count", 1...Self.countLimit, default: 1))
    status = try params.boolean("status", default: false)
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let domain = try machine.find(domain)
    // A grant table of version 1 has no status frames.
    let existing = status ? 0 : machine.grantFrameCount(of: domain)
    reply.beginObject()
    reply.key("frames")
    reply.array(min(first, existing)..<min(first + count, existing)) { writer, number in
      let frame = machine.domains[domain.rawValue].grantTable.frames[number]
      writer.raw("{\"frame\":")
      writer.integer(number)
      writer.raw(",\"tracked\":")
      writer.gfn(frame.tracked)
      writer.raw(",\"mappedAt\":")
      writer.array(frame.mappedAt) { writer, gfn in writer.gfn(gfn) }
      writer.raw(",\"stale\":")
      writer.boolean(frame.isStale)
      writer.raw("}")
    }
    reply.endObject()
  }
}

/// Tells what Xen knows of a machine page.
struct FrameQuery: MachineMethod {
  static let name: StaticString = "frame.query"

  let mfn: MFN

  init(from params: inout ParameterReader) throws(RPCError) {
    mfn = try params.mfn()
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    guard let page = machine.page(mfn) else {
      throw .request(.notFound("page_info of MFN \(mfn); the host has no memory there"))
    }
    reply.beginObject()
    reply.key("mfn")
    reply.hex(mfn.rawValue)
    reply.key("owner")
    if page.kind == .free { reply.null() } else { reply.integer(page.owner.rawValue) }
    reply.key("references")
    reply.integer(page.references)
    reply.key("allocated")
    reply.boolean(page.allocated)
    reply.key("type")
    reply.string(page.isXenheap ? "xenheap" : "domheap")
    reply.key("kind")
    reply.string(page.kind.name)
    reply.key("tracked")
    reply.gfn(machine.tracked(page))
    reply.key("page")
    reply.page(machine.name(of: page))
    reply.endObject()
  }
}

extension PageInfo.Kind {
  fileprivate var name: StaticString {
    switch self {
    case .ram: "ram"
    case .populated: "populated"
    case .grant: "grant"
    case .sharedInfo: "sharedInfo"
    case .free: "free"
    }
  }
}
