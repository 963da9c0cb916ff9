import P2MProtocol

extension ProtocolEmitter {
  /// The reference for people.
  package static func markdown() -> String {
    let methods = MethodTable.declared
    let list = methods.map { "- [`\($0.name)`](#\(anchor($0.name))): \($0.declaration.summary)" }
    return """
      # Reference

      Every method of the server, in alphabetical order. Parameters are given by name, or by position
      in the order of the tables. A frame number is a string `"0x..."`; as a parameter it may also be an
      integer below 2^53. Objects that stand in several results are [at the end](#objects).

      \(list.joined(separator: "\n"))

      \(methods.map(section).joined(separator: "\n"))
      ## Objects

      \(SharedSchema.allCases.map(section).joined(separator: "\n"))
      """
  }

  private static func anchor(_ name: String) -> String {
    name.lowercased().filter { $0 != "." }
  }

  private static func section(_ method: DeclaredMethod) -> String {
    var text = "## \(method.name)\n\n\(method.declaration.summary)\n\n"
    text += "| parameter | kind | about |\n|---|---|---|\n"
    for param in method.params {
      let name = param.isRequired ? "`\(param.name)`" : "[`\(param.name)`]"
      let absent = param.absent.map { "; `\($0)` where it is not given" } ?? ""
      text += "| \(name) | \(kind(param.schema)) | \(param.about)\(absent) |\n"
    }
    text += "\nResult: \(result(method.declaration.result))\n"
    if !method.declaration.errors.isEmpty {
      text += "\n| error | when |\n|---|---|\n"
      for error in method.declaration.errors {
        text += "| \(error.code) `\(error.name)` | \(error.when) |\n"
      }
    }
    if let example = method.example {
      text += """

        ```json
        {"method": "\(method.name)", "params": \(example.params.pretty())}
        \(example.result.pretty())
        ```

        """
    }
    return text
  }

  private static func section(_ schema: SharedSchema) -> String {
    "### \(schema.rawValue)\n\n\(schema.about.capitalisedFirst): \(result(schema.schema))\n"
  }

  private static func result(_ schema: Schema) -> String {
    switch schema {
    case .object(let members):
      if members.isEmpty { return "an empty object." }
      let rows = members.map { "| `\($0.name)` | \(kind($0.schema)) | \($0.about) |" }
      return "\n\n| member | kind | about |\n|---|---|---|\n" + rows.joined(separator: "\n")
    case .oneOf(let schemas):
      return "one of these." + schemas.map { "\n" + result($0) }.joined()
    case .string, .choice, .hex, .number, .integer, .integers, .anyInteger, .boolean,
      .null, .nullable, .array, .anyObject, .anyArray, .named:
      return kind(schema) + "."
    }
  }

  private static func kind(_ schema: Schema) -> String {
    switch schema {
    case .string: "string"
    case .choice(let words): words.map { "`\"\($0)\"`" }.joined(separator: ", ")
    case .hex: "frame number"
    case .number: "number of 64 bits"
    case .integer(let range):
      range.lowerBound == range.upperBound
        ? "`\(range.lowerBound)`" : "integer, \(range.lowerBound) to \(range.upperBound)"
    case .integers(let values): values.map { "`\($0)`" }.joined(separator: ", ")
    case .anyInteger: "integer"
    case .boolean: "boolean"
    case .null: "null"
    case .nullable(let schema): "\(kind(schema)), or null"
    case .array(let element, let limit):
      "array of \(kind(element))" + (limit.map { ", \($0) at most" } ?? "")
    case .object(let members):
      "{" + members.map { "`\($0.name)`: \(kind($0.schema))" }.joined(separator: ", ") + "}"
    case .anyObject: "object"
    case .anyArray: "array"
    case .oneOf(let schemas): schemas.map(kind).joined(separator: " or ")
    case .named(let schema): "[\(schema.rawValue)](#\(schema.rawValue.lowercased()))"
    }
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
