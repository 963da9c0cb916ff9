import JSONRPC
import Jansson
import P2MProtocol

/// LSP's kinds of actions.
enum CodeActionKind: String, CaseIterable {
  case quickFix = "quickfix"
  case rewrite = "refactor.rewrite"
  case updateReplies = "source.updateReplies"
}

/// What can be done about the selected lines: put names and replies right, write replies down, and
/// experiments (`ServerCommand`).
extension LanguageServer {
  mutating func codeActions(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    let wanted = params["context"]?["only"]?.elements.compactMap(\.string)
    let client = client
    return try withDocument(params) { document throws(RPCError) in
      guard let range = PositionRange(params["range"]) else {
        throw .invalidParams(path: "/range", expected: "a range")
      }
      let last = min(range.end.line, document.text.lines.count - 1)
      let lines = min(range.start.line, last)...last
      // What replies are expected is known when all is carried out.
      try document.carryOut(through: document.text.lines.count - 1, for: &context)
      document.analysis.pair()
      var actions: [CodeAction] = []
      for line in lines.prefix(Limits.selectedLines) { actions += document.actions(line) }
      if let update = document.updateOfReplies() { actions.append(update) }
      return .array(
        actions.filter { $0.isWanted(wanted) }
          .compactMap { $0.json(document.uri, literals: client.hasActionLiterals) })
    }
  }
}

/// An action that an editor offers.
struct CodeAction {
  /// What it does.
  enum Effect {
    case edits([(range: PositionRange, text: String)])
    case command(ServerCommand, [JSONTree.Member])
  }

  let title: String
  let kind: CodeActionKind
  let effect: Effect
  /// Whether it puts a problem right.
  var isPreferred = false

  /// Whether the editor asks for this kind, or for any.
  func isWanted(_ kinds: [String]?) -> Bool {
    kinds?.contains { kind.rawValue == $0 || kind.rawValue.hasPrefix($0 + ".") } ?? true
  }

  /// - Returns: `nil` where the editor knows commands only, and this is none.
  func json(_ uri: String, literals: Bool) -> JSONTree? {
    switch effect {
    case .edits(let edits):
      guard literals else { return nil }
      let changes = edits.map { range, text in
        JSONTree.object(["range": range.json, "newText": .string(text)])
      }
      return .object([
        "title": .string(title), "kind": .string(kind.rawValue),
        "isPreferred": isPreferred ? .boolean(true) : nil,
        "edit": .object([
          "changes": .object([JSONTree.Member(name: uri, value: .array(changes))])
        ]),
      ])
    case .command(let name, let arguments):
      let command = JSONTree.object([
        "title": .string(title), "command": .string(name.rawValue),
        "arguments": .array([
          .object([JSONTree.Member(name: "uri", value: .string(uri))] + arguments)
        ]),
      ])
      guard literals else { return command }
      return .object([
        "title": .string(title), "kind": .string(kind.rawValue), "command": command,
      ])
    }
  }
}

extension OpenDocument {
  fileprivate func actions(_ line: Int) -> [CodeAction] {
    switch analysis.lines[line].content {
    case .blank, .fault: []
    case .message(.replies): replyActions(line)
    case .message(.requests): requestActions(line)
    }
  }

  // MARK: Replies

  private func replyActions(_ line: Int) -> [CodeAction] {
    if analysis.pairing?.orphans[line] != nil {
      let end =
        line + 1 < text.lines.count
        ? Position(line: line + 1, character: 0) : text.range(ofLine: line).end
      let range = PositionRange(Position(line: line, character: 0), end)
      return [
        CodeAction(title: "Remove this reply", kind: .quickFix, effect: .edits([(range, "")]))
      ]
    }
    guard let edit = acceptance(line) else { return [] }
    return [
      CodeAction(
        title: "Accept the reply that is given", kind: .quickFix, effect: .edits([edit]),
        isPreferred: true)
    ]
  }

  /// The edit that makes a line expect what is given; `nil` where it does.
  private func acceptance(_ line: Int) -> (range: PositionRange, text: String)? {
    guard !analysis.differences(line).isEmpty, let given = analysis.pairing?.given[line] else {
      return nil
    }
    let replies = given.indices.compactMap { analysis.given(line, $0) }
    guard replies.count == given.count else { return nil }
    let isBatch = outline(line).root?.kind == .array
    let reply = isBatch ? "[\(replies.joined(separator: ","))]" : replies.joined()
    return (text.range(ofLine: line), reply)
  }

  /// The edit that writes the reply to a line down; `nil` where one is expected, or none is given.
  private func insertion(_ line: Int) -> (range: PositionRange, text: String)? {
    guard let step = analysis.step(line), !step.reply.isEmpty, !step.isLeftOut,
      analysis.pairing?.expected[line].isEmpty != false
    else { return nil }
    let place = text.position(line: line, byte: text.lines[line].text.count)
    let newLine = String(decoding: text.newLine, as: UTF8.self)
    return (PositionRange(place, place), newLine + String(decoding: step.reply, as: UTF8.self))
  }

  /// Writes down every reply as it is given: what `p2mlab run --update` does to a file.
  fileprivate func updateOfReplies() -> CodeAction? {
    let edits = analysis.lines.indices.compactMap { acceptance($0) ?? insertion($0) }
    guard !edits.isEmpty else { return nil }
    return CodeAction(
      title: "Write all replies down as they are given", kind: .updateReplies,
      effect: .edits(edits))
  }

  // MARK: Requests

  private func requestActions(_ line: Int) -> [CodeAction] {
    var actions = nameActions(line)
    if let insertion = insertion(line) {
      actions.append(
        CodeAction(
          title: "Insert the reply that is given", kind: .rewrite, effect: .edits([insertion])))
    }
    guard let step = analysis.step(line), !step.isLeftOut else { return actions }
    let broken = step.withMessages { $0.flatMap(\.broken).compactMap { $0["property"]?.string } }
    for (index, property) in broken.enumerated() where broken.firstIndex(of: property) == index {
      actions.append(
        CodeAction(
          title: "Shrink to the shortest history that violates \(property)", kind: .rewrite,
          effect: .command(.shrink, [.init(name: "property", value: .string(property))])))
    }
    return actions + presetActions(line)
  }

  /// What is called nearly as what there is not.
  private func nameActions(_ line: Int) -> [CodeAction] {
    let outline = outline(line)
    var actions: [CodeAction] = []
    for request in analysis.lines[line].requests {
      guard let method = Declarations.method(request.method) else {
        guard let node = outline.node(at: "\(request.path)/method") else { continue }
        let names = Declarations.methods.map(\.name)
        actions += replacements(of: node.range, line, by: names, named: request.method)
        continue
      }
      let names = method.params.map(\.name)
      guard let params = outline.node(at: "\(request.path)/params"), params.kind == .object else {
        continue
      }
      let given = params.children.compactMap { outline.name(of: $0) }
      for child in params.children {
        guard let key = child.key, let name = outline.name(of: child), !names.contains(name) else {
          continue
        }
        let free = names.filter { !given.contains($0) }
        actions += replacements(of: key, line, by: free, named: name).prefix(1)
      }
    }
    return actions
  }

  private func replacements(
    of bytes: Range<Int>, _ line: Int, by names: [String], named name: String
  ) -> [CodeAction] {
    let range = text.range(line: line, bytes)
    return RPCError.nearest(to: name, in: names).enumerated().map { index, name in
      CodeAction(
        title: "Change to '\(name)'", kind: .quickFix,
        effect: .edits([(range, JSONTree.string(name).compact)]), isPreferred: index == 0)
    }
  }
}
