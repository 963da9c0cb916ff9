import DeviceTree
import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Makes regions of the banks that a device tree gives to a domain.
struct RegionImport: OperationMethod {
  static let name: StaticString = "region.import"
  static let declaration = Declaration(
    "Makes regions of the hypervisor node's banks in a flattened device tree: bank0 for the grant "
      + "table, bank1 and so on as extended regions; all of them or none.",
    result: .regions, errors: [.alreadyExists, .limitReached] + .domain,
    example: #"{"domain":2,"dtb":{"base64":"\#(exampleTree)"}}"#)

  let domain: DomainID
  let tree: DeviceTreeSource

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose regions")
    tree = try params.deviceTree()
  }

  private init(_ domain: DomainID, _ tree: DeviceTreeSource) {
    self.domain = domain
    self.tree = tree
  }

  /// A file may change, or be gone when the operation is done again: what was read of it takes its
  /// place, in the machine's history and in the server's record.
  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    guard case .path(let path) = tree else {
      return try answer(call, in: &laboratory, into: &reply)
    }
    let bytes = try laboratory.provisions.read(path)
    var params = JSONWriter()
    params.object { writer in
      writer.key("domain")
      writer.integer(domain.rawValue)
      writer.key("dtb")
      writer.object { tree in
        tree.key("base64")
        tree.string(Base64.encode(bytes))
      }
      writer.key("machine")
      writer.string(call.machine)
    }
    let document = JSONDocument(written: params)
    defer { extendLifetime(document) }
    try RegionImport(domain, .blob(bytes)).answer(
      Call(machine: call.machine, params: document.root), in: &laboratory, into: &reply)
    context.record(params: params)
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let index = try machine.find(domain)
    let node = try hypervisorNode()
    do throws(Machine.BankError) {
      let banks = node.banks.map { Machine.Bank(address: $0.address, size: $0.size) }
      reply.regions(try machine.addBanks(banks, to: index))
    } catch {
      if case .nameTaken(let name) = error {
        throw .request(.alreadyExists("region '\(name)' of domain \(domain)"))
      }
      throw .request(.deviceTree(DeviceTreeFault("\(node.path): reg", "\(error)")))
    }
  }

  private func hypervisorNode() throws(MachineFailure) -> HypervisorNode {
    guard case .blob(let bytes) = tree else {
      throw .request(.invalidParams(path: "/dtb/base64", expected: "what was read of the file"))
    }
    do throws(DeviceTreeFault) {
      let tree = try DeviceTree(bytes)
      return try tree.hypervisorNode()
    } catch {
      throw .request(.deviceTree(error))
    }
  }

  /// A tree whose banks fit the example machine.
  private static var exampleTree: String {
    let banks = [(0x3800_0000, 0x100_0000), (0x1_0000_0000, 0x4000_0000)] as [(UInt64, UInt64)]
    let node = HypervisorNode(banks: banks.map { .init(address: $0.0, size: $0.1) })
    return Base64.encode(node.blob)
  }
}

/// Tells a domain's banks as a guest would be told them.
struct RegionExport: MachineMethod {
  static let name: StaticString = "region.export"
  static let declaration = Declaration(
    "Tells the hypervisor node that gives a domain its regions: bank 0 is the one of kind "
      + "grant-table, the others are the extended ones in order.",
    result: .object([
      .init("dts", .string, "the device tree's source, as dtc reads it"),
      .init("dtb", .string, "the same, flattened, in base64, as region.import takes it"),
    ]),
    errors: .domain, example: #"{"domain":1}"#)

  let domain: DomainID

  init(from params: inout ParameterReader) throws(RPCError) {
    domain = try params.domain("whose regions")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    let regions = machine.domains[try machine.find(domain).rawValue].regions
    let grantTables = regions.filter { $0.kind == .grantTable }
    guard grantTables.count == 1 else {
      throw .request(
        .invalidParams(
          path: "/domain",
          expected: "a domain with one region of kind grant-table, not \(grantTables.count)"))
    }
    let banks = grantTables + regions.filter { $0.kind == .extended }
    let node = HypervisorNode(
      banks: banks.map {
        let bank = Machine.Bank($0.range)
        return HypervisorNode.Bank(address: bank.address, size: bank.size)
      })
    reply.object { writer in
      writer.key("dts")
      writer.string(node.source)
      writer.key("dtb")
      writer.string(Base64.encode(node.blob))
    }
  }
}

extension RPCError {
  /// The device tree that a client gave cannot be used.
  static func deviceTree(_ fault: DeviceTreeFault) -> RPCError {
    RPCError(
      code: Code.invalidParams, message: "Invalid params: \(fault) (in the tree at '/dtb')",
      data: .expectation(
        path: "/dtb", expected: "a hypervisor node that can be used; \(fault)"))
  }
}
