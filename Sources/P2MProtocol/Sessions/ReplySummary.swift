import Jansson

/// A reply on one line, as it fits behind its request in an editor: what changed, or what failed.
struct ReplySummary {
  /// 0 for a result, or the error's code; of a batch, the first that is not 0.
  private(set) var code: Int64 = 0
  /// The model's name of the error.
  private(set) var errno: String?
  private(set) var text = ""
  /// The violations that the reply tells, each an object.
  private(set) var violations: [JSONView] = []

  /// Effects that are told before the rest is counted.
  private static let effectLimit = 3
  /// Characters of a message.
  private static let messageLimit = 240

  /// - Parameter reply: one reply, or those to a batch; the document must live as long.
  init(_ reply: JSONView) {
    var texts: [String] = []
    for message in reply.batch {
      let error = message["error"]
      if code == 0, let error {
        code = error["code"]?.integer ?? 0
        errno = error["data"]?["errno"]?.string
      }
      texts.append(Self.text(of: message))
      violations += message.violations
    }
    text = texts.joined(separator: " | ")
  }

  private static func text(of message: JSONView) -> String {
    if let error = message["error"] {
      return String((error["message"]?.string ?? "failed").prefix(messageLimit))
    }
    guard let result = message["result"] else { return "" }
    if let effects = result["effects"] { return text(ofEffects: effects) }
    return finding(result)
  }

  /// What a query found, in short.
  private static func finding(_ result: JSONView) -> String {
    if let verdict = result["verdict"] { return word(verdict) }
    if let steps = result["steps"] { return count(steps, "step") }
    if let violations = result["violations"] { return count(violations, "violation") }
    if let entries = result["entries"] { return count(entries, "entry", "entries") }
    if let frames = result["frames"], frames.kind == .array {
      let stale = (0..<frames.count).count { frames[$0]?["stale"]?.boolean == true }
      return count(frames, "frame") + (stale > 0 ? ", \(stale) stale" : "")
    }
    if let gfn = result["gfn"], result.count == 1 { return word(gfn) }
    return "ok"
  }

  private static func count(_ array: JSONView, _ one: String, _ many: String? = nil) -> String {
    array.count == 1 ? "1 \(one)" : "\(array.count) \(many ?? "\(one)s")"
  }

  private static func text(ofEffects effects: JSONView) -> String {
    let told = (0..<effects.count).lazy.compactMap { effects[$0] }
      .filter { $0["kind"]?.equals("reference") != true }
    guard !told.isEmpty else { return "ok, nothing changed" }
    let texts = told.prefix(effectLimit).map(text(ofEffect:))
    let more = told.count - texts.count
    return texts.joined(separator: ", ") + (more > 0 ? ", and \(more) more" : "")
  }

  private static func text(ofEffect effect: JSONView) -> String {
    let what = effect["status"]?.boolean == true ? "status" : "grant"
    switch effect["kind"]?.string {
    case "physmap":
      let cause = effect["cause"].flatMap { $0.equals("requested") ? nil : " (\(word($0)))" }
      let before = effect["before"].flatMap { entry($0, "-") }
      let after = effect["after"].flatMap { entry($0, "+") }
      let change = [before, after].compactMap { $0 }.joined(separator: " ")
      return "\(word(effect["gfn"])) \(change)\(cause ?? "")"
    case "tracking":
      return "\(what) frame \(word(effect["frame"])) tracked \(word(effect["before"])) -> "
        + word(effect["after"])
    case "growth": return "\(word(effect["after"])) \(what) frames"
    case "version": return "version \(word(effect["after"]))"
    default: return word(effect["kind"])
    }
  }

  /// The page of an entry, behind `sign`; `nil` where there is no entry.
  private static func entry(_ entry: JSONView, _ sign: String) -> String? {
    guard let page = entry["page"] else { return nil }
    let place = page["gfn"] ?? page["frame"] ?? page["n"]
    return "\(sign)\(word(page["kind"]))" + (place.map { " \(word($0))" } ?? "")
  }

  private static func word(_ value: JSONView?) -> String {
    guard let value, value.kind != .null else { return "nowhere" }
    return value.string ?? value.json
  }
}
