import P2MProtocol

/// A member of an object, as a field of a class.
struct PythonField {
  let member: Schema.Member
  let form: PythonForm

  init(_ member: Schema.Member, _ form: PythonForm) {
    self.member = member
    self.form = form
  }

  private var name: String { PythonNames.identifier(member.name) }

  /// A boolean that is only told where it is true is false where it is not told.
  private var isFlag: Bool {
    if case .boolean = member.schema { !member.isRequired } else { false }
  }

  /// What two fields that are the same have in common.
  var identity: String { "\(name): \(form.annotation) \(member.isRequired)" }

  /// Whether it is read when it is asked for: making many objects is what takes time.
  private var isReadLater: Bool {
    guard case .sequence(.function, isTuple: true) = form.conversion else { return false }
    return member.isRequired
  }

  private var declaration: String {
    let value =
      member.isRequired
      ? form.annotation
      : isFlag ? "bool = False" : "\(form.optional.annotation) = None"
    return "    \(name): \(value)\n    \"\"\"\(member.about.sentence)\"\"\"\n"
  }

  /// The class with `fields`; those that may be absent come last.
  static func definition(
    of name: String, _ fields: [PythonField], tag: String?, _ about: String
  ) -> String {
    let base = fields.contains(where: \.isReadLater) ? "(Later)" : ""
    var text = "\n\n@dataclass(frozen=True)\nclass \(name)\(base):\n"
    text += "    \"\"\"\(about.sentence)\"\"\"\n\n"
    if let tag { text += "    kind: ClassVar[Literal[\"\(tag)\"]] = \"\(tag)\"\n" }
    let ordered = fields.filter(\.member.isRequired) + fields.filter { !$0.member.isRequired }
    return text + ordered.map(\.declaration).joined()
  }

  /// The function that reads or writes a value of the class `type`.
  static func function(
    _ function: String, _ type: String, _ fields: [PythonField],
    _ direction: PythonTypes.Direction
  ) -> String {
    switch direction {
    case .result:
      let later = fields.filter(\.isReadLater)
      var lines = fields.filter { !$0.isReadLater }.map { "        \"\($0.name)\": \($0.read),\n" }
      if !later.isEmpty { lines.append("        \"_json\": v,\n") }
      let values = lines.isEmpty ? "{}" : "{\n\(lines.joined())    }"
      let head = "\n\ndef \(function)(v: Any) -> \(type):\n    return make(\(type), \(values))\n"
      if later.isEmpty { return head }
      let readers = later.map { "    \"\($0.name)\": lambda v: \($0.read),\n" }.joined()
      return head + "\n\n\(type).readers = {\n\(readers)}\n"
    case .parameter:
      let lines = fields.map { "        \"\($0.member.name)\": \($0.written),\n" }.joined()
      return "\n\ndef \(function)(v: \(type)) -> Dict[str, Any]:\n"
        + "    return given({\n\(lines)    })\n"
    }
  }

  /// The expression for its value in the object `v` that came over the wire.
  private var read: String {
    if member.isRequired { return form.conversion.of("v[\"\(member.name)\"]") }
    if isFlag { return "v.get(\"\(member.name)\", False)" }
    return form.conversion.optional.of("v.get(\"\(member.name)\")")
  }

  /// The expression for what goes over the wire; `None` is left out.
  private var written: String {
    (member.isRequired ? form.conversion : form.conversion.optional).of("v.\(name)")
  }

  // MARK: As a parameter of a method

  /// As it stands in the signature.
  var parameter: String {
    member.isRequired
      ? "\(name): \(form.annotation)" : "\(name): \(form.optional.annotation) = None"
  }

  /// As it stands in the docstring.
  var told: String {
    let absent = member.absent.map { "; `\($0)` where it is not given" } ?? ""
    return "    \(name): \((member.about + member.schema.bounds + absent).sentence)"
  }

  /// The entry of the params object, for what is always given.
  var entry: String { "\"\(member.name)\": \(form.conversion.of(name))" }

  /// The lines that add it where it is given.
  var addition: String {
    "        if \(name) is not None:\n"
      + "            params[\"\(member.name)\"] = \(form.conversion.of(name))\n"
  }
}

extension Schema {
  /// The bounds of an integer, or how many elements there may be, for people.
  fileprivate var bounds: String {
    switch self {
    case .integer(let range): ", \(range.lowerBound) to \(range.upperBound)"
    case .array(_, let limit?): ", \(limit) at most"
    case .string, .choice, .hex, .number, .integers, .anyInteger, .boolean, .null, .nullable,
      .array(_, nil), .object, .anyObject, .anyArray, .oneOf, .named:
      ""
    }
  }
}

extension String {
  /// It begins with a capital and ends with a full stop.
  var sentence: String {
    let end = hasSuffix(".") ? "" : "."
    return prefix(1).uppercased() + dropFirst() + end
  }
}
