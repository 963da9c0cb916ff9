import JSONRPC
import Jansson
import P2MProtocol

/// What each request did, at its line's end: the errno, or the effects.
extension LanguageServer {
  mutating func inlayHints(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    try withDocument(params) { document throws(RPCError) in
      guard let range = PositionRange(params["range"]) else {
        throw .invalidParams(path: "/range", expected: "a range")
      }
      let last = min(range.end.line, document.text.lines.count - 1)
      guard range.start.line <= last else { return .array([]) }
      try document.carryOut(through: last, for: &context)
      return .array((range.start.line...last).compactMap { document.inlayHint($0) })
    }
  }
}

extension OpenDocument {
  fileprivate func inlayHint(_ line: Int) -> JSONTree? {
    guard let step = analysis.step(line), !step.reply.isEmpty,
      analysis.lines[line].note == nil
    else { return nil }
    let outcomes = step.isLeftOut ? [] : step.withMessages { $0.map { Outcome($0) } }
    let label =
      step.isLeftOut ? "left out" : outcomes.map(\.summary).joined(separator: "; ")
    let details = outcomes.flatMap(\.details)
    let end = text.range(ofLine: line).end
    return .object([
      "position": end.json,
      "label": .string(label),
      "paddingLeft": .boolean(true),
      "tooltip": details.isEmpty ? nil : .string(details.joined(separator: "\n")),
    ])
  }
}
