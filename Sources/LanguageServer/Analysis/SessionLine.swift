import JSONRPC
import Jansson
import P2MProtocol

/// What a line of a session says, found once, when the line comes to be.
package struct SessionLine: Sendable {
  package enum Content: Sendable {
    case blank
    case message(Session.Content)
    /// Why the line cannot be used, and from which byte on.
    case fault(String, from: Int)
  }

  /// The line without its end.
  package let text: [UInt8]
  package let content: Content
  /// The requests and notifications on the line.
  package let requests: [RequestFacts]

  /// - Parameter text: the line without its end.
  package init(_ text: [UInt8]) {
    self.text = text
    guard let first = text.firstIndex(where: { !$0.isBlank }) else {
      content = .blank
      requests = []
      return
    }
    do throws(JSONSyntaxError) {
      let document = try JSONDocument(parsing: text.span)
      defer { extendLifetime(document) }
      (content, requests) = Self.read(document.root, from: first)
    } catch {
      content = .fault("not JSON: \(error.message)", from: Self.token(at: error.position, text))
      requests = []
    }
  }

  /// Where the token begins behind which the parser has stopped.
  private static func token(at position: Int, _ text: [UInt8]) -> Int {
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case .init(ascii: "a")...(.init(ascii: "z")), .init(ascii: "A")...(.init(ascii: "Z")),
        .init(ascii: "0")...(.init(ascii: "9")), 0x80...0xFF:
        true
      default: false
      }
    }
    var start = max(0, min(position, text.count) - 1)
    while start > 0, isWord(text[start]), isWord(text[start - 1]) { start -= 1 }
    return start
  }

  private static func read(_ root: JSONView, from first: Int) -> (Content, [RequestFacts]) {
    do throws(UnusableInput) {
      let content = try Session.Content(root, line: 1)
      guard case .requests = content else { return (.message(content), []) }
      let isBatch = root.kind == .array
      let facts = root.batch.enumerated().map { index, message in
        RequestFacts(message, at: isBatch ? "/\(index)" : "")
      }
      return (.message(content), facts)
    } catch {
      return (.fault(error.reason, from: first), [])
    }
  }

  /// Whether the line is carried out.
  var isPlayed: Bool {
    if case .message(.requests) = content { true } else { false }
  }

  /// The id of the line's request, if that is one that is answered with it, and no batch.
  var onlyID: RequestID? {
    if case .message(let content) = content { content.onlyID } else { nil }
  }

  /// The ids of the line's requests.
  var askedIDs: [RequestID] {
    if case .message(.requests(_, let ids, _)) = content { ids } else { [] }
  }

  /// Whether the line is not carried out, but what replies are compared with.
  var expectsReplies: Bool {
    if case .message(.replies) = content { true } else { false }
  }

  /// The ids of the replies that the line expects.
  var expectedIDs: [RequestID] {
    if case .message(.replies(let ids)) = content { ids } else { [] }
  }

  /// The text of the note, if the line is one.
  var note: String? { requests.count == 1 ? requests[0].note : nil }
}

/// What one request is about.
package struct RequestFacts: Sendable {
  /// Something of the session that a parameter names.
  package enum Subject: Hashable, Sendable {
    case machine(String)
    case domain(machine: String, Int64)
    case gfn(machine: String, domain: Int64, UInt64)
    case region(machine: String, domain: Int64, String)
    case snapshot(machine: String, String)
    case actor(String)
  }

  /// Where a subject is named.
  package struct Use: Hashable, Sendable {
    package let subject: Subject
    /// A JSON pointer into the line.
    package let path: String
  }

  /// Where the request is in its line: empty, or its place in a batch.
  package let path: String
  package let method: String
  package let machine: String
  /// The domain that the request is about, if it names one.
  package let domain: Int64?
  /// The text of a note.
  package let note: String?
  /// The method and its parameters, in short.
  package let summary: String
  package private(set) var uses: [Use] = []

  init(_ message: JSONView, at path: String) {
    self.path = path
    method = message["method"]?.string ?? ""
    let params = message["params"]
    let names = params?.kind == .array ? Declarations.method(method)?.params.map(\.name) : nil
    func named(_ name: String) -> (value: JSONView, path: String)? {
      if let names {
        guard let index = names.firstIndex(of: name), let value = params?[index] else { return nil }
        return (value, "\(path)/params/\(index)")
      }
      guard let value = params?.members.first(where: { $0.name == name })?.value else { return nil }
      return (value, "\(path)/params/\(name)")
    }
    let machine = named("machine")
    self.machine = machine?.value.string ?? "main"
    let domain = named("domain")
    self.domain = domain?.value.integer
    note = method == "session.note" ? named("text")?.value.string ?? "" : nil
    let arguments = params?.kind == .array ? params?.inShort : params?.argumentsInShort
    summary = [method, arguments ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    if let machine { uses.append(Use(subject: .machine(self.machine), path: machine.path)) }
    if let names, let params {
      for (index, name) in names.enumerated() {
        guard let value = params[index] else { break }
        collect(name, value, self.domain, "\(path)/params/\(index)")
      }
    } else if let params, params.kind == .object {
      collect(in: params, self.domain, "\(path)/params")
    }
  }

  /// What the members of an object name, in a domain that they may name themselves.
  private mutating func collect(in object: JSONView, _ domain: Int64?, _ path: String) {
    let domain = object["domain"]?.integer ?? domain
    for member in object.members {
      collect(member.name, member.value, domain, "\(path)/\(member.name)")
    }
  }

  private mutating func collect(
    _ name: String, _ value: JSONView, _ domain: Int64?, _ path: String
  ) {
    switch (name, value.kind) {
    case ("requests", _), ("scenario", _): return
    case (_, .object): collect(in: value, domain, path)
    case (_, .array):
      for (index, element) in value.elements.enumerated() where element.kind == .object {
        collect(in: element, domain, "\(path)/\(index)")
      }
    default:
      if let subject = subject(name, value, domain) {
        uses.append(Use(subject: subject, path: path))
      }
    }
  }

  private func subject(_ name: String, _ value: JSONView, _ domain: Int64?) -> Subject? {
    switch name {
    case "domain": value.integer.map { .domain(machine: machine, $0) }
    case "gfn":
      if let gfn = WireNumber.parse(value), let domain {
        .gfn(machine: machine, domain: domain, gfn)
      } else {
        nil
      }
    case "name" where method.hasPrefix("region."):
      if let name = value.string, let domain {
        .region(machine: machine, domain: domain, name)
      } else {
        nil
      }
    case "name" where method.hasPrefix("snapshot."):
      value.string.map { .snapshot(machine: machine, $0) }
    case "actor": value.string.map { .actor($0) }
    default: nil
    }
  }
}

/// What is declared of the methods, made once.
enum Declarations {
  static let methods = MethodTable.declared
  private static let places = Dictionary(
    uniqueKeysWithValues: methods.enumerated().map { ($1.name, $0) })

  static func method(_ name: String) -> DeclaredMethod? { places[name].map { methods[$0] } }
}
