import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A method of the protocol: its type is its declaration, a value of it one call.
///
/// Parameters are asked for once, in `init(from:)`, in the order in which they may be given by
/// position; `machine`, which every method takes, comes after them. From the same questions come
/// the decoder, the schema and the reference.
protocol Method: SendableMetatype {
  /// The name on the wire.
  static var name: StaticString { get }
  static var declaration: Declaration { get }

  /// Reads the parameters.
  /// - Throws: invalid params.
  init(from params: inout ParameterReader) throws(RPCError)

  /// Does the work and writes the reply's member `result`, or `error` where the model failed.
  ///
  /// - Throws: why the request could not be served; no state has changed then.
  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError)

  /// The same, with what work that takes long has to call; see `LongMethod`.
  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError)
}

/// What a request says beside the method's own parameters.
struct Call {
  /// The machine that it names, or the default one.
  let machine: String
  /// The parameters as they came; `nil` where there are none.
  let params: JSONView?
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
    let machine = try reader.machine()
    if reader.hasMore {
      if let token = try reader.workDoneToken() { context.reportProgress(to: token) }
      try reader.finish()
    }
    let call = Call(machine: machine, params: params)
    try method.answer(call, in: &laboratory, context: &context, into: &reply)
  }

  @inline(__always)
  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    try answer(call, in: &laboratory, into: &reply)
  }

  /// All that is declared of the method.
  static func declared() -> DeclaredMethod {
    var reader = ParameterReader(describing: ())
    do throws(RPCError) {
      _ = try Self(from: &reader)
      _ = try reader.machine()
      _ = try reader.workDoneToken()
    } catch {
      preconditionFailure("\(name) refuses what stands for its parameters: \(error.message)")
    }
    return DeclaredMethod(
      name: "\(name)", declaration: declaration, params: reader.description ?? [])
  }
}

/// A method whose work may take long: it calls `context.advance` every few milliseconds, and has
/// changed nothing when that throws.
protocol LongMethod: Method {}

/// A method that carries out many requests on machines of its own; none of them may be another one.
protocol SearchMethod: LongMethod {}

extension LongMethod {
  /// The same where nobody waits.
  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    var context = RequestContext()
    try answer(call, in: &laboratory, context: &context, into: &reply)
  }
}

extension ParameterReader {
  /// LSP's token of progress, which every method takes.
  fileprivate mutating func workDoneToken() throws(RPCError) -> JSONView? {
    describe(
      .init(
        "workDoneToken", .oneOf([.anyInteger, .string]),
        "LSP's token: work that takes long reports $/progress to it", isRequired: false))
    guard let token = value("workDoneToken") else { return nil }
    guard RequestContext.isToken(token) else {
      throw refusal(of: "workDoneToken", RequestContext.expectedToken)
    }
    return token
  }
}

extension ParameterReader {
  /// The machine that every request may name.
  fileprivate mutating func machine() throws(RPCError) -> String {
    try optionalName("machine", shown: "\"main\"", "the machine") ?? Laboratory.defaultMachine
  }
}

/// A method that asks something of one machine.
protocol MachineMethod: Method {
  /// Does the work and writes the result, one JSON value. The machine is alive.
  func answer(on machine: inout Machine, into reply: inout JSONWriter) throws(MachineFailure)
}

/// A method that does something to one machine, which can be undone and exported.
protocol OperationMethod: MachineMethod {
  /// Whether it only says something, and changes nothing.
  static var isNote: Bool { get }
  /// Whether this call is an operation; one that only asks leaves no history.
  var isOperation: Bool { get }
}

extension OperationMethod {
  static var isNote: Bool { false }
  var isOperation: Bool { true }
}

/// Why a method of a machine has no result.
enum MachineFailure: Error {
  /// The request could not be served; no state has changed.
  case request(RPCError)
  /// The modelled hypercall failed; the machine's log tells what it changed all the same.
  case hypercall(HypercallError)
}

extension Machine {
  /// Answers `method` with the panic, if the machine's hypervisor is dead.
  @inline(__always)
  mutating func refuses(
    _ method: StaticString, into reply: inout JSONWriter
  ) -> Bool {
    guard let panic else { return false }
    forgetLastOperation()
    reply.error(.panic(panic), of: method, on: self)
    return true
  }
}

extension MachineMethod {
  @inline(__always)
  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    try serve(on: &laboratory[index].machine, into: &reply)
  }

  /// Does the work and writes `result`, or `error` where the model failed or is dead.
  ///
  /// - Returns: whether the machine was alive.
  @inline(__always) @discardableResult
  fileprivate func serve(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(RPCError) -> Bool {
    if machine.refuses(Self.name, into: &reply) { return false }
    let start = reply.mark
    reply.key("result")
    do throws(MachineFailure) {
      try answer(on: &machine, into: &reply)
    } catch {
      switch error {
      case .request(let error): throw error
      case .hypercall(let error):
        reply.rewind(to: start)
        reply.error(error, of: Self.name, on: machine)
      }
    }
    return true
  }
}

extension OperationMethod {
  @inline(__always)
  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    guard try carryOut(on: &laboratory[index], into: &reply) else { return }
    context.withText(of: Self.name) { text in
      if let text, text.count <= History.requestLimit {
        laboratory[index].history.append(text, isNote: Self.isNote)
      } else {
        laboratory[index].append(Self.name, call.params, isNote: Self.isNote, scratch: &reply)
      }
    }
  }

  /// The same of what does not stand in the request itself.
  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    guard try carryOut(on: &laboratory[index], into: &reply) else { return }
    laboratory[index].append(Self.name, call.params, isNote: Self.isNote, scratch: &reply)
  }

  /// - Returns: whether an operation was carried out, which belongs into the history.
  @inline(__always)
  private func carryOut(
    on bench: inout Laboratory.Bench, into reply: inout JSONWriter
  ) throws(RPCError) -> Bool {
    if isOperation, bench.machine.panic == nil { bench.history.prepare(bench.machine) }
    return try serve(on: &bench.machine, into: &reply) && isOperation
  }

  /// Does again what a history tells of this method.
  ///
  /// - Returns: whether the host has the memory; what was done once fails for no other reason.
  @Sendable
  static func perform(
    _ params: JSONView?, on machine: inout Machine, scratch: inout JSONWriter
  ) -> Bool {
    do throws(RPCError) {
      var reader = ParameterReader(params)
      return try Self(from: &reader).perform(on: &machine, scratch: &scratch)
    } catch {
      preconditionFailure("what was read once cannot be read again: \(error.message)")
    }
  }

  /// Tries what may be a call of this method.
  ///
  /// - Returns: whether it was a hypercall, failed or not, or did what it was to do.
  @Sendable
  static func attempt(
    _ params: JSONView?, on machine: inout Machine, scratch: inout JSONWriter
  ) -> Bool {
    guard machine.panic == nil else { return false }
    do throws(RPCError) {
      var reader = ParameterReader(params)
      let method = try Self(from: &reader)
      try reader.finish()
      do throws(MachineFailure) {
        try method.answer(on: &machine, into: &scratch)
        return true
      } catch {
        switch error {
        case .request: return false
        case .hypercall: return true
        }
      }
    } catch {
      return false
    }
  }

  private func perform(on machine: inout Machine, scratch: inout JSONWriter) -> Bool {
    do throws(MachineFailure) {
      try answer(on: &machine, into: &scratch)
      return true
    } catch {
      switch error {
      case .request, .hypercall(.outOfHostMemory): return false
      case .hypercall: return true
      }
    }
  }
}

extension Machine {
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

/// Does something in the laboratory for a method.
func refusing<Value>(
  _ work: () throws(Laboratory.Failure) -> Value
) throws(RPCError) -> Value {
  do throws(Laboratory.Failure) { return try work() } catch { throw .laboratory(error) }
}

extension Laboratory {
  /// The machine called `name`.
  /// - Throws: not found.
  @inline(__always)
  func find(_ name: String) throws(RPCError) -> Index {
    do throws(Failure) { return try index(of: name) } catch { throw .laboratory(error) }
  }
}

extension Laboratory.Bench {
  /// Adds an operation to the history, as the members `method` and `params` of its request.
  ///
  /// - Parameter scratch: a writer at whose end the request is put together, and taken back.
  fileprivate mutating func append(
    _ method: StaticString, _ params: JSONView?, isNote: Bool, scratch: inout JSONWriter
  ) {
    let start = scratch.mark
    let size = scratch.count
    scratch.raw("{\"method\":")
    scratch.string(method)
    if let params {
      scratch.raw(",\"params\":")
      scratch.value(params)
    }
    scratch.raw("}")
    scratch.withBytes { bytes in
      history.append(bytes.extracting(size..<bytes.count), isNote: isNote)
    }
    scratch.rewind(to: start)
  }
}
