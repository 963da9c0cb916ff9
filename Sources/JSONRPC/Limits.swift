/// The bounds of what a client may send; beyond them it is told the limit, and served on.
package enum Limits {
  /// The greatest message unless the caller asks for another, in bytes.
  package static let message = 16 << 20
  /// How deep a message may nest; the message itself is level 1.
  package static let nesting = 64
  /// How many messages a batch may have.
  package static let batch = 1000
  /// The longest header line, in bytes.
  static let header = 4096
}
