import Hypervisor
import JSONRPC

extension DeclaredError {
  // MARK: Xen's

  static let unknownDomain = xen(.ESRCH, "the domain is unknown")
  static let notPermitted = xen(.EPERM, "the caller is not privileged, or names itself")
  static let nothingMapped = xen(.ENOENT, "no page is mapped there that can be unmapped")
  static let outOfTables = xen(.ENOMEM, "no page table is left for the GFN")
  static let invalid = xen(.EINVAL, "the index, the GFN or what is there does not fit")
  static let busy = xen(.EBUSY, "the frame is mapped elsewhere, or stuck for good")
  static let otherPage = xen(.EILSEQ, "another page is where the frame is tracked")

  static let notInP2M = xen(.ENOENT, "x86: the P2M has no entry for the GFN")
  static let foreignInTheWay = xen(.ENXIO, "x86: a foreign page is at the GFN")
  static let deviceInTheWay = xen(.EPERM, "x86: device memory is at the GFN")
  static let versionUnsupported = xen(.ENOSYS, "the grant table has no version 2 here")
  static let invalidVersion = xen(.EINVAL, "there is no such version")
  static let outOfMemory = xen(.ENOMEM, "no memory is left for the status frames")

  private static func xen(_ errno: Errno, _ when: String) -> DeclaredError {
    DeclaredError(errno.returnCode, "\(errno)", when)
  }

  // MARK: The protocol's

  static let panic = DeclaredError(
    ErrorCode.hypervisorPanic, "HypervisorPanic",
    "the modelled hypervisor is dead, until the machine is reset or restored")
  static let crashed = DeclaredError(
    ErrorCode.domainCrashed, "DomainCrashed",
    "Xen crashed the domain, which makes no hypercall any more")
  static let locked = DeclaredError(
    ErrorCode.locked, "Locked", "a vCPU of the domain holds a lock that this takes; nothing changes"
  )
  static let notFound = DeclaredError(
    ErrorCode.notFound, "NotFound", "a machine, region, snapshot or page is not there")
  static let alreadyExists = DeclaredError(
    ErrorCode.alreadyExists, "AlreadyExists", "the name or identifier is taken")
  static let limitReached = DeclaredError(
    ErrorCode.limitReached, "LimitReached", "a named limit is reached; nothing has changed")
  static let invalidParams = DeclaredError(
    RPCError.Code.invalidParams, "InvalidParams",
    "a parameter is missing, unknown, of the wrong kind or out of range")
}

extension [DeclaredError] {
  /// What x86 finds at a GFN and does not replace.
  static let inTheWay: [DeclaredError] = [.notInP2M, .foreignInTheWay, .deviceInTheWay]
  /// What every question about one machine can answer with.
  static let machine: [DeclaredError] = [.invalidParams, .notFound, .panic]
  /// The same about one domain of it.
  static let domain: [DeclaredError] = [.unknownDomain] + machine
}
