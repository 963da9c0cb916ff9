import Jansson

extension JSONDocument {
  /// Parses what this program has written itself.
  init(written text: borrowing JSONWriter) {
    do throws(JSONSyntaxError) {
      self = try text.withBytes { bytes throws(JSONSyntaxError) in
        try JSONDocument(parsing: bytes)
      }
    } catch {
      preconditionFailure("what was written is not JSON: \(error.message)")
    }
  }
}
