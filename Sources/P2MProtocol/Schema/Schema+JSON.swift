/// How JSON Schemas refer to the ones that have a name.
package enum ReferenceStyle: Sendable {
  /// Within one document: `#/components/schemas/entry`.
  case components
  /// Between files beside each other: `entry.json`.
  case files

  fileprivate func reference(to schema: SharedSchema) -> String {
    switch self {
    case .components: "#/components/schemas/\(schema.rawValue)"
    case .files: "\(schema.rawValue).json"
    }
  }
}

extension Schema {
  /// The schema as JSON Schema.
  package func json(_ style: ReferenceStyle) -> JSONTree {
    switch self {
    case .string: .object(["type": .string("string")])
    case .choice(let words):
      .object(["type": .string("string"), "enum": .array(words.map(JSONTree.string))])
    case .hex:
      .object(["type": .string("string"), "pattern": .string("^0x(0|[1-9a-f][0-9a-f]*)$")])
    case .number:
      .object(["oneOf": .array([Self.hexInput, Schema.integer(0...(1 << 53 - 1)).json(style)])])
    case .integer(let range):
      .object([
        "type": .string("integer"), "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ])
    case .integers(let values):
      .object(["type": .string("integer"), "enum": .array(values.map { .integer(Int64($0)) })])
    case .anyInteger: .object(["type": .string("integer")])
    case .boolean: .object(["type": .string("boolean")])
    case .null: .object(["type": .string("null")])
    case .nullable(let schema):
      .object(["oneOf": .array([schema.json(style), Schema.null.json(style)])])
    case .array(let element, let limit):
      .object([
        "type": .string("array"), "items": element.json(style),
        "maxItems": limit.map { .integer(Int64($0)) },
      ])
    case .object(let members): Self.json(members, style)
    case .anyObject: .object(["type": .string("object")])
    case .anyArray: .object(["type": .string("array")])
    case .oneOf(let schemas): .object(["anyOf": .array(schemas.map { $0.json(style) })])
    case .named(let schema): .object(["$ref": .string(style.reference(to: schema))])
    }
  }

  private static let hexInput = JSONTree.object([
    "type": .string("string"), "pattern": .string("^0[xX][0-9a-fA-F]{1,62}$"),
  ])

  private static func json(_ members: [Member], _ style: ReferenceStyle) -> JSONTree {
    .object([
      "type": .string("object"),
      "properties": .object(
        members.map { JSONTree.Member(name: $0.name, value: $0.json(style)) }),
      "required": .array(members.filter(\.isRequired).map { .string($0.name) }),
      "additionalProperties": .boolean(false),
    ])
  }
}

extension Schema.Member {
  /// The member's schema with what it is about, and what stands for it where it is absent.
  package func json(_ style: ReferenceStyle) -> JSONTree {
    guard case .object(var members) = schema.json(style) else {
      preconditionFailure("a schema is an object")
    }
    members.append(.init(name: "description", value: .string(about)))
    if let absent { members.append(.init(name: "default", value: JSONTree(json: absent))) }
    return .object(members)
  }
}
