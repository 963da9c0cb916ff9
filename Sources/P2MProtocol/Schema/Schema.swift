import JSONRPC

/// What a JSON value may be: the part of JSON Schema that the protocol needs.
package indirect enum Schema: Sendable {
  /// Any string; or one of a few.
  case string
  case choice([String])
  /// A frame number or an address as the server writes it: `"0x..."`, lower case, no leading zeros.
  case hex
  /// A number as the server takes it: hex in any case, or an integer below 2^53.
  case number
  case integer(ClosedRange<Int64>)
  /// One of a few integers.
  case integers([Int])
  /// Any integer.
  case anyInteger
  case boolean
  case null
  case nullable(Schema)
  case array(of: Schema, atMost: Int? = nil)
  case object([Member])
  /// An object whose members are not known beforehand.
  case anyObject
  /// An array whose elements are not known beforehand.
  case anyArray
  case oneOf([Schema])
  /// One of the schemas that have a name.
  case named(SharedSchema)

  /// A member of an object.
  package struct Member: Sendable {
    package let name: String
    package let schema: Schema
    package let about: String
    package let isRequired: Bool
    /// What stands for it where it is absent, as JSON.
    package let absent: String?

    package init(
      _ name: String, _ schema: Schema, _ about: String, isRequired: Bool = true,
      absent: String? = nil
    ) {
      self.name = name
      self.schema = schema
      self.about = about
      self.isRequired = isRequired
      self.absent = absent
    }
  }
}

/// Schemas that stand in several results, each with the name by which it is referred to.
package enum SharedSchema: String, CaseIterable, Sendable {
  case domain, effect, entry, frame, grantFrame, knobs, machine, page, region, violation

  /// What the schema is of.
  package var about: String {
    switch self {
    case .domain: "a domain"
    case .effect: "one change that an operation made"
    case .entry: "a P2M entry"
    case .frame: "what Xen knows of a machine page, its page_info"
    case .grantFrame: "where Xen believes a grant frame mapped, and where it is"
    case .knobs: "the decisions in which releases of Xen differ"
    case .machine: "a machine"
    case .page: "the page behind an entry"
    case .region: "a named range of a domain's frames"
    case .violation: "a property that does not hold, and where"
    }
  }
}

/// What a method is, beside its name and parameters.
package struct Declaration: Sendable {
  /// What it does, in one sentence.
  package let summary: String
  package let result: Schema
  package let errors: [DeclaredError]
  /// Parameters of a call on the example machine, as JSON.
  package let example: String

  init(_ summary: String, result: Schema, errors: [DeclaredError] = [], example: String = "{}") {
    self.summary = summary
    self.result = result
    self.errors = errors
    self.example = example
  }
}

/// An error that a method can answer with, beside those of the envelope and of its parameters.
package struct DeclaredError: Hashable, Sendable {
  package let code: Int
  package let name: String
  package let when: String

  init(_ code: Int, _ name: String, _ when: String) {
    self.code = code
    self.name = name
    self.when = when
  }
}

/// A method with all that is declared of it.
package struct DeclaredMethod: Sendable {
  package let name: String
  package let declaration: Declaration
  /// In the order in which they may be given by position.
  package let params: [Schema.Member]
}
