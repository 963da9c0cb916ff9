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

  private static func xen(_ errno: Errno, _ when: String) -> DeclaredError {
    DeclaredError(errno.returnCode, "\(errno)", when)
  }

  // MARK: The protocol's

  static let panic = DeclaredError(
    ErrorCode.hypervisorPanic, "HypervisorPanic",
    "the modelled hypervisor is dead, until the machine is reset or restored")
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
  /// What every question about one machine can answer with.
  static let machine: [DeclaredError] = [.invalidParams, .notFound, .panic]
  /// The same about one domain of it.
  static let domain: [DeclaredError] = [.unknownDomain] + machine
}
