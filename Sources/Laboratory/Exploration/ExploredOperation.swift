import Hypervisor

/// An operation that an exploration tries in every state, as an acting domain makes it for itself.
package enum ExploredOperation: Hashable, Sendable {
  case mapGrantFrame(UInt64, at: GFN?)
  /// Maps the page that `owner` has at `source`.
  case mapForeignPage(from: DomainID = DomainID(2), source: GFN?, at: GFN?)
  case unmap(GFN?)
  case populate(GFN?, order: Int = 0)
  case decrease(GFN?, order: Int = 0)
  case mapSharedInfo(at: GFN?)
  case mapDevice(at: GFN?)
  case setUpGrantTable(frames: UInt64)
  case setGrantVersion(Int)

  /// Operations that differ in their arguments only, named as the methods that do them, in the order
  /// in which they are tried: of the shortest histories the first that loses a foreign page is found.
  package enum Kind: String, CaseIterable, Sendable {
    case mapForeignPage = "foreignPage.map"
    case mapGrantFrame = "grantFrame.map"
    case unmap = "physmap.unmap"
    case populate = "page.populate"
    case decrease = "page.decrease"
    case mapSharedInfo = "sharedInfo.map"
    case mapDevice = "device.map"
    case setUpGrantTable = "grantTable.setup"
    case setGrantVersion = "grantTable.setVersion"
  }

  /// The domain that acts; the first where there are several.
  package static let domain = DomainID(1)
  /// The device's memory.
  package static let deviceMFN = MFN(0x9000)

  package var kind: Kind {
    switch self {
    case .mapGrantFrame: .mapGrantFrame
    case .mapForeignPage: .mapForeignPage
    case .unmap: .unmap
    case .populate: .populate
    case .decrease: .decrease
    case .mapSharedInfo: .mapSharedInfo
    case .mapDevice: .mapDevice
    case .setUpGrantTable: .setUpGrantTable
    case .setGrantVersion: .setGrantVersion
    }
  }

  /// The operation as one in whose midst another vCPU can run, if it is.
  package var stepped: SteppedOperation? {
    switch self {
    case .mapGrantFrame(let frame, let gfn): .mapGrantFrame(frame, at: gfn)
    case .setGrantVersion(let version): .setGrantVersion(version)
    case .mapForeignPage, .unmap, .populate, .decrease, .mapSharedInfo, .mapDevice,
      .setUpGrantTable:
      nil
    }
  }
}

/// What an operation answers.
package struct OperationReply: Hashable, Sendable {
  package var error: HypercallError?
  /// Of a populate or decrease.
  package var extents: Int?
  /// Of `grantTable.setup`.
  package var status: GrantStatus?
}

extension ExploredOperation {
  /// Does the operation by the rules alone; that it is permitted is known.
  package func perform(on storage: inout some MachineStorage, in domain: DomainIndex)
    -> OperationReply
  {
    var reply = OperationReply()
    do throws(HypercallError) {
      switch self {
      case .mapGrantFrame(let frame, let gfn):
        try storage.checkEarly(gfn)
        try storage.addOne(.grantTable, index: frame, at: gfn, in: domain)
      case .mapForeignPage(let owner, let source, let gfn):
        try storage.checkEarly(gfn)
        try storage.addOne(
          .foreign(owner), index: source?.rawValue ?? GFN.invalidRawValue, at: gfn, in: domain)
      case .mapSharedInfo(let gfn):
        try storage.checkEarly(gfn)
        try storage.addOne(.sharedInfo, index: 0, at: gfn, in: domain)
      case .mapDevice(let gfn): try storage.mapDevice(Self.deviceMFN, at: gfn, in: domain)
      case .unmap(let gfn): try storage.unmap(gfn, in: domain)
      case .populate(let gfn, let order):
        reply.extents = try storage.populate(gfn, order: order, in: domain)
      case .decrease(let gfn, let order):
        reply.extents = storage.decrease(gfn, order: order, in: domain)
      case .setUpGrantTable(let frames):
        reply.status = storage.setUpGrantTable(frames, in: domain)
      case .setGrantVersion(let version):
        try storage.setGrantTableVersion(version, in: domain)
      }
    } catch {
      reply.error = error
    }
    return reply
  }

  /// Makes the hypercall on a live machine, as `me`.
  package func perform(
    on machine: inout Machine, as me: DomainID = ExploredOperation.domain
  ) -> OperationReply {
    var reply = OperationReply()
    do throws(HypercallError) {
      switch self {
      case .mapGrantFrame(let frame, let gfn):
        try machine.addToPhysmap(caller: me, target: me, .grantTable, index: frame, at: gfn)
      case .mapForeignPage(let owner, let source, let gfn):
        let outcome = machine.addToPhysmapBatch(
          caller: me, target: me, .foreign(owner),
          index: source?.rawValue ?? GFN.invalidRawValue, at: gfn)
        switch outcome {
        case .refused(let error), .entry(let error?): throw error
        case .entry(nil): break
        }
      case .mapSharedInfo(let gfn):
        try machine.addToPhysmap(caller: me, target: me, .sharedInfo, index: 0, at: gfn)
      case .mapDevice(let gfn):
        try machine.addDeviceMapping(Self.deviceMFN, at: gfn, of: me)
      case .unmap(let gfn): try machine.removeFromPhysmap(caller: me, target: me, gfn)
      case .populate(let gfn, let order):
        reply.extents = try machine.populatePhysmap(caller: me, target: me, gfn, order: order)
      case .decrease(let gfn, let order):
        reply.extents = try machine.decreaseReservation(
          caller: me, target: me, gfn, order: order)
      case .setUpGrantTable(let frames):
        reply.status = try machine.setUpGrantTable(caller: me, target: me, frames: frames)
      case .setGrantVersion(let version):
        try machine.setGrantTableVersion(caller: me, to: version)
      }
    } catch {
      reply.error = error
    }
    return reply
  }
}
