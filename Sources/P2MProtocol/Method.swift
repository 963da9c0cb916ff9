import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A method of the protocol: its type is its declaration, a value of it one call.
///
/// Parameters are asked for once, in `init(from:)`, in the order in which they may be given by
/// position; `machine`, which every method takes, comes after them.
protocol Method: SendableMetatype {
  /// The name on the wire.
  static var name: StaticString { get }

  /// Reads the parameters.
  /// - Throws: invalid params.
  init(from params: inout ParameterReader) throws(RPCError)

  /// Does the work and writes the reply's member `result`, or `error` where the model failed.
  ///
  /// - Parameter machine: the machine that the request names, or `nil` for the default one.
  /// - Throws: why the request could not be served; no state has changed then.
  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError)

  /// The same, with what work that takes long has to call; see `LongMethod`.
  func answer(
    in laboratory: inout Laboratory, machine: String?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError)
}

extension Method {
  /// Reads the parameters, does the work, and writes `result` or `error`.
  @Sendable
  static func call(
    in laboratory: inout Laboratory, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    var reader = ParameterReader(params)
    let method = try Self(from: &reader)
    let machine = try reader.optionalName("machine")
    if reader.hasMore {
      if let token = try reader.workDoneToken() { context.reportProgress(to: token) }
      try reader.finish()
    }
    try method.answer(in: &laboratory, machine: machine, context: &context, into: &reply)
  }

  @inline(__always)
  func answer(
    in laboratory: inout Laboratory, machine: String?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    try answer(in: &laboratory, machine: machine, into: &reply)
  }
}

/// A method whose work may take long: it calls `context.advance` every few milliseconds, and has
/// changed nothing when that throws.
protocol LongMethod: Method {}

extension LongMethod {
  /// The same where nobody waits.
  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    var context = RequestContext()
    try answer(in: &laboratory, machine: machine, context: &context, into: &reply)
  }
}

extension ParameterReader {
  /// LSP's token of progress, which every method takes.
  fileprivate mutating func workDoneToken() throws(RPCError) -> JSONView? {
    guard let token = optional("workDoneToken") else { return nil }
    guard RequestContext.isToken(token) else {
      throw refusal(of: "workDoneToken", RequestContext.expectedToken)
    }
    return token
  }
}

/// A method that asks something of one machine, or does something to it.
protocol MachineMethod: Method {
  /// Does the work and writes the result, one JSON value. The machine is alive.
  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure)
}

/// Why a method of a machine has no result.
enum MachineFailure: Error {
  /// The request could not be served; no state has changed.
  case request(RPCError)
  /// The modelled hypercall failed; the machine's log tells what it changed all the same.
  case hypercall(HypercallError)
}

extension MachineMethod {
  @inline(__always)
  func answer(
    in laboratory: inout Laboratory, machine: String?, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(machine)
    let start = reply.mark
    do throws(MachineFailure) {
      try laboratory[index].checkAlive()
      reply.key("result")
      try answer(on: &laboratory[index], into: &reply)
    } catch {
      switch error {
      case .request(let error): throw error
      case .hypercall(let error):
        reply.rewind(to: start)
        reply.error(error, of: Self.name, on: laboratory[index])
      }
    }
  }
}

extension Machine {
  /// - Throws: `panic`, if the hypervisor is dead.
  fileprivate mutating func checkAlive() throws(MachineFailure) {
    guard let panic else { return }
    forgetLastOperation()
    throw .hypercall(.panic(panic))
  }

  /// Where `domain` is.
  /// - Throws: `noSuchDomain`; the last operation is forgotten then, as this one has done nothing.
  mutating func find(_ domain: DomainID) throws(MachineFailure) -> DomainIndex {
    if let index = index(of: domain) { return index }
    forgetLastOperation()
    throw .hypercall(.noSuchDomain(domain))
  }
}

/// Makes a hypercall for a method.
@inline(__always)
func hypercall<Value>(
  _ make: () throws(HypercallError) -> Value
) throws(MachineFailure) -> Value {
  do throws(HypercallError) { return try make() } catch { throw .hypercall(error) }
}

extension Laboratory {
  /// The machine called `name`, or the default one.
  /// - Throws: not found.
  func find(_ name: String?) throws(RPCError) -> Index {
    let name = name ?? Self.defaultMachine
    do throws(Failure) { return try index(of: name) } catch { throw .laboratory(error) }
  }
}
