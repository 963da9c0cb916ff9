import Hypervisor
import Jansson
import Laboratory

extension Schema {
  /// What operations did that nobody asked for, and how many failed.
  static let damage: [Member] = [
    .init("failures", .anyInteger, "hypercalls that failed"),
    .init(
      "lostPages",
      .array(
        of: .object([
          .init("domain", .domainID, "whose physmap"), .init("gfn", .hex, "where"),
          .init("page", .named(.page), "which page"),
        ])), "pages removed by an operation that did not name their GFN"),
    .init(
      "holes",
      .array(of: .object([.init("domain", .domainID, "whose RAM"), .init("gfn", .hex, "where")])),
      "GFNs of RAM among them that are still empty"),
    .init(
      "stuckFrames",
      .array(
        of: .object([
          .init("domain", .domainID, "whose grant table"), .init("frame", .anyInteger, "the index"),
        ])), "grant frames that can never be mapped again, whatever is unmapped first"),
    .init(
      "crashes",
      .array(
        of: .object([
          .init("domain", .domainID, "which domain"), .init("reason", .string, "why"),
        ])), "domains that Xen crashed"),
    .init("panic", .nullable(.string), "how the hypervisor died, if it did"),
  ]
}

extension JSONWriter {
  /// The members of `Schema.damage`.
  mutating func damage(_ damage: DamageReport) {
    key("failures")
    integer(damage.failures)
    key("lostPages")
    array(damage.lostPages) { writer, lost in
      writer.object {
        $0.place(lost.domain, lost.gfn)
        $0.key("page")
        $0.page(lost.page)
      }
    }
    key("holes")
    array(damage.holes) { writer, hole in
      writer.object { $0.place(hole.domain, hole.gfn) }
    }
    key("stuckFrames")
    array(damage.stuckFrames) { writer, stuck in
      writer.object {
        $0.key("domain")
        $0.integer(stuck.domain.rawValue)
        $0.key("frame")
        $0.integer(stuck.frame)
      }
    }
    key("crashes")
    array(damage.crashes) { writer, crash in
      writer.object {
        $0.key("domain")
        $0.integer(crash.domain.rawValue)
        $0.key("reason")
        $0.string("\(crash.reason)")
      }
    }
    key("panic")
    if let panic = damage.panic { string("\(panic)") } else { null() }
  }

  private mutating func place(_ domain: DomainID, _ gfn: GFN) {
    key("domain")
    integer(domain.rawValue)
    key("gfn")
    hex(gfn.rawValue)
  }
}
