/// Xen's error numbers, as far as the modelled operations give them.
// swift-format-ignore: AlwaysUseLowerCamelCase
package enum Errno: Int, CaseIterable, Sendable {
  case EPERM = 1
  case ENOENT = 2
  case ESRCH = 3
  case ENOMEM = 12
  case EACCES = 13
  case EFAULT = 14
  case EBUSY = 16
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
  case frameBusy(domain: DomainID, frame: Int, at: GFN)
  case frameDead(domain: DomainID, frame: Int)
  case sharedInfoBusy(domain: DomainID, at: GFN)
  case noSuchSharedInfo(index: UInt64)
  case otherPageAtTrackedGFN(domain: DomainID, frame: Int, at: GFN)
  case trackedBeyondP2M(domain: DomainID, frame: Int, at: GFN)
  case unsupportedSpace(UInt64)
  case spaceNotBatched(UInt64)
  case deviceSpaceRefused(DomainID)
  /// The hypervisor is dead and answers nothing any more.
  case panic(HypervisorPanic)

  /// What the hypercall returns, or `nil` where the hypervisor no longer returns.
  package var errno: Errno? {
    switch self {
    case .noSuchDomain: .ESRCH
    case .notPermitted: .EPERM
    case .foreignFromItself(_, let errno): errno
    case .nothingToMap, .invalidGFN, .beyondP2M, .trackedBeyondP2M, .noSuchFrame,
      .noSuchSharedInfo:
      .EINVAL
    case .nothingMapped: .ENOENT
    case .outOfTables, .outOfHostMemory: .ENOMEM
    case .frameBusy, .frameDead, .sharedInfoBusy: .EBUSY
    case .otherPageAtTrackedGFN: .EILSEQ
    case .unsupportedSpace: .ENOSYS
    case .spaceNotBatched: .EOPNOTSUPP
    case .deviceSpaceRefused: .EACCES
    case .panic: nil
    }
  }
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
    case .frameBusy(let domain, let frame, let gfn):
      "grant frame \(frame) of domain \(domain) is already mapped at \(gfn)"
    case .frameDead(let domain, let frame):
      "grant frame \(frame) of domain \(domain) was given back by a decrease and is stuck for good"
    case .sharedInfoBusy(let domain, let gfn):
      "shared_info of domain \(domain) is already mapped at \(gfn)"
    case .noSuchSharedInfo(let index):
      "shared_info has index 0 only, not 0x\(String(index, radix: 16))"
    case .otherPageAtTrackedGFN(let domain, let frame, let gfn):
      "grant frame \(frame) of domain \(domain) is tracked at \(gfn), where another page is"
    case .trackedBeyondP2M(let domain, let frame, let gfn):
      "grant frame \(frame) of domain \(domain) is tracked at \(gfn), beyond the P2M, "
        + "and is stuck for good"
    case .unsupportedSpace(let space):
      "mapping space \(space) is not supported here"
    case .spaceNotBatched(let space):
      "mapping space \(space) cannot be used in a batch"
    case .deviceSpaceRefused(let domain):
      "only the hardware domain maps device memory, and only for itself; this is domain \(domain)"
    case .panic(let panic):
      "\(panic)"
    }
  }

  private func name(_ gfn: GFN?) -> String { gfn?.description ?? "INVALID_GFN" }
}

extension HypervisorPanic: CustomStringConvertible {
  package var description: String {
    "grant frame index 0x\(String(index, radix: 16)) was checked as 32 bits and used as 64: "
      + "the hypervisor wrote outside the array and died"
  }
}
