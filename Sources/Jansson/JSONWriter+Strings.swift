import CJansson

extension JSONWriter {
  /// A constant string.
  ///
  /// - Parameter text: ASCII that needs no escape.
  @inlinable @inline(__always)
  package mutating func string(_ text: StaticString) {
    let size = text.utf8CodeUnitCount
    let room = unsafe reserve(size &+ 2)
    unsafe room[0] = .init(ascii: "\"")
    unsafe (room + 1).update(from: text.utf8Start, count: size)
    unsafe room[size &+ 1] = .init(ascii: "\"")
    advance(size &+ 2)
  }

  /// Any string, escaped to ASCII.
  @_disfavoredOverload
  package mutating func string(_ text: String) {
    var text = text
    text.withUTF8 { unsafe string($0) }
  }

  /// Any string as UTF-8, escaped to ASCII; invalid bytes become U+FFFD.
  package mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) {
    byte(.init(ascii: "\""))
    let plain = unsafe PlainText.prefix(of: utf8)
    unsafe copy(UnsafeBufferPointer(rebasing: utf8[..<plain]))
    if plain < utf8.count {
      for scalar in unsafe String(decoding: utf8[plain...], as: UTF8.self).unicodeScalars {
        escape(scalar)
      }
    }
    byte(.init(ascii: "\""))
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": raw("\\\"")
    case "\\": raw("\\\\")
    case "\n": raw("\\n")
    case "\r": raw("\\r")
    case "\t": raw("\\t")
    case "\u{20}"..."\u{7E}": byte(UInt8(truncatingIfNeeded: scalar.value))
    default:
      for unit in scalar.utf16 { escape(unit) }
    }
  }

  /// `\uXXXX`.
  private mutating func escape(_ unit: UTF16.CodeUnit) {
    let room = unsafe reserve(6)
    unsafe room[0] = .init(ascii: "\\")
    unsafe room[1] = .init(ascii: "u")
    for index in 0..<4 {
      unsafe room[2 + index] = Self.hexDigit(unit >> (12 - 4 * index))
    }
    advance(6)
  }

  /// A parsed value as it was, strings escaped to ASCII.
  ///
  /// Recursive: the parser's own limit on nesting bounds the depth.
  package mutating func value(_ view: JSONView) {
    switch view.kind {
    case .null: null()
    case .boolean: boolean(view.boolean == true)
    case .integer: integer(unsafe json_integer_value(view.json))
    case .real: number(unsafe json_real_value(view.json))
    case .string: if let utf8 = unsafe view.utf8 { unsafe string(utf8) }
    case .array: elements(of: view)
    case .object: members(of: view)
    }
  }

  /// The shortest digits that read back as the same number.
  private mutating func number(_ value: Double) {
    var digits = value.description
    digits.withUTF8 { unsafe copy($0) }
  }

  private mutating func elements(of array: JSONView) {
    beginArray()
    var index = 0
    while let item = array[index] {
      element()
      value(item)
      index += 1
    }
    endArray()
  }

  private mutating func members(of object: JSONView) {
    beginObject()
    for member in object.members {
      separate(after: .init(ascii: "{"))
      unsafe string(member.utf8)
      byte(.init(ascii: ":"))
      value(member.value)
    }
    endObject()
  }
}
