import JSONRPC
import Jansson
import P2MProtocol

/// What is told of the place under the mouse: what a method or a parameter is, what the line did, and
/// what the machine is after it.
extension LanguageServer {
  mutating func hover(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    let hasMarkdown = client.hasMarkdown
    return try withDocument(params) { document throws(RPCError) in
      guard let position = Position(params["position"]) else { return .null }
      let (line, byte) = document.text.place(position)
      try document.carryOut(through: line, for: &context)
      let outline = document.outline(line)
      let place = outline.place(at: byte)
      let parts: [HoverPart]
      switch document.analysis.lines[line].content {
      case .message(.requests):
        parts = document.hover(overRequest: line, place, outline)
      case .message(.replies): parts = document.hover(overReply: line)
      case .blank, .fault: parts = []
      }
      guard !parts.isEmpty else { return .null }
      return .object([
        "contents": .object([
          "kind": .string(hasMarkdown ? "markdown" : "plaintext"),
          "value": .string(
            parts.map { hasMarkdown ? $0.markdown : $0.plain }.joined(separator: "\n\n")),
        ]),
        "range": document.text.range(line: line, place.token ?? outline.root?.range ?? 0..<0).json,
      ])
    }
  }
}

/// A part of what is told.
enum HoverPart {
  case heading(String)
  case text(String)
  /// Lines that are shown as they are.
  case lines([String])

  var plain: String {
    switch self {
    case .heading(let text), .text(let text): text
    case .lines(let lines): lines.joined(separator: "\n")
    }
  }

  var markdown: String {
    switch self {
    case .heading(let text): "**\(Self.escaped(text))**"
    case .text(let text): Self.escaped(text)
    case .lines(let lines): "```text\n\(lines.joined(separator: "\n"))\n```"
    }
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if "\\`*_<>[]".unicodeScalars.contains(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }
}

extension JSONOutline.Place {
  /// The bytes of the name, or of the value without parts, that the place is in.
  var token: Range<Int>? {
    switch role {
    case .key(let range): range
    case .value(let node) where node.kind == .string || node.kind == .word: node.range
    case .value, .missingValue, .missingKey, .outside: nil
    }
  }
}

extension OpenDocument {
  fileprivate mutating func hover(
    overRequest line: Int, _ place: JSONOutline.Place, _ outline: JSONOutline
  ) -> [HoverPart] {
    var parts: [HoverPart] = []
    let position = SchemaPlace(place, in: outline)
    if let method = position.method {
      if position.isMethod {
        parts = [.heading(method.name), .text(method.declaration.summary)]
        let members = method.params.map { "\($0.name)\($0.isRequired ? "" : "?"): \($0.about)" }
        if !members.isEmpty { parts.append(.lines(members)) }
      } else if let member = position.member {
        parts = [
          .heading("\(member.name) (\(method.name))"),
          .text(
            [
              member.about, member.schema.inShort,
              member.absent.map { "\($0) if it is not said" }
                ?? (member.isRequired ? "required" : "optional"),
            ].filter { !$0.isEmpty }.joined(separator: "; ") + "."),
        ]
      }
    }
    let outcome = outcomeLines(line)
    if !outcome.isEmpty { parts.append(.lines(outcome)) }
    return parts + stateParts(after: line)
  }

  /// What a line did, in words.
  private func outcomeLines(_ line: Int) -> [String] {
    guard let step = analysis.step(line) else { return [] }
    return step.withMessages { messages in
      messages.flatMap { message in
        let outcome = Outcome(message)
        return [outcome.summary] + outcome.details
      }
    }
  }

  fileprivate mutating func hover(overReply line: Int) -> [HoverPart] {
    analysis.pair()
    guard let given = analysis.pairing?.given[line], !given.isEmpty else { return [] }
    let lines = given.compactMap { $0?.line }
    guard let first = lines.first else { return [.text("No request has this id.")] }
    let requests = analysis.lines[first].requests.map(\.summary).joined(separator: "; ")
    let answered = HoverPart.text("The reply expected of line \(first + 1): \(requests)")
    let differences = analysis.differences(line)
    guard !differences.isEmpty else { return [answered, .text("It is as expected.")] }
    return [
      answered,
      .lines(
        differences.flatMap { _, difference in
          [
            "at \(difference.path)",
            "- \(Self.shortened(difference.expected ?? "nothing"))",
            "+ \(Self.shortened(difference.actual ?? "nothing"))",
          ]
        }),
    ]
  }
}
