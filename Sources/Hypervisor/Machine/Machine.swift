/// How a machine is created.
package struct MachineConfiguration: Hashable, Sendable {
  package private(set) var name: String
  /// The machine's address, as the wire has it.
  package private(set) var uri: String
  package private(set) var preset: Preset
  /// The preset's knobs with the overrides applied.
  package var knobs: Knobs
  package var cpu: CPU
  /// The most frames a domain's grant table may have, 1 to `Limits.grantFrames`.
  package var maxGrantFrames: Int
  /// vCPUs of each domain, 1 to `Limits.vcpus`.
  package var vcpus: Int
  /// Tables that each domain's P2M may take beyond the root; `nil` for as many as the host has.
  package var p2mPoolPages: Int?
  /// Whether operations tell what they cost.
  package var measuresCost = false

  package init(
    name: String = "main", uri: String = "/machines/main", preset: Preset, cpu: CPU? = nil,
    maxGrantFrames: Int = Limits.defaultGrantFrames, vcpus: Int = 1
  ) {
    self.name = name
    self.uri = uri
    self.preset = preset
    knobs = preset.knobs
    self.cpu = cpu ?? preset.cpu
    self.maxGrantFrames = maxGrantFrames
    self.vcpus = vcpus
  }

  /// The same machine under another name.
  package func named(_ name: String, at uri: String) -> MachineConfiguration {
    var other = self
    other.name = name
    other.uri = uri
    return other
  }

  /// The same machine, following another preset; on another architecture with that preset's CPU.
  package func following(_ variant: Variant) -> MachineConfiguration {
    var other = self
    if cpu.architecture != variant.preset.cpu.architecture { other.cpu = variant.preset.cpu }
    other.preset = variant.preset
    other.knobs = variant.knobs
    return other
  }
}

/// What one machine may take of the host, so that no client can exhaust it.
package enum Limits {
  package static let domains = 64
  /// RAM of all domains, in pages: 64 GiB.
  package static let ramPages: UInt64 = 1 << 24
  /// Page tables of a domain, 4 KiB each: 256 MiB. The RAM limit takes half of it.
  package static let tablesPerDomain = 1 << 16
  /// Pages allocated one by one, by all populates and grant tables.
  package static let heapPages = 1 << 22
  /// Leaves of the P2M that one operation on many pages changes, and each of which it tells.
  package static let leavesPerOperation = 4096
  package static let regionsPerDomain = 256
  package static let grantFrames = 65_536
  package static let defaultGrantFrames = 64
  /// vCPUs of a domain.
  package static let vcpus = 8
}

/// A live machine: one hypervisor of some release, and its domains.
///
/// A value: a copy is a snapshot.
package struct Machine {
  package let configuration: MachineConfiguration
  /// In order of their identifiers.
  package internal(set) var domains: ContiguousArray<Domain> = []
  package internal(set) var frameTable: FrameTable
  /// vCPUs that are in the midst of an operation.
  package internal(set) var progressCount = 0
  /// Set once the hypervisor has died; it does nothing any more then.
  package internal(set) var panic: HypervisorPanic?
  /// What the last operation changed.
  package internal(set) var log = EffectLog()
  /// What the last operation broke.
  package internal(set) var violations: ContiguousArray<Violation> = []
  package let memory: HostMemory
  let meter: CostMeter?

  /// A machine without domains, which takes what it needs from `memory`.
  package init(_ configuration: MachineConfiguration, memory: HostMemory = HostMemory()) {
    self.configuration = configuration
    self.memory = memory
    meter = configuration.measuresCost ? CostMeter() : nil
    frameTable = FrameTable(memory: memory)
  }

  /// What a copy takes of its own once it or the machine changes, roughly, in tables of 4 KiB: that
  /// which is not shared piece by piece.
  package var copySize: Int {
    let words = domains.reduce(0) { sum, domain in
      let frames = domain.grantTable.frames.count + domain.grantTable.statusFrames.count
      return sum + frames * MemoryLayout<GrantTable.Frame>.stride / 8
        + (domain.lost.count + domain.foreignSources.count) * 8
    }
    return 16 + words / 512
  }

  /// Clears what is told of the last operation.
  package mutating func forgetLastOperation() {
    log.removeAll()
    meter?.cost = Cost()
    if !violations.isEmpty { violations.removeAll(keepingCapacity: true) }
  }
}

extension Machine: MachineStorage {
  package var knobs: Knobs { configuration.knobs }
  package var architecture: Architecture { configuration.cpu.architecture }
  package var p2mLimit: UInt64 { configuration.cpu.p2mLimit }
  package var maxGrantFrames: Int { configuration.maxGrantFrames }

  package func index(of domain: DomainID) -> DomainIndex? {
    var low = 0
    var high = domains.count
    while low < high {
      let middle = (low + high) / 2
      let id = domains[middle].configuration.id
      if id == domain { return DomainIndex(middle) }
      if id < domain { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  package func id(of domain: DomainIndex) -> DomainID {
    domains[domain.rawValue].configuration.id
  }

  package func isPrivileged(_ domain: DomainIndex) -> Bool {
    domains[domain.rawValue].configuration.privileged
  }

  package func isDirectMapped(_ domain: DomainIndex) -> Bool {
    domains[domain.rawValue].configuration.directMapped
  }

  package func page(_ mfn: MFN) -> PageInfo? { frameTable[mfn] }
}

extension MachineConfiguration {
  /// What the machine follows, written as a variant is: the preset, and the knobs set otherwise.
  package var variantName: String {
    Knob.all.reduce(into: preset.name) { name, knob in
      guard knobs[knob] != preset.knobs[knob],
        let setting = Knob.Setting(knob, to: knobs[knob])
      else { return }
      name += "+\(setting)"
    }
  }
}
