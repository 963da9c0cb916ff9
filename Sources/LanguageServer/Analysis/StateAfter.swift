import JSONRPC
import Jansson
import P2MProtocol

/// What the machine is after a line: the server is asked, as a client would ask it.
extension OpenDocument {
  /// GFNs of a domain that are told of.
  private static let gfnLimit = 32
  /// Grant frames of a domain that are told of.
  private static let frameLimit = 16

  /// The state that the request on a line leaves; nothing where its machine is gone.
  mutating func stateParts(after line: Int) -> [HoverPart] {
    guard let request = analysis.lines[line].requests.first, request.note == nil,
      var server = analysis.server(after: line),
      let machine = server.result("machine.get", on: request.machine)
    else { return [] }
    var parts = [HoverPart.text("After this line, \(Self.heading(machine)):")]
    if let panic = machine["panic"]?.text { return parts + [.text("dead: \(panic)")] }
    var lines: [String] = []
    for domain in domains(of: request, machine) {
      lines += state(of: domain, request.machine, &server, before: line + 1)
    }
    if lines.isEmpty { lines = ["nothing is mapped at a GFN that the session names"] }
    parts.append(.lines(lines))
    return parts
  }

  private static func heading(_ machine: JSONTree) -> String {
    let name = machine["machine"]?.text ?? "main"
    return "machine \(name) (\(machine["preset"]?.text ?? "?"))"
  }

  /// The domain that the request is about; all of them, if it is about none.
  private func domains(of request: RequestFacts, _ machine: JSONTree) -> [Int64] {
    if let domain = request.domain { return [domain] }
    guard case .array(let domains)? = machine["domains"] else { return [] }
    return domains.prefix(4).compactMap(\.number)
  }

  private func state(
    of domain: Int64, _ machine: String, _ server: inout SessionPlayer, before line: Int
  ) -> [String] {
    var lines: [String] = []
    for gfn in gfns(of: domain, machine, before: line) {
      let params: [JSONTree.Member] = [
        .init(name: "domain", value: .integer(domain)),
        .init(name: "gfn", value: .string("0x" + String(gfn, radix: 16))),
      ]
      guard
        case .array(let entries)? =
          server.result("physmap.query", on: machine, params)?["entries"]
      else { continue }
      for entry in entries { lines.append("  \(entry["gfn"]?.text ?? "?")  \(Self.page(entry))") }
    }
    let params: [JSONTree.Member] = [
      .init(name: "domain", value: .integer(domain)),
      .init(name: "count", value: .integer(Int64(Self.frameLimit))),
    ]
    if case .array(let frames)? = server.result("array.query", on: machine, params)?["frames"] {
      for frame in frames where frame["tracked"] != .null || frame["mappedAt"] != .array([]) {
        let isStale = frame["stale"] == .boolean(true)
        lines.append(
          "  grant frame \(frame["frame"]?.compact ?? "?"): tracked \(Self.place(frame["tracked"])), "
            + "mapped \(Self.places(frame["mappedAt"]))" + (isStale ? "  (stale)" : ""))
      }
    }
    return lines.isEmpty ? [] : ["domain \(domain)"] + lines
  }

  /// The GFNs that the session names in a domain, the ones nearest to the line first, in order.
  private func gfns(of domain: Int64, _ machine: String, before line: Int) -> [UInt64] {
    var found: Set<UInt64> = []
    for number in (0..<line).reversed() {
      for use in analysis.lines[number].requests.flatMap(\.uses) {
        if case .gfn(machine, domain, let gfn) = use.subject { found.insert(gfn) }
      }
      if found.count >= Self.gfnLimit { break }
    }
    return found.sorted().prefix(Self.gfnLimit).map { $0 }
  }

  private static func page(_ entry: JSONTree) -> String {
    guard case .object(let members)? = entry["page"] else { return "?" }
    return members.enumerated().map { index, member in
      let value = member.value.text ?? member.value.compact
      return index == 0 ? value : "\(member.name) \(value)"
    }.joined(separator: " ")
  }

  private static func place(_ gfn: JSONTree?) -> String {
    gfn?.text.map { "at \($0)" } ?? "nowhere"
  }

  private static func places(_ gfns: JSONTree?) -> String {
    guard case .array(let gfns)? = gfns, !gfns.isEmpty else { return "nowhere" }
    return "at " + gfns.compactMap(\.text).joined(separator: ", ")
  }
}

extension SessionPlayer {
  /// The result of a request; `nil` where it fails.
  mutating func result(
    _ method: String, on machine: String, _ params: [JSONTree.Member] = []
  ) -> JSONTree? {
    let params = params + [JSONTree.Member(name: "machine", value: .string(machine))]
    let request = JSONTree.object([
      "jsonrpc": .string("2.0"), "id": .integer(1), "method": .string(method),
      "params": .object(params),
    ])
    var context = RequestContext(patience: Limits.patience)
    var reply = JSONWriter()
    play(Array(request.compact.utf8).span, in: &context, into: &reply)
    return JSONTree(json: reply.text)["result"]
  }
}

extension JSONTree {
  /// The string.
  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The integer.
  var number: Int64? {
    guard case .integer(let number) = self else { return nil }
    return number
  }
}
