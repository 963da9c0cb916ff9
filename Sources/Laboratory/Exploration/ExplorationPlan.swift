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

  /// Why a plan cannot be carried out.
  package enum Fault: Error, Hashable, Sendable {
    /// A size is out of its range.
    case size(name: String, value: Int, range: ClosedRange<Int>)
    /// A state takes more words than there are.
    case tooLarge(words: Int, limit: Int)
    /// A symmetry that would make states one that are not, and why.
    case unsound(Symmetry, reason: String)
    case noOperations
    /// What is asked for does not go together, and why.
    case unsupported(String)
  }

  package static let gfnRange = 1...16
  package static let frameRange = 1...15
  package static let foreignPageRange = 0...15
  package static let budgetRange = 0...15
  package static let vcpuRange = 1...3
  /// Frames where there is version 2: their status is in one status frame.
  package static let frameRangeOfVersion2 = 1...GrantTable.framesPerStatusFrame

  package var knobs: Knobs
  package var preset: Preset
  package var cpu: CPU
  /// GFNs at which things are mapped.
  package var gfns = 4
  /// Grant frames, all of which exist from the start.
  package var frames = 2
  /// Pages of another domain.
  package var foreignPages = 2
  /// Pages that the domain may populate.
  package var budget = 1
  /// vCPUs of the domain, which do operations step by step where there are several.
  package var vcpus = 1
  /// `nil` for mapping grant frames and foreign pages, unmapping, and choosing the grant table's
  /// version where there are two.
  package var operations: Set<ExploredOperation.Kind>?
  /// Whether operations are also tried at a GFN beyond the P2M, at INVALID_GFN, and with a frame that
  /// cannot be.
  package var triesInvalidArguments = false
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
      chosen.contains($0) && ($0 != .mapForeignPage || foreignPages > 0)
    }
  }

  /// Whether the grant table has version 2, which it is in at the start.
  package var hasVersion2: Bool { knobs.maxGrantVersion == 2 }

  /// The properties that are looked at, in their order.
  package var judged: [Property] {
    let chosen = properties ?? Set(Property.always)
    return Property.allCases.filter { chosen.contains($0) }
  }

  /// - Throws: `Fault`.
  func check() throws(Fault) {
    try check("gfns", gfns, Self.gfnRange)
    try check("frames", frames, hasVersion2 ? Self.frameRangeOfVersion2 : Self.frameRange)
    try check("vcpus", vcpus, Self.vcpuRange)
    if vcpus > 1, triesInvalidArguments {
      throw .unsupported("invalid arguments are tried on one vCPU only")
    }
    try check("foreignPages", foreignPages, Self.foreignPageRange)
    try check("budget", budget, Self.budgetRange)
    if alphabet.isEmpty { throw .noOperations }
    if case .exactly(let symmetries) = symmetry {
      for symmetry in Symmetry.allCases where symmetries.contains(symmetry) {
        if let reason = unsoundness(of: symmetry) {
          throw .unsound(symmetry, reason: reason)
        }
      }
    }
  }

  private func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(Fault) {
    guard range.contains(value) else { throw .size(name: name, value: value, range: range) }
  }

  /// The symmetries that are used.
  package var symmetries: Set<Symmetry> {
    switch symmetry {
    case .automatic: Set(Symmetry.allCases.filter { unsoundness(of: $0) == nil })
    case .exactly(let symmetries): symmetries
    }
  }

  /// Cells of a state that name a GFN: where each page is tracked, and what vCPUs are about.
  private var pointerCount: Int {
    frames + (hasVersion2 ? 1 : 0) + (alphabet.contains(.mapSharedInfo) ? 1 : 0)
      + (vcpus > 1 ? 2 * vcpus : 0)
  }

  /// Why states that differ in these names only are not one; `nil` if they are.
  private func unsoundness(of symmetry: Symmetry) -> String? {
    let limit = ColumnSymmetry.pointerLimit
    guard pointerCount <= limit else {
      return "more than \(limit) frames and vCPUs that name GFNs take too long to rename"
    }
    switch symmetry {
    case .gfn where judged.contains(.regionDiscipline),
      .frame where judged.contains(.regionDiscipline):
      return "region-discipline names the GFN of each frame"
    // Every GFN of the window is treated alike by every operation and every other property; a GFN
    // beyond the P2M is none of the window.
    case .gfn, .page: return nil
    case .vcpu:
      return vcpus > 1 ? nil : "there is one vCPU"
    case .frame where vcpus > 1:
      return "a vCPU that is mapping a frame names it"
    case .frame:
      let limit = ColumnSymmetry.pointingItemLimit
      return frames <= limit ? nil : "more than \(limit) frames have too many orders to try"
    }
  }
}
