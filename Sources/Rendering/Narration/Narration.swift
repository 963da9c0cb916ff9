import Jansson
import P2MProtocol

/// A session's messages as a person would tell them, line by line: notes, requests in short, what each
/// changed, and what that broke.
package struct Narration: Sendable {
  /// What a line tells.
  package enum Role: String, CaseIterable, Sendable {
    case note, request
    /// A step of an operation that a vCPU does.
    case step
    /// A page that is gone from a GFN, as requested.
    case removed
    /// The same where it went elsewhere, or something larger came; the aside tells the cause.
    case moved
    /// The same where nobody asked for it; the aside tells the cause.
    case collateral
    case added, tracking, growth, version, violation
    case failure
    /// What a query found.
    case finding
    /// A frame that a query found tracked where it is not; the aside says so.
    case stale
    /// Nothing stands against the properties.
    case peace
  }

  package struct Line: Hashable, Sendable {
    package let role: Role
    package let text: String
    /// What matters less, or what the line's end says.
    package let aside: String

    init(_ role: Role, _ text: String, aside: String = "") {
      self.role = role
      self.text = text
      self.aside = aside
    }
  }

  package private(set) var lines: [Line] = []

  package init() {}

  /// What `message`, a request or a reply, tells.
  package init(of message: JSONView) { tell(message) }

  private mutating func tell(_ message: JSONView) {
    if message["method"]?.equals("session.note") == true {
      append(.note, message["params"]?["text"]?.string ?? "")
    } else if let method = message["method"]?.string {
      append(.request, method, aside: message["params"]?.argumentsInShort ?? "")
    } else if let result = message["result"] {
      tell(result: result)
    } else if let error = message["error"] {
      append(.failure, error["message"]?.string ?? "failed")
      if let data = error["data"] { consequences(data) }
    }
  }

  private mutating func tell(result: JSONView) {
    if let step = result["step"] {
      let locks = result["locks"].flatMap { $0.count > 0 ? "under \($0.inShort)" : nil }
      append(.step, step.inShort, aside: locks ?? "")
    }
    guard result["steps"] == nil else {
      for step in result["steps"]?.elements ?? [] {
        if let request = step["request"], let reply = step["reply"] {
          tell(request)
          tell(reply)
        }
      }
      return
    }
    consequences(result)
    findings(result)
  }

  /// Adds a line.
  mutating func append(_ role: Role, _ text: String, aside: String = "") {
    lines.append(Line(role, text, aside: aside))
  }

  /// What changed, and what that broke.
  private mutating func consequences(_ outcome: JSONView) {
    for effect in outcome["effects"]?.elements ?? [] {
      switch effect["kind"]?.string {
      case "physmap": physmap(effect)
      case "tracking":
        let change = "\(Self.inShort(effect, "before")) -> \(Self.inShort(effect, "after"))"
        let frame = "\(kind(effect)) frame \(Self.inShort(effect, "frame"))"
        append(.tracking, "\(frame) tracked: \(change)")
      case "growth":
        append(.growth, "\(Self.inShort(effect, "after")) \(kind(effect)) frames exist")
      case "version": append(.version, "grant table version \(Self.inShort(effect, "after"))")
      default: break
      }
    }
    for violation in outcome["violations"]?.elements ?? [] {
      append(
        .violation,
        "\(Self.inShort(violation, "property")): \(Self.inShort(violation, "message"))")
    }
  }

  private func kind(_ effect: JSONView) -> String {
    effect["status"]?.boolean == true ? "status" : "grant"
  }

  private mutating func physmap(_ effect: JSONView) {
    let gfn = Self.inShort(effect, "gfn")
    let cause = effect["cause"]?.string ?? ""
    if let before = effect["before"], before.kind != .null {
      let text = "\(gfn)  \(page(before))"
      switch cause {
      case "requested": append(.removed, text)
      case "stale-tracking": append(.collateral, text, aside: cause)
      default: append(.moved, text, aside: cause)
      }
    }
    if let after = effect["after"], after.kind != .null {
      append(.added, "\(gfn)  \(page(after))")
    }
  }

  /// What a query found.
  private mutating func findings(_ result: JSONView) {
    if result["effects"] == nil, result["violations"]?.count == 0 {
      append(.peace, "nothing stands against the properties")
    }
    for entry in result["entries"]?.elements ?? [] {
      append(.finding, "\(Self.inShort(entry, "gfn"))  \(page(entry))")
    }
    for frame in result["frames"]?.elements ?? [] {
      let isStale = frame["stale"]?.boolean == true
      let place =
        "tracked: \(Self.inShort(frame, "tracked")), mapped at: \(Self.inShort(frame, "mappedAt"))"
      append(
        isStale ? .stale : .finding, "grant frame \(Self.inShort(frame, "frame")): \(place)",
        aside: isStale ? "stale" : "")
    }
  }

  private func page(_ entry: JSONView) -> String {
    guard let page = entry["page"] else { return "?" }
    let place = page.members.dropFirst().map { "\($0.name) \($0.value.inShort)" }
    return "\(Self.inShort(page, "kind")) \(place.joined(separator: ", "))"
  }
}

/// Values in short.
extension Narration {
  /// The method and the parameters of a request, on one line.
  package static func inShort(_ request: RequestList.Request) -> String {
    let document = JSONDocument(known: request.text)
    defer { extendLifetime(document) }
    let arguments = document.root["params"]?.argumentsInShort ?? ""
    return arguments.isEmpty ? request.method : "\(request.method) \(arguments)"
  }

  private static func inShort(_ object: JSONView, _ name: StaticString) -> String {
    object[name].map { $0.kind == .null ? "nowhere" : $0.inShort } ?? ""
  }
}
