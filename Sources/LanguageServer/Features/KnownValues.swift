import Hypervisor
import JSONRPC
import P2MProtocol

extension OpenDocument {
  /// An id that no request has yet: one more than the greatest.
  var nextID: Int64 {
    var greatest: Int64 = 0
    for line in analysis.lines {
      guard case .message(.requests(_, let ids, _)) = line.content else { continue }
      for case .integer(let id) in ids where id < .max { greatest = max(greatest, id) }
    }
    return greatest + 1
  }

  /// What the session has in use that a parameter may name, as JSON; the latest first.
  func knownValues(
    of parameter: String, method: String, outside line: Int, actors: [String], domain: Int64?
  ) -> [(text: String, detail: String)] {
    if parameter == "preset" || parameter == "presets" {
      return Preset.all.map { ("\"\($0.name)\"", "\($0.summary)") }
    }
    if parameter == "actor" { return actors.map { ("\"\($0)\"", "an actor") } }
    var found: [(text: String, detail: String)] = []
    var texts: Set<String> = []
    for number in (0..<analysis.lines.count).reversed() where number != line {
      for request in analysis.lines[number].requests {
        for use in request.uses {
          guard let text = Self.text(of: use.subject, as: parameter, method, domain),
            texts.insert(text).inserted
          else { continue }
          found.append((text, "line \(number + 1): \(Self.shortened(request.summary))"))
        }
      }
      if found.count > Limits.places { break }
    }
    return found
  }

  private static func text(
    of subject: RequestFacts.Subject, as parameter: String, _ method: String, _ domain: Int64?
  ) -> String? {
    switch (subject, parameter) {
    case (.domain(_, let id), "domain"): "\(id)"
    case (.gfn(_, let owner, let gfn), "gfn") where domain == nil || owner == domain:
      "\"0x\(String(gfn, radix: 16))\""
    case (.machine(let name), "machine"): JSONTree.string(name).compact
    case (.snapshot(_, let name), "name") where method.hasPrefix("snapshot."):
      JSONTree.string(name).compact
    case (.region(_, let owner, let name), "name")
    where method.hasPrefix("region.") && (domain == nil || owner == domain):
      JSONTree.string(name).compact
    default: nil
    }
  }
}
