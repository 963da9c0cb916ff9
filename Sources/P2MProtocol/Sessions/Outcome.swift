import Hypervisor
import Jansson

/// What a reply says, in short: for editors, which show it beside the request.
package struct Outcome {
  /// The errno, the effects and what was broken: for the end of a line.
  package let summary: String
  /// The words of the error, and of what was broken.
  package let details: [String]
  /// The words of the error and the effects: where what an operation broke is told apart.
  let sentence: String

  /// Effects that are told one by one.
  private static let toldEffects = 3

  package init(_ reply: JSONView) {
    let error = reply["error"]
    let words = error.map { [$0["message"]?.string ?? ""] } ?? []
    var told: [String] = []
    if let outcome = reply.outcome {
      told += Self.effects(outcome)
      if error == nil, outcome["effects"] == nil { told += Self.findings(outcome) }
    }
    let broken = (reply.outcome?["violations"]?.elements ?? []) + reply.broken
    let properties = Self.distinct(broken.compactMap { $0["property"]?.string }).map { "! \($0)" }
    let isAnswer = error == nil && reply.outcome?["effects"] == nil
    summary = Self.joined((error.map { [Self.name(of: $0)] } ?? []) + told + properties)
    sentence = Self.joined(words + told + (isAnswer ? properties : []))
    details = Self.distinct(words + broken.compactMap { $0["message"]?.string })
  }

  private static func distinct(_ texts: [String]) -> [String] {
    texts.enumerated().filter { texts.firstIndex(of: $1) == $0 }.map(\.element)
  }

  private static func joined(_ told: [String]) -> String {
    told.isEmpty ? "ok" : told.joined(separator: "  ")
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
  package static func page(_ entry: JSONView) -> String {
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

extension JSONView {
  /// What a reply says beside its envelope: the result, or the data of the error.
  package var outcome: JSONView? { self["result"] ?? self["error"]?["data"] }

  /// The outcomes of a reply, and of the steps that an actor has played.
  package var outcomes: [JSONView] {
    guard let outcome else { return [] }
    return [outcome] + (outcome["steps"]?.elements ?? []).compactMap { $0["reply"]?.outcome }
  }

  /// What operations have broken, as they tell it themselves, an actor's steps among them; and what
  /// a check finds that no operation tells.
  package var broken: [JSONView] {
    outcomes.flatMap { outcome in
      let violations = outcome["violations"]?.elements ?? []
      if outcome["effects"] != nil { return violations }
      return violations.filter { violation in
        !Property.always.contains { violation["property"]?.string == $0.rawValue }
      }
    }
  }
}
