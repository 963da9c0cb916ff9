/// The bounds of what a client may send; beyond them it is told the limit, and served on.
package enum Limits {
  /// The greatest message unless the caller asks for another, in bytes.
  package static let message = 16 << 20
  /// How deep a message may nest; the message itself is level 1.
  package static let nesting = 64
  /// How many messages a batch may have.
  package static let batch = 1000
  /// What the parser may take for a message, in bytes: strings take a few times their length, small
  /// values up to a hundred times.
  package static let memory = 96 << 20
  /// The longest id, or token of progress, in bytes: it is sent back, each byte as six at worst.
  package static let id = 4096
  /// What a batch may have been answered before the rest of it is refused, in bytes.
  package static let batchReply = 16 << 20
  /// What is read ahead of a request that works, beyond one message of the greatest size, in bytes.
  static let readAhead = 1 << 20
  /// The longest message that is taken for a cancellation, in bytes: an id, escaped, fits.
  static let cancellation = 8 * id
  /// How long a request that works does not look whether it is cancelled, in milliseconds.
  static let cancellationPause = 10
  /// The longest header line, in bytes.
  static let header = 4096
}
