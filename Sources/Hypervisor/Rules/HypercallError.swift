/// Xen's error numbers, as far as the modelled operations give them.
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum Errno: Int, CaseIterable, Sendable {
  case EPERM = 1
  case ENOENT = 2
  case ESRCH = 3
  case ENXIO = 6
  case ENOMEM = 12
  case EACCES = 13
  case EFAULT = 14
  case EBUSY = 16
  case EXDEV = 18
  case EINVAL = 22
  case ENOSYS = 38
  case EILSEQ = 84
  case EOPNOTSUPP = 95

  /// The value that a hypercall returns.
  package var returnCode: Int { -rawValue }
}

/// Why an operation failed. What a guest can cause is one of these; nothing else is thrown.
package enum HypercallError: Error, Hashable, Sendable {
  case noSuchDomain(DomainID)
  case notPermitted(caller: DomainID, target: DomainID)
  /// Releases differ in the errno.
  case foreignFromItself(DomainID, Errno)
  case nothingToMap(domain: DomainID, gfn: GFN?)
  case nothingMapped(domain: DomainID, gfn: GFN?)
  case invalidGFN
  case beyondP2M(gfn: GFN, limit: UInt64)
  /// The pool of the domain's P2M is empty.
  case outOfTables(domain: DomainID, gfn: GFN)
  /// The host that the model runs on has no memory left; nothing has changed.
  case outOfHostMemory(domain: DomainID, gfn: GFN)
  case noSuchFrame(index: UInt64, maximum: Int)
  case noSuchStatusFrame(Int, existing: Int)
  case frameBusy(domain: DomainID, page: SpecialPage, at: GFN)
  case frameDead(domain: DomainID, page: SpecialPage)
  case sharedInfoBusy(domain: DomainID, at: GFN)
  case noSuchSharedInfo(index: UInt64)
  /// The page is one of Xen's own, or plain RAM.
  case otherPageAtTrackedGFN(domain: DomainID, page: SpecialPage?, mfn: MFN, at: GFN)
  case trackedBeyondP2M(domain: DomainID, page: SpecialPage, at: GFN)
  /// x86: the P2M has no entry for the GFN, and can have none.
  case notInP2M(GFN?)
  /// x86: what is at the GFN is not the domain's to free.
  case foreignInTheWay(domain: DomainID, gfn: GFN)
  /// x86: device memory is not replaced.
  case deviceInTheWay(domain: DomainID, gfn: GFN)
  case nothingToMove(domain: DomainID, gfn: GFN?)
  case sourceNotRAM(domain: DomainID, gfn: GFN?)
  /// x86: the M2P has the page elsewhere.
  case notWhereTracked(domain: DomainID, gfn: GFN)
  case noSuchGrantVersion(Int)
  case grantVersionUnsupported(Int)
  case statusFramesNotTold(DomainID)
  case outOfMemory(domain: DomainID)
  case unsupportedSpace(UInt64)
  /// x86 answers otherwise than Arm.
  case noSuchSpace(UInt64)
  case spaceNotBatched(UInt64)
  case deviceSpaceRefused(DomainID)
  /// The domain is dead and makes no hypercall any more.
  case domainCrashed(DomainID, CrashReason)
  /// The hypervisor is dead and answers nothing any more.
  case panic(HypervisorPanic)

  /// What the hypercall returns, or `nil` where it does not return.
  package var errno: Errno? {
    switch self {
    case .noSuchDomain: .ESRCH
    case .notPermitted: .EPERM
    case .foreignFromItself(_, let errno): errno
    case .nothingToMap, .nothingToMove, .invalidGFN, .beyondP2M, .trackedBeyondP2M, .noSuchFrame,
      .noSuchStatusFrame, .noSuchSharedInfo, .noSuchGrantVersion, .noSuchSpace:
      .EINVAL
    case .nothingMapped, .notInP2M: .ENOENT
    case .outOfTables, .outOfMemory, .outOfHostMemory: .ENOMEM
    case .foreignInTheWay: .ENXIO
    case .deviceInTheWay: .EPERM
    case .notWhereTracked: .EXDEV
    case .sourceNotRAM: .EACCES
    case .grantVersionUnsupported, .statusFramesNotTold: .ENOSYS
    case .frameBusy, .frameDead, .sharedInfoBusy: .EBUSY
    case .otherPageAtTrackedGFN: .EILSEQ
    case .unsupportedSpace: .ENOSYS
    case .spaceNotBatched: .EOPNOTSUPP
    case .deviceSpaceRefused: .EACCES
    case .domainCrashed, .panic: nil
    }
  }
}

/// Why Xen crashed a domain.
///
/// Xen: `domain_crash`
package enum CrashReason: Hashable, Sendable {
  /// A page was populated where a foreign page is mapped.
  case foreignReplaced(GFN)
  /// A page was populated where device memory is mapped.
  case deviceReplaced(GFN)
  /// The grant table went back to version 1 with a status frame that could not be unmapped.
  case statusFrameNotRemoved(Int)
  /// The grant table went back to version 1 while somebody held a status frame.
  case statusFrameInUse(Int)
}

/// How the modelled hypervisor died.
package struct HypervisorPanic: Hashable, Sendable {
  /// The grant frame index that was checked as 32 bits and used as 64.
  package let index: UInt64
}

extension HypercallError: CustomStringConvertible {
  /// What was wrong, where, and where it helps what to do; without the errno.
  package var description: String {
    switch self {
    case .noSuchDomain(let domain):
      "there is no domain \(domain)"
    case .notPermitted(let caller, let target):
      "domain \(caller) is not privileged over domain \(target)"
    case .foreignFromItself(let domain, _):
      "domain \(domain) cannot map its own pages as foreign ones"
    case .nothingToMap(let domain, let gfn):
      "domain \(domain) has no page of its own at \(name(gfn)) that could be mapped"
    case .nothingMapped(let domain, let gfn):
      "domain \(domain) has no page mapped at \(name(gfn))"
    case .invalidGFN:
      "INVALID_GFN cannot be mapped"
    case .beyondP2M(let gfn, let limit):
      "\(gfn) is beyond the P2M, which ends at 0x\(String(limit - 1, radix: 16))"
    case .outOfTables(let domain, let gfn):
      "no page table is left in the P2M pool of domain \(domain) for \(gfn)"
    case .outOfHostMemory(let domain, let gfn):
      "the model's host has no memory left for \(gfn) of domain \(domain); "
        + "delete a machine or a snapshot"
    case .noSuchFrame(let index, let maximum):
      "grant frame 0x\(String(index, radix: 16)) is out of range; there are \(maximum) at most"
    case .noSuchStatusFrame(let frame, let existing):
      "status frame \(frame) is out of range; there are \(existing)"
    case .frameBusy(let domain, let page, let gfn):
      "\(page) of domain \(domain) is already mapped at \(gfn)"
    case .frameDead(let domain, let page):
      "\(page) of domain \(domain) was given back by a decrease and is stuck for good"
    case .sharedInfoBusy(let domain, let gfn):
      "shared_info of domain \(domain) is already mapped at \(gfn)"
    case .noSuchSharedInfo(let index):
      "shared_info has index 0 only, not 0x\(String(index, radix: 16))"
    case .otherPageAtTrackedGFN(let domain, let page?, _, let gfn):
      "\(page) of domain \(domain) is tracked at \(gfn), where another page is"
    case .otherPageAtTrackedGFN(let domain, nil, let mfn, let gfn):
      "MFN \(mfn) of domain \(domain) is tracked at \(gfn), where another page is"
    case .trackedBeyondP2M(let domain, let page, let gfn):
      "\(page) of domain \(domain) is tracked at \(gfn), beyond the P2M, and is stuck for good"
    case .notInP2M(let gfn):
      "the P2M has no entry for \(name(gfn)), and can have none"
    case .foreignInTheWay(let domain, let gfn):
      "what is at \(gfn) is not domain \(domain)'s to free; unmap it first"
    case .deviceInTheWay(let domain, let gfn):
      "device memory of domain \(domain) at \(gfn) is not replaced"
    case .nothingToMove(let domain, let gfn):
      "domain \(domain) has no page of its own at \(name(gfn)) that could be moved"
    case .sourceNotRAM(let domain, let gfn):
      "domain \(domain) has no p2m_ram_rw page at \(name(gfn)) that could be moved"
    case .notWhereTracked(let domain, let gfn):
      "the M2P does not have the page at \(gfn) of domain \(domain)"
    case .noSuchGrantVersion(let version):
      "there is no grant table version \(version), only 1 and 2"
    case .grantVersionUnsupported(let version):
      "grant table version \(version) is not supported here"
    case .statusFramesNotTold(let domain):
      "domain \(domain) has a physmap and is not told where status frames are"
    case .outOfMemory(let domain):
      "no memory is left for frames of domain \(domain)'s grant table"
    case .noSuchSpace(let space):
      "there is no mapping space \(space) here"
    case .unsupportedSpace(let space):
      "mapping space \(space) is not supported here"
    case .spaceNotBatched(let space):
      "mapping space \(space) cannot be used in a batch"
    case .deviceSpaceRefused(let domain):
      "only the hardware domain maps device memory, and only for itself; this is domain \(domain)"
    case .domainCrashed(let domain, let reason):
      "Xen crashed domain \(domain): \(reason)"
    case .panic(let panic):
      "\(panic)"
    }
  }

  private func name(_ gfn: GFN?) -> String { gfn?.description ?? "INVALID_GFN" }
}

extension SpecialPage: CustomStringConvertible {
  package var description: String { String(toldBy: tell) }

  /// Says the name in pieces of ASCII.
  func tell(_ say: (String) -> Void) {
    switch self {
    case .grant(let frame):
      say("grant frame ")
      say(String(frame))
    case .status(let frame):
      say("status frame ")
      say(String(frame))
    case .sharedInfo: say("shared_info")
    }
  }
}

extension CrashReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .foreignReplaced(let gfn):
      "it populated \(gfn), where a foreign page is mapped"
    case .deviceReplaced(let gfn):
      "it populated \(gfn), where device memory is mapped"
    case .statusFrameNotRemoved(let frame):
      "status frame \(frame) could not be removed from its P2M"
    case .statusFrameInUse(let frame):
      "status frame \(frame) was in use when the grant table went back to version 1"
    }
  }
}

extension HypervisorPanic: CustomStringConvertible {
  package var description: String {
    "grant frame index 0x\(String(index, radix: 16)) was checked as 32 bits and used as 64: "
      + "the hypervisor wrote outside the array and died"
  }
}
