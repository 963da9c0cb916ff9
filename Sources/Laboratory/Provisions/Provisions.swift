/// What requests may draw on beside the machines.
package struct Provisions: Sendable {
  /// The folder whose files clients may have read; `nil` where they may none.
  package var folder: ReadableFolder?

  package init(folder: ReadableFolder? = nil) {
    self.folder = folder
  }
}
