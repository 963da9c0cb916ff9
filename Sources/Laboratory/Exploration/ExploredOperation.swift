import Hypervisor

/// An operation that an exploration tries in every state, as the explored domain makes it.
package enum ExploredOperation: Hashable, Sendable {
  case mapGrantFrame(UInt64, at: GFN?)
  /// Maps the page that the other domain has at `source`.
  case mapForeignPage(source: GFN, at: GFN?)
  case unmap(GFN?)
  case populate(GFN?)
  case decrease(GFN?)
  case mapSharedInfo(at: GFN?)
  case mapDevice(at: GFN?)
  case setUpGrantTable(frames: UInt64)

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
  }

  /// The domain that does it all.
  package static let domain = DomainID(1)
  /// The domain whose pages are mapped.
  package static let otherDomain = DomainID(2)
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
      case .mapForeignPage(let source, let gfn):
        try storage.checkEarly(gfn)
        try storage.addOne(
          .foreign(Self.otherDomain), index: source.rawValue, at: gfn, in: domain)
      case .mapSharedInfo(let gfn):
        try storage.checkEarly(gfn)
        try storage.addOne(.sharedInfo, index: 0, at: gfn, in: domain)
      case .mapDevice(let gfn): try storage.mapDevice(Self.deviceMFN, at: gfn, in: domain)
      case .unmap(let gfn): try storage.unmap(gfn, in: domain)
      case .populate(let gfn): reply.extents = storage.populate(gfn, in: domain)
      case .decrease(let gfn): reply.extents = storage.decrease(gfn, in: domain)
      case .setUpGrantTable(let frames):
        reply.status = storage.setUpGrantTable(frames, in: domain)
      }
    } catch {
      reply.error = error
    }
    return reply
  }

  /// Makes the hypercall on a live machine.
  package func perform(on machine: inout Machine) -> OperationReply {
    let me = Self.domain
    var reply = OperationReply()
    do throws(HypercallError) {
      switch self {
      case .mapGrantFrame(let frame, let gfn):
        try machine.addToPhysmap(caller: me, target: me, .grantTable, index: frame, at: gfn)
      case .mapForeignPage(let source, let gfn):
        let outcome = machine.addToPhysmapBatch(
          caller: me, target: me, .foreign(Self.otherDomain), index: source.rawValue, at: gfn)
        switch outcome {
        case .refused(let error), .entry(let error?): throw error
        case .entry(nil): break
        }
      case .mapSharedInfo(let gfn):
        try machine.addToPhysmap(caller: me, target: me, .sharedInfo, index: 0, at: gfn)
      case .mapDevice(let gfn):
        try machine.addDeviceMapping(Self.deviceMFN, at: gfn, of: me)
      case .unmap(let gfn): try machine.removeFromPhysmap(caller: me, target: me, gfn)
      case .populate(let gfn):
        reply.extents = try machine.populatePhysmap(caller: me, target: me, gfn)
      case .decrease(let gfn):
        reply.extents = try machine.decreaseReservation(caller: me, target: me, gfn)
      case .setUpGrantTable(let frames):
        reply.status = try machine.setUpGrantTable(caller: me, target: me, frames: frames)
      }
    } catch {
      reply.error = error
    }
    return reply
  }
}
