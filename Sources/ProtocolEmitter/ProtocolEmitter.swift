import P2MProtocol

/// Makes the files of `protocol/` from the methods' declarations.
package enum ProtocolEmitter {
  /// A generated file: its path within `protocol/`, and its text.
  package struct File: Hashable, Sendable {
    package let path: String
    package let text: String
  }

  /// Every generated file.
  package static func files() -> [File] {
    [
      File(path: "openrpc.json", text: openRPC()), File(path: "reference.md", text: markdown()),
    ] + jsonSchemas()
  }

  /// The OpenRPC document.
  package static func openRPC() -> String {
    OpenRPC.document().pretty() + "\n"
  }

  /// A JSON Schema (2020-12) for each shared schema, and for each method's parameters and result.
  package static func jsonSchemas() -> [File] {
    let shared = SharedSchema.allCases.map { shared in
      schemaFile(shared.rawValue, shared.schema.json(.files).described(shared.about))
    }
    let methods = MethodTable.declared.flatMap { method in
      [
        schemaFile(
          "\(method.name).params",
          Schema.object(method.params).json(.files)
            .described("the parameters of \(method.name), by name")),
        schemaFile(
          "\(method.name).result",
          method.declaration.result.json(.files).described("the result of \(method.name)")),
      ]
    }
    return shared + methods
  }

  private static func schemaFile(_ name: String, _ schema: JSONTree) -> File {
    guard case .object(let members) = schema else {
      preconditionFailure("a schema is an object")
    }
    let head: [JSONTree.Member] = [
      .init(name: "$schema", value: .string("https://json-schema.org/draft/2020-12/schema")),
      .init(name: "$id", value: .string("\(name).json")),
    ]
    return File(
      path: "schemas/\(name).json", text: JSONTree.object(head + members).pretty() + "\n")
  }
}
