/// What stands where in one line of JSON, whole or not.
///
/// The parser says what a message means, this only where its parts are; so it takes whatever an editor
/// holds while somebody types, and never fails. On what is JSON both agree (`JSONOutlineTests`).
package struct JSONOutline: Sendable {
  package enum Kind: Sendable {
    case object, array, string
    /// A number, a literal, or anything else without quotes.
    case word
  }

  /// A value.
  package struct Node: Sendable {
    package let kind: Kind
    /// Its bytes, quotes and brackets included.
    package let range: Range<Int>
    /// Whether it ends with its quote or bracket, and not with the line.
    package let isClosed: Bool
    /// The members or elements.
    package let children: [Child]
  }

  /// A member or an element.
  package struct Child: Sendable {
    /// The member's name, with its quotes; `nil` for an element.
    package let key: Range<Int>?
    /// `nil` where it is missing.
    package let value: Node?

    /// The name and the value.
    package var range: Range<Int> {
      switch (key, value) {
      case (let key?, let value?): key.lowerBound..<value.range.upperBound
      case (let key?, nil): key
      case (nil, let value?): value.range
      case (nil, nil): 0..<0
      }
    }
  }

  package let text: [UInt8]
  /// `nil` where the line is blank.
  package let root: Node?
  /// Whether something nests too deep to be outlined.
  package let isCut: Bool

  package init(_ text: [UInt8]) {
    self.text = text
    var scanner = Scanner(text: text)
    root = scanner.value(depth: 0)
    isCut = scanner.isCut
  }
}

/// Reads on from `position`.
private struct Scanner {
  let text: [UInt8]
  var position = 0
  private(set) var isCut = false

  private var byte: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipBlanks() {
    while let byte, byte.isBlank { position += 1 }
  }

  /// The next value; `nil` where something else stands, or nothing.
  mutating func value(depth: Int) -> JSONOutline.Node? {
    skipBlanks()
    switch byte {
    case nil, .init(ascii: "}"), .init(ascii: "]"), .init(ascii: ","), .init(ascii: ":"): return nil
    case .init(ascii: "\""): return string()
    case .init(ascii: "{"): return container(.object, closing: .init(ascii: "}"), depth)
    case .init(ascii: "["): return container(.array, closing: .init(ascii: "]"), depth)
    default: return word()
    }
  }

  private mutating func string() -> JSONOutline.Node {
    let start = position
    position += 1
    var isClosed = false
    while let byte, !isClosed {
      isClosed = byte == .init(ascii: "\"")
      position += byte == .init(ascii: "\\") && position + 1 < text.count ? 2 : 1
    }
    return node(.string, from: start, isClosed: isClosed)
  }

  private mutating func word() -> JSONOutline.Node {
    let start = position
    while let byte, !byte.isBlank, !Self.endsWord(byte) { position += 1 }
    return node(.word, from: start, isClosed: true)
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case .init(ascii: "\""), .init(ascii: ","), .init(ascii: ":"), .init(ascii: "{"),
      .init(ascii: "}"), .init(ascii: "["), .init(ascii: "]"):
      true
    default: false
    }
  }

  private func node(
    _ kind: JSONOutline.Kind, from start: Int, isClosed: Bool, _ children: [JSONOutline.Child] = []
  ) -> JSONOutline.Node {
    JSONOutline.Node(
      kind: kind, range: start..<position, isClosed: isClosed, children: children)
  }

  private mutating func container(
    _ kind: JSONOutline.Kind, closing: UInt8, _ depth: Int
  ) -> JSONOutline.Node {
    let start = position
    guard depth < Limits.depth else {
      position = text.count
      isCut = true
      return node(kind, from: start, isClosed: false)
    }
    position += 1
    var children: [JSONOutline.Child] = []
    while true {
      skipBlanks()
      switch byte {
      case closing:
        position += 1
        return node(kind, from: start, isClosed: true, children)
      case nil, .init(ascii: "}"), .init(ascii: "]"):
        // The end, or a bracket of something around it.
        if depth == 0, byte != nil {
          position += 1
          continue
        }
        return node(kind, from: start, isClosed: false, children)
      case .init(ascii: ","), .init(ascii: ":"):
        position += 1
      default:
        children.append(kind == .object ? member(depth) : element(depth))
      }
    }
  }

  private mutating func element(_ depth: Int) -> JSONOutline.Child {
    JSONOutline.Child(key: nil, value: value(depth: depth + 1))
  }

  private mutating func member(_ depth: Int) -> JSONOutline.Child {
    guard byte == .init(ascii: "\"") else { return element(depth) }
    let key = string().range
    skipBlanks()
    guard byte == .init(ascii: ":") else { return JSONOutline.Child(key: key, value: nil) }
    position += 1
    return JSONOutline.Child(key: key, value: value(depth: depth + 1))
  }
}
