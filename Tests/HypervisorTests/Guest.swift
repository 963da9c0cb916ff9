import Hypervisor

/// A machine with a guest, domain 1, that does things; domain 2 has pages to give.
struct Guest {
  /// Every preset whose tracking is an array that nothing clears.
  static let arrayPresets = ["xen-4.14", "xen-4.16"]
  /// Every preset that keeps the GFN in page_info.
  static let pageInfoPresets = ["xen-4.17", "xen-4.17.7", "xen-4.20", "xen-4.22"]
  static let everyPreset = names(of: .arm)
  static let everyX86Preset = names(of: .x86)

  private static func names(of architecture: Architecture) -> [String] {
    Preset.all.filter { $0.cpu.architecture == architecture }.map(\.name)
  }

  /// INVALID_GFN.
  static let nowhere: UInt64? = nil
  static let beyond: UInt64? = 1 << 36

  var machine: Machine

  init(
    _ preset: String, privileged: Bool = true, directMapped: Bool = false, maxPages: UInt64? = nil,
    ram: GuestRange = Guest.ram, poolPages: Int? = nil, alone: Bool = false,
    costFrames: Int? = nil,
    knobs change: (inout Knobs) -> Void = { _ in }
  ) throws {
    guard let preset = Preset.named(preset) else { fatalError("no preset \(preset)") }
    var configuration = MachineConfiguration(preset: preset)
    configuration.p2mPoolPages = poolPages
    if let costFrames {
      configuration.measuresCost = true
      configuration.maxGrantFrames = costFrames
    }
    change(&configuration.knobs)
    machine = Machine(configuration)
    try machine.createDomain(
      DomainConfiguration(
        id: DomainID(1), privileged: privileged, directMapped: directMapped, ram: [ram],
        maxPages: maxPages))
    if alone { return }
    try machine.createDomain(DomainConfiguration(id: DomainID(2), ram: [Self.ram]))
  }

  /// 16 pages at 0x40000.
  static let ram = GuestRange(first: GFN(0x40000), pageCount: 16)!

  /// RAM at 0x40000 of which the largest leaves are of `order`.
  static func ram(pages: UInt64, order: Int) -> GuestRange {
    GuestRange(first: GFN(0x40000), pageCount: pages, order: order)!
  }

  private let me = DomainID(1)

  private func code(_ call: () throws(HypercallError) -> Void) -> Int {
    do throws(HypercallError) {
      try call()
      return 0
    } catch {
      return error.errno?.returnCode ?? 1000
    }
  }

  // MARK: What the guest does; each answers with the return code

  mutating func mapGrant(_ frame: UInt64, at gfn: UInt64?) -> Int {
    code { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: me, target: me, .grantTable, index: frame, at: gfn.map { GFN($0) })
    }
  }

  mutating func mapStatus(_ frame: UInt64, at gfn: UInt64?) -> Int {
    mapGrant(frame | GrantTable.statusFlag, at: gfn)
  }

  mutating func setVersion(_ version: Int) -> Int {
    code { () throws(HypercallError) in
      try machine.setGrantTableVersion(caller: me, to: version)
    }
  }

  /// Maps the guest's own page at `source` at `gfn` instead.
  mutating func move(_ source: UInt64?, to gfn: UInt64?) -> Int {
    code { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: me, target: me, .gmfn, index: source ?? .max, at: gfn.map { GFN($0) })
    }
  }

  mutating func mapSharedInfo(_ index: UInt64 = 0, at gfn: UInt64?) -> Int {
    code { () throws(HypercallError) in
      try machine.addToPhysmap(
        caller: me, target: me, .sharedInfo, index: index, at: gfn.map { GFN($0) })
    }
  }

  mutating func mapForeign(
    _ source: UInt64, at gfn: UInt64?, from owner: DomainID = DomainID(2)
  ) -> Int {
    let outcome = machine.addToPhysmapBatch(
      caller: me, target: me, .foreign(owner), index: source, at: gfn.map { GFN($0) })
    switch outcome {
    case .refused(let error), .entry(let error?): return error.errno?.returnCode ?? 1000
    case .entry(nil): return 0
    }
  }

  mutating func mapDevice(at gfn: UInt64) -> Int {
    code { () throws(HypercallError) in
      try machine.addDeviceMapping(MFN(0x9000), at: GFN(gfn), of: me)
    }
  }

  mutating func unmap(_ gfn: UInt64?, of domain: DomainID = DomainID(1)) -> Int {
    code { () throws(HypercallError) in
      try machine.removeFromPhysmap(caller: domain, target: domain, gfn.map { GFN($0) })
    }
  }

  mutating func populate(
    _ gfn: UInt64?, order: Int = 0, of domain: DomainID = DomainID(1)
  ) -> Int {
    let gfn = gfn.map { GFN($0) }
    return
      (try? machine.populatePhysmap(caller: domain, target: domain, gfn, order: order)) ?? -1
  }

  mutating func decrease(
    _ gfn: UInt64?, order: Int = 0, of domain: DomainID = DomainID(1)
  ) -> Int {
    let gfn = gfn.map { GFN($0) }
    return
      (try? machine.decreaseReservation(caller: domain, target: domain, gfn, order: order)) ?? -1
  }

  // MARK: What can be seen

  func page(at gfn: UInt64) -> PageName? {
    machine.index(of: me).flatMap { machine.mapping(at: GFN(gfn), in: $0) }?.page
  }

  func tracked(_ frame: Int) -> UInt64? {
    machine.index(of: me).flatMap { machine.tracked(.grant(frame), in: $0) }?.rawValue
  }

  var frameCount: Int { machine.index(of: me).map { machine.grantFrameCount(of: $0) } ?? 0 }

  func pages(of domain: DomainID) -> UInt64 {
    machine.domains.first { $0.id == domain }?.allocatedPages ?? 0
  }

  func references(toForeignPage gfn: UInt64) -> UInt32? {
    let owner = machine.index(of: DomainID(2))
    let entry = owner.flatMap { machine.entry(at: GFN(gfn), in: $0) }
    return entry.flatMap { machine.page($0.mfn) }?.references
  }

  /// What the last operation did to the physmap, in short.
  var physmapEffects: [String] {
    machine.log.effects.compactMap { effect in
      guard case .physmap(_, let gfn, _, let after, let cause) = effect else { return nil }
      return "\(after == nil ? "-" : "+")\(gfn) \(cause.name)"
    }
  }

  /// The leaves that there are, by level, and the tables below the root.
  var leaves: LevelCounts { table?.mappings ?? .zero }
  var tableCount: Int { table?.tableCount ?? 0 }
  private var table: PageTable? {
    machine.index(of: me).map { machine.domains[$0.rawValue].p2m }
  }

  /// The order of the leaf that maps `gfn`.
  func order(at gfn: UInt64) -> Int? {
    machine.index(of: me).flatMap { machine.mapping(at: GFN(gfn), in: $0) }?.order
  }

  /// The properties that the last operation broke.
  var broken: [Property] { machine.violations.map(\.property) }

  /// Grant frame `frame` of this guest.
  static func grant(_ frame: Int) -> PageName { .grant(domain: DomainID(1), frame: frame) }

  /// Status frame `frame` of this guest.
  static func status(_ frame: Int) -> PageName { .status(domain: DomainID(1), frame: frame) }

  /// The page that domain 2 has at `gfn`.
  static func foreign(_ gfn: UInt64) -> PageName { .foreign(domain: DomainID(2), gfn: GFN(gfn)) }
}
