import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// A document that the editor has open: its text, and what came of it as a session.
package struct OpenDocument {
  let uri: String
  /// The editor's number for this state of the text, if it has one.
  private(set) var version: Int64?
  package private(set) var text: TextDocument
  package internal(set) var analysis: Analysis
  /// What the machine `main` follows from the start.
  let variant: Variant
  /// Whether the diagnostics that the editor has are those of this text.
  var isPublished = false

  package init(
    uri: String, version: Int64? = nil, _ text: [UInt8], encoding: PositionEncoding,
    on variant: Variant, provisions: Provisions = Provisions()
  ) {
    self.variant = variant
    self.uri = uri
    self.version = version
    self.text = TextDocument(text, encoding: encoding)
    analysis = Analysis { SessionPlayer(on: variant, provisions: provisions) }
    if !isTooLarge { analysis.replace(0..<0, with: self.text.lines) }
  }

  /// Whether the text is kept in step, but not analysed.
  var isTooLarge: Bool {
    text.size > Limits.documentBytes || text.lines.count > Limits.documentLines
  }

  // MARK: Edits

  /// Replaces what lies in `range`, or everything.
  package mutating func change(_ range: PositionRange?, to new: [UInt8]) {
    let wasTooLarge = isTooLarge
    let change = range.map { text.replace($0, with: new) } ?? text.replace(with: new)
    isPublished = false
    if isTooLarge {
      analysis.replace(analysis.lines.indices, with: [])
    } else if wasTooLarge {
      analysis.replace(0..<0, with: text.lines)
    } else {
      let added = change.replaced.lowerBound..<change.replaced.lowerBound + change.count
      analysis.replace(change.replaced, with: Array(text.lines[added]))
    }
  }

  mutating func setVersion(_ version: Int64?) { self.version = version }

  // MARK: Lines

  /// Where the parts of a line are.
  func outline(_ line: Int) -> JSONOutline { JSONOutline(text.lines[line].text) }

  /// The positions of what a JSON pointer names in a line, or of the nearest thing around it.
  func range(_ line: Int, _ pointer: String) -> PositionRange {
    let outline = outline(line)
    guard let bytes = outline.nearestRange(to: pointer) else { return text.range(ofLine: line) }
    return text.range(line: line, bytes)
  }

  /// The place of a line in this document, as LSP's `Location`.
  func location(_ range: PositionRange) -> JSONTree {
    .object(["uri": .string(uri), "range": range.json])
  }

  /// Carries the session out up to and with `line`.
  ///
  /// - Returns: whether it got so far.
  mutating func carryOut(
    through line: Int, for client: inout RequestContext
  ) throws(RPCError) {
    var context = RequestContext(patience: Limits.patience)
    let end = min(line + 1, analysis.lines.count)
    while !analysis.advance(to: end, atMost: Limits.slice, in: &context) {
      try client.advance(to: analysis.position, of: end)
    }
  }
}
