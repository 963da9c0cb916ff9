import Exploration
import Hypervisor

/// What is to be explored: a machine, what is done to it, and what should hold.
package struct ExplorationPlan: Hashable, Sendable {
  /// Things whose names mean nothing to the rules.
  package enum Symmetry: String, CaseIterable, Sendable {
    case gfn, page, frame, vcpu
  }

  /// Which symmetries are used.
  package enum SymmetryChoice: Hashable, Sendable {
    /// All that are sound.
    case automatic
    /// These, which must be sound.
    case exactly(Set<Symmetry>)
  }

  package static let gfnRange = 1...16
  package static let frameRange = 1...15
  package static let foreignPageRange = 0...15
  package static let domainRange = 1...3
  package static let vcpuRange = 1...3
  /// GFNs of all acting domains together.
  package static let windowLimit = 24
  /// Frames where there is version 2: their status is in one status frame.
  package static let frameRangeOfVersion2 = 1...GrantTable.framesPerStatusFrame
  /// Pages that a domain may have; with superpages, and without.
  package static let maxPagesRange = 0...(1 << 20)
  package static let maxPagesRangeWithoutSuperpages = 0...15

  package var knobs: Knobs
  package var preset: Preset
  package var cpu: CPU
  /// GFNs at which things are mapped, of each acting domain.
  package var gfns = 4
  /// Grant frames of each acting domain, all of which exist from the start.
  package var frames = 2
  /// Pages of another domain, which does nothing.
  package var foreignPages = 2
  /// Domains that act, each for itself; they map each other's pages too.
  package var domains = 1
  /// Pages that the domain may populate; `nil` for one extent of each order.
  package var maxPages: Int?
  /// Orders of what is populated and decreased.
  package var orders: Set<Int> = [0]
  /// vCPUs of the domain, which do operations step by step where there are several.
  package var vcpus = 1
  /// `nil` for mapping grant frames and foreign pages, unmapping, and choosing the grant table's
  /// version where there are two.
  package var operations: Set<ExploredOperation.Kind>?
  /// Which operations of a kind are tried; of other kinds all are.
  package var choices: [ArgumentChoice] = []
  /// Whether operations are also tried at a GFN beyond the P2M, at INVALID_GFN, with a frame that
  /// cannot be, and with pages of domains that have none.
  package var triesInvalidArguments = false
  /// What is done as one transition each.
  package var actors: [ExploredActor] = []
  /// Whether there are regions from the start, as actors need: `bank0`, and `bank1` behind it.
  package var hasBanks = false
  /// `nil` for all that an exploration can judge.
  package var properties: Set<Property>?
  package var symmetry = SymmetryChoice.automatic
  /// Operations from the start.
  package var depth = Int.max
  package var states = Int.max
  /// Bytes of all states.
  package var memory = ExplorationPlan.defaultMemory
  /// Whether it is gone on behind the first violation, to the first of every property.
  package var keepsGoing = false

  package static let defaultMemory = 1 << 30

  package init(_ preset: Preset) {
    self.preset = preset
    cpu = preset.cpu
    knobs = preset.knobs
  }

  /// The kinds of operations that are tried, in their order.
  package var alphabet: [ExploredOperation.Kind] {
    let versions: Set<ExploredOperation.Kind> = hasVersion2 ? [.setGrantVersion] : []
    let chosen = operations ?? versions.union([.mapForeignPage, .mapGrantFrame, .unmap])
    return ExploredOperation.Kind.allCases.filter {
      chosen.contains($0) && ($0 != .mapForeignPage || hasForeignPages)
    }
  }

  /// The kinds of operations that happen, those of actors included.
  package var operationKinds: Set<ExploredOperation.Kind> {
    Set(alphabet).union(actors.flatMap { $0.steps.map(\.operation.kind) })
  }

  private var hasForeignPages: Bool { foreignPages > 0 || domains > 1 }

  /// Whether the grant table has version 2, which it is in at the start.
  package var hasVersion2: Bool { knobs.maxGrantVersion == 2 }

  /// The properties that are looked at, in their order.
  package var judged: [Property] {
    let chosen = properties ?? Set(Property.always)
    return Property.allCases.filter { chosen.contains($0) }
  }

  /// The orders of superpages that are populated and decreased, in order.
  var superpageOrders: [Int] {
    orders.filter { $0 > 0 }.sorted()
  }

  /// Pages that the domain may populate.
  package var budget: Int { maxPages ?? max(1, orders.reduce(0) { $0 + 1 << $1 }) }

  /// Domains that act, in order of their identifiers.
  package var actingDomains: [DomainID] {
    (0..<domains).map { DomainID(ExploredOperation.domain.rawValue + UInt16($0)) }
  }

  /// The domain whose pages are mapped, and which does nothing.
  package var owner: DomainID {
    DomainID(ExploredOperation.domain.rawValue + UInt16(domains))
  }

  /// The first GFN that is explored; the others follow. A superpage begins there.
  package var firstGFN: UInt64 {
    orders.contains(18) ? 1 << 18 : ExplorationSpace.firstGFN
  }

  /// GFNs of the first region, which is for the grant table: half of them where there is a second.
  package var bankPages: Int { hasBanks ? (gfns + 1) / 2 : gfns }
}
