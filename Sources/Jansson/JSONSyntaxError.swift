import CJansson
import Glibc

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

  /// The fault of a text with a NUL byte; `nil` where there is none.
  ///
  /// Jansson 2.14 refuses NUL, but overlooks one that stands right behind a number or a literal.
  @inline(__always)
  init?(rawNULIn text: Span<UInt8>) {
    let found = unsafe text.withUnsafeBufferPointer { unsafe Self.rawNUL(in: $0) }
    guard let position = found else { return nil }
    self.init(rawNULAt: position, in: text)
  }

  /// Where the first NUL byte is.
  @inline(__always)
  static func rawNUL(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let start = text.baseAddress, let nul = unsafe memchr(start, 0, text.count)
    else { return nil }
    return unsafe UnsafeRawPointer(nul) - UnsafeRawPointer(start)
  }

  private init(rawNULAt position: Int, in text: Span<UInt8>) {
    var line = 1
    var column = 1
    for index in 0..<position {
      let endsLine = text[index] == UInt8(ascii: "\n")
      line += endsLine ? 1 : 0
      column = endsLine ? 1 : column + 1
    }
    self.init(message: "NUL byte", line: line, column: column, position: position)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}
