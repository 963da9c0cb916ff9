import CJansson
import Glibc

extension JSONView {
  /// How many elements an array or members an object has; 0 for all else.
  package var count: Int {
    switch kind {
    case .array: unsafe json_array_size(json)
    case .object: unsafe json_object_size(json)
    case .null, .boolean, .integer, .real, .string: 0
    }
  }

  /// The member of an object by its name, found by hash.
  @inlinable @inline(__always)
  package subscript(name: StaticString) -> JSONView? {
    let found = unsafe json_object_getn(json, name.characters, name.utf8CodeUnitCount)
    guard let found = unsafe found else { return nil }
    return unsafe JSONView(found)
  }

  /// The element of an array, from 0.
  package subscript(index: Int) -> JSONView? {
    guard index >= 0, let found = unsafe json_array_get(json, index) else { return nil }
    return unsafe JSONView(found)
  }

  /// The members of an object in document order; none for all else.
  package var members: Members { Members(self) }

  /// One member of an object.
  @safe
  public struct Member {
    /// The name's bytes, valid UTF-8 without NUL, in the document's memory.
    public let utf8: UnsafeBufferPointer<UInt8>
    /// The value.
    public let value: JSONView

    @inlinable @inline(__always)
    init(utf8: UnsafeBufferPointer<UInt8>, value: JSONView) {
      unsafe self.utf8 = utf8
      self.value = value
    }

    /// A copy of the name. Allocates: hot paths use `isNamed`.
    package var name: String { unsafe String(decoding: utf8, as: UTF8.self) }

    /// The first 64 characters of the name, or few more: for messages, where a name of 16 MiB must
    /// not be copied again and again.
    package var shortName: String {
      unsafe String(decoding: utf8.prefix(256), as: UTF8.self)
    }

    /// Whether the member has exactly this name.
    @inlinable @inline(__always)
    package func isNamed(_ name: StaticString) -> Bool { unsafe name.equals(utf8) }
  }

  /// A pass over the members of an object, in document order, without a copy.
  @safe
  public struct Members: Sequence, IteratorProtocol {
    @usableFromInline let object: UnsafeMutablePointer<json_t>
    @usableFromInline var position: UnsafeMutableRawPointer?

    init(_ view: JSONView) {
      unsafe object = view.json
      unsafe position = json_object_iter(view.json)
    }

    /// The value of the next member, if that has this name; passes on only then.
    @inlinable @inline(__always)
    package mutating func take(_ name: StaticString) -> JSONView? {
      guard let here = unsafe position,
        unsafe json_object_iter_key_len(here) == name.utf8CodeUnitCount,
        let key = unsafe json_object_iter_key(here),
        unsafe memcmp(key, name.utf8Start, name.utf8CodeUnitCount) == 0,
        let value = unsafe json_object_iter_value(here)
      else { return nil }
      unsafe position = json_object_iter_next(object, here)
      return unsafe JSONView(value)
    }

    @inlinable @inline(__always)
    public mutating func next() -> Member? {
      guard let here = unsafe position, let name = unsafe json_object_iter_key(here),
        let value = unsafe json_object_iter_value(here)
      else { return nil }
      unsafe position = json_object_iter_next(object, here)
      let start = unsafe UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self)
      let utf8 = unsafe UnsafeBufferPointer(start: start, count: json_object_iter_key_len(here))
      return unsafe Member(utf8: utf8, value: JSONView(value))
    }
  }
}
