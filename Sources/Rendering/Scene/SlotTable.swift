/// The guest frames of which a story tells, cut so that at every moment each slot is one thing.
///
/// All pictures of a story have the same slots, so that nothing moves but what changes.
package struct SlotTable: Sendable {
  package struct Machine: Sendable {
    package let name: String
    package internal(set) var domains: [Domain]
  }

  package struct Domain: Sendable {
    package let id: UInt16
    /// In order; between two of them nothing ever is.
    package let ranges: [Range<UInt64>]
  }

  /// In order of their first appearance; domains in order of their identifiers.
  package private(set) var machines: [Machine] = []

  fileprivate struct Cuts {
    /// Where blocks began and ended.
    var edges: Set<UInt64> = []
    var blocks: Set<Range<UInt64>> = []
  }

  package init(_ story: Story) {
    var names: [String] = []
    var cuts: [String: [UInt16: Cuts]] = [:]
    for step in story.steps {
      for machine in step.outcomes.flatMap(\.change.machines) where !machine.isGone {
        if cuts[machine.name] == nil {
          names.append(machine.name)
          cuts[machine.name] = [:]
        }
        for domain in machine.domains where !domain.isGone {
          cuts[machine.name, default: [:]][domain.id, default: Cuts()].add(domain)
        }
      }
    }
    machines = names.map { name in
      Machine(
        name: name,
        domains: (cuts[name] ?? [:]).sorted { $0.key < $1.key }
          .map { Domain(id: $0.key, ranges: $0.value.ranges) })
    }
  }

  /// The slots of strips that are looked at alone.
  static func ranges(of strips: [Strip]) -> [Range<UInt64>] {
    var cuts = Cuts()
    for block in strips.flatMap(\.blocks) { cuts.add(block.first..<block.end) }
    return cuts.ranges
  }

  /// The slots of a domain.
  package func ranges(of domain: UInt16, in machine: String) -> [Range<UInt64>] {
    machines.first { $0.name == machine }?.domains.first { $0.id == domain }?.ranges ?? []
  }
}

extension SlotTable.Cuts {
  fileprivate mutating func add(_ change: DomainChange) {
    for block in change.strip.added { add(block.first..<block.end) }
    for entry in change.grant.entries + change.status.entries {
      // Where a frame is believed something is drawn, and be it that nothing is there.
      if let tracked = entry.mark.tracked { add(tracked.rawValue..<tracked.rawValue + 1) }
    }
  }

  fileprivate mutating func add(_ range: Range<UInt64>) {
    edges.insert(range.lowerBound)
    edges.insert(range.upperBound)
    blocks.insert(range)
  }

  /// The stretches between edges that some block covered.
  fileprivate var ranges: [Range<UInt64>] {
    let edges = edges.sorted()
    // How far the blocks reach that begin at an edge or before.
    var ends: [UInt64: UInt64] = [:]
    for block in blocks {
      ends[block.lowerBound] = max(ends[block.lowerBound] ?? 0, block.upperBound)
    }
    var ranges: [Range<UInt64>] = []
    var reach: UInt64 = 0
    for (edge, next) in zip(edges, edges.dropFirst()) {
      reach = max(reach, ends[edge] ?? 0)
      if reach > edge { ranges.append(edge..<next) }
    }
    return ranges
  }
}
