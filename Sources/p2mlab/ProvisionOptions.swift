import ArgumentParser
import Laboratory

/// What requests may draw on beside the machines, as the command line grants it.
struct ProvisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let requests name files below this folder, such as device trees.", valueName: "folder"),
    completion: .directory)
  var allowRead: String?

  /// - Throws: `ReadableFolder.Refusal`.
  func load() throws(ReadableFolder.Refusal) -> Provisions {
    var provisions = Provisions()
    if let allowRead { provisions.folder = try ReadableFolder(allowRead) }
    return provisions
  }

  /// The same, and tells what cannot be used.
  func loadOrExit() throws -> Provisions {
    do throws(ReadableFolder.Refusal) {
      return try load()
    } catch {
      Console.complain("\(error)")
      throw ExitStatus.unusable
    }
  }
}
