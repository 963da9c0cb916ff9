import CJansson

/// A value inside a parsed document, borrowed from its `JSONDocument`.
///
/// One pointer wide and free to copy. Every accessor answers `nil` where the value is of another
/// kind, so that a reader asks and decodes in one step. A view must not outlive its document.
///
/// Public to be inlined, as `JSONWriter` is.
@safe
public struct JSONView {
  @usableFromInline let json: UnsafeMutablePointer<json_t>

  @inlinable @inline(__always)
  init(_ json: UnsafeMutablePointer<json_t>) {
    unsafe self.json = json
  }

  /// What a JSON value can be; numbers without fraction and exponent are integers.
  public enum Kind: Sendable {
    case null, boolean, integer, real, string, array, object
  }

  /// What the value is.
  @inlinable @inline(__always)
  package var kind: Kind {
    switch unsafe json.pointee.type {
    case JSON_OBJECT: .object
    case JSON_ARRAY: .array
    case JSON_STRING: .string
    case JSON_INTEGER: .integer
    case JSON_REAL: .real
    case JSON_NULL: .null
    default: .boolean
    }
  }

  /// The number, if it is written as an integer.
  @inlinable @inline(__always)
  package var integer: Int64? {
    kind == .integer ? unsafe json_integer_value(json) : nil
  }

  /// The truth value.
  @inlinable @inline(__always)
  package var boolean: Bool? {
    kind == .boolean ? unsafe json.pointee.type == JSON_TRUE : nil
  }

  /// The bytes of a string, valid UTF-8 without NUL, in the document's memory.
  @inlinable @inline(__always)
  package var utf8: UnsafeBufferPointer<UInt8>? {
    guard kind == .string, let text = unsafe json_string_value(json) else { return nil }
    let start = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
    return unsafe UnsafeBufferPointer(start: start, count: json_string_length(json))
  }

  /// A copy of a string. Allocates: hot paths use `equals` and `utf8`.
  package var string: String? {
    guard let utf8 = unsafe utf8 else { return nil }
    return unsafe String(decoding: utf8, as: UTF8.self)
  }

  /// Whether the value is exactly this string.
  @inlinable @inline(__always)
  package func equals(_ text: StaticString) -> Bool {
    guard let utf8 = unsafe utf8 else { return false }
    return unsafe text.equals(utf8)
  }
}
