import ArgumentParser
import ProtocolEmitter

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print what is declared of the protocol.",
    discussion: """
      EXAMPLES:
        p2mlab schema openrpc > openrpc.json
        p2mlab schema --write protocol
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case openrpc
    case jsonSchema = "json-schema"
    case markdown
    case python
  }

  @Argument(help: "What to print.")
  var format: Format?

  @Option(
    help: ArgumentHelp("Write all of them into a folder instead.", valueName: "folder"),
    completion: .directory)
  var write: String?

  func validate() throws {
    guard (format == nil) != (write == nil) else {
      throw ValidationError("say what to print, or give a folder to --write into")
    }
  }

  func run() throws {
    if let write {
      for file in ProtocolEmitter.files() {
        try Files.replace("\(write)/\(file.path)", with: Array(file.text.utf8))
      }
    }
    switch format {
    case nil: break
    case .openrpc: print(ProtocolEmitter.openRPC(), terminator: "")
    case .markdown: print(ProtocolEmitter.markdown(), terminator: "")
    case .python: print(ProtocolEmitter.python(), terminator: "")
    case .jsonSchema:
      for file in ProtocolEmitter.jsonSchemas() { print(file.text, terminator: "") }
    }
  }
}
