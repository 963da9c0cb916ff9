import Hypervisor
import JSONRPC
import Jansson

/// Names a range of a domain's frames.
struct RegionDefine: OperationMethod {
  static let name: StaticString = "region.define"
  static let declaration = Declaration(
    "Names a range of a domain's frames: a bank of the hypervisor node, RAM, or a device.",
    result: .named(.region), errors: [.alreadyExists, .limitReached] + .domain,
    example: #"{"domain":1,"name":"bank1","gfn":"0x100000","pages":1024,"kind":"extended"}"#)

  let domain: DomainID
  let region: Region

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose region")
    let name = try params.name("name", "what to call it")
    let range = try params.range(within: PageTable.reach)
    let kind: Region.Kind = try params.choice("kind", "what it is for")
    region = Region(name: name, range: range, kind: kind)
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = try machine.find(domain)
    let regions = machine.domains[index.rawValue].regions
    if regions.contains(where: { $0.name == region.name }) {
      throw .request(.alreadyExists("region '\(region.name)' of domain \(domain)"))
    }
    if let other = regions.first(where: { $0.range.overlaps(region.range) }) {
      let last = GFN(other.range.end - 1)
      throw .request(
        .invalidParams(
          path: "/gfn",
          expected: "frames outside region '\(other.name)' (\(other.range.first) to \(last))"))
    }
    guard regions.count < Limits.regionsPerDomain else {
      throw .request(.limitReached("regions of a domain", limit: Limits.regionsPerDomain))
    }
    machine.addRegion(region, to: index)
    reply.region(region)
  }
}

/// Tells which regions a domain has, in the order of their definition.
struct RegionList: MachineMethod {
  static let name: StaticString = "region.list"
  static let declaration = Declaration(
    "Tells which regions a domain has, in the order of their definition.",
    result: .regions, errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose region")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    reply.regions(machine.domains[try machine.find(domain).rawValue].regions)
  }
}

/// Tells what a region is.
struct RegionGet: MachineMethod {
  static let name: StaticString = "region.get"
  static let declaration = Declaration(
    "Tells what a region is.",
    result: .named(.region), errors: .domain, example: #"{"domain":1,"name":"bank0"}"#)

  let domain: DomainID
  let region: String

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose region")
    region = try params.name("name", "which region")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let (index, position) = try machine.find(region: region, of: domain)
    reply.region(machine.domains[index.rawValue].regions[position])
  }
}

/// Forgets a region; what is mapped in it stays.
struct RegionDelete: OperationMethod {
  static let name: StaticString = "region.delete"
  static let declaration = Declaration(
    "Forgets a region, and answers with what it was; what is mapped in it stays.",
    result: .named(.region), errors: .domain, example: #"{"domain":1,"name":"bank0"}"#)

  let domain: DomainID
  let region: String

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose region")
    region = try params.name("name", "which region")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let (index, position) = try machine.find(region: region, of: domain)
    reply.region(machine.domains[index.rawValue].regions[position])
    machine.removeRegion(at: position, of: index)
  }
}

/// Finds free frames in a region, as a guest's allocator does; maps nothing.
struct RegionAllocate: OperationMethod {
  static let name: StaticString = "region.allocate"
  static let declaration = Declaration(
    "Finds free frames in a region, as a guest's allocator does; maps nothing. With next-fit the "
      + "region remembers where the search ended: that is an operation, which can be undone.",
    result: .object([.init("gfn", .hex, "the first of them")]),
    errors: [.limitReached] + .domain, example: #"{"domain":1,"name":"bank0","pages":4}"#)

  /// Where the search begins.
  enum Policy: String, WireChoice {
    /// At the region's first GFN.
    case firstFit = "first-fit"
    /// Behind what next-fit found last in this region; once at its end, at its first GFN.
    case nextFit = "next-fit"
  }

  let domain: DomainID
  let region: String
  let pages: UInt64
  let policy: Policy

  var isOperation: Bool { policy == .nextFit }

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose region")
    region = try params.name("name", "which region")
    pages = UInt64(try params.integer("pages", 1...(1 << 36), default: 1, "how many"))
    policy = try params.choice(
      "policy", default: Policy.firstFit,
      "whether to search from the region's first GFN, or from behind what next-fit found last")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let (index, position) = try machine.find(region: region, of: domain)
    let gfn =
      switch policy {
      case .firstFit: machine.firstFreeGFN(inRegion: position, pageCount: pages, of: index)
      case .nextFit: machine.nextFreeGFN(inRegion: position, pageCount: pages, of: index)
      }
    guard let gfn else {
      throw .request(
        RPCError(
          code: ErrorCode.limitReached,
          message: "Limit reached: region '\(region)' has no \(pages) free pages together"))
    }
    reply.object { writer in
      writer.key("gfn")
      writer.gfn(gfn)
    }
  }
}

extension Machine {
  /// Where the region called `name` stands among those of `domain`.
  fileprivate mutating func find(
    region name: String, of domain: DomainID
  ) throws(MachineFailure) -> (DomainIndex, Int) {
    let index = try find(domain)
    let position = domains[index.rawValue].regions.firstIndex { $0.name == name }
    guard let position else {
      throw .request(.notFound("region '\(name)' of domain \(domain)"))
    }
    return (index, position)
  }
}

extension Schema {
  /// The regions of a domain.
  static let regions = Schema.object([
    .init("regions", .array(of: .named(.region)), "the regions")
  ])
}

extension JSONWriter {
  /// An object with the member `regions`.
  mutating func regions(_ regions: [Region]) {
    object { writer in
      writer.key("regions")
      writer.array(regions) { writer, region in writer.region(region) }
    }
  }

  mutating func region(_ region: Region) {
    beginObject()
    key("name")
    string(region.name)
    range(region.range)
    key("kind")
    string(region.kind.rawValue)
    endObject()
  }

  /// The members `gfn` and `pages`.
  mutating func range(_ range: GuestRange) {
    key("gfn")
    hex(range.first.rawValue)
    key("pages")
    integer(range.pageCount)
  }
}
