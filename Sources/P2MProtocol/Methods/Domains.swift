import Hypervisor
import JSONRPC
import Jansson

/// Creates a domain.
struct DomainCreate: OperationMethod {
  static let name: StaticString = "domain.create"
  static let declaration = Declaration(
    "Creates a domain, with its RAM mapped, one grant frame and a shared_info page.",
    result: .named(.domain), errors: [.alreadyExists, .limitReached] + .machine,
    example: #"{"domain":3,"ram":[{"gfn":"0x40000","pages":16}],"maxPages":20}"#)

  /// Ranges of RAM that a domain may have.
  private static let rangeLimit = 64

  let configuration: DomainConfiguration

  init(from params: inout ParameterReader) throws(RPCError) {
    let id = try params.integer(
      "domain", 0...Int64(DomainID.firstReserved - 1), "its identifier")
    let privileged = try params.boolean(
      "privileged", default: false, "whether it may act on other domains and map their pages")
    let directMapped = try params.boolean(
      "directMapped", default: false, "whether its RAM has MFN = GFN, as dom0's has")
    let ram = try params.objects("ram", atMost: Self.rangeLimit, "its RAM") {
      range throws(RPCError) in try range.range(within: PageTable.reach, isRAM: true)
    }
    for (index, range) in ram.enumerated() where ram[..<index].contains(where: range.overlaps) {
      throw .invalidParams(path: "/ram/\(index)", expected: "RAM that is not given twice")
    }
    let given = ram.reduce(0) { $0 + $1.pageCount }
    let maxPages = try params.integer(
      "maxPages", 0...(1 << 36), default: Int64(given),
      "pages that it may have allocated; the RAM given where it is not said")
    configuration = DomainConfiguration(
      id: DomainID(UInt16(id)), privileged: privileged, directMapped: directMapped, ram: ram,
      maxPages: UInt64(maxPages))
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    for (index, range) in configuration.ram.enumerated() where range.end > machine.p2mLimit {
      let last = String(machine.p2mLimit - 1, radix: 16)
      throw .request(
        .invalidParams(path: "/ram/\(index)", expected: "RAM that ends at 0x\(last) or before"))
    }
    do throws(Machine.CreationError) {
      try machine.createDomain(configuration)
    } catch {
      throw .request(.creation(error))
    }
    reply.domain(machine.domains[try machine.find(configuration.id).rawValue], of: machine)
  }
}

extension RPCError {
  fileprivate static func creation(_ error: Machine.CreationError) -> RPCError {
    switch error {
    case .domainExists(let domain): .alreadyExists("domain \(domain)")
    case .limit(let what, let limit): .limitReached(what, limit: Int(limit))
    case .hostMemory:
      RPCError(
        code: ErrorCode.limitReached,
        message: "Limit reached: no memory is left for the domain's page tables; "
          + "delete a machine or a snapshot, or give it less RAM")
    case .tablePool(let limit):
      .limitReached("tables in the pool of its P2M, too few for its RAM", limit: limit)
    case .ramTaken(let index):
      .invalidParams(
        path: "/ram/\(index)", expected: "RAM that no other direct-mapped domain has")
    }
  }
}

/// Tells which domains there are.
struct DomainList: MachineMethod {
  static let name: StaticString = "domain.list"
  static let declaration = Declaration(
    "Tells which domains there are, in order of their identifiers.",
    result: .object([.init("domains", .array(of: .named(.domain)), "the domains")]),
    errors: .machine)

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    reply.beginObject()
    reply.key("domains")
    reply.array(machine.domains) { writer, domain in writer.domain(domain, of: machine) }
    reply.endObject()
  }
}

/// Tells what a domain is and has.
struct DomainGet: MachineMethod {
  static let name: StaticString = "domain.get"
  static let declaration = Declaration(
    "Tells what a domain is and has.",
    result: .named(.domain), errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("which domain")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    reply.domain(machine.domains[try machine.find(domain).rawValue], of: machine)
  }
}

/// Destroys a domain.
struct DomainDestroy: OperationMethod {
  static let name: StaticString = "domain.destroy"
  static let declaration = Declaration(
    "Destroys a domain: its mappings go, and its references to others' pages. Pages of its own that "
      + "others still map live until they are unmapped.",
    result: .consequences(), errors: .domain, example: #"{"domain":2}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("which domain")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    try hypercall { () throws(HypercallError) in try machine.destroyDomain(domain) }
    reply.object { $0.consequences(of: machine) }
  }
}

extension JSONWriter {
  mutating func domain(_ domain: Domain, of machine: borrowing Machine) {
    let configuration = domain.configuration
    beginObject()
    key("domain")
    integer(configuration.id.rawValue)
    key("privileged")
    boolean(configuration.privileged)
    key("directMapped")
    boolean(configuration.directMapped)
    key("ram")
    array(configuration.ram) { writer, range in
      writer.object { member in
        member.range(range)
        guard range.order > 0 else { return }
        member.key("order")
        member.integer(range.order)
      }
    }
    key("maxPages")
    integer(configuration.maxPages)
    key("pages")
    integer(domain.allocatedPages)
    key("grantFrames")
    integer(domain.grantTable.frames.count)
    key("sharedInfo")
    hex(domain.sharedInfo.rawValue)
    key("regions")
    array(domain.regions) { writer, region in writer.region(region) }
    key("crashed")
    if let crash = domain.crash { string("\(crash)") } else { null() }
    endObject()
  }
}
