import Hypervisor

/// What a history did that nobody asked for.
package struct Damage: Sendable {
  /// A page that was somebody's, removed from where it was by an operation that did not name that
  /// GFN.
  package struct LostPage: Hashable, Sendable {
    package let domain: DomainID
    package let gfn: GFN
    package let page: PageName
  }

  /// A frame that can never be mapped again, whatever its domain unmaps first.
  package struct StuckFrame: Hashable, Sendable {
    package let domain: DomainID
    package let frame: Int
  }

  /// A GFN of a domain's RAM that lost its page and is still empty.
  package struct Hole: Hashable, Sendable {
    package let domain: DomainID
    package let gfn: GFN
  }

  /// A domain that Xen crashed.
  package struct Crash: Hashable, Sendable {
    package let domain: DomainID
    package let reason: CrashReason
  }

  /// In the order in which they were lost.
  package private(set) var lostPages: [LostPage] = []
  /// Hypercalls that failed.
  package private(set) var failures = 0

  package init() {}

  /// Counts the last operation of `machine`.
  package mutating func count(_ machine: borrowing Machine, failed: Bool) {
    if failed { failures += 1 }
    for violation in machine.violations {
      guard case .collateralRemoval(let domain, let gfn, let page) = violation, page != .free
      else { continue }
      lostPages.append(LostPage(domain: domain, gfn: gfn, page: page))
    }
  }

  /// What was lost of RAM and has not been filled since.
  package func holes(in machine: borrowing Machine) -> [Hole] {
    var holes: [Hole] = []
    for lost in lostPages {
      let hole = Hole(domain: lost.domain, gfn: lost.gfn)
      guard let index = machine.index(of: lost.domain), !holes.contains(hole) else { continue }
      let isRAM = machine.domains[index.rawValue].configuration.ram.contains {
        $0.contains(lost.gfn)
      }
      if isRAM, machine.entry(at: lost.gfn, in: index) == nil { holes.append(hole) }
    }
    return holes
  }
}

/// What a history did that nobody asked for, as it stands at the end.
package struct DamageReport: Hashable, Sendable {
  package let failures: Int
  package let lostPages: [Damage.LostPage]
  package let holes: [Damage.Hole]
  package let stuckFrames: [Damage.StuckFrame]
  package let crashes: [Damage.Crash]
  /// How the hypervisor died, if it did.
  package let panic: HypervisorPanic?

  package init(_ damage: Damage, on machine: Machine) {
    failures = damage.failures
    lostPages = damage.lostPages
    holes = damage.holes(in: machine)
    stuckFrames = machine.stuckFrames()
    crashes = machine.domains.compactMap { domain in
      domain.crash.map { Damage.Crash(domain: domain.id, reason: $0) }
    }
    panic = machine.panic
  }

  /// Whether there is more than hypercalls that failed.
  package var isDamage: Bool {
    !lostPages.isEmpty || !holes.isEmpty || !stuckFrames.isEmpty || !crashes.isEmpty
      || panic != nil
  }
}

extension Machine {
  /// The frames that can never be mapped again, of domains that live.
  ///
  /// Found by trying, on a copy: a domain unmaps the frame wherever it is and whatever is where it is
  /// tracked, maps it at INVALID_GFN, which clears the array of old releases, and then at an empty
  /// GFN. What fails then fails for good.
  package func stuckFrames() -> [Damage.StuckFrame] {
    var trial = self
    var stuck: [Damage.StuckFrame] = []
    guard panic == nil else { return stuck }
    for (index, domain) in domains.enumerated() where domain.crash == nil {
      let everything = GuestRange(first: GFN(0), pageCount: p2mLimit)
      for (number, frame) in domain.grantTable.frames.enumerated() {
        // What is tracked rightly, or nowhere, and has its allocation can be mapped.
        if frame.trackingAgrees, page(frame.mfn)?.allocated == true { continue }
        for gfn in frame.mappedAt + [frame.tracked].compactMap({ $0 }) {
          try? trial.removeFromPhysmap(caller: domain.id, target: domain.id, gfn)
        }
        guard let everything,
          let free = trial.firstFreeGFN(in: everything, of: DomainIndex(index))
        else { continue }
        try? trial.map(number, at: nil, of: domain.id)
        do throws(HypercallError) {
          try trial.map(number, at: free, of: domain.id)
        } catch {
          if case .outOfTables = error { continue }
          stuck.append(Damage.StuckFrame(domain: domain.id, frame: number))
        }
      }
    }
    return stuck
  }

  private mutating func map(
    _ frame: Int, at gfn: GFN?, of domain: DomainID
  ) throws(HypercallError) {
    try addToPhysmap(caller: domain, target: domain, .grantTable, index: UInt64(frame), at: gfn)
  }
}
