import Hypervisor

/// Which operations of one kind are tried: those whose arguments have one of these values.
package struct ArgumentChoice: Hashable, Sendable {
  package let kind: ExploredOperation.Kind
  /// An argument that is not among them may be anything.
  package let values: [ExploredOperation.Argument: Set<UInt64>]

  package init(
    _ kind: ExploredOperation.Kind, _ values: [ExploredOperation.Argument: Set<UInt64>]
  ) {
    self.kind = kind
    self.values = values
  }

  func allows(_ operation: ExploredOperation) -> Bool {
    operation.kind != kind
      || values.allSatisfy { argument, values in
        operation[argument].map { values.contains($0) } ?? false
      }
  }
}

extension ExploredOperation {
  /// What distinguishes operations of a kind, as the wire calls it.
  package enum Argument: String, CaseIterable, Sendable {
    case gfn, frame, status, owner, source, order, frames, version
  }

  /// The value of an argument; `nil` where the operation has no such one. INVALID_GFN is `~0`.
  package subscript(argument: Argument) -> UInt64? {
    switch (self, argument) {
    case (.mapGrantFrame(let index, _), .frame): index & (GrantTable.statusFlag - 1)
    case (.mapGrantFrame(let index, _), .status): index & GrantTable.statusFlag == 0 ? 0 : 1
    case (.mapForeignPage(let owner, _, _), .owner): UInt64(owner.rawValue)
    case (.mapForeignPage(_, let source, _), .source): source.raw
    case (.populate(_, let order), .order), (.decrease(_, let order), .order): UInt64(order)
    case (.setUpGrantTable(let frames), .frames): frames
    case (.setGrantVersion(let version), .version): UInt64(version)
    case (.mapGrantFrame(_, let gfn), .gfn), (.mapForeignPage(_, _, let gfn), .gfn),
      (.unmap(let gfn), .gfn), (.populate(let gfn, _), .gfn), (.decrease(let gfn, _), .gfn),
      (.mapSharedInfo(let gfn), .gfn), (.mapDevice(let gfn), .gfn):
      gfn.raw
    case (.mapGrantFrame, _), (.mapForeignPage, _), (.unmap, _), (.populate, _), (.decrease, _),
      (.mapSharedInfo, _), (.mapDevice, _), (.setUpGrantTable, _), (.setGrantVersion, _):
      nil
    }
  }
}

extension GFN? {
  fileprivate var raw: UInt64 { self?.rawValue ?? GFN.invalidRawValue }
}

extension ExplorationPlan {
  /// The operations that are tried in every state, as an acting domain can make them.
  var explored: [ExploredOperation] {
    allOperations.filter { operation in choices.allSatisfy { $0.allows(operation) } }
  }

  /// All operations of the alphabet, with all of their arguments.
  var allOperations: [ExploredOperation] {
    var gfns: [GFN?] = window
    var frames = (0..<self.frames).map { UInt64($0) }
    if triesInvalidArguments {
      gfns += [GFN(cpu.p2mLimit), nil]
      frames.append(UInt64(Limits.defaultGrantFrames))
    }
    if hasVersion2 { frames.append(GrantTable.statusFlag) }
    return alphabet.flatMap { kind -> [ExploredOperation] in
      switch kind {
      case .mapGrantFrame:
        frames.flatMap { frame in gfns.map { .mapGrantFrame(frame, at: $0) } }
      case .mapForeignPage:
        sources.flatMap { owner, source in
          gfns.map { .mapForeignPage(from: owner, source: source, at: $0) }
        }
      case .unmap: gfns.map { .unmap($0) }
      case .populate: extents(gfns).map { .populate($0, order: $1) }
      case .decrease: extents(gfns).map { .decrease($0, order: $1) }
      case .mapSharedInfo: gfns.map { .mapSharedInfo(at: $0) }
      case .mapDevice: gfns.map { .mapDevice(at: $0) }
      case .setUpGrantTable: (1...self.frames).map { .setUpGrantTable(frames: UInt64($0)) }
      case .setGrantVersion: [.setGrantVersion(1), .setGrantVersion(2)]
      }
    }
  }

  /// Whether `operation` stays within what a state tells of.
  package func explores(_ operation: ExploredOperation) -> Bool {
    func isInWindow(_ gfn: GFN?) -> Bool { gfn.map { window.contains($0) } ?? false }
    switch operation {
    case .mapGrantFrame(let index, let gfn):
      let isStatus = hasVersion2 && index == GrantTable.statusFlag
      return isInWindow(gfn) && (isStatus || index < UInt64(frames))
    case .mapForeignPage(let owner, let source, let gfn):
      return isInWindow(gfn) && sources.contains { $0 == owner && $1 == source }
    case .populate(let gfn, let order), .decrease(let gfn, let order):
      return orders.contains(order) && (order == 0 ? isInWindow(gfn) : gfn == window[0])
    case .unmap(let gfn), .mapSharedInfo(let gfn), .mapDevice(let gfn): return isInWindow(gfn)
    case .setUpGrantTable(let count): return count <= UInt64(frames)
    case .setGrantVersion(let version): return hasVersion2 || version == 1
    }
  }

  /// The GFNs of each acting domain.
  var window: [GFN] { (0..<gfns).map { GFN(firstGFN + UInt64($0)) } }

  /// Where foreign pages come from: those of the domain that does nothing, those of the other acting
  /// domains, and what can be none.
  private var sources: [(DomainID, GFN?)] {
    let pages = (0..<foreignPages).map { GFN(ExplorationSpace.firstSource + UInt64($0)) }
    var sources: [(DomainID, GFN?)] = pages.map { (owner, $0) }
    if domains > 1 {
      sources += actingDomains.flatMap { domain in window.map { (domain, $0) } }
    }
    guard triesInvalidArguments else { return sources }
    let first = pages.first ?? window.first
    let known = foreignPages > 0 ? owner : ExploredOperation.domain
    let unknown = DomainID(owner.rawValue + 1)
    sources += [unknown, .caller, .io, .xen, ExploredOperation.domain].map { ($0, first) }
    let behind = GFN(ExplorationSpace.firstSource + UInt64(foreignPages))
    return sources + [behind, GFN(cpu.p2mLimit), nil].map { (known, $0) }
  }

  /// Where extents of each order are: a superpage at the first GFN, and where it cannot be.
  private func extents(_ gfns: [GFN?]) -> [(GFN?, Int)] {
    orders.sorted().flatMap { order in
      let places = order == 0 ? gfns : [gfns[0]] + gfns.dropFirst(self.gfns)
      return places.map { ($0, order) }
    }
  }
}

/// Other names for GFNs, frames and pages, by their numbers.
struct Renaming {
  var gfns: [Int: Int] = [:]
  var frames: [Int: Int] = [:]
  var pages: [Int: Int] = [:]
}

extension ExploredOperation {
  func renamed(_ names: Renaming, of plan: ExplorationPlan) -> ExploredOperation {
    func place(_ gfn: GFN?) -> GFN? { gfn?.renamed(names.gfns, from: plan.firstGFN) }
    switch self {
    case .mapGrantFrame(let index, let gfn):
      let frame = Int(exactly: index).flatMap { names.frames[$0] }
      return .mapGrantFrame(frame.map { UInt64($0) } ?? index, at: place(gfn))
    case .mapForeignPage(let owner, let source, let gfn):
      let renamed =
        owner == plan.owner
        ? source?.renamed(names.pages, from: ExplorationSpace.firstSource) : place(source)
      return .mapForeignPage(from: owner, source: renamed, at: place(gfn))
    case .unmap(let gfn): return .unmap(place(gfn))
    case .populate(let gfn, let order): return .populate(place(gfn), order: order)
    case .decrease(let gfn, let order): return .decrease(place(gfn), order: order)
    case .mapSharedInfo(let gfn): return .mapSharedInfo(at: place(gfn))
    case .mapDevice(let gfn): return .mapDevice(at: place(gfn))
    case .setUpGrantTable, .setGrantVersion: return self
    }
  }
}

extension GFN {
  fileprivate func renamed(_ names: [Int: Int], from first: UInt64) -> GFN {
    let number = rawValue &- first
    guard number < 1 << 20, let name = names[Int(number)] else { return self }
    return GFN(first + UInt64(name))
  }
}
