import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The protocol's own error codes.
enum ErrorCode {
  /// The modelled hypervisor is dead.
  static let hypervisorPanic = 1000
  static let notFound = 1001
  static let alreadyExists = 1002
  static let limitReached = RPCError.Code.limitReached
  /// Xen crashed the domain that made the hypercall.
  static let domainCrashed = 1004
  /// Another vCPU holds a lock.
  static let locked = 1005
}

extension RPCError {
  /// No such machine, snapshot, region or page.
  static func notFound(_ what: String) -> RPCError {
    RPCError(code: ErrorCode.notFound, message: "Not found: \(what)")
  }

  static func alreadyExists(_ what: String) -> RPCError {
    RPCError(code: ErrorCode.alreadyExists, message: "Already exists: \(what)")
  }

  static func limitReached(_ what: String, limit: Int) -> RPCError {
    RPCError(
      code: ErrorCode.limitReached, message: "Limit reached: at most \(limit) \(what)",
      data: .limit(limit))
  }

  static func laboratory(_ failure: Laboratory.Failure) -> RPCError {
    switch failure {
    case .machineExists(let name):
      .alreadyExists("machine '\(name)'; delete it first, or name another one")
    case .noSuchMachine(let name):
      .notFound("machine '\(name)'; 'machine.list' tells which there are")
    case .tooManyMachines(let limit):
      .limitReached("machines", limit: limit)
    case .snapshotExists(let name):
      .alreadyExists("snapshot '\(name)'; delete it first, or name another one")
    case .noSuchSnapshot(let name?):
      .notFound("snapshot '\(name)'; 'snapshot.list' tells which there are")
    case .noSuchSnapshot(nil):
      .notFound("any snapshot; 'snapshot.create' makes one")
    case .noMemory:
      RPCError(
        code: ErrorCode.limitReached,
        message: "Limit reached: no memory is left for the machine as it was beside the machine "
          + "as it is; delete another machine or a snapshot")
    case .tooManySnapshots(let limit):
      .limitReached("snapshots of a machine", limit: limit)
    }
  }
}

extension HypercallError {
  /// The errno and what the hypercall returns; or what stands for them where it does not return.
  fileprivate var nameAndCode: (name: String, code: Int) {
    if let errno { return ("\(errno)", errno.returnCode) }
    if case .domainCrashed = self { return ("DomainCrashed", ErrorCode.domainCrashed) }
    return ("HypervisorPanic", ErrorCode.hypervisorPanic)
  }
}

extension JSONWriter {
  /// The member `error` of a reply to `method`, whose hypercall failed, with what it changed.
  mutating func error(
    _ error: HypercallError, of method: StaticString, on machine: borrowing Machine
  ) {
    let (name, code) = error.nameAndCode
    key("error")
    object { writer in
      writer.key("code")
      writer.integer(code)
      writer.key("message")
      writer.string("\(name): \(error)")
      writer.key("data")
      writer.object { data in
        data.key("errno")
        data.string(name)
        data.key("method")
        data.string(method)
        data.consequences(of: machine)
      }
    }
  }
}
