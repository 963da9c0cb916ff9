import Jansson
import P2MProtocol

/// What the editor can do, as its `initialize` tells.
package struct ClientSupport: Sendable {
  /// How positions are counted: UTF-8 where it is offered, as nothing has to be counted then.
  package private(set) var encoding = PositionEncoding.utf16
  private(set) var hasSnippets = false
  private(set) var hasMarkdown = false
  /// Whether diagnostics may name other places.
  private(set) var hasRelatedInformation = false
  /// Whether symbols may have children.
  private(set) var hasSymbolTrees = false
  /// Whether an action may be an edit, and not only a command.
  private(set) var hasActionLiterals = false
  /// Whether edits may create files.
  private(set) var createsFiles = false
  /// Whether it can be asked to show a document.
  private(set) var showsDocuments = false

  package init() {}

  init(_ params: JSONView?) {
    let capabilities = params?["capabilities"]
    let encodings = capabilities?["general"]?["positionEncodings"]?.elements ?? []
    if encodings.contains(where: { $0.equals("utf-8") }) { encoding = .utf8 }
    let document = capabilities?["textDocument"]
    hasSnippets =
      document?["completion"]?["completionItem"]?["snippetSupport"]?.boolean == true
    hasMarkdown =
      document?["hover"]?["contentFormat"]?.elements.contains { $0.equals("markdown") } == true
    hasRelatedInformation =
      document?["publishDiagnostics"]?["relatedInformation"]?.boolean == true
    hasSymbolTrees =
      document?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"]?.boolean == true
    hasActionLiterals = document?["codeAction"]?["codeActionLiteralSupport"] != nil
    let edit = capabilities?["workspace"]?["workspaceEdit"]
    createsFiles =
      edit?["resourceOperations"]?.elements.contains { $0.equals("create") } == true
    showsDocuments = capabilities?["window"]?["showDocument"]?["support"]?.boolean == true
  }

  /// What the server can do for it.
  var serverCapabilities: JSONTree {
    let yes = JSONTree.boolean(true)
    func words(_ words: [String]) -> JSONTree { .array(words.map(JSONTree.string)) }
    return .object([
      "positionEncoding": .string(encoding.rawValue),
      "textDocumentSync": .object(["openClose": yes, "change": .integer(2)]),
      "hoverProvider": yes,
      "completionProvider": .object(["triggerCharacters": words(["\"", ":", "{", ","])]),
      "inlayHintProvider": yes,
      "documentSymbolProvider": yes,
      "foldingRangeProvider": yes,
      "definitionProvider": yes,
      "referencesProvider": yes,
      "codeActionProvider": .object([
        "codeActionKinds": words(CodeActionKind.allCases.map(\.rawValue))
      ]),
      "executeCommandProvider": .object([
        "commands": words(ServerCommand.allCases.map(\.rawValue))
      ]),
      "documentFormattingProvider": yes,
      "documentRangeFormattingProvider": yes,
    ])
  }
}
