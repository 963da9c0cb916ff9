/// The template of an actor, as text.
package struct ActorSource: Hashable, Sendable {
  /// What the actor is called: the file's name without its extension.
  package let name: String
  package let text: [UInt8]
  /// Whether it comes with the program.
  package let isBuiltIn: Bool

  package init(name: String, text: [UInt8], isBuiltIn: Bool = false) {
    self.name = name
    self.text = text
    self.isBuiltIn = isBuiltIn
  }

  /// The file that mistakes are told of.
  package var file: String { "\(name).ndjson" }
}
