import CArena
import CJansson

/// The owner of one parsed text; every `JSONView` into it is borrowed.
///
/// Views do not keep the document alive: hold it for as long as any of them is in use.
@safe
package struct JSONDocument: ~Copyable {
  /// The whole value.
  package let root: JSONView

  /// Parses one JSON value of any kind, with nothing but blanks around it.
  ///
  /// Refused besides what is not JSON: duplicate members, NUL (raw or escaped), integers beyond
  /// `Int64`, reals beyond `Double`, and invalid UTF-8. A duplicate would otherwise let two readers
  /// of one message see different values.
  ///
  /// - Throws: `JSONSyntaxError` with the place of the fault.
  package init(parsing text: Span<UInt8>) throws(JSONSyntaxError) {
    guard !text.isEmpty else {
      throw JSONSyntaxError(message: "the text is empty", line: 1, column: 0, position: 0)
    }
    if let fault = JSONSyntaxError(rawNULIn: text) { throw fault }
    _ = Self.usesArena
    arena_enter()
    var failure = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY
    let parsed = unsafe text.withUnsafeBufferPointer { bytes in
      unsafe json_loadb(bytes.baseAddress, bytes.count, Int(flags), &failure)
    }
    guard let json = unsafe parsed else {
      arena_leave()
      throw JSONSyntaxError(failure)
    }
    root = unsafe JSONView(json)
  }

  deinit {
    if !arena_is_whole() { unsafe json_decref(root.json) }
    arena_leave()
  }

  /// Makes jansson take its memory from the thread's arena, from the first document on. A document
  /// must end on the thread that parsed it.
  static let usesArena: Void = unsafe json_set_alloc_funcs(arena_allocate, arena_free)
}

extension JSONDocument {
  /// The version of libjansson that is in use, such as `2.14`.
  package static var libraryVersion: String {
    unsafe String(cString: jansson_version_str())
  }
}
