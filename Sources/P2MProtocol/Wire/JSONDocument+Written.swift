import Jansson

extension JSONDocument {
  /// Parses what this program has written itself.
  ///
  /// - Parameter start: where in the text the value begins, in bytes.
  init(written text: borrowing JSONWriter, from start: Int = 0) {
    do throws(JSONSyntaxError) {
      self = try text.withBytes { bytes throws(JSONSyntaxError) in
        try JSONDocument(parsing: bytes.extracting(start...))
      }
    } catch {
      preconditionFailure("what was written is not JSON: \(error.message)")
    }
  }
}
