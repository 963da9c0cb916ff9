import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The protocol: a laboratory behind JSON-RPC.
package struct P2MService: Service {
  private(set) var laboratory: Laboratory
  private let methods = MethodTable.all

  package init(_ laboratory: consuming Laboratory) {
    self.laboratory = laboratory
  }

  package mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    if let index = MethodTable.index(of: method) {
      return try methods[index].call(&laboratory, params, &context, &reply)
    }
    throw .methodNotFound(method, among: methods.map { "\($0.name)" })
  }
}

/// The methods that there are.
package enum MethodTable {
  struct Entry: Sendable {
    let name: StaticString
    let call:
      @Sendable (
        inout Laboratory, JSONView?, inout RequestContext, inout JSONWriter
      ) throws(RPCError) -> Void
    /// Whether it asks or does something about one machine, and takes no longer than a moment.
    let isOfMachine: Bool
    /// Does again what a history tells; `nil` for a method that is no operation.
    let perform: (@Sendable (JSONView?, inout Machine, inout JSONWriter) -> Bool)?
    /// Tries an operation, whose parameters may be wrong, and answers whether it was served; `nil` for
    /// a method that is none.
    let attempt: (@Sendable (JSONView?, inout Machine, inout JSONWriter) -> Bool)?
    /// Whether it carries out requests in turn, which must not nest.
    let isSearch: Bool
    let declared: @Sendable () -> DeclaredMethod

    init<Called: Method>(_: Called.Type) {
      self.init(Called.self, isSearch: false)
    }

    init<Called: SearchMethod>(_: Called.Type) {
      self.init(Called.self, isSearch: true)
    }

    private init<Called: Method>(_: Called.Type, isSearch: Bool) {
      name = Called.name
      call = Called.call
      isOfMachine = false
      perform = nil
      attempt = nil
      self.isSearch = isSearch
      declared = Called.declared
    }

    init<Called: MachineMethod>(_: Called.Type) {
      name = Called.name
      call = Called.call
      isOfMachine = true
      perform = nil
      attempt = nil
      isSearch = false
      declared = Called.declared
    }

    init<Called: OperationMethod>(operation _: Called.Type) {
      name = Called.name
      call = Called.call
      isOfMachine = true
      perform = Called.perform
      attempt = Called.attempt
      isSearch = false
      declared = Called.declared
    }
  }

  /// All methods, those that are called most first, as they are looked for one after another.
  static let all: [Entry] = [
    Entry(operation: GrantFrameMap.self), Entry(operation: ForeignPageMap.self),
    Entry(operation: PhysmapUnmap.self), Entry(PhysmapQuery.self),
    Entry(ArrayQuery.self), Entry(PhysmapStats.self),
    Entry(operation: SharedInfoMap.self), Entry(operation: DeviceMap.self),
    Entry(operation: PagePopulate.self), Entry(operation: PageDecrease.self),
    Entry(operation: FaultInject.self),
    Entry(operation: GrantTableSetup.self), Entry(operation: GrantTableSetVersion.self),
    Entry(operation: VCPUBegin.self), Entry(operation: VCPUStep.self), Entry(VCPUList.self),
    Entry(GrantTableQuery.self), Entry(FrameQuery.self),
    Entry(operation: DomainCreate.self), Entry(operation: DomainDestroy.self),
    Entry(DomainList.self), Entry(DomainGet.self), Entry(operation: RegionDefine.self),
    Entry(operation: RegionDelete.self), Entry(RegionList.self),
    Entry(operation: RegionAllocate.self), Entry(operation: RegionImport.self),
    Entry(RegionGet.self), Entry(RegionExport.self), Entry(ActorRun.self), Entry(ActorList.self),
    Entry(CheckRun.self), Entry(CheckProperties.self), Entry(CompareRun.self),
    Entry(ShrinkRun.self), Entry(ScenarioRun.self), Entry(ExploreRun.self), Entry(ResourceGet.self),
    Entry(ResourceList.self), Entry(SnapshotCreate.self), Entry(SnapshotRestore.self),
    Entry(SnapshotList.self), Entry(SnapshotDelete.self), Entry(HistoryList.self),
    Entry(HistoryUndo.self), Entry(HistoryRedo.self), Entry(SessionExport.self),
    Entry(SessionRunMethod.self),
    Entry(operation: SessionNote.self), Entry(MachineCreate.self), Entry(MachineGet.self),
    Entry(MachineList.self), Entry(MachinePresets.self), Entry(MachineReset.self),
    Entry(MachineDelete.self), Entry(ServerInfoMethod.self), Entry(RPCDiscover.self),
  ]

  private static let names: [StaticString] = all.map(\.name)

  /// Where the method of this name is in `all`.
  static func index(of method: JSONView) -> Int? {
    guard let method = unsafe method.utf8 else { return nil }
    return names.firstIndex { unsafe $0.equals(method) }
  }

  /// What is declared of each method, by name.
  package static var declared: [DeclaredMethod] {
    all.map { $0.declared() }.sorted { $0.name < $1.name }
  }

  /// Does again what a history tells.
  ///
  /// - Returns: whether the host has the memory.
  static func perform(_ entry: borrowing History.Entry, on machine: inout Machine) -> Bool {
    let document = JSONDocument(known: entry.request)
    defer { extendLifetime(document) }
    var scratch = JSONWriter()
    let index = document.root["method"].flatMap(index(of:))
    guard let performer = index.flatMap({ all[$0].perform }) else {
      preconditionFailure("a history holds operations only")
    }
    return performer(document.root["params"], &machine, &scratch)
  }
}
