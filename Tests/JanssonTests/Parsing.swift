import Jansson

/// Parses a text, and hands its root on while the document lives.
func parse<Result>(
  _ text: String, _ body: (JSONView) throws -> Result
) throws -> Result {
  let document = try JSONDocument(parsing: Array(text.utf8).span)
  defer { extendLifetime(document) }
  return try body(document.root)
}

/// What a writer holds after `body`.
func written(_ body: (inout JSONWriter) throws -> Void) rethrows -> String {
  var writer = JSONWriter()
  try body(&writer)
  return writer.text
}

extension JSONWriter {
  var text: String {
    withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
  }
}
