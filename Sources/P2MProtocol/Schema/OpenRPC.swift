import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The OpenRPC document: every method with its parameters, result, errors and an example.
package enum OpenRPC {
  /// The document, made from the declarations. The examples' results are the server's own.
  package static func document() -> JSONTree {
    .object([
      "openrpc": .string("1.3.2"),
      "info": .object([
        "title": .string(Product.name), "version": .string(Product.version),
        "description": .string(
          "An executable model of Xen's P2M and grant-table frame tracking, driven with JSON-RPC "
            + "2.0 over stdin and stdout."),
        "license": .object(["name": .string("Apache-2.0")]),
      ]),
      "methods": .array(MethodTable.declared.map(json)),
      "components": .object([
        "schemas": .object(
          SharedSchema.allCases.map {
            .init(name: $0.rawValue, value: $0.schema.json(.components).described($0.about))
          })
      ]),
    ])
  }

  private static func json(_ method: DeclaredMethod) -> JSONTree {
    let declaration = method.declaration
    return .object([
      "name": .string(method.name),
      "summary": .string(declaration.summary),
      "paramStructure": .string("either"),
      "params": .array(
        method.params.map { param in
          .object([
            "name": .string(param.name), "summary": .string(param.about),
            "required": .boolean(param.isRequired), "schema": param.json(.components),
          ])
        }),
      "result": .object([
        "name": .string("result"), "schema": declaration.result.json(.components),
      ]),
      "errors": .array(
        declaration.errors.map { error in
          .object([
            "code": .integer(Int64(error.code)),
            "message": .string("\(error.name): \(error.when)"),
          ])
        }),
      "examples": method.example.map { .array([json($0)]) },
    ])
  }

  private static func json(_ example: MethodExample) -> JSONTree {
    guard case .object(let params) = example.params else {
      preconditionFailure("an example's parameters are given by name")
    }
    return .object([
      "name": .string("example"),
      "params": .array(
        params.map { .object(["name": .string($0.name), "value": $0.value]) }),
      "result": .object(["name": .string("result"), "value": example.result]),
    ])
  }
}

extension JSONTree {
  /// The same schema with what it is of.
  package func described(_ about: String) -> JSONTree {
    guard case .object(let members) = self else { return self }
    return .object(members + [.init(name: "description", value: .string(about))])
  }
}

/// A call on the example machine, and what the server answers.
package struct MethodExample: Sendable {
  package let params: JSONTree
  package let result: JSONTree
}

extension DeclaredMethod {
  /// The method's example; `nil` for the one whose answer holds all examples.
  package var example: MethodExample? {
    guard name != "\(RPCDiscover.name)" else { return nil }
    var service = P2MService.exampleMachine()
    let params = JSONTree(json: declaration.example)
    let request = """
      {"jsonrpc":"2.0","id":1,"method":"\(name)","params":\(declaration.example)}
      """
    let reply = JSONTree(json: service.reply(to: request))
    guard let result = reply["result"] else {
      preconditionFailure("the example of \(name) is refused: \(reply.compact)")
    }
    return MethodExample(params: params, result: result)
  }
}

extension P2MService {
  /// The machine of the examples: domains 1 (privileged) and 2 with RAM, a region, and a foreign
  /// page at 0x38020 of domain 1; a vCPU of domain 2 is in the midst of mapping a frame.
  package static func exampleMachine() -> P2MService {
    let configuration = MachineConfiguration(preset: .default, vcpus: 2)
    var service = P2MService(Laboratory(configuration))
    let ram = #""ram":[{"gfn":"0x40000","pages":16}]"#
    for (method, params) in [
      ("domain.create", #"{"domain":1,"privileged":true,\#(ram)}"#),
      ("domain.create", #"{"domain":2,\#(ram),"maxPages":20}"#),
      (
        "region.define",
        #"{"domain":1,"name":"bank0","gfn":"0x38000","pages":64,"kind":"grant-table"}"#
      ),
      ("foreignPage.map", #"{"domain":1,"gfn":"0x38020","from":{"domain":2,"gfn":"0x40000"}}"#),
      (
        "vcpu.begin",
        #"{"domain":2,"vcpu":1,"operation":{"method":"grantFrame.map","#
          + #""params":{"frame":0,"gfn":"0x38000"}}}"#
      ),
      ("snapshot.create", #"{"name":"start"}"#),
    ] {
      let request = #"{"jsonrpc":"2.0","id":0,"method":"\#(method)","params":\#(params)}"#
      let reply = service.reply(to: request)
      precondition(reply.contains("\"result\""), "the example machine is refused: \(reply)")
    }
    return service
  }

  /// The reply to one message.
  package mutating func reply(to message: String) -> String {
    var dispatcher = Dispatcher(info: Product.info)
    var reply = JSONWriter()
    dispatcher.answer(Array(message.utf8).span, from: &self, into: &reply)
    return reply.text
  }
}

/// Tells all that is declared of the methods.
struct RPCDiscover: Method {
  /// Made once, as it takes milliseconds to run all examples.
  private static let document = OpenRPC.document().compact

  static let name: StaticString = "rpc.discover"
  static let declaration = Declaration(
    "Tells every method with its parameters, result, errors and an example, as OpenRPC has it.",
    result: .anyObject)

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    reply.key("result")
    reply.bareText(Self.document)
  }
}
