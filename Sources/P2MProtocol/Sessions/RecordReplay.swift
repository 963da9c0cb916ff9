import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A record that a server has kept, carried out again: each request, and the reply behind it.
///
/// A server that was killed may leave the last of it torn: a line without its end, or a request
/// without its reply. No client was told anything of that, so it does not count.
package struct RecordReplay: ~Copyable {
  /// A reply that is not as recorded.
  package struct Mismatch: Error, Hashable, CustomStringConvertible {
    /// The line of the reply, from 1.
    package let line: Int
    package let difference: ReplyDifference

    package var description: String {
      let recorded = difference.expected ?? "nothing"
      let place = difference.path.isEmpty ? "the reply" : difference.path
      return "\(place) is \(difference.actual ?? "nothing"), not \(recorded) as recorded"
    }
  }

  private var player: SessionPlayer
  /// How many bytes of the record count.
  package private(set) var length = 0
  /// The line from which on the record is torn, if it is.
  package private(set) var tornLine: Int?

  private var context = RequestContext()
  private var reply = JSONWriter()

  /// The laboratory as the record leaves it, to be served on.
  package var service: P2MService { player.service }

  /// Carries out what was recorded on a server whose machine `main` follows `preset`.
  ///
  /// - Throws: `Mismatch` for the first reply that is not as recorded, `UnusableInput` for a line
  ///   that is not what a server records.
  package init(
    _ record: [UInt8], preset: Preset, provisions: Provisions = Provisions()
  ) throws {
    player = SessionPlayer(on: Variant(preset), provisions: provisions)
    let lines = TextLine.all(of: record)
    var index = 0
    while index < lines.count {
      guard let end = try end(ofPairAt: index, lines, record) else {
        tornLine = lines[index].number
        break
      }
      try carryOut(lines[index..<end], of: record.span)
      length = lines[end - 1].end
      index = end
    }
  }

  /// Where the request at `index` and its reply end, as an index of lines; `nil` where they are torn.
  private func end(
    ofPairAt index: Int, _ lines: [TextLine], _ record: [UInt8]
  ) throws(UnusableInput) -> Int? {
    guard lines[index].isWhole else { return nil }
    let document = try JSONDocument(
      record.span.extracting(lines[index].range), number: lines[index].number)
    defer { extendLifetime(document) }
    guard document.root["method"] != nil else {
      throw UnusableInput(line: lines[index].number, reason: "a reply without its request")
    }
    if document.root["id"] == nil { return index + 1 }
    return index + 1 < lines.count && lines[index + 1].isWhole ? index + 2 : nil
  }

  /// Carries out a request, and compares the reply with the line behind it.
  private mutating func carryOut(
    _ pair: ArraySlice<TextLine>, of record: Span<UInt8>
  ) throws {
    reply.removeAll()
    let request = record.extracting(pair[pair.startIndex].range)
    player.play(request, in: &context, into: &reply)
    guard pair.count == 2, let line = pair.last else { return }
    let recorded = record.extracting(line.range)
    if reply.withBytes({ $0.isEqual(to: recorded) }) { return }
    let expected = try JSONDocument(recorded, number: line.number)
    defer { extendLifetime(expected) }
    guard expected.root["method"] == nil else {
      throw UnusableInput(line: line.number, reason: "a request in place of a reply")
    }
    let answered = JSONDocument(written: reply)
    defer { extendLifetime(answered) }
    if let found = ReplyDifference(expected: expected.root, actual: answered.root) {
      throw Mismatch(line: line.number, difference: found)
    }
  }
}
