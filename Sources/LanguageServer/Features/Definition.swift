import JSONRPC
import Jansson
import P2MProtocol

/// Where what a place names comes from: a GFN from the line that put what is there, a domain, a region,
/// a machine or a snapshot from the line that made it, a reply from its request.
extension LanguageServer {
  mutating func definition(
    _ params: JSONView, _ context: inout RequestContext
  ) throws(RPCError) -> JSONTree {
    try withDocument(params) { document throws(RPCError) in
      guard let position = Position(params["position"]) else { return .null }
      let (line, byte) = document.text.place(position)
      try document.carryOut(through: line, for: &context)
      guard let found = document.definition(line, byte) else { return .null }
      return document.location(document.text.range(ofLine: found))
    }
  }

  /// Every place that names the same.
  mutating func references(_ params: JSONView) throws(RPCError) -> JSONTree {
    try withDocument(params) { document throws(RPCError) in
      guard let position = Position(params["position"]) else { return .null }
      let (line, byte) = document.text.place(position)
      guard let subject = document.subject(line, byte) else { return .null }
      var places: [JSONTree] = []
      for (number, other) in document.analysis.lines.enumerated() {
        for use in other.requests.flatMap(\.uses) where use.subject == subject {
          guard places.count < Limits.places else { break }
          places.append(document.location(document.range(number, use.path)))
        }
      }
      return .array(places)
    }
  }
}

extension OpenDocument {
  /// What the place names; of a request that names one GFN, that wherever the place is.
  func subject(_ line: Int, _ byte: Int) -> RequestFacts.Subject? {
    let uses = analysis.lines[line].requests.flatMap(\.uses)
    let outline = outline(line)
    let here = uses.first { use in
      guard let child = outline.child(at: use.path) else { return false }
      let start = child.range.lowerBound
      return (start..<child.range.upperBound).touches(byte)
    }
    if let here { return here.subject }
    let gfns = uses.filter { if case .gfn = $0.subject { true } else { false } }
    return gfns.count == 1 ? gfns[0].subject : nil
  }

  fileprivate mutating func definition(_ line: Int, _ byte: Int) -> Int? {
    if case .message(.replies) = analysis.lines[line].content {
      analysis.pair()
      return analysis.pairing?.given[line].compactMap { $0?.line }.first
    }
    switch subject(line, byte) {
    case .gfn(let machine, let domain, let gfn)?:
      let spot = Analysis.Spot(machine: machine, domain: domain, gfn: gfn)
      return origin(of: spot, before: line)
    case .domain(let machine, let domain)?:
      return analysis.creation(of: domain, on: machine, before: line + 1)
    case .region(let machine, let domain, let name)?:
      let region = RequestFacts.Subject.region(machine: machine, domain: domain, name)
      return analysis.lastRequest(before: line + 1) { request in
        (request.method == "region.define" && request.uses.contains { $0.subject == region })
          || (request.method == "region.import" && request.domain == domain)
      }
    case .snapshot(let machine, let name)?:
      let snapshot = RequestFacts.Subject.snapshot(machine: machine, name)
      return analysis.lastRequest(before: line + 1) { request in
        request.method == "snapshot.create" && request.uses.contains { $0.subject == snapshot }
      }
    case .machine(let machine)?:
      return analysis.lastRequest(before: line + 1) {
        $0.method == "machine.create" && $0.machine == machine
      }
    case .actor?, nil: return nil
    }
  }

  /// The line that put what is at `spot` before `line`; if nothing is there, the line that took it.
  private mutating func origin(of spot: Analysis.Spot, before line: Int) -> Int? {
    guard line > 0, var server = analysis.server(after: line - 1) else { return nil }
    let params: [JSONTree.Member] = [
      .init(name: "domain", value: .integer(spot.domain)),
      .init(name: "gfn", value: .string("0x" + String(spot.gfn, radix: 16))),
    ]
    guard
      case .array(let entries)? =
        server.result("physmap.query", on: spot.machine, params)?["entries"],
      let mfn = entries.first?["mfn"]?.text
    else {
      return analysis.lastChange(of: spot, before: line) { $0["after"]?.kind == .null }
    }
    return analysis.lineThatPut(mfn, at: spot, before: line)
  }
}
