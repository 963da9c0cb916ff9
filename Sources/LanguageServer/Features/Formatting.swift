import JSONRPC
import Jansson
import P2MProtocol

/// Each message on one line, without blanks between tokens, the members of its envelope in the usual
/// order. Every token stays as it is written, ids and expected replies among them.
extension LanguageServer {
  mutating func formatting(_ params: JSONView) throws(RPCError) -> JSONTree {
    try withDocument(params) { document throws(RPCError) in
      .array(document.formatted(within: PositionRange(params["range"])))
    }
  }
}

extension OpenDocument {
  /// The edits that format the lines that `range` touches, or all.
  func formatted(within range: PositionRange?) -> [JSONTree] {
    var edits: [JSONTree] = []
    let last = text.lines.count - 1
    var line = min(range?.start.line ?? 0, last)
    let end = min(range?.end.line ?? last, last)
    while line <= end {
      let count = isFault(line) ? joinable(from: line, to: last) ?? 1 : 1
      let joined = text.lines[line..<line + count].map(\.text).joined(separator: [0x20])
      if let new = Self.canonical(Array(joined)), count > 1 || new != text.lines[line].text {
        let stop = text.position(
          line: line + count - 1, byte: text.lines[line + count - 1].text.count)
        edits.append(
          .object([
            "range": PositionRange(Position(line: line, character: 0), stop).json,
            "newText": .string(String(decoding: new, as: UTF8.self)),
          ]))
      }
      line += count
    }
    return edits
  }

  private func isFault(_ line: Int) -> Bool {
    if case .fault = analysis.lines[line].content { true } else { false }
  }

  /// How many lines from `line` on are one message that somebody has spread over them.
  private func joinable(from line: Int, to last: Int) -> Int? {
    let start = text.lines[line].text.first { !$0.isBlank }
    guard start == .init(ascii: "{") || start == .init(ascii: "[") else { return nil }
    var joined: [UInt8] = []
    var brackets = BracketCount()
    for count in 1...Limits.joinedLines where line + count - 1 <= last {
      let next = text.lines[line + count - 1].text
      joined += next + [0x20]
      brackets.count(next)
      guard joined.count <= Limits.documentBytes else { return nil }
      if brackets.depth > 0 { continue }
      return count > 1 && Self.isJSON(joined) ? count : nil
    }
    return nil
  }

  private static func isJSON(_ text: [UInt8]) -> Bool {
    do throws(JSONSyntaxError) {
      _ = try JSONDocument(parsing: text.span)
      return true
    } catch {
      return false
    }
  }

  /// A line as it should be; `nil` where it is no JSON.
  static func canonical(_ text: [UInt8]) -> [UInt8]? {
    guard text.contains(where: { !$0.isBlank }) else { return [] }
    let outline = JSONOutline(text)
    guard isJSON(text), let root = outline.root, !outline.isCut else { return nil }
    var line: [UInt8] = []
    switch root.kind {
    case .object: append(root, of: text, to: &line, isMessage: true)
    case .array:
      line.append(.init(ascii: "["))
      for (index, child) in root.children.enumerated() {
        if index > 0 { line.append(.init(ascii: ",")) }
        child.value.map { append($0, of: text, to: &line, isMessage: true) }
      }
      line.append(.init(ascii: "]"))
    case .string, .word: line += text[root.range]
    }
    return line
  }

  private static func append(
    _ node: JSONOutline.Node, of text: [UInt8], to line: inout [UInt8], isMessage: Bool = false
  ) {
    switch node.kind {
    case .string, .word: line += text[node.range]
    case .object, .array:
      let isObject = node.kind == .object
      line.append(isObject ? .init(ascii: "{") : .init(ascii: "["))
      for (index, child) in children(of: node, in: text, isMessage: isMessage).enumerated() {
        if index > 0 { line.append(.init(ascii: ",")) }
        if let key = child.key { line += text[key] + [.init(ascii: ":")] }
        if let value = child.value { append(value, of: text, to: &line) }
      }
      line.append(isObject ? .init(ascii: "}") : .init(ascii: "]"))
    }
  }

  /// The members of a message in their order, those that it knows first.
  private static func children(
    of node: JSONOutline.Node, in text: [UInt8], isMessage: Bool
  ) -> [JSONOutline.Child] {
    guard isMessage, node.kind == .object else { return node.children }
    let order = ["jsonrpc", "id", "method", "params", "result", "error"].map {
      Array("\"\($0)\"".utf8)[...]
    }
    let ranked = node.children.enumerated().map { index, child in
      let rank = child.key.flatMap { order.firstIndex(of: text[$0]) } ?? order.count
      return (rank: rank, index: index)
    }
    return ranked.sorted { $0 < $1 }.map { node.children[$0.index] }
  }
}

/// How many brackets are open, those in strings not counted.
private struct BracketCount {
  private(set) var depth = 0
  private var inString = false

  /// Counts a line; strings do not go on over lines.
  mutating func count(_ line: [UInt8]) {
    var isEscaped = false
    inString = false
    for byte in line {
      if isEscaped {
        isEscaped = false
      } else if byte == .init(ascii: "\"") {
        inString.toggle()
      } else if inString {
        isEscaped = byte == .init(ascii: "\\")
      } else if byte == .init(ascii: "{") || byte == .init(ascii: "[") {
        depth += 1
      } else if byte == .init(ascii: "}") || byte == .init(ascii: "]") {
        depth -= 1
      }
    }
  }
}
