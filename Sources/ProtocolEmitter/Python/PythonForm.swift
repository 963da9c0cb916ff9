/// What a schema is in Python: the annotation, and how a value is converted from or to JSON.
struct PythonForm {
  let annotation: String
  let conversion: Conversion

  init(_ annotation: String, _ conversion: Conversion = .identity) {
    self.annotation = annotation
    self.conversion = conversion
  }

  /// The same where the value may be `None`.
  var optional: PythonForm {
    guard annotation != "None", !annotation.hasPrefix("Optional[") else { return self }
    return PythonForm("Optional[\(annotation)]", conversion.optional)
  }

  indirect enum Conversion {
    case identity
    /// A function of that name.
    case function(String)
    /// A sequence, of whose elements each is converted; within `(` and `)`, or `[` and `]`.
    case sequence(Conversion, isTuple: Bool)
    case optional(Conversion)

    var optional: Conversion {
      switch self {
      case .identity: .identity
      case .function, .sequence, .optional: .optional(self)
      }
    }

    /// The expression for the value of the expression `value`.
    func of(_ value: String) -> String {
      switch self {
      case .identity: value
      case .function(let name): "\(name)(\(value))"
      case .sequence(.identity, let isTuple): "\(isTuple ? "tuple" : "list")(\(value))"
      case .sequence(let element, let isTuple):
        "\(isTuple ? "tuple" : "list")(map(\(element.reference), \(value)))"
      case .optional(let inner): "None if \(value) is None else \(inner.of(value))"
      }
    }

    /// An expression for the conversion itself.
    var reference: String {
      switch self {
      case .identity: "as_is"
      case .function(let name): name
      case .sequence, .optional: "lambda v: \(of("v"))"
      }
    }
  }
}
