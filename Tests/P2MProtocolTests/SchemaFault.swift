import Jansson
import P2MProtocol

extension Schema {
  /// What is wrong with `value`, and where; `nil` if it is as the schema says.
  func fault(in value: JSONView, at path: String = "") -> String? {
    func unless(_ holds: Bool, _ expected: String) -> String? {
      holds ? nil : "\(path): expected \(expected), not \(value.json)"
    }
    switch self {
    case .string: return unless(value.kind == .string, "a string")
    case .choice(let words): return unless(value.string.map(words.contains) == true, "\(words)")
    case .hex:
      let text = value.string ?? ""
      let digits = text.dropFirst(2)
      let isCanonical = UInt64(digits, radix: 16).map { text == "0x" + String($0, radix: 16) }
      return unless(text.hasPrefix("0x") && isCanonical == true, "a frame number")
    case .number: return unless(value.kind == .string || value.kind == .integer, "a number")
    case .integer(let range):
      return unless(value.integer.map(range.contains) == true, "an integer in \(range)")
    case .integers(let values):
      return unless(value.integer.map { values.contains(Int($0)) } ?? false, "one of \(values)")
    case .anyInteger: return unless(value.kind == .integer, "an integer")
    case .boolean: return unless(value.kind == .boolean, "a boolean")
    case .null: return unless(value.kind == .null, "null")
    case .nullable(let schema):
      return value.kind == .null ? nil : schema.fault(in: value, at: path)
    case .array(let element, let limit):
      guard value.kind == .array, value.count <= limit ?? .max else {
        return unless(false, "an array")
      }
      for index in 0..<value.count {
        if let fault = value[index].flatMap({ element.fault(in: $0, at: "\(path)/\(index)") }) {
          return fault
        }
      }
      return nil
    case .object(let members): return Self.fault(in: value, members, at: path)
    case .anyObject: return unless(value.kind == .object, "an object")
    case .anyArray: return unless(value.kind == .array, "an array")
    case .oneOf(let schemas):
      let faults = schemas.map { $0.fault(in: value, at: path) }
      return faults.contains(nil) ? nil : "none of: \(faults.compactMap { $0 })"
    case .named(let schema): return schema.schema.fault(in: value, at: path)
    }
  }

  private static func fault(in value: JSONView, _ members: [Member], at path: String) -> String? {
    guard value.kind == .object else { return "\(path): expected an object, not \(value.json)" }
    for member in value.members {
      guard let declared = members.first(where: { $0.name == member.name }) else {
        return "\(path)/\(member.name): not declared"
      }
      let path = "\(path)/\(member.name)"
      if let fault = declared.schema.fault(in: member.value, at: path) { return fault }
    }
    let present = Set(value.members.map(\.name))
    let missing = members.first { $0.isRequired && !present.contains($0.name) }
    return missing.map { "\(path)/\($0.name): missing" }
  }
}

/// The declared methods by name.
let declaredMethods = Dictionary(
  uniqueKeysWithValues: MethodTable.declared.map { ($0.name, $0) })
