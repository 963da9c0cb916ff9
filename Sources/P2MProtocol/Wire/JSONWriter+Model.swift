import Hypervisor
import Jansson

/// The model's values as the wire has them.
extension JSONWriter {
  /// The GFN, or `null` for INVALID_GFN.
  @inline(__always)
  mutating func gfn(_ gfn: GFN?) {
    if let gfn { hex(gfn.rawValue) } else { null() }
  }

  @inline(__always)
  mutating func integer(_ value: some BinaryInteger) {
    integer(Int64(truncatingIfNeeded: value))
  }

  /// An entry: where it is, what it says, and which page that is.
  mutating func entry(_ mapping: Mapping, at gfn: GFN) {
    raw("{\"gfn\":")
    hex(gfn.rawValue)
    raw(",\"mfn\":")
    hex(mapping.entry.mfn.rawValue)
    raw(",\"type\":")
    string(mapping.entry.type.name)
    if mapping.order == 0 {
      raw(",\"order\":0,\"page\":")
    } else {
      raw(",\"order\":")
      integer(mapping.order)
      raw(",\"page\":")
    }
    page(mapping.page)
    raw("}")
  }

  /// The entry, or `null` where nothing is mapped.
  private mutating func entry(_ mapping: Mapping?, at gfn: GFN) {
    if let mapping { entry(mapping, at: gfn) } else { null() }
  }

  mutating func page(_ page: PageName) {
    switch page {
    case .grant(let domain, let frame):
      raw("{\"kind\":\"grant\",\"domain\":")
      integer(domain.rawValue)
      raw(",\"frame\":")
      integer(frame)
    case .status(let domain, let frame):
      raw("{\"kind\":\"status\",\"domain\":")
      integer(domain.rawValue)
      raw(",\"frame\":")
      integer(frame)
    case .foreign(let domain, let gfn):
      raw("{\"kind\":\"foreign\",\"domain\":")
      integer(domain.rawValue)
      raw(",\"gfn\":")
      hex(gfn.rawValue)
    case .ram(let gfn):
      raw("{\"kind\":\"ram\",\"gfn\":")
      hex(gfn.rawValue)
    case .populated(let n):
      raw("{\"kind\":\"populated\",\"n\":")
      integer(n)
    case .sharedInfo: raw("{\"kind\":\"sharedInfo\"")
    case .device: raw("{\"kind\":\"device\"")
    case .free: raw("{\"kind\":\"free\"")
    }
    raw("}")
  }

  /// One change of a machine, with the address of what changed.
  mutating func effect(_ effect: Effect, of machine: MachineConfiguration) {
    switch effect {
    case .physmap(let domain, let gfn, let before, let after, let cause):
      raw("{\"kind\":\"physmap\",\"domain\":")
      integer(domain.rawValue)
      raw(",\"gfn\":")
      hex(gfn.rawValue)
      raw(",\"before\":")
      entry(before, at: gfn)
      raw(",\"after\":")
      entry(after, at: gfn)
      raw(",\"cause\":")
      string(cause.name)
    case .tracking(let domain, let page, let before, let after):
      raw("{\"kind\":\"tracking\",\"domain\":")
      integer(domain.rawValue)
      frame(page)
      raw(",\"before\":")
      gfn(before)
      raw(",\"after\":")
      gfn(after)
    case .reference(let mfn, let before, let after):
      raw("{\"kind\":\"reference\",\"mfn\":")
      hex(mfn.rawValue)
      raw(",\"before\":")
      integer(before)
      raw(",\"after\":")
      integer(after)
    case .references(let first, let pages, let before, let after):
      raw("{\"kind\":\"reference\",\"mfn\":")
      hex(first.rawValue)
      raw(",\"pages\":")
      integer(pages)
      raw(",\"before\":")
      integer(before)
      raw(",\"after\":")
      integer(after)
    case .growth(let domain, let before, let after):
      raw("{\"kind\":\"growth\",\"domain\":")
      counts(domain, before, after)
    case .statusGrowth(let domain, let before, let after):
      raw("{\"kind\":\"growth\",\"status\":true,\"domain\":")
      counts(domain, before, after)
    case .version(let domain, let before, let after):
      raw("{\"kind\":\"version\",\"domain\":")
      counts(domain, before, after)
    }
    raw(",\"uri\":\"")
    bareText(machine.uri)
    address(of: effect)
    raw("\"}")
  }

  private mutating func counts(_ domain: DomainID, _ before: Int, _ after: Int) {
    integer(domain.rawValue)
    raw(",\"before\":")
    integer(before)
    raw(",\"after\":")
    integer(after)
  }

  /// The member `frame`, and `status` if it is a status frame.
  private mutating func frame(_ page: SpecialPage) {
    switch page {
    case .grant(let number):
      raw(",\"frame\":")
      integer(number)
    case .status(let number):
      raw(",\"frame\":")
      integer(number)
      raw(",\"status\":true")
    case .sharedInfo: preconditionFailure("nothing is told of where shared_info is tracked")
    }
  }

  /// The steps of an address that lead from a machine to what `effect` changed.
  private mutating func address(of effect: Effect) {
    switch effect {
    case .physmap(let domain, let gfn, _, _, _):
      raw("/domains/")
      integer(domain.rawValue)
      raw("/physmap/")
      bareHex(gfn.rawValue)
    case .tracking(let domain, .grant(let frame), _, _):
      raw("/domains/")
      integer(domain.rawValue)
      raw("/grantTable/frames/")
      integer(frame)
    case .tracking(let domain, .status(let frame), _, _):
      raw("/domains/")
      integer(domain.rawValue)
      raw("/grantTable/statusFrames/")
      integer(frame)
    case .tracking(_, .sharedInfo, _, _):
      preconditionFailure("nothing is told of where shared_info is tracked")
    case .reference(let mfn, _, _), .references(let mfn, _, _, _):
      raw("/frames/")
      bareHex(mfn.rawValue)
    case .growth(let domain, _, _), .statusGrowth(let domain, _, _), .version(let domain, _, _):
      raw("/domains/")
      integer(domain.rawValue)
      raw("/grantTable")
    }
  }

  mutating func violation(_ violation: Violation) {
    raw("{\"property\":")
    string(violation.property.rawValue)
    raw(",\"message\":\"")
    violation.tell { bareText($0) }
    raw("\",\"domain\":")
    integer(violation.domain.rawValue)
    switch violation {
    case .collateralRemoval(_, let gfn, _), .undisciplined(_, let gfn, _):
      raw(",\"gfn\":")
      hex(gfn.rawValue)
    case .trackingDisagrees(_, let page, _, _), .multiplyMapped(_, let page, _):
      frame(page)
    case .unbalancedReferences(_, let mfn, _, _), .dangling(_, let mfn):
      raw(",\"mfn\":")
      hex(mfn.rawValue)
    }
    raw("}")
  }

  /// The members `effects` and `violations` of the last operation.
  @inline(__always)
  package mutating func consequences(of machine: borrowing Machine) {
    key("effects")
    array(machine.log.effects) { writer, effect in
      writer.effect(effect, of: machine.configuration)
    }
    key("violations")
    array(machine.violations) { writer, violation in writer.violation(violation) }
    if let cost = machine.cost {
      key("cost")
      self.cost(cost)
    }
  }

  @inline(never)
  private mutating func cost(_ cost: Cost) {
    let members: [(StaticString, Int)] = [
      ("tableWalks", cost.tableWalks), ("entryWrites", cost.entryWrites),
      ("trackingComparisons", cost.trackingComparisons),
      ("tablesAllocated", cost.tablesAllocated), ("tlbFlushes", cost.tlbFlushes),
    ]
    object { writer in
      for (name, count) in members {
        writer.key(name)
        writer.integer(count)
      }
    }
  }

  /// How large a machine is and what it counts: members that its description and the request that
  /// creates it share. Those besides `maxGrantFrames` are told only where they are not the default.
  mutating func limits(of configuration: MachineConfiguration) {
    key("maxGrantFrames")
    integer(configuration.maxGrantFrames)
    if configuration.vcpus > 1 {
      key("vcpus")
      integer(configuration.vcpus)
    }
    if let pool = configuration.p2mPoolPages {
      key("p2mPoolPages")
      integer(pool)
    }
    if configuration.measuresCost {
      key("cost")
      boolean(true)
    }
  }

  /// An array of all of `elements`.
  @inline(__always)
  mutating func array<Elements: Sequence>(
    _ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void
  ) {
    beginArray()
    for each in elements {
      element()
      write(&self, each)
    }
    endArray()
  }

  /// An object with the members that `write` writes.
  @inline(__always)
  mutating func object(_ write: (inout JSONWriter) -> Void) {
    beginObject()
    write(&self)
    endObject()
  }
}
