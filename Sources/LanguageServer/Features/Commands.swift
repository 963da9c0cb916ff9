import Glibc
import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// Experiments on a session, whose result is a session: a new file beside it where the editor can make
/// one, else in its place, where the editor's undo brings it back.
enum ServerCommand: String, CaseIterable {
  /// `{uri, property}`
  case shrink = "p2mlab.shrink"
  /// `{uri, preset, machine}`
  case runOnPreset = "p2mlab.runOnPreset"
}

extension LanguageServer {
  mutating func executeCommand(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    guard let name = params["command"]?.string, let command = ServerCommand(rawValue: name) else {
      let known = ServerCommand.allCases.map(\.rawValue).joined(separator: ", ")
      throw .invalidParams(path: "/command", expected: "one of \(known)")
    }
    if let token = params["workDoneToken"], RequestContext.isToken(token) {
      context.reportProgress(to: token)
    }
    guard let argument = params["arguments"]?[0], let uri = argument["uri"]?.string,
      let index = documents.firstIndex(where: { $0.uri == uri })
    else {
      throw .invalidParams(path: "/arguments/0/uri", expected: "a document that is open")
    }
    let document = documents[index]
    let experiment = SessionExperiment(variant: variant, provisions: provisions)
    let session = try RPCError.telling { () throws(UnusableInput) in
      try Session(document.text.text, isRecord: true)
    }
    switch command {
    case .shrink:
      guard let property = argument["property"]?.string.flatMap(Property.init(rawValue:)) else {
        throw .invalidParams(path: "/arguments/0/property", expected: "a property")
      }
      let text = try experiment.shrunk(session, violating: property, &context)
      deliver(text, instead: document, named: "shrunk", &context)
    case .runOnPreset:
      guard let preset = argument["preset"]?.string.flatMap({ Preset.named($0) }) else {
        throw .invalidParams(path: "/arguments/0/preset", expected: "a preset")
      }
      let machine = argument["machine"]?.string ?? Laboratory.defaultMachine
      let text = try experiment.session(document, session, on: preset, of: machine, &context)
      deliver(text, instead: document, named: preset.name, &context)
    }
    return .null
  }

  /// Has the editor write a session down.
  private mutating func deliver(
    _ text: [UInt8], instead document: OpenDocument, named name: String,
    _ context: inout RequestContext
  ) {
    let text = JSONTree.string(String(decoding: text, as: UTF8.self))
    let start = PositionRange(Position(line: 0, character: 0), Position(line: 0, character: 0))
    var edit = JSONTree.object([
      "changes": .object([
        JSONTree.Member(
          name: document.uri,
          value: .array([.object(["range": document.text.wholeRange.json, "newText": text])]))
      ])
    ])
    let file = client.createsFiles ? DocumentAddress.free(beside: document.uri, named: name) : nil
    if let file {
      edit = .object([
        "documentChanges": .array([
          .object([
            "kind": .string("create"), "uri": .string(file),
            "options": .object(["ignoreIfExists": .boolean(true)]),
          ]),
          .object([
            "textDocument": .object(["uri": .string(file), "version": .null]),
            "edits": .array([.object(["range": start.json, "newText": text])]),
          ]),
        ])
      ])
    }
    ask(
      "workspace/applyEdit", .object(["label": .string("p2mlab: \(name)"), "edit": edit]),
      in: &context)
    if let file, client.showsDocuments {
      ask("window/showDocument", .object(["uri": .string(file)]), in: &context)
    }
  }
}

/// Addresses of documents in files.
enum DocumentAddress {
  /// Names that are tried.
  private static let attempts = 1000

  /// The address of a file that is not there yet, beside another one.
  ///
  /// - Returns: `nil` for a document that is in no file.
  static func free(beside uri: String, named name: String) -> String? {
    guard uri.hasPrefix("file://") else { return nil }
    let ending = [".p2m.ndjson", ".ndjson"].first { uri.hasSuffix($0) } ?? ""
    let stem = uri.dropLast(ending.count)
    for number in 1...attempts {
      let suffix = number == 1 ? name : "\(name)-\(number)"
      let address = "\(stem).\(suffix).p2m.ndjson"
      guard let path = PercentEncoding.decode(address.dropFirst("file://".count)) else {
        return nil
      }
      if unsafe access(path, F_OK) != 0 { return address }
    }
    return nil
  }
}

extension RPCError {
  /// LSP's code of a request that is right and cannot be served.
  private static let requestFailed = -32803

  static func failed(_ message: String) -> RPCError {
    RPCError(code: requestFailed, message: message)
  }

  /// Tells the editor why a session cannot be used.
  static func telling<Value: ~Copyable>(
    _ work: () throws(UnusableInput) -> Value
  ) throws(RPCError) -> Value {
    do throws(UnusableInput) {
      return try work()
    } catch {
      throw .failed("line \(error.line): \(error.reason)")
    }
  }
}
