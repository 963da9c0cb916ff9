extension JSONDocument {
  /// Parses what is known to be JSON: it was written by this program, or read once before.
  package init(known text: Span<UInt8>) {
    do throws(JSONSyntaxError) {
      self = try JSONDocument(parsing: text)
    } catch {
      preconditionFailure("what is known to be JSON is not: \(error.message)")
    }
  }

  /// The same of bytes in an array.
  package init(known text: [UInt8]) { self.init(known: text.span) }

  /// Parses what was written.
  ///
  /// - Parameter start: where in the text the value begins, in bytes.
  package init(written text: borrowing JSONWriter, from start: Int = 0) {
    self = text.withBytes { bytes in JSONDocument(known: bytes.extracting(start...)) }
  }
}
