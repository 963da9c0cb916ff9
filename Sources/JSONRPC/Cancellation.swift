import Glibc
import Jansson

/// LSP's `$/cancelRequest`, found among the messages that wait.
enum Cancellation {
  /// The id that this message cancels; `nil` if it is another message, or none.
  static func id(in text: Span<UInt8>) -> RequestID? {
    guard text.count <= Limits.cancellation, namesItself(text) else { return nil }
    do throws(RPCError) {
      let document = try Dispatcher.parse(text)
      defer { extendLifetime(document) }
      let envelope = Envelope(document.root)
      guard envelope.isNotification, try envelope.checkedMethod().equals("$/cancelRequest") else {
        return nil
      }
      return try envelope.params()?["id"].flatMap(RequestID.init(value:))
    } catch {
      // It is answered when its turn comes.
      return nil
    }
  }

  /// Whether the name stands somewhere in the message: nearly none has to be parsed.
  ///
  /// Without `$/`, of which encoders make `$\/`; found by its capital letter, which is rare.
  private static func namesItself(_ text: Span<UInt8>) -> Bool {
    let name: StaticString = "cancelRequest"
    let capital = 6
    return unsafe text.withUnsafeBufferPointer { bytes in
      var from = capital
      while from <= bytes.count - (name.utf8CodeUnitCount - capital) {
        guard let start = bytes.baseAddress,
          let found = unsafe memchr(start + from, Int32(UInt8(ascii: "R")), bytes.count - from)
        else { return false }
        let position = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
        let first = position - capital
        if first + name.utf8CodeUnitCount <= bytes.count,
          unsafe memcmp(start + first, name.utf8Start, name.utf8CodeUnitCount) == 0
        {
          return true
        }
        from = position + 1
      }
      return false
    }
  }
}
