/// The bounds of what an editor may have analysed; beyond them it is told the limit.
package enum Limits {
  /// Documents that are open at once.
  package static let documents = 64
  /// Bytes and lines of a document; a larger one is kept in step, and not analysed.
  package static let documentBytes = 16 << 20
  package static let documentLines = 100_000
  /// Documents that keep the machines of their sessions; others carry them out again when asked.
  static let livelyDocuments = 4
  /// Machines kept along a session.
  static let checkpoints = 64
  /// How often one request may ask whether to go on: some seconds of an exploration, a check of
  /// 60 million entries.
  static let patience = 2000
  /// Requests that are carried out between two looks at the client.
  static let slice = 256
  /// What is published of a document.
  static let diagnostics = 1000
  /// Violations of a document whose causes are looked for.
  static let explained = 32
  /// Places in an answer, such as completions and references.
  static let places = 1000
  /// Lines that the actions of a selection are looked for in.
  static let selectedLines = 100
  /// Levels of nesting that are outlined.
  static let depth = 64
  /// Lines that formatting joins to one message.
  static let joinedLines = 1000
}
