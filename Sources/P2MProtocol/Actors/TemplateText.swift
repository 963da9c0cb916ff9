/// A string of a template: what stands in it, and places such as `${first+i}` to be filled in.
struct TemplateText {
  /// A sum of names and numbers.
  struct Sum {
    enum Operand {
      case name(String)
      case number(Int64)
    }

    struct Term {
      let isSubtracted: Bool
      let operand: Operand
    }

    let terms: [Term]
  }

  enum Piece {
    case literal(String)
    case place(Sum)
  }

  let pieces: [Piece]

  /// Why a string is no template, or cannot be filled in.
  struct Fault: Error {
    let reason: String
  }

  /// - Throws: what is wrong with a place in `text`.
  init(_ text: String) throws(Fault) {
    var pieces: [Piece] = []
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      if start.lowerBound > rest.startIndex {
        pieces.append(.literal(String(rest[..<start.lowerBound])))
      }
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw Fault(reason: "'${' without its '}'")
      }
      pieces.append(.place(try Sum(rest[start.upperBound..<end])))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { pieces.append(.literal(String(rest))) }
    self.pieces = pieces
  }

  /// Whether nothing has to be filled in.
  var isPlain: Bool {
    pieces.allSatisfy { if case .literal = $0 { true } else { false } }
  }

  /// The names that it needs.
  var names: [String] {
    pieces.flatMap { piece -> [String] in
      guard case .place(let sum) = piece else { return [] }
      return sum.terms.compactMap { if case .name(let name) = $0.operand { name } else { nil } }
    }
  }

  /// The text filled in: where it is one place and nothing else, that place's value as it is.
  func value(_ values: [String: TemplateValue]) throws(Fault) -> TemplateValue {
    if pieces.count == 1, case .place(let sum) = pieces[0] { return try sum.value(values) }
    var text = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): text += literal
      case .place(let sum): text += "\(try sum.value(values))"
      }
    }
    return .text(text)
  }
}

extension TemplateText.Sum {
  fileprivate init(_ text: Substring) throws(TemplateText.Fault) {
    var terms: [Term] = []
    var rest = text
    while true {
      let sign = terms.isEmpty ? "+" : rest.removeFirst()
      let operand = rest.prefix { $0 != "+" && $0 != "-" }
      rest = rest.dropFirst(operand.count)
      terms.append(Term(isSubtracted: sign == "-", operand: try Self.operand(operand, in: text)))
      if rest.isEmpty { break }
    }
    self.terms = terms
  }

  private static func operand(
    _ text: Substring, in whole: Substring
  ) throws(TemplateText.Fault) -> Operand {
    if let number = Int64(text), text.first?.isNumber == true { return .number(number) }
    guard TemplateText.isName(text) else {
      throw TemplateText.Fault(reason: "'${\(whole)}' is no sum of names and numbers")
    }
    return .name(String(text))
  }

  /// The only value, or the sum of several: a GFN where one of them is, else an integer.
  fileprivate func value(
    _ values: [String: TemplateValue]
  ) throws(TemplateText.Fault) -> TemplateValue {
    var sum: Int128 = 0
    var isHex = false
    for term in terms {
      let value: TemplateValue
      switch term.operand {
      case .number(let number): value = .integer(number)
      case .name(let name):
        guard let known = values[name] else {
          throw TemplateText.Fault(reason: "nothing is called '\(name)' here")
        }
        if terms.count == 1 { return known }
        value = known
      }
      let number: Int128
      switch value {
      case .integer(let integer): number = Int128(integer)
      case .hex(let hex):
        number = Int128(hex)
        isHex = true
      case .text(let text):
        throw TemplateText.Fault(reason: "'\(text.prefix(64))' is no number to count with")
      }
      sum += term.isSubtracted ? -number : number
    }
    if isHex, let hex = UInt64(exactly: sum) { return .hex(hex) }
    if !isHex, let integer = Int64(exactly: sum) { return .integer(integer) }
    throw TemplateText.Fault(reason: "a sum is out of range")
  }
}

extension TemplateText {
  /// Whether `text` may be the name of a parameter or of a saved value.
  static func isName(_ text: some StringProtocol) -> Bool {
    let letters = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    return letters && text.utf8.count <= 64 && text.first?.isLetter == true
  }
}
