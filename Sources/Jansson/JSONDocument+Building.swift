import CArena
import CJansson

/// An object put together member by member, for texts of which most is known without a parser.
///
/// Each function answers whether it could: `false` where there is no memory.
extension JSONDocument {
  /// An object without members; `nil` where there is no memory.
  package init?() {
    _ = Self.usesArena
    arena_enter()
    guard let object = unsafe json_object() else {
      arena_leave()
      return nil
    }
    root = unsafe JSONView(object)
  }

  /// Adds a number.
  package mutating func add(_ name: StaticString, _ number: Int64) -> Bool {
    unsafe add(name, json_integer(number))
  }

  /// Adds a string.
  ///
  /// - Parameter text: ASCII without control characters.
  package mutating func add(_ name: StaticString, ascii text: UnsafeBufferPointer<UInt8>) -> Bool {
    let characters = unsafe UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
    return unsafe add(name, json_stringn_nocheck(characters, text.count))
  }

  /// Adds what the parser makes of the array or object with which `text` begins; it refuses what
  /// `init(parsing:)` refuses.
  ///
  /// - Returns: how many bytes that takes; `nil` where there is none.
  package mutating func add(
    _ name: StaticString, parsing text: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    guard unsafe JSONSyntaxError.rawNUL(in: text) == nil else { return nil }
    var report = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK
    let parsed = unsafe json_loadb(text.baseAddress, text.count, Int(flags), &report)
    return unsafe add(name, parsed) ? Int(report.position) : nil
  }

  /// Adds a value that is not kept by anybody else.
  private mutating func add(_ name: StaticString, _ value: UnsafeMutablePointer<json_t>?) -> Bool {
    unsafe json_object_setn_new_nocheck(root.json, name.characters, name.utf8CodeUnitCount, value)
      == 0
  }
}
