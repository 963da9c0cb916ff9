import P2MProtocol

extension ProtocolEmitter {
  /// Types for Python 3.9 and later: what goes over the wire, as typed dictionaries.
  package static func python() -> String {
    var emitter = PythonTypes()
    for schema in SharedSchema.allCases { emitter.define(schema.rawValue, schema.schema) }
    for method in MethodTable.declared {
      let name = method.name.split(separator: ".").map { String($0) }.joined(separator: "_")
      emitter.define(name + "_params", .object(method.params))
      emitter.define(name + "_result", method.declaration.result)
    }
    return """
      \"\"\"What goes over p2mlab's wire, as types. Made by `p2mlab schema python`; not to be edited.\"\"\"
      from typing import Any, Dict, List, Literal, Optional, TypedDict, Union

      # A frame number or an address, "0x...".
      Hex = str
      # The same as a parameter, where an integer below 2^53 will do too.
      Number = Union[str, int]

      \(emitter.text)
      """
  }
}

/// Puts Python types together; objects within objects get types of their own, before the outer one.
private struct PythonTypes {
  private(set) var text = ""

  mutating func define(_ name: String, _ schema: Schema) {
    let type = Self.typeName(name)
    let defined = annotation(schema, type)
    if defined != type { text += "\n\(type) = \(defined)\n" }
  }

  /// The annotation for `schema`; an object becomes a type called `name`.
  private mutating func annotation(_ schema: Schema, _ name: String) -> String {
    switch schema {
    case .string: return "str"
    case .choice(let words):
      return "Literal[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .hex: return "Hex"
    case .number: return "Number"
    case .integer, .integers, .anyInteger: return "int"
    case .boolean: return "bool"
    case .null: return "None"
    case .nullable(let schema): return "Optional[\(annotation(schema, name))]"
    case .array(let element, _): return "List[\(annotation(element, name + "Item"))]"
    case .anyObject: return "Dict[str, Any]"
    case .anyArray: return "List[Any]"
    case .named(let schema): return "\"\(Self.typeName(schema.rawValue))\""
    case .oneOf(let schemas):
      let options = schemas.enumerated().map { number, schema in
        annotation(schema, "\(name)\(Self.suffix(schema, number))")
      }
      return "Union[" + options.joined(separator: ", ") + "]"
    case .object(let members):
      define(members, name)
      return name
    }
  }

  private mutating func define(_ members: [Schema.Member], _ name: String) {
    let lines = members.map { member in
      (member, annotation(member.schema, name + Self.typeName(member.name)))
    }
    let required = lines.filter { $0.0.isRequired }
    let optional = lines.filter { !$0.0.isRequired }
    func fields(_ lines: [(Schema.Member, String)]) -> String {
      // Names such as `from` are keywords, which a class cannot have as members.
      lines.map { "    \"\($0.0.name)\": \($0.1),  # \($0.0.about)\n" }.joined()
    }
    if optional.isEmpty {
      text += "\n\(name) = TypedDict(\"\(name)\", {\n\(fields(required))})\n"
      return
    }
    text += "\n_\(name)Required = TypedDict(\"_\(name)Required\", {\n\(fields(required))})\n"
    text +=
      "_\(name)Optional = TypedDict(\"_\(name)Optional\", {\n\(fields(optional))}, total=False)\n"
    text += "\n\nclass \(name)(_\(name)Required, _\(name)Optional):\n    pass\n"
  }

  /// What tells the alternatives of a union apart: their kind, where they have one.
  private static func suffix(_ schema: Schema, _ number: Int) -> String {
    guard case .object(let members) = schema, case .choice(let kinds)? = members.first?.schema,
      kinds.count == 1
    else { return "Option\(number + 1)" }
    return typeName(kinds[0])
  }

  private static func typeName(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
