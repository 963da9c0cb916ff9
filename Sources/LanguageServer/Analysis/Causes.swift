import JSONRPC
import Jansson
import P2MProtocol

/// Which lines put what is somewhere, as the effects of their replies tell.
extension Analysis {
  /// A place in a machine's physmaps.
  struct Spot: Hashable {
    let machine: String
    let domain: Int64
    let gfn: UInt64
  }

  /// The last line before `line` with an effect that `isMeant`, on the entry at `spot`.
  func lastChange(
    of spot: Spot, before line: Int, where isMeant: (JSONView) -> Bool = { _ in true }
  ) -> Int? {
    // What is addressed by its first GFN may be a larger entry around it.
    let starts = Set([0, 9, 18].map { (spot.gfn >> $0) << $0 })
    let needles = starts.map { gfn in
      Needle("/domains/\(spot.domain)/physmap/0x\(String(gfn, radix: 16))\"")
    }
    return lastStep(before: line, with: needles) { covers($0, spot) && isMeant($0) }
  }

  /// The last line before `line` that changed where a frame is tracked.
  func lastTracking(
    of frame: Int64, domain: Int64, on machine: String, before line: Int
  ) -> Int? {
    let address = "\(Self.address(machine))domains/\(domain)/grantTable/frames/\(frame)"
    return lastStep(before: line, with: [Needle(address + "\"")]) { effect in
      effect["kind"]?.equals("tracking") == true && effect["uri"]?.string == address
    }
  }

  private static func address(_ machine: String) -> String {
    "/machines/\(PercentEncoding.encode(machine))/"
  }

  /// The line that put the page `mfn` at `spot`, where it is before `line`.
  func lineThatPut(_ mfn: String, at spot: Spot, before line: Int) -> Int? {
    let put = lastChange(of: spot, before: line) { $0["after"]?["mfn"]?.string == mfn }
    return put ?? creation(of: spot.domain, on: spot.machine, before: line)
  }

  /// The line that made a domain.
  func creation(of domain: Int64, on machine: String, before line: Int) -> Int? {
    lastRequest(before: line) {
      $0.method == "domain.create" && $0.domain == domain && $0.machine == machine
    }
  }

  /// The last line before `line` with a request that `isMeant`.
  func lastRequest(before line: Int, where isMeant: (RequestFacts) -> Bool) -> Int? {
    lines[..<line].lastIndex { $0.requests.contains(where: isMeant) }
  }

  /// The last line before `line` with an effect that `isMeant`.
  private func lastStep(
    before line: Int, with needles: [Needle], where isMeant: (JSONView) -> Bool
  ) -> Int? {
    for number in (0..<min(line, position)).reversed() {
      guard let step = step(number), needles.contains(where: step.contains) else { continue }
      let isFound = step.withMessages { messages in
        messages.contains { message in
          message.outcomes.contains { $0["effects"]?.elements.contains(where: isMeant) == true }
        }
      }
      if isFound { return number }
    }
    return nil
  }

  /// Whether an effect is on the entry at `spot`, or on a larger one around it.
  private func covers(_ effect: JSONView, _ spot: Spot) -> Bool {
    guard effect["kind"]?.equals("physmap") == true, effect["domain"]?.integer == spot.domain,
      let first = effect["gfn"].flatMap(WireNumber.parse)
    else { return false }
    let order = max(
      effect["before"]?["order"]?.integer ?? 0, effect["after"]?["order"]?.integer ?? 0)
    guard first <= spot.gfn, spot.gfn - first < 1 << order else { return false }
    let address = effect["uri"]?.string ?? ""
    return address.hasPrefix(Self.address(spot.machine))
  }
}

/// A line, and what it has to do with another one.
struct RelatedLine: Hashable {
  let line: Int
  let message: String
}

extension Analysis {
  /// Which lines led to a violation that is told at `line`.
  func causes(of violation: JSONView, at line: Int, machine: String) -> [RelatedLine] {
    guard let domain = violation["domain"]?.integer else { return [] }
    if let gfn = violation["gfn"].flatMap(WireNumber.parse) {
      let spot = Spot(machine: machine, domain: domain, gfn: gfn)
      return losses(at: spot, before: line)
    }
    if let frame = violation["frame"]?.integer {
      guard
        let tracked = lastTracking(
          of: frame, domain: domain, on: machine, before: line)
      else { return [] }
      return [RelatedLine(line: tracked, message: "grant frame \(frame) was tracked here")]
    }
    return []
  }

  /// What was lost at `spot`, and what made the entry stale that it was lost by.
  private func losses(at spot: Spot, before line: Int) -> [RelatedLine] {
    var lines: [RelatedLine] = []
    let gfn = "0x" + String(spot.gfn, radix: 16)
    let stale = lastChange(of: spot, before: line) { effect in
      let kind = effect["before"]?["page"]?["kind"]
      return kind?.equals("grant") == true || kind?.equals("status") == true
    }
    if let stale {
      lines.append(
        RelatedLine(
          line: stale, message: "the grant frame was removed from \(gfn) here, but still tracked"))
    }
    if let put = lastChange(of: spot, before: line, where: { $0["after"]?["page"] != nil }) {
      lines.append(RelatedLine(line: put, message: "what was lost was mapped at \(gfn) here"))
    }
    return lines
  }
}
