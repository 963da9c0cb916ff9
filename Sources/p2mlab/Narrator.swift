import Jansson
import P2MProtocol

/// Tells a session as a person would: notes as headings, requests in short, what each changed.
struct Narrator {
  private let style: Console.Style

  init(_ style: Console.Style) { self.style = style }

  /// Prints the session whose requests and replies are `transcript`, one message a line.
  func tell(_ transcript: [UInt8]) {
    for line in TextLine.all(of: transcript) {
      let document = JSONDocument(known: transcript.span.extracting(line.range))
      for message in document.root.batch { tell(message) }
      extendLifetime(document)
    }
  }

  private func tell(_ message: JSONView) {
    if message["method"]?.equals("session.note") == true {
      print("\n\(style.strong(message["params"]?["text"]?.string ?? ""))")
    } else if let method = message["method"]?.string {
      print("  \(method) \(style.faint(message["params"]?.argumentsInShort ?? ""))")
    } else if let result = message["result"] {
      if let step = result["step"] { print("      . \(step.inShort)\(locks(result["locks"]))") }
      for step in result["steps"]?.elements ?? [] {
        if let request = step["request"], let reply = step["reply"] {
          tell(request)
          tell(reply)
        }
      }
      if result["steps"] == nil { consequences(result) }
      findings(result)
    } else if let error = message["error"] {
      print(style.removed("      \(error["message"]?.string ?? "failed")"))
      if let data = error["data"] { consequences(data) }
    }
  }

  private func locks(_ locks: JSONView?) -> String {
    guard let locks, locks.count > 0 else { return "" }
    return style.faint(" under \(locks.inShort)")
  }

  /// The method and the parameters of a request, on one line.
  func inShort(_ request: RequestList.Request) -> String {
    let document = JSONDocument(known: request.text)
    defer { extendLifetime(document) }
    let arguments = document.root["params"]?.argumentsInShort ?? ""
    return arguments.isEmpty ? request.method : "\(request.method) \(arguments)"
  }

  /// What changed, and what that broke.
  private func consequences(_ outcome: JSONView) {
    for effect in outcome["effects"]?.elements ?? [] {
      switch effect["kind"]?.string {
      case "physmap": physmap(effect)
      case "tracking":
        let change = "\(inShort(effect, "before")) -> \(inShort(effect, "after"))"
        print("      ~ \(kind(effect)) frame \(inShort(effect, "frame")) tracked: \(change)")
      case "growth": print("      ~ \(inShort(effect, "after")) \(kind(effect)) frames exist")
      case "version": print("      ~ grant table version \(inShort(effect, "after"))")
      default: break
      }
    }
    for violation in outcome["violations"]?.elements ?? [] {
      let text = "\(inShort(violation, "property")): \(inShort(violation, "message"))"
      print(style.warning("      ! \(text)"))
    }
  }

  private func kind(_ effect: JSONView) -> String {
    effect["status"]?.boolean == true ? "status" : "grant"
  }

  private func physmap(_ effect: JSONView) {
    let gfn = inShort(effect, "gfn")
    let cause = effect["cause"]?.string ?? ""
    if let before = effect["before"], before.kind != .null {
      let line = "      - \(gfn)  \(page(before))"
      print(cause == "requested" ? line : style.removed("\(line)   <- \(cause)"))
    }
    if let after = effect["after"], after.kind != .null {
      print(style.added("      + \(gfn)  \(page(after))"))
    }
  }

  /// What a query found.
  private func findings(_ result: JSONView) {
    if result["effects"] == nil, result["steps"] == nil, result["violations"]?.count == 0 {
      print(style.added("      = nothing stands against the properties"))
    }
    for entry in result["entries"]?.elements ?? [] {
      print("      = \(inShort(entry, "gfn"))  \(page(entry))")
    }
    for frame in result["frames"]?.elements ?? [] {
      let stale = frame["stale"]?.boolean == true ? style.warning("  stale") : ""
      let place = "tracked: \(inShort(frame, "tracked")), mapped at: \(inShort(frame, "mappedAt"))"
      print("      = grant frame \(inShort(frame, "frame")): \(place)\(stale)")
    }
  }

  private func inShort(_ object: JSONView, _ name: StaticString) -> String {
    object[name].map { $0.kind == .null ? "nowhere" : $0.inShort } ?? ""
  }

  private func page(_ entry: JSONView) -> String {
    guard let page = entry["page"] else { return "?" }
    let place = page.members.dropFirst().map { "\($0.name) \($0.value.inShort)" }
    return "\(inShort(page, "kind")) \(place.joined(separator: ", "))"
  }
}
