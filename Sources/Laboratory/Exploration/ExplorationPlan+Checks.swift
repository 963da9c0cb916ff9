import Exploration
import Hypervisor

/// Whether a plan can be carried out.
extension ExplorationPlan {
  /// Why a plan cannot be carried out.
  package enum Fault: Error, Hashable, Sendable {
    /// A size is out of its range.
    case size(name: String, value: Int, range: ClosedRange<Int>)
    /// A state takes more words than there are.
    case tooLarge(words: Int, limit: Int)
    /// A symmetry that would make states one that are not, and why.
    case unsound(Symmetry, reason: String)
    case noOperations
    /// The operations have no such argument, or none of them has one of these values.
    case noSuchArgument(ExploredOperation.Kind, ExploredOperation.Argument)
    /// What is asked for does not go together, and why.
    case unsupported(String)
  }

  /// - Throws: `Fault`.
  func check() throws(Fault) {
    try check("gfns", gfns, Self.gfnRange)
    try check("frames", frames, hasVersion2 ? Self.frameRangeOfVersion2 : Self.frameRange)
    try check("vcpus", vcpus, Self.vcpuRange)
    try check("domains", domains, Self.domainRange)
    try check("foreignPages", foreignPages, Self.foreignPageRange)
    let hasSuperpages = !superpageOrders.isEmpty
    try check(
      "maxPages", budget,
      hasSuperpages ? Self.maxPagesRange : Self.maxPagesRangeWithoutSuperpages)
    if let reason = conflict { throw .unsupported(reason) }
    if alphabet.isEmpty, actors.isEmpty { throw .noOperations }
    for choice in choices { try check(choice) }
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

  private func check(_ choice: ArgumentChoice) throws(Fault) {
    let all = allOperations.filter { $0.kind == choice.kind }
    for (argument, values) in choice.values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let known = Set(all.compactMap { $0[argument] })
      guard !values.isEmpty, values.isSubset(of: known) else {
        throw .noSuchArgument(choice.kind, argument)
      }
    }
  }

  /// Why what is asked for does not go together.
  private var conflict: String? {
    if vcpus > 1 {
      if triesInvalidArguments { return "invalid arguments are tried on one vCPU only" }
      if !actors.isEmpty { return "an actor's operations are whole, so there is one vCPU" }
    }
    if domains > 1 {
      if vcpus > 1 { return "several domains have one vCPU each" }
      if domains * gfns > Self.windowLimit {
        return "all domains together have \(Self.windowLimit) GFNs at most"
      }
      if operationKinds.contains(.populate) {
        return
          "with several domains nothing is populated: of a populated page that another one maps a "
          + "state has no name"
      }
      if operationKinds.contains(.setGrantVersion), knobs.statusFreeing == .blind {
        return "with several domains status frames are not freed while another one maps them "
          + "(statusFreeing: blind)"
      }
    }
    return nil
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
    frames + (hasVersion2 ? 1 : 0) + (operationKinds.contains(.mapSharedInfo) ? 1 : 0)
      + (vcpus > 1 ? 2 * vcpus : 0)
  }

  /// Why states that differ in these names only are not one; `nil` if they are.
  func unsoundness(of symmetry: Symmetry) -> String? {
    let limit = ColumnSymmetry.pointerLimit
    guard domains > 1 || pointerCount <= limit else {
      return "more than \(limit) frames and vCPUs that name GFNs take too long to rename"
    }
    switch symmetry {
    case .gfn, .frame:
      if judged.contains(.regionDiscipline) {
        return "region-discipline names the GFN of each frame"
      }
      if domains > 1 { return "each domain has GFNs and frames of its own" }
      return symmetry == .gfn ? unsoundnessOfGFNs : unsoundnessOfFrames
    case .page:
      return treatsAlike(Array(0..<foreignPages)) { page, other in
        Renaming(pages: [page: other, other: page])
      } ? nil : "operations or actors name some of the pages only"
    case .vcpu:
      return vcpus > 1 ? nil : "there is one vCPU"
    }
  }

  /// Every GFN of the window is treated alike by the rules; a GFN beyond the P2M is none of the window.
  private var unsoundnessOfGFNs: String? {
    guard superpageOrders.isEmpty else {
      return "a superpage is decreased page by page, the first GFN first"
    }
    return treatsAlike(Array(0..<gfns)) { gfn, other in
      Renaming(gfns: [gfn: other, other: gfn])
    } ? nil : "operations or actors name some of the GFNs only"
  }

  private var unsoundnessOfFrames: String? {
    if vcpus > 1 { return "a vCPU that is mapping a frame names it" }
    let limit = ColumnSymmetry.pointingItemLimit
    guard frames <= limit else { return "more than \(limit) frames have too many orders to try" }
    return treatsAlike(Array(0..<frames)) { frame, other in
      Renaming(frames: [frame: other, other: frame])
    } ? nil : "operations or actors name some of the frames only"
  }

  /// Whether what is tried stays the same where two neighbours of these numbers are exchanged.
  private func treatsAlike(_ numbers: [Int], _ exchange: (Int, Int) -> Renaming) -> Bool {
    // All arguments of all kinds are alike; that needs no look at each.
    guard !choices.isEmpty || !actors.isEmpty else { return true }
    let operations = Set(explored)
    let actors = Set(actors.map(\.nameless))
    return zip(numbers, numbers.dropFirst()).allSatisfy { first, second in
      let renaming = exchange(first, second)
      return Set(operations.map { $0.renamed(renaming, of: self) }) == operations
        && Set(actors.map { $0.renamed(renaming, of: self) }) == actors
    }
  }
}
