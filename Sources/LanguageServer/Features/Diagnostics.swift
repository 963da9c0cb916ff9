import JSONRPC
import Jansson
import P2MProtocol

/// Something that an editor shows at a place.
struct Diagnostic {
  enum Severity: Int64 {
    case error = 1
    case warning, information, hint
  }

  var range: PositionRange
  var severity: Severity
  /// What kind it is, for programs: a property, or one of `Code`.
  var code: String
  var message: String
  var related: [RelatedLine] = []

  /// The kinds that are no properties.
  enum Code {
    static let syntax = "syntax"
    static let torn = "torn"
    static let request = "request"
    static let unknownMethod = "unknown-method"
    static let refused = "refused"
    static let reply = "reply"
    static let noRequest = "no-request"
    static let leftOut = "left-out"
    static let limit = "limit"
  }
}

extension LanguageServer {
  /// Publishes what there is to say about a document that is carried out.
  mutating func publish(_ index: Int, in context: inout RequestContext) {
    documents[index].analysis.pair()
    documents[index].isPublished = true
    publish(documents[index].diagnostics(), of: documents[index], in: &context)
  }

  func publish(
    _ diagnostics: [Diagnostic], of document: OpenDocument, in context: inout RequestContext
  ) {
    let params = JSONTree.object([
      "uri": .string(document.uri),
      "version": document.version.map { .integer($0) },
      "diagnostics": .array(diagnostics.map { json($0, of: document) }),
    ])
    context.notify("textDocument/publishDiagnostics", params: params.compact)
  }

  private func json(_ diagnostic: Diagnostic, of document: OpenDocument) -> JSONTree {
    let isRelated = client.hasRelatedInformation && !diagnostic.related.isEmpty
    let told = isRelated ? [] : diagnostic.related.map { " Line \($0.line + 1): \($0.message)." }
    return .object([
      "range": diagnostic.range.json,
      "severity": .integer(diagnostic.severity.rawValue),
      "code": .string(diagnostic.code),
      "source": .string(Product.name),
      "message": .string(([diagnostic.message + (told.isEmpty ? "" : ".")] + told).joined()),
      "relatedInformation": isRelated
        ? .array(
          diagnostic.related.map { related in
            .object([
              "location": document.location(document.text.range(ofLine: related.line)),
              "message": .string(related.message),
            ])
          }) : nil,
    ])
  }
}

extension OpenDocument {
  /// What there is to say, in the order of lines; what is beyond the limit is counted.
  func diagnostics() -> [Diagnostic] {
    if isTooLarge {
      let limits = "\(Limits.documentBytes) bytes or \(Limits.documentLines) lines"
      return [
        Diagnostic(
          range: text.range(ofLine: 0), severity: .warning, code: Diagnostic.Code.limit,
          message: "a session of more than \(limits) is not analysed here; 'p2mlab run' does it")
      ]
    }
    var found: [Diagnostic] = []
    var explained = 0
    for line in analysis.lines.indices where !analysis.isQuiet(line) {
      if found.count >= Limits.diagnostics {
        found.append(
          Diagnostic(
            range: text.range(ofLine: line), severity: .information, code: Diagnostic.Code.limit,
            message: "no more than \(Limits.diagnostics) problems are shown"))
        break
      }
      switch analysis.lines[line].content {
      case .blank: break
      case .fault(let reason, let byte): found.append(fault(line, reason, byte))
      case .message(.replies): found += replyDiagnostics(line)
      case .message(.requests): found += requestDiagnostics(line, &explained)
      }
    }
    return found
  }

  private func fault(_ line: Int, _ reason: String, _ byte: Int) -> Diagnostic {
    let bytes = text.lines[line].text
    let end = bytes.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? bytes.count
    let range = text.range(line: line, min(byte, max(end - 1, 0))..<end)
    let isTorn = line == text.lines.count - 1 && bytes.first == .init(ascii: "{")
    return isTorn && reason.hasPrefix("not JSON")
      ? Diagnostic(
        range: range, severity: .warning, code: Diagnostic.Code.torn,
        message: "torn, as a server that was killed leaves it; 'p2mlab run' drops it. \(reason)")
      : Diagnostic(
        range: range, severity: .error, code: Diagnostic.Code.syntax, message: reason)
  }

  // MARK: Expected replies

  private func replyDiagnostics(_ line: Int) -> [Diagnostic] {
    if let id = analysis.pairing?.orphans[line] {
      return [
        Diagnostic(
          range: range(line, "/id"), severity: .error, code: Diagnostic.Code.noRequest,
          message: "a reply to id \(id), which no request has")
      ]
    }
    let isBatch = text.lines[line].text.first { !$0.isBlank } == .init(ascii: "[")
    return analysis.differences(line).map { index, difference in
      let place = isBatch ? "/\(index)" : ""
      let given = difference.actual ?? "nothing"
      return Diagnostic(
        range: range(line, place + difference.path), severity: .error,
        code: Diagnostic.Code.reply,
        message: "the reply has \(Self.shortened(given)) at '\(difference.path)'")
    }
  }

  // MARK: Requests

  private func requestDiagnostics(_ line: Int, _ explained: inout Int) -> [Diagnostic] {
    guard let step = analysis.step(line) else { return [] }
    if step.reply.isEmpty { return unansweredDiagnostics(line) }
    if step.isLeftOut {
      return [
        Diagnostic(
          range: methodRange(line, 0), severity: .information, code: Diagnostic.Code.leftOut,
          message: "takes longer than an editor waits, and is left out; 'p2mlab run' does it")
      ]
    }
    guard !step.traits.isDisjoint(with: [.error, .broken]) else { return [] }
    let isExpected = analysis.isExpected(line)
    let requests = analysis.lines[line].requests
    return step.withMessages { messages in
      var found: [Diagnostic] = []
      for (index, message) in messages.enumerated() {
        let place = request(of: message, at: index, in: messages.count, line)
        if !isExpected, let error = message["error"] {
          refusal(error, line, place).map { found.append($0) }
        }
        for violation in message.broken {
          let machine = requests.indices.contains(place) ? requests[place].machine : "main"
          explained += 1
          found.append(
            Diagnostic(
              range: wholeRange(line, place), severity: .warning,
              code: violation["property"]?.string ?? "",
              message: violation["message"]?.string ?? "",
              related: explained > Limits.explained
                ? [] : analysis.causes(of: violation, at: line, machine: machine)))
        }
      }
      return found
    }
  }

  /// A notification is not answered, a misspelt one neither.
  private func unansweredDiagnostics(_ line: Int) -> [Diagnostic] {
    let lifecycle = ["initialize", "initialized", "shutdown", "exit"]
    return analysis.lines[line].requests.enumerated().compactMap { index, request in
      guard Declarations.method(request.method) == nil, !lifecycle.contains(request.method),
        !request.method.hasPrefix("$/")
      else { return nil }
      let names = Declarations.methods.map(\.name)
      let nearest = RPCError.nearest(to: request.method, in: names)[0]
      return Diagnostic(
        range: methodRange(line, index), severity: .error, code: Diagnostic.Code.unknownMethod,
        message: "Method not found; did you mean '\(nearest)'? Nobody answers a notification.")
    }
  }

  /// Which request of a line a reply is to: notifications have none.
  private func request(of reply: JSONView, at index: Int, in count: Int, _ line: Int) -> Int {
    let requests = analysis.lines[line].requests
    guard requests.count > 1, count != requests.count else { return index }
    let outline = outline(line)
    let id = reply["id"]?.json
    return requests.indices.first { number in
      outline.node(at: "\(requests[number].path)/id").map { outline.text[$0.range] }
        .map { String(decoding: $0, as: UTF8.self) } == id
    } ?? index
  }

  /// What a request was refused for that nobody expected; a hypercall that fails is none.
  private func refusal(_ error: JSONView, _ line: Int, _ index: Int) -> Diagnostic? {
    let code = error["code"]?.integer ?? 0
    let message = error["message"]?.string ?? ""
    guard code <= -32000 || code >= 1000 else { return nil }
    var diagnostic = Diagnostic(
      range: methodRange(line, index), severity: .error, code: Diagnostic.Code.request,
      message: message)
    switch Int(code) {
    case RPCError.Code.methodNotFound: diagnostic.code = Diagnostic.Code.unknownMethod
    case RPCError.Code.invalidParams:
      let path = error["data"]?["path"]?.string ?? ""
      let place = prefix(line, index) + "/params" + path
      if let (key, name) = unknownMember(line, index, at: place, error) {
        diagnostic.range = text.range(line: line, key)
        if !path.hasSuffix(name) { diagnostic.message += "; '\(name)' is no parameter" }
      } else {
        diagnostic.range = range(line, place)
      }
    case 1000...:
      diagnostic.severity = .warning
      diagnostic.code = Diagnostic.Code.refused
    default: diagnostic.range = wholeRange(line, index)
    }
    return diagnostic
  }

  /// The member that an error is about although nobody knows it: the one that it names, or where one
  /// is missing, the one that stands there in its place.
  private func unknownMember(
    _ line: Int, _ index: Int, at place: String, _ error: JSONView
  ) -> (key: Range<Int>, name: String)? {
    let outline = outline(line)
    if let child = outline.child(at: place) {
      let isUnknown = error["data"]?["expected"]?.string?.hasPrefix("no such member") == true
      guard isUnknown, let key = child.key else { return nil }
      return (key, outline.string(in: key))
    }
    let requests = analysis.lines[line].requests
    guard requests.indices.contains(index),
      let method = Declarations.method(requests[index].method),
      let params = outline.node(at: "\(requests[index].path)/params"), params.kind == .object
    else { return nil }
    return params.children.lazy.compactMap { child -> (Range<Int>, String)? in
      guard let key = child.key, let name = outline.name(of: child),
        !method.params.contains(where: { $0.name == name })
      else { return nil }
      return (key, name)
    }.first
  }

  /// Where a request of a line begins, as a JSON pointer.
  private func prefix(_ line: Int, _ index: Int) -> String {
    let requests = analysis.lines[line].requests
    return requests.indices.contains(index) ? requests[index].path : ""
  }

  private func wholeRange(_ line: Int, _ index: Int) -> PositionRange {
    range(line, prefix(line, index))
  }

  private func methodRange(_ line: Int, _ index: Int) -> PositionRange {
    range(line, prefix(line, index) + "/method")
  }

  /// A value that fits into a message.
  static func shortened(_ json: String) -> String {
    json.unicodeScalars.count <= 200 ? json : "\(json.unicodeScalars.prefix(200))..."
  }
}
