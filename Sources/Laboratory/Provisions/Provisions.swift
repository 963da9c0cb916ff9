/// What requests may draw on beside the machines.
package struct Provisions: Sendable {
  /// The folder whose files clients may have read; `nil` where they may none.
  package var folder: ReadableFolder?
  /// Actors beside those that come with the program; one of the same name takes its place.
  package var actors: [ActorSource]

  package init(folder: ReadableFolder? = nil, actors: [ActorSource] = []) {
    self.folder = folder
    self.actors = actors
  }
}
