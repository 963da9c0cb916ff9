import Jansson

/// An actor: what a component of a real system asks of the hypervisor, with places to be filled in.
struct ActorTemplate {
  struct Parameter {
    let name: String
    let about: String
    /// What stands for it where it is not given; `nil` where it must be.
    let absent: TemplateValue?
  }

  /// A request to be made, once or several times.
  struct Step {
    /// Where it stands in its file, from 1.
    let line: Int
    let method: MethodTable.Entry
    let params: [(name: String, value: TemplateNode)]
    /// How often; once where it is not said.
    let times: TemplateText?
    /// Names for what the reply has at these JSON pointers.
    let saves: [(name: String, pointer: String)]
    /// The codes of errors after which the actor goes on.
    let mayFail: Set<Int64>
  }

  let name: String
  let does: String
  let why: String
  let parameters: [Parameter]
  let steps: [Step]

  /// What a template may have.
  enum Limits {
    /// Bytes of a template.
    static let size = 1 << 16
    static let steps = 256
    static let parameters = 16
    /// How often a step may be taken.
    static let times: Int64 = 4096
    /// Requests of one run.
    static let requests = 4096
    /// Bytes of requests and replies that one run may answer with.
    static let answer = 16 << 20
  }

  /// Names that every template can use: whom it is about, and which turn of `times` it is.
  static let givenNames = ["domain", "machine", "i"]
}

/// A value of `params` with places to be filled in.
indirect enum TemplateNode {
  /// JSON without any.
  case literal(String)
  case text(TemplateText)
  case object([(name: String, value: TemplateNode)])
  case array([TemplateNode])
}

/// What a name stands for.
enum TemplateValue: Hashable {
  case integer(Int64)
  /// What the wire writes as `"0x..."`.
  case hex(UInt64)
  case text(String)

  /// `nil` for what is neither an integer nor a string.
  init?(_ json: JSONView) {
    if let integer = json.integer {
      self = .integer(integer)
    } else if let text = json.string {
      self = WireNumber.parse(hex: Array(text.utf8)).map(TemplateValue.hex) ?? .text(text)
    } else {
      return nil
    }
  }
}

extension TemplateValue: CustomStringConvertible {
  var description: String {
    switch self {
    case .integer(let number): "\(number)"
    case .hex(let number): "0x" + String(number, radix: 16)
    case .text(let text): text
    }
  }
}

extension JSONWriter {
  mutating func value(_ value: TemplateValue) {
    switch value {
    case .integer(let number): integer(number)
    case .hex(let number): hex(number)
    case .text(let text): string(text)
    }
  }
}
