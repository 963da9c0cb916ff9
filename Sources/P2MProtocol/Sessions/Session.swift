import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A session file: requests, and the replies that are expected of them.
package struct Session: Sendable {
  /// Bytes of a session within a request; a file may have more.
  static let sizeLimit = 4 << 20

  /// What a line is.
  package enum Content: Hashable, Sendable {
    /// One request or notification, or a batch of them: the first method, and the ids.
    case requests(method: String, [RequestID], isBatch: Bool)
    /// One expected reply, or a batch of them; with their ids.
    case replies([RequestID])
  }

  struct Line: Sendable {
    let place: TextLine
    let content: Content

    var isReplies: Bool {
      switch content {
      case .replies: true
      case .requests: false
      }
    }
  }

  let text: [UInt8]
  let lines: [Line]
  /// The last line, if it was dropped as torn.
  package private(set) var tornLine: Int?

  /// The lines that are carried out.
  var requests: [Line] { lines.filter { !$0.isReplies } }

  /// Reads a session.
  ///
  /// - Parameter isRecord: whether a last line that is torn is dropped: one without a line feed that
  ///   begins as a message and is none, or is a request without its reply.
  /// - Throws: the first line that is neither a request nor a reply, or a reply to no request.
  package init(_ text: [UInt8], isRecord: Bool = false) throws(UnusableInput) {
    try self.init(text, isRecord: isRecord) { _, _ in }
  }

  /// Reads a session, and lets somebody carry it out meanwhile.
  ///
  /// - Parameter carryOut: called with each line of requests, and what it was parsed to. What comes of it is
  ///   worth nothing where a later line makes this throw.
  init(
    _ text: [UInt8], isRecord: Bool,
    carryOut: (Span<UInt8>, borrowing JSONDocument) -> Void
  ) throws(UnusableInput) {
    let places = TextLine.all(of: text)
    var lines: [Line] = []
    lines.reserveCapacity(places.count)
    for place in places {
      let line = text.span.extracting(place.range)
      if isRecord, !place.isWhole, Self.isTorn(line) {
        tornLine = place.number
        break
      }
      let document = try JSONDocument(line, number: place.number)
      let content = try Content(document.root, line: place.number)
      if case .requests = content { carryOut(line, document) }
      extendLifetime(document)
      lines.append(Line(place: place, content: content))
    }
    try Self.checkReplies(lines)
    self.text = text
    self.lines = lines
  }

  /// - Throws: the first reply to no request.
  private static func checkReplies(_ lines: [Line]) throws(UnusableInput) {
    guard lines.contains(where: \.isReplies) else { return }
    var unanswered: [RequestID: Int] = [:]
    for case .requests(_, let ids, _) in lines.lazy.map(\.content) {
      for id in ids { unanswered[id, default: 0] += 1 }
    }
    for line in lines {
      guard case .replies(let ids) = line.content else { continue }
      for id in ids {
        guard let count = unanswered[id], count > 0 else {
          throw UnusableInput(
            line: line.place.number, reason: "a reply to id \(id), which no request has")
        }
        unanswered[id] = count - 1
      }
    }
  }

  /// Whether a line without its end is what is left of a message, or a request.
  private static func isTorn(_ line: Span<UInt8>) -> Bool {
    guard line[0] == .init(ascii: "{") || line[0] == .init(ascii: "[") else { return false }
    do throws(JSONSyntaxError) {
      let document = try JSONDocument(parsing: line)
      defer { extendLifetime(document) }
      return document.root["method"] != nil && document.root["id"] != nil
    } catch {
      return true
    }
  }
}

extension Session.Content {
  /// What a line says.
  ///
  /// - Parameter number: the line's, from 1.
  /// - Throws: why it is neither a request nor a reply.
  package init(_ line: JSONView, line number: Int) throws(UnusableInput) {
    let messages = line.batch
    if let method = messages.lazy.compactMap({ $0["method"] }).first {
      self = .requests(
        method: method.string ?? "?", messages.compactMap { RequestID(of: $0) },
        isBatch: line.kind == .array)
      return
    }
    if line["format"]?.equals("xen-trace/1") == true {
      throw UnusableInput(
        line: number, reason: "a recording of real Xen, not a session; 'p2mlab check' replays it")
    }
    var ids: [RequestID] = []
    for message in messages.isEmpty ? [line] : messages {
      guard message["result"] != nil || message["error"] != nil, let id = RequestID(of: message)
      else {
        throw UnusableInput(
          line: number,
          reason: "neither a request nor a reply: it has no 'method', and no "
            + "'result' or 'error' with an 'id'")
      }
      ids.append(id)
    }
    self = .replies(ids)
  }
}

extension Session.Content {
  /// The id of the line's request, if that is one that is answered with it, and no batch.
  package var onlyID: RequestID? {
    guard case .requests(_, let ids, isBatch: false) = self, let id = ids.first else { return nil }
    if case .string(let text) = id, text.utf8.count > JSONRPC.Limits.id { return nil }
    return id
  }
}

extension JSONView {
  /// The messages of a batch, or the one message.
  package var batch: [JSONView] {
    kind == .array ? elements : [self]
  }
}
