import Hypervisor
import JSONRPC
import Laboratory

/// What machines are at some moment, for people: a line each.
///
/// Neighbouring GFNs that map neighbouring pages share a line.
struct StateText {
  /// Lines of all machines.
  static let lineLimit = 4096
  /// Leaves of page tables that are looked at.
  static let leafLimit = 1 << 18

  private(set) var lines: [String] = []
  private var leavesLeft = Self.leafLimit

  /// - Parameter context: what is told of the progress of counting the violations that stand.
  /// - Throws: request cancelled.
  init(
    of laboratory: borrowing Laboratory, context: inout RequestContext
  ) throws(RPCError) {
    for index in laboratory.benches.indices {
      try tell(laboratory[index].machine, context: &context)
    }
    if lines.count > Self.lineLimit {
      lines[Self.lineLimit...] = ["... and more: at most \(Self.lineLimit) lines are told"]
    }
  }

  private mutating func tell(
    _ machine: Machine, context: inout RequestContext
  ) throws(RPCError) {
    let configuration = machine.configuration
    lines.append("machine \(configuration.name): \(configuration.preset.name)")
    if let panic = machine.panic { return lines.append("! dead: \(panic)") }
    for index in machine.domains.indices where lines.count <= Self.lineLimit {
      tell(DomainIndex(index), of: machine)
    }
    var check = StateCheck(machine, Set(Property.always))
    while true {
      if let violations = check.step() {
        lines += violations.map { "! \($0.property.rawValue): \($0)" }
        return
      }
      try context.advance(to: 0, of: 1)
    }
  }

  private mutating func tell(_ index: DomainIndex, of machine: borrowing Machine) {
    let domain = machine.domains[index.rawValue]
    let privileged = domain.configuration.privileged ? ", privileged" : ""
    lines.append("domain \(domain.id)\(privileged): \(domain.allocatedPages) pages")
    if let crash = domain.crash { lines.append("! crashed: \(crash)") }
    for region in domain.regions {
      lines.append("  region \(region.name): \(span(region.range)) \(region.kind.rawValue)")
    }
    physmap(index, of: machine)
    frames("grant", domain.grantTable.frames)
    frames("status", domain.grantTable.statusFrames)
    for (vcpu, progress) in domain.progress.enumerated() {
      guard let progress else { continue }
      let next = progress.nextStep.rawValue
      lines.append("  vcpu \(vcpu): \(progress.method.rawValue), next \(next)")
    }
  }

  private mutating func physmap(_ index: DomainIndex, of machine: borrowing Machine) {
    var run: Run?
    var isWhole = true
    machine.domains[index.rawValue].p2m.forEachLeaf(from: 0, to: machine.p2mLimit) { leaf in
      guard leavesLeft > 0, lines.count <= Self.lineLimit else {
        isWhole = false
        return false
      }
      leavesLeft -= 1
      guard let mapping = machine.mapping(at: leaf.gfn, in: index) else { return true }
      let pages = UInt64(1) << UInt64(leaf.order)
      if run?.extend(by: mapping.page, at: leaf.gfn, pages) == true { return true }
      if let run { lines.append("  \(run)") }
      run = Run(first: leaf.gfn, pages: pages, page: mapping.page)
      return true
    }
    if let run { lines.append("  \(run)") }
    if !isWhole { lines.append("  ... and more: the rest of the physmap is not told") }
  }

  /// The frames that are mapped, or believed to be.
  private mutating func frames(_ kind: String, _ frames: ChunkedArray<GrantTable.Frame>) {
    for (number, frame) in frames.enumerated()
    where frame.tracked != nil || !frame.mappedAt.isEmpty {
      guard lines.count <= Self.lineLimit else { return }
      let tracked = frame.tracked.map { "at \($0)" } ?? "nowhere"
      let places = frame.mappedAt.map(\.description).joined(separator: ", ")
      let mapped = places.isEmpty ? "nowhere" : "at \(places)"
      let stale = frame.isStale ? ", stale" : ""
      lines.append("  \(kind) frame \(number): tracked \(tracked), mapped \(mapped)\(stale)")
    }
  }

  private func span(_ range: GuestRange) -> String {
    range.pageCount == 1
      ? "\(range.first)" : "\(range.first)-\(GFN(range.end - 1))"
  }
}

/// Neighbouring GFNs that map neighbouring pages.
private struct Run: CustomStringConvertible {
  let first: GFN
  private(set) var pages: UInt64
  let page: PageName

  init(first: GFN, pages: UInt64, page: PageName) {
    self.first = first
    self.pages = pages
    self.page = page
  }

  /// Adds `more` pages from `gfn` on, if they are what comes next.
  ///
  /// - Returns: whether they are.
  mutating func extend(by page: PageName, at gfn: GFN, _ more: UInt64) -> Bool {
    guard gfn.rawValue == first.rawValue + pages, page == self.page.advanced(by: pages) else {
      return false
    }
    pages += more
    return true
  }

  var description: String {
    if pages == 1 { return "\(first): \(page)" }
    return "\(first)-\(GFN(first.rawValue + pages - 1)): \(page) and on, \(pages) pages"
  }
}

extension PageName {
  /// The page that lies `count` pages behind, as it would be called.
  fileprivate func advanced(by count: UInt64) -> PageName {
    switch self {
    case .grant(let domain, let frame): .grant(domain: domain, frame: frame + Int(count))
    case .status(let domain, let frame): .status(domain: domain, frame: frame + Int(count))
    case .foreign(let domain, let gfn):
      .foreign(domain: domain, gfn: GFN(gfn.rawValue + count))
    case .ram(let gfn): .ram(gfn: GFN(gfn.rawValue + count))
    case .populated(let n): .populated(n: n + Int(count))
    case .sharedInfo, .device, .free: self
    }
  }
}
