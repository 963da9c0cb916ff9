import Jansson
import P2MProtocol

/// What a reply says, in short.
struct Outcome {
  /// The errno, or the effects: for the end of a line.
  let summary: String
  /// The words of the error, and of what was broken.
  let details: [String]

  /// Effects that are told one by one.
  private static let toldEffects = 3

  init(_ reply: JSONView) {
    var told: [String] = []
    var details: [String] = []
    if let error = reply["error"] {
      told.append(Self.name(of: error))
      details.append(error["message"]?.string ?? "")
    }
    if let outcome = reply.outcome {
      told += Self.effects(outcome)
      if reply["error"] == nil, outcome["effects"] == nil { told += Self.findings(outcome) }
      let broken = (outcome["violations"]?.elements ?? []) + reply.broken
      let properties = broken.compactMap { $0["property"]?.string }
      for (index, property) in properties.enumerated()
      where properties.firstIndex(of: property) == index { told.append("! \(property)") }
      for message in broken.compactMap({ $0["message"]?.string }) where !details.contains(message) {
        details.append(message)
      }
    }
    summary = told.isEmpty ? "ok" : told.joined(separator: "  ")
    self.details = details
  }

  private static func name(of error: JSONView) -> String {
    if let errno = error["data"]?["errno"]?.string { return errno }
    let message = error["message"]?.string ?? ""
    let title = message.split(separator: ":").first.map(String.init) ?? message
    return "\(error["code"]?.integer ?? 0) \(title)"
  }

  // MARK: Effects

  private static func effects(_ outcome: JSONView) -> [String] {
    let effects = outcome["effects"]?.elements ?? []
    var told: [String] = []
    var tracking: [String] = []
    for effect in effects {
      switch effect["kind"]?.string {
      case "physmap": told += physmap(effect)
      case "tracking":
        tracking.append(
          "~frame \(effect["frame"]?.inShort ?? "?") tracked: \(place(effect["before"]))"
            + " -> \(place(effect["after"]))")
      case "growth": told.append("\(effect["after"]?.inShort ?? "?") frames")
      case "version": told.append("version \(effect["after"]?.inShort ?? "?")")
      default: break
      }
    }
    if told.isEmpty { told = tracking }
    guard told.count > toldEffects else { return told }
    return told.prefix(toldEffects) + ["+\(told.count - toldEffects) more"]
  }

  private static func physmap(_ effect: JSONView) -> [String] {
    let gfn = effect["gfn"]?.inShort ?? "?"
    let cause = effect["cause"]?.string ?? ""
    var told: [String] = []
    if let before = effect["before"], before.kind != .null {
      told.append("-\(gfn) \(page(before))" + (cause == "requested" ? "" : " (\(cause))"))
    }
    if let after = effect["after"], after.kind != .null { told.append("+\(gfn) \(page(after))") }
    return told
  }

  private static func place(_ gfn: JSONView?) -> String {
    guard let gfn, gfn.kind != .null else { return "nowhere" }
    return gfn.inShort
  }

  /// The page behind an entry.
  static func page(_ entry: JSONView) -> String {
    guard let page = entry["page"] else { return "?" }
    return page.members.enumerated().map { index, member in
      index == 0 ? member.value.inShort : "\(member.name) \(member.value.inShort)"
    }.joined(separator: " ")
  }

  // MARK: What was asked

  private static func findings(_ result: JSONView) -> [String] {
    if let gfn = result["gfn"], result["pages"] == nil { return ["= \(gfn.inShort)"] }
    if let entries = result["entries"] {
      let told = entries.elements.prefix(toldEffects).map {
        "= \($0["gfn"]?.inShort ?? "?") \(page($0))"
      }
      let left = entries.count - told.count
      return entries.count == 0 ? ["= nothing"] : told + (left > 0 ? ["+\(left) more"] : [])
    }
    if let frames = result["frames"], frames.kind == .array {
      let stale = frames.elements.filter { $0["stale"]?.boolean == true }
      let numbers = stale.compactMap { $0["frame"]?.inShort }.joined(separator: ", ")
      return [
        "= \(frames.count) frame\(frames.count == 1 ? "" : "s")"
          + (stale.isEmpty ? "" : ", stale: \(numbers)")
      ]
    }
    if let verdict = result["verdict"]?.string { return ["= \(verdict)"] }
    if let completed = result["completed"]?.boolean, let lost = result["lostPages"] {
      return [completed ? "completed" : "stopped"]
        + (lost.count > 0 ? ["\(lost.count) pages lost"] : [])
    }
    if let step = result["step"]?.string { return ["step \(step)"] }
    if result["violations"]?.count == 0 { return ["= nothing stands against the properties"] }
    return []
  }
}
