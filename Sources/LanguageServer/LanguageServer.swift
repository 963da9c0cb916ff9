import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// A language server for sessions: the documents that an editor has open, and what it asks of them.
///
/// A document is carried out while no message waits, a few requests at a time, and its diagnostics
/// are published when all of it is; a request carries out what it needs.
package struct LanguageServer: Service {
  package static let info = ServerInfo(
    name: Product.name, version: Product.version, awaitsInitialize: true)

  /// What is served beside the lifecycle.
  enum Method: String, CaseIterable {
    case didOpen = "textDocument/didOpen"
    case didChange = "textDocument/didChange"
    case didClose = "textDocument/didClose"
    case hover = "textDocument/hover"
    case completion = "textDocument/completion"
    case inlayHint = "textDocument/inlayHint"
    case documentSymbol = "textDocument/documentSymbol"
    case foldingRange = "textDocument/foldingRange"
    case definition = "textDocument/definition"
    case references = "textDocument/references"
    case codeAction = "textDocument/codeAction"
    case formatting = "textDocument/formatting"
    case rangeFormatting = "textDocument/rangeFormatting"
    case executeCommand = "workspace/executeCommand"
  }

  private(set) var client = ClientSupport()
  /// In the order in which they were opened.
  var documents: [OpenDocument] = []
  /// The documents that were worked on last, the last one at the end.
  private var recent: [String] = []
  let variant: Variant
  let provisions: Provisions
  /// Requests that were sent to the editor.
  var asked = 0

  /// - Parameters:
  ///   - variant: what the machine `main` of a session follows.
  ///   - provisions: what requests may draw on beside the machines.
  package init(_ variant: Variant, provisions: Provisions = Provisions()) {
    self.variant = variant
    self.provisions = provisions
  }

  package mutating func initialize(
    params: JSONView?, capabilities: inout JSONWriter
  ) throws(RPCError) {
    client = ClientSupport(params)
    capabilities.bareText(client.serverCapabilities.compact)
  }

  package mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    guard let method = method.string.flatMap(Method.init(rawValue:)) else {
      throw .methodNotFound(method, among: Method.allCases.map(\.rawValue))
    }
    guard let params, params.kind == .object else {
      throw .invalidParams(path: "", expected: "an object")
    }
    let result = try answer(method, params, &context)
    reply.key("result")
    reply.bareText(result.compact)
  }

  private mutating func answer(
    _ method: Method, _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    switch method {
    case .didOpen: try didOpen(params, &context)
    case .didChange: try didChange(params)
    case .didClose: try didClose(params, &context)
    case .hover: try hover(params, &context)
    case .completion: try completion(params, &context)
    case .inlayHint: try inlayHints(params, &context)
    case .documentSymbol: try documentSymbols(params)
    case .foldingRange: try foldingRanges(params)
    case .definition: try definition(params, &context)
    case .references: try references(params)
    case .codeAction: try codeActions(params, &context)
    case .formatting, .rangeFormatting: try formatting(params)
    case .executeCommand: try executeCommand(params, &context)
    }
  }

  /// Carries out a few requests of a document that has changed, and publishes its diagnostics when
  /// all are.
  package mutating func work(in context: inout RequestContext) -> Bool {
    guard let index = documents.firstIndex(where: { !$0.isPublished }) else { return false }
    touch(documents[index].uri)
    var own = RequestContext(patience: Limits.patience, interruptedBy: context.input)
    let end = documents[index].analysis.lines.count
    if documents[index].analysis.advance(to: end, atMost: Limits.slice, in: &own) {
      publish(index, in: &context)
    }
    return true
  }

  // MARK: Documents

  /// Runs `body` on the document that the parameters name.
  ///
  /// - Returns: JSON's null where it is not open, or too large to be analysed.
  mutating func withDocument(
    _ params: JSONView, _ body: (inout OpenDocument) throws(RPCError) -> JSONTree
  ) throws(RPCError) -> JSONTree {
    guard let index = try find(params), !documents[index].isTooLarge else { return .null }
    touch(documents[index].uri)
    return try body(&documents[index])
  }

  /// Where the document that the parameters name is, if it is open.
  private func find(_ params: JSONView) throws(RPCError) -> Int? {
    guard let uri = params["textDocument"]?["uri"]?.string else {
      throw .invalidParams(path: "/textDocument/uri", expected: "a string")
    }
    return documents.firstIndex { $0.uri == uri }
  }

  /// Notes that a document is worked on; those that were not for long let their machines go.
  private mutating func touch(_ uri: String) {
    guard recent.last != uri else { return }
    recent.removeAll { $0 == uri }
    recent.append(uri)
    while recent.count > Limits.livelyDocuments {
      let idle = recent.removeFirst()
      if let index = documents.firstIndex(where: { $0.uri == idle }) {
        documents[index].analysis.release()
      }
    }
  }

  private mutating func didOpen(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    let item = params["textDocument"]
    guard let uri = item?["uri"]?.string, let text = item?["text"]?.string else {
      throw .invalidParams(path: "/textDocument", expected: "a document with its text")
    }
    documents.removeAll { $0.uri == uri }
    guard documents.count < Limits.documents else {
      warn("no more than \(Limits.documents) sessions are analysed at once: close one", &context)
      return .null
    }
    documents.append(
      OpenDocument(
        uri: uri, version: item?["version"]?.integer, Array(text.utf8), encoding: client.encoding,
        on: variant, provisions: provisions))
    return .null
  }

  private mutating func didChange(_ params: JSONView) throws(RPCError) -> JSONTree {
    guard let index = try find(params) else { return .null }
    for change in params["contentChanges"]?.elements ?? [] {
      guard let text = change["text"]?.string else { continue }
      documents[index].change(PositionRange(change["range"]), to: Array(text.utf8))
    }
    documents[index].setVersion(params["textDocument"]?["version"]?.integer)
    return .null
  }

  private mutating func didClose(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    guard let index = try find(params) else { return .null }
    let document = documents.remove(at: index)
    recent.removeAll { $0 == document.uri }
    publish([], of: document, in: &context)
    return .null
  }

  /// Has the editor show a warning.
  private func warn(_ message: String, _ context: inout RequestContext) {
    let warning: Int64 = 2
    let params = JSONTree.object([
      "type": .integer(warning), "message": .string("\(Product.name): \(message)"),
    ])
    context.notify("window/showMessage", params: params.compact)
  }

  /// Sends the editor a request, whose answer does not matter.
  mutating func ask(_ method: StaticString, _ params: JSONTree, in context: inout RequestContext) {
    asked += 1
    context.request(method, id: "p2mlab-\(asked)", params: params.compact)
  }
}
