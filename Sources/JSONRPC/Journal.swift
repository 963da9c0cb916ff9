import Glibc
import Jansson

/// The requests that were carried out and their replies, on their way to a file: a session.
///
/// Each request is one line, and its reply the next; what is written out before the replies leave
/// can be told to a client, whatever becomes of the server afterwards. The lines wait in memory
/// until `commit`.
package struct Journal: ~Copyable {
  private let file: Descriptor
  /// How long the file may become, in bytes.
  private let limit: Int
  /// How many bytes of the file are whole lines of ours.
  private var length: Int
  private var lines = JSONWriter()
  /// Up to here `lines` is in the file.
  private var written = 0
  /// Where the text of the message begins that is being carried out, if it is one line.
  private var staged: JSONWriter.Mark?

  /// A journal that goes on at the end of a file.
  ///
  /// - Parameters:
  ///   - file: open for writing.
  ///   - length: how long it is, in bytes.
  ///   - limit: how long it may become.
  package init(_ file: Descriptor, length: Int, limit: Int) {
    self.file = file
    self.length = length
    self.limit = limit
  }

  /// How many bytes wait to be written out.
  var count: Int { lines.count }

  /// Keeps the text of a message as its line, in case it is carried out.
  ///
  /// Those of batches, and what has line breaks, are written anew by `take`.
  mutating func stage(
    _ message: Range<Int>, of reader: borrowing FrameReader, if isAlone: Bool
  ) {
    guard isAlone, reader.firstIndex(of: .init(ascii: "\n"), in: message) == nil else { return }
    staged = lines.mark
    lines.append(reader.bytes.span.extracting(message))
  }

  /// Takes down a message that was carried out, and what it was answered.
  ///
  /// - Parameters:
  ///   - message: the message.
  ///   - params: what stands in place of its parameters, if they are not to be recorded as they came.
  ///   - reply: where the reply ends.
  ///   - start: where it begins; there is nothing behind it for a notification.
  mutating func take(
    _ message: JSONView, params: [UInt8]?, reply: borrowing JSONWriter,
    from start: JSONWriter.Mark
  ) {
    if let params {
      unstage()
      write(message, params: params)
    } else if staged == nil {
      lines.value(message)
    }
    staged = nil
    lines.raw("\n")
    let before = lines.mark
    lines.append(reply, from: start)
    if before != lines.mark { lines.raw("\n") }
  }

  private mutating func write(_ message: JSONView, params: [UInt8]) {
    lines.raw("{\"jsonrpc\":\"2.0\"")
    if let id = message["id"] {
      lines.key("id")
      lines.value(id)
    }
    if let method = message["method"] {
      lines.key("method")
      lines.value(method)
    }
    lines.key("params")
    lines.append(params.span)
    lines.endObject()
  }

  /// Forgets the message, unless it was taken.
  mutating func unstage() {
    if let staged { lines.rewind(to: staged) }
    staged = nil
  }

  /// Writes out every request that was answered.
  ///
  /// - Throws: `StreamError`; the file is as long as it was then.
  mutating func commit() throws(StreamError) {
    let stop = staged?.count ?? lines.count
    let size = stop - written
    if size > 0 {
      guard length + size <= limit else { throw StreamError(operation: .record, code: EFBIG) }
      do throws(StreamError) {
        try lines.withBytes { bytes throws(StreamError) in
          try file.write(bytes.extracting(written..<stop), as: .record)
        }
      } catch {
        file.truncate(to: length)
        throw error
      }
      length += size
    }
    written = staged == nil ? 0 : stop
    if staged == nil { lines.removeAll() }
  }
}
