import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Tells what an address leads to.
struct ResourceGet: Method {
  static let name: StaticString = "resource.get"
  static let declaration = Declaration(
    "Tells what an address leads to: the same objects that the other methods tell.",
    result: .object([
      .init("uri", .string, "the address"),
      .init("kind", .choice(ResourceKind.words), "what it is"),
      .init(
        "value",
        .oneOf(
          [SharedSchema.machine, .domain, .region, .entry, .grantFrame, .frame].map(Schema.named)
            + [.anyObject, .null]), "the object; null for a GFN that maps nothing"),
    ]),
    errors: [.notFound, .unknownDomain, .panic, .invalidParams],
    example: #"{"uri":"/machines/main/domains/1/physmap/0x38020"}"#)

  let uri: String
  let address: ResourceAddress

  init(from params: inout ParameterReader) throws(RPCError) {
    (uri, address) = try params.address()
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let start = reply.mark
    reply.key("result")
    reply.beginObject()
    reply.key("uri")
    reply.string(uri)
    do throws(ResourceFailure) {
      try write(address, in: laboratory, into: &reply)
      reply.endObject()
    } catch {
      reply.rewind(to: start)
      try error.answer(Self.name, in: &laboratory, into: &reply)
    }
  }

  private func write(
    _ address: ResourceAddress, in laboratory: borrowing Laboratory, into reply: inout JSONWriter
  ) throws(ResourceFailure) {
    switch address {
    case .machines, .snapshots, .domains: throw .isCollection(uri)
    case .machine(let name):
      reply.value(.machine)
      reply.machine(laboratory[try laboratory.resource(name)].machine)
    case .snapshot(let machine, let name):
      let snapshots = laboratory[try laboratory.resource(machine)].snapshots
      guard let snapshot = snapshots.first(where: { $0.name == name }) else {
        throw .request(.notFound("snapshot '\(name)'"))
      }
      reply.value(.snapshot)
      reply.snapshot(snapshot)
    case .frame(let name, let mfn):
      let machine = laboratory[try laboratory.living(name)].machine
      guard let page = machine.page(mfn) else {
        throw .request(.notFound("page_info of MFN \(mfn); the host has no memory there"))
      }
      reply.value(.frame)
      reply.frame(mfn, page, machine)
    case .ofDomain(let name, let id, let part):
      let bench = try laboratory.living(name)
      let machine = laboratory[bench].machine
      guard let index = machine.index(of: id) else { throw .hypercall(.noSuchDomain(id), bench) }
      try write(part, of: index, machine, into: &reply)
    }
  }

  private func write(
    _ part: ResourceAddress.DomainPart, of index: DomainIndex, _ machine: borrowing Machine,
    into reply: inout JSONWriter
  ) throws(ResourceFailure) {
    let domain = machine.domains[index.rawValue]
    switch part {
    case .regions, .physmap, .grantFrames, .statusFrames: throw .isCollection(uri)
    case .domain:
      reply.value(.domain)
      reply.domain(domain, of: machine)
    case .region(let name):
      guard let region = domain.regions.first(where: { $0.name == name }) else {
        throw .request(.notFound("region '\(name)' of domain \(domain.id)"))
      }
      reply.value(.region)
      reply.region(region)
    case .entry(let gfn):
      let isReached = gfn.rawValue < machine.p2mLimit
      reply.value(.entry)
      if isReached, let mapping = machine.mapping(at: gfn, in: index) {
        reply.entry(mapping, at: gfn)
      } else {
        reply.null()
      }
    case .grantTable:
      reply.value(.grantTable)
      reply.grantTable(of: index, machine)
    case .grantFrame(let number):
      guard number < domain.grantTable.frames.count else {
        throw .request(.notFound("grant frame \(number) of domain \(domain.id)"))
      }
      reply.value(.grantFrame)
      reply.grantFrame(number, domain.grantTable.frames[number])
    case .statusFrame(let number):
      guard number < domain.grantTable.statusFrames.count else {
        throw .request(.notFound("status frame \(number) of domain \(domain.id)"))
      }
      reply.value(.grantFrame)
      reply.grantFrame(number, domain.grantTable.statusFrames[number])
    }
  }
}

/// Tells what is below an address.
struct ResourceList: Method {
  static let name: StaticString = "resource.list"
  static let declaration = Declaration(
    "Tells the addresses just below an address.",
    result: .object([
      .init("uri", .string, "the address"),
      .init("resources", .array(of: .string), "the addresses below it"),
      .init("truncated", .boolean, "whether there are more than could be told"),
    ]),
    errors: [.notFound, .unknownDomain, .panic, .invalidParams],
    example: #"{"uri":"/machines/main/domains/1"}"#)

  /// Addresses that are told at once.
  private static let limit = 4096

  let uri: String
  let address: ResourceAddress

  init(from params: inout ParameterReader) throws(RPCError) {
    (uri, address) = try params.address()
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let steps: [String]
    do throws(ResourceFailure) {
      steps = try self.steps(below: address, in: laboratory)
    } catch {
      return try error.answer(Self.name, in: &laboratory, into: &reply)
    }
    let parent = uri.hasSuffix("/") ? String(uri.dropLast()) : uri
    reply.key("result")
    reply.object { writer in
      writer.key("uri")
      writer.string(uri)
      writer.key("resources")
      writer.array(steps.prefix(Self.limit)) { writer, step in writer.string("\(parent)/\(step)") }
      writer.key("truncated")
      writer.boolean(steps.count > Self.limit)
    }
  }

  private func steps(
    below address: ResourceAddress, in laboratory: borrowing Laboratory
  ) throws(ResourceFailure) -> [String] {
    switch address {
    case .machines:
      return laboratory.benches.map { PercentEncoding.encode($0.machine.configuration.name) }
    case .machine(let name):
      _ = try laboratory.resource(name)
      return ["domains", "snapshots"]
    case .snapshots(let name):
      return laboratory[try laboratory.resource(name)].snapshots.map {
        PercentEncoding.encode($0.name)
      }
    case .snapshot, .frame: return []
    case .domains(let name):
      return laboratory[try laboratory.living(name)].machine.domains.map { "\($0.id)" }
    case .ofDomain(let name, let id, let part):
      let bench = try laboratory.living(name)
      let machine = laboratory[bench].machine
      guard let index = machine.index(of: id) else { throw .hypercall(.noSuchDomain(id), bench) }
      return steps(below: part, of: machine.domains[index.rawValue])
    }
  }

  private func steps(below part: ResourceAddress.DomainPart, of domain: Domain) -> [String] {
    switch part {
    case .domain: return ["regions", "physmap", "grantTable"]
    case .regions: return domain.regions.map { PercentEncoding.encode($0.name) }
    case .physmap:
      var steps: [String] = []
      domain.p2m.forEachLeaf(from: 0, to: PageTable.reach) { leaf in
        steps.append("\(leaf.gfn)")
        return steps.count <= Self.limit
      }
      return steps
    case .grantTable: return ["frames", "statusFrames"]
    case .grantFrames: return domain.grantTable.frames.indices.map { "\($0)" }
    case .statusFrames: return domain.grantTable.statusFrames.indices.map { "\($0)" }
    case .region, .entry, .grantFrame, .statusFrame: return []
    }
  }
}

/// What an address can lead to.
enum ResourceKind: String, WireChoice {
  case machine, snapshot, domain, region, entry, grantTable, grantFrame, frame
}

/// Why nothing can be told of an address.
enum ResourceFailure: Error {
  case request(RPCError)
  /// The hypervisor is dead, or does not know the domain.
  case hypercall(HypercallError, Laboratory.Index)

  /// There is something below the address, but no object.
  static func isCollection(_ uri: String) -> ResourceFailure {
    .request(.notFound("an object at '\(uri)'; 'resource.list' tells what is below it"))
  }

  fileprivate func answer(
    _ method: StaticString, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    switch self {
    case .request(let error): throw error
    case .hypercall(let error, let index):
      laboratory[index].machine.forgetLastOperation()
      reply.error(error, of: method, on: laboratory[index].machine)
    }
  }
}

extension Laboratory {
  fileprivate func resource(_ name: String) throws(ResourceFailure) -> Index {
    do throws(RPCError) { return try find(name) } catch { throw .request(error) }
  }

  /// The machine called `name`, whose hypervisor is not dead.
  fileprivate func living(_ name: String) throws(ResourceFailure) -> Index {
    let index = try resource(name)
    if let panic = self[index].machine.panic { throw .hypercall(.panic(panic), index) }
    return index
  }
}

extension ParameterReader {
  /// Bytes that an address may have.
  private static let addressLimit = 1024

  fileprivate mutating func address() throws(RPCError) -> (String, ResourceAddress) {
    let uri = try text("uri", atMost: Self.addressLimit, "the address, such as /machines/main")
    if isDescribing { return (uri, .machines) }
    guard let address = ResourceAddress(uri) else {
      throw refusal(
        of: "uri", "an address such as \"/machines/main/domains/1/physmap/0x38000\"")
    }
    return (uri, address)
  }
}

extension JSONWriter {
  /// The members `kind` and `value`, of which the value is to follow.
  fileprivate mutating func value(_ kind: ResourceKind) {
    key("kind")
    string(kind.rawValue)
    key("value")
  }
}
