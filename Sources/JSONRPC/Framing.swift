/// How messages are told apart on a connection, in both directions.
package enum Framing: Sendable {
  /// One message a line.
  case ndjson
  /// LSP's headers: `Content-Length: N`, a blank line, N bytes.
  case contentLength
}
