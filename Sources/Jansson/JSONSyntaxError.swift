import CJansson

/// Why a text is not JSON, and where.
package struct JSONSyntaxError: Error, Equatable {
  /// What was wrong, in one line without control characters.
  package let message: String
  /// The line of the fault, from 1.
  package let line: Int
  /// The column of the fault, in characters from the start of its line.
  package let column: Int
  /// How far the parser had read, in bytes from the start of the text.
  package let position: Int
}

extension JSONSyntaxError {
  /// The parser's own report, cleaned: it quotes the text, whatever bytes that has.
  init(_ failure: borrowing json_error_t) {
    self.init(
      message: unsafe withUnsafeBytes(of: failure.text) { text in
        let quoted = unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        return String(quoted.unicodeScalars.map { Self.isControl($0) ? "\u{FFFD}" : Character($0) })
      },
      line: Int(failure.line), column: Int(failure.column), position: Int(failure.position))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}
