import ArgumentParser
import Glibc
import Laboratory

/// What requests may draw on beside the machines, as the command line grants it.
struct ProvisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let requests name files below this folder, such as device trees.", valueName: "folder"),
    completion: .directory)
  var allowRead: String?

  @Option(
    help: ArgumentHelp(
      "Take the actors in this folder's *.ndjson files beside the built-in ones.",
      valueName: "folder"),
    completion: .directory)
  var actors: String?

  /// - Throws: `ReadableFolder.Refusal`, `FileError`.
  func load() throws -> Provisions {
    var provisions = Provisions()
    if let allowRead { provisions.folder = try ReadableFolder(allowRead) }
    if let actors { provisions.actors = try Self.actors(in: actors) }
    return provisions
  }

  /// The same, and tells what cannot be used.
  func loadOrExit() throws -> Provisions {
    do {
      return try load()
    } catch {
      Console.complain("\(error)")
      throw ExitStatus.unusable
    }
  }

  /// Actors that a folder may have.
  private static let actorLimit = 256

  /// What the folder's files say, by name; a mistake in one is told when it is used.
  private static func actors(in folder: String) throws(FileError) -> [ActorSource] {
    let ending = ".ndjson"
    let names = try Files.names(in: folder).filter { $0.hasSuffix(ending) }.sorted()
    guard names.count <= actorLimit else {
      throw FileError(description: "\(folder) has more than \(actorLimit) actors")
    }
    var actors: [ActorSource] = []
    for name in names {
      let text = try Files.read("\(folder)/\(name)")
      actors.append(ActorSource(name: String(name.dropLast(ending.count)), text: text))
    }
    return actors
  }
}
