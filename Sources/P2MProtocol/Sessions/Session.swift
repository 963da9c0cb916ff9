import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A session file: requests, and the replies that are expected of them.
package struct Session: Sendable {
  /// What a line is.
  enum Content: Sendable {
    /// One request or notification, or a batch of them. The id is there where it is one request, whose
    /// reply has it as well.
    case requests(method: String, id: RequestID?)
    /// One expected reply, or a batch of them; with their ids.
    case replies([RequestID])
  }

  struct Line: Sendable {
    let place: TextLine
    let content: Content
  }

  let text: [UInt8]
  let lines: [Line]
  /// The last line, if it was dropped as torn.
  package private(set) var tornLine: Int?

  /// Reads a session.
  ///
  /// - Parameter isRecord: whether a last line that is torn is dropped: one without a line feed that
  ///   begins as a message and is none, or is a request without its reply.
  /// - Throws: the first line that is neither a request nor a reply, or a reply to no request.
  package init(_ text: [UInt8], isRecord: Bool = false) throws(UnusableInput) {
    var lines: [Line] = []
    var unanswered: [RequestID: Int] = [:]
    for place in TextLine.all(of: text) {
      if isRecord, !place.isWhole, Self.isTorn(text.span.extracting(place.range)) {
        tornLine = place.number
        break
      }
      let content = try Self.content(text.span.extracting(place.range), place.number) { id in
        unanswered[id, default: 0] += 1
      }
      lines.append(Line(place: place, content: content))
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
    self.text = text
    self.lines = lines
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

  /// - Parameter request: called with each id of a request on the line.
  private static func content(
    _ text: Span<UInt8>, _ number: Int, request: (RequestID) -> Void
  ) throws(UnusableInput) -> Content {
    let document = try JSONDocument(text, number: number)
    defer { extendLifetime(document) }
    let messages = document.root.batch
    if let method = messages.lazy.compactMap({ $0["method"] }).first {
      let ids = messages.compactMap { RequestID(of: $0) }
      for id in ids { request(id) }
      let isAlone = document.root.kind == .object
      return .requests(method: method.string ?? "?", id: isAlone ? ids.first?.returned : nil)
    }
    if document.root["format"]?.equals("xen-trace/1") == true {
      throw UnusableInput(
        line: number, reason: "a recording of real Xen, not a session; 'p2mlab check' replays it")
    }
    var ids: [RequestID] = []
    for message in messages.isEmpty ? [document.root] : messages {
      guard message["result"] != nil || message["error"] != nil, let id = RequestID(of: message)
      else {
        throw UnusableInput(
          line: number,
          reason: "neither a request nor a reply: it has no 'method', and no "
            + "'result' or 'error' with an 'id'")
      }
      ids.append(id)
    }
    return .replies(ids)
  }
}

extension RequestID {
  /// The id, if it is sure to be that of the reply: a string may be too long for that.
  fileprivate var returned: RequestID? {
    switch self {
    case .integer: self
    case .null, .string: nil
    }
  }
}

extension JSONView {
  /// The messages of a batch, or the one message.
  package var batch: [JSONView] {
    kind == .array ? (0..<count).compactMap { self[$0] } : [self]
  }
}
