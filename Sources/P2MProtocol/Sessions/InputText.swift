import JSONRPC
import Jansson

/// Why a file cannot be used: the line, from 1, and the reason.
package struct UnusableInput: Error, Hashable, Sendable {
  package let line: Int
  package let reason: String

  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}

extension JSONDocument {
  /// Parses line `number` of a file, most often a message.
  /// - Throws: why it is not JSON.
  init(_ line: Span<UInt8>, number: Int) throws(UnusableInput) {
    do throws(JSONSyntaxError) {
      self = try JSONDocument(message: line)
    } catch {
      throw UnusableInput(
        line: number, reason: "not JSON: \(error.message) (column \(error.column))")
    }
  }
}

/// A line of a text that is not blank.
package struct TextLine: Hashable, Sendable {
  /// From 1, blank lines counted.
  package let number: Int
  /// Its bytes, without the line's end.
  package let range: Range<Int>
  /// Where the next line begins.
  let end: Int
  /// Whether it ends with a line feed, not with the text.
  let isWhole: Bool

  /// The lines of `text`; a carriage return before a line feed is the line's end too.
  package static func all(of text: borrowing [UInt8]) -> [TextLine] {
    let text = text.span
    var lines: [TextLine] = []
    var start = 0
    var number = 0
    while start < text.count {
      let end = text.firstIndex(of: .init(ascii: "\n"), from: start) ?? text.count
      number += 1
      if !(start..<end).allSatisfy({ isBlank(text[$0]) }) {
        let hasReturn = text[end - 1] == .init(ascii: "\r")
        let isWhole = end < text.count
        lines.append(
          TextLine(
            number: number, range: start..<(hasReturn ? end - 1 : end),
            end: isWhole ? end + 1 : end, isWhole: isWhole))
      }
      start = end + 1
    }
    return lines
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == .init(ascii: " ") || byte == .init(ascii: "\t") || byte == .init(ascii: "\r")
  }
}
