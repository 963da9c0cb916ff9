import Glibc
import Jansson

/// A request as nearly every client writes it, read without the parser but for its parameters:
///
///     {"jsonrpc":"2.0","id":7,"method":"physmap.query","params":{"domain":0,"gfn":"0x40000"}}
///
/// The parser takes a call for each byte, and half of them are always the same. The members stand in
/// this order; `id` and `params` may be missing, and `id` may come last. An id is a whole number or,
/// as the method's name, a string of ASCII without escapes. Whatever is otherwise is not plain,
/// a mistake too: the parser reads it from its start, and says what is wrong.
@safe
struct PlainRequest {
  private let text: UnsafeBufferPointer<UInt8>
  /// Up to here the text is read.
  private var position = 0
  private var hasID = false

  private init(_ text: UnsafeBufferPointer<UInt8>) { unsafe self.text = text }

  /// What the parser would make of the text, where that is a plain request; else `nil`.
  static func document(of text: Span<UInt8>) -> JSONDocument? {
    unsafe text.withUnsafeBufferPointer { text in
      var request = unsafe PlainRequest(text)
      return request.read()
    }
  }

  private mutating func read() -> JSONDocument? {
    guard take("{"), take("\"jsonrpc\""), take(":"), take("\"2.0\""), take(","),
      var document = JSONDocument(), unsafe document.add("jsonrpc", ascii: Self.version)
    else { return nil }
    if take("\"id\"") {
      guard readID(into: &document), take(",") else { return nil }
    }
    guard take("\"method\""), take(":"), let name = unsafe string(),
      unsafe document.add("method", ascii: name)
    else { return nil }
    var continues = take(",")
    if continues, take("\"params\"") {
      guard readParams(into: &document) else { return nil }
      continues = take(",")
    }
    if continues {
      guard !hasID, take("\"id\""), readID(into: &document) else { return nil }
    }
    guard take("}"), unsafe position == text.count else { return nil }
    return document
  }

  private static var version: UnsafeBufferPointer<UInt8> {
    let version: StaticString = "2.0"
    return unsafe UnsafeBufferPointer(start: version.utf8Start, count: version.utf8CodeUnitCount)
  }

  /// Reads what follows the name `id`.
  private mutating func readID(into document: inout JSONDocument) -> Bool {
    hasID = true
    guard take(":") else { return false }
    if let text = unsafe string() { return unsafe document.add("id", ascii: text) }
    guard let number = number() else { return false }
    return document.add("id", number)
  }

  /// Reads what follows the name `params`: an object or an array.
  private mutating func readParams(into document: inout JSONDocument) -> Bool {
    guard take(":") else { return false }
    let rest = unsafe UnsafeBufferPointer(rebasing: text[position...])
    guard let size = unsafe document.add("params", parsing: rest) else { return false }
    position += size
    skipBlanks()
    return true
  }

  // MARK: Tokens, and the blanks behind them

  /// The next byte; 0 at the end.
  @inline(__always)
  private var next: UInt8 { unsafe position < text.count ? text[position] : 0 }

  @inline(__always)
  private mutating func skipBlanks() {
    while FrameReader.isBlank(next) { position &+= 1 }
  }

  /// Passes over the token if it comes next.
  @inline(__always)
  private mutating func take(_ token: StaticString) -> Bool {
    let size = token.utf8CodeUnitCount
    guard unsafe size <= text.count &- position, let start = unsafe text.baseAddress,
      unsafe memcmp(start + position, token.utf8Start, size) == 0
    else { return false }
    position &+= size
    skipBlanks()
    return true
  }

  /// A whole number of at most 18 digits, without leading zeros.
  private mutating func number() -> Int64? {
    let start = position
    let isZero = next == .init(ascii: "0")
    var value: Int64 = 0
    while case let digit = next &- .init(ascii: "0"), digit < 10, position &- start < 18 {
      value = value &* 10 &+ Int64(digit)
      position &+= 1
    }
    guard position > start, !isZero || position == start &+ 1 else { return nil }
    skipBlanks()
    return value
  }

  /// What stands between quotes, where that is ASCII without escapes.
  private mutating func string() -> UnsafeBufferPointer<UInt8>? {
    guard next == .init(ascii: "\"") else { return nil }
    let rest = unsafe UnsafeBufferPointer(rebasing: text[(position + 1)...])
    let size = unsafe PlainText.prefix(of: rest)
    guard size < rest.count, unsafe rest[size] == .init(ascii: "\"") else { return nil }
    position += size + 2
    skipBlanks()
    return unsafe UnsafeBufferPointer(rebasing: rest[..<size])
  }
}

extension JSONDocument {
  /// What the parser makes of a message, sooner where it is a plain request.
  package init(message text: Span<UInt8>) throws(JSONSyntaxError) {
    if let document = PlainRequest.document(of: text) {
      self = document
    } else {
      self = try JSONDocument(parsing: text)
    }
  }
}
