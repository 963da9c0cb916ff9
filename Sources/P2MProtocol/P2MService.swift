import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The protocol: a laboratory behind JSON-RPC.
package struct P2MService: Service {
  package private(set) var laboratory: Laboratory
  private let methods = MethodTable.all

  package init(_ laboratory: Laboratory) {
    self.laboratory = laboratory
  }

  package mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    for entry in methods where method.equals(entry.name) {
      return try entry.call(&laboratory, params, &context, &reply)
    }
    throw .methodNotFound(method, among: methods.map { "\($0.name)" })
  }
}

/// The methods that there are.
enum MethodTable {
  struct Entry: Sendable {
    let name: StaticString
    let call:
      @Sendable (
        inout Laboratory, JSONView?, inout RequestContext, inout JSONWriter
      ) throws(RPCError) -> Void

    init<Called: Method>(_: Called.Type) {
      name = Called.name
      call = Called.call
    }
  }

  /// In the order of the reference; those that are called most come first, as they are looked for
  /// one after another.
  static let all: [Entry] = [
    Entry(GrantFrameMap.self), Entry(ForeignPageMap.self), Entry(PhysmapUnmap.self),
    Entry(PhysmapQuery.self), Entry(ArrayQuery.self), Entry(SharedInfoMap.self),
    Entry(DeviceMap.self), Entry(PagePopulate.self), Entry(PageDecrease.self),
    Entry(GrantTableSetup.self), Entry(GrantTableQuery.self), Entry(FrameQuery.self),
    Entry(CheckRun.self), Entry(CheckProperties.self), Entry(SessionNote.self),
    Entry(RegionDefine.self), Entry(RegionList.self), Entry(RegionDelete.self),
    Entry(RegionAllocate.self), Entry(DomainCreate.self), Entry(DomainList.self),
    Entry(DomainGet.self), Entry(MachineCreate.self), Entry(MachinePresets.self),
    Entry(MachineList.self), Entry(MachineGet.self), Entry(MachineReset.self),
    Entry(MachineDelete.self), Entry(ServerInfoMethod.self),
  ]
}
