/// A sentence that should hold, of an operation or of a machine.
package enum Property: String, CaseIterable, Sendable {
  case noCollateralRemoval = "no-collateral-removal"
  case trackingAgrees = "tracking-agrees"
  case singleMapping = "single-mapping"
  case referencesBalance = "references-balance"
  case noDangling = "no-dangling"
  case regionDiscipline = "region-discipline"

  /// The properties that every operation is judged by.
  package static let always: [Property] = allCases.filter { $0 != .regionDiscipline }

  /// The sentence.
  package var sentence: StaticString {
    switch self {
    case .noCollateralRemoval:
      "an operation changes no GFN but the one it names, except to move the frame's own mapping"
    case .trackingAgrees:
      "a GFN tracked for a grant frame maps that frame, and a mapped frame is tracked there"
    case .singleMapping:
      "a grant or status frame is mapped at one GFN at most"
    case .referencesBalance:
      "a page's references are its allocation and its mappings"
    case .noDangling:
      "no GFN maps a free page"
    case .regionDiscipline:
      "the first region holds grant frames only, frame k at its k-th GFN"
    }
  }
}

/// A property that does not hold, and where.
package enum Violation: Hashable, Sendable {
  /// `page` was removed from `gfn` by an operation that did not name it.
  case collateralRemoval(domain: DomainID, gfn: GFN, page: PageName)
  case trackingDisagrees(domain: DomainID, page: SpecialPage, tracked: GFN?, mappedAt: GFN?)
  case multiplyMapped(domain: DomainID, page: SpecialPage, count: Int)
  case unbalancedReferences(domain: DomainID, mfn: MFN, held: UInt32, accounted: UInt32)
  case dangling(domain: DomainID, mfn: MFN)
  case undisciplined(domain: DomainID, gfn: GFN, page: PageName)

  package var property: Property {
    switch self {
    case .collateralRemoval: .noCollateralRemoval
    case .trackingDisagrees: .trackingAgrees
    case .multiplyMapped: .singleMapping
    case .unbalancedReferences: .referencesBalance
    case .dangling: .noDangling
    case .undisciplined: .regionDiscipline
    }
  }

  package var domain: DomainID {
    switch self {
    case .collateralRemoval(let domain, _, _), .trackingDisagrees(let domain, _, _, _),
      .multiplyMapped(let domain, _, _), .unbalancedReferences(let domain, _, _, _),
      .dangling(let domain, _), .undisciplined(let domain, _, _):
      domain
    }
  }
}

extension Violation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .collateralRemoval(let domain, let gfn, let page):
      return
        "\(page) at \(gfn) of domain \(domain) was removed by an operation that did not name it"
    case .trackingDisagrees(let domain, let page, let tracked?, let mappedAt):
      let there = mappedAt.map { "it is at \($0)" } ?? "it is mapped nowhere"
      return "\(page) of domain \(domain) is tracked at \(tracked), but \(there)"
    case .trackingDisagrees(let domain, let page, nil, let mappedAt):
      let there = mappedAt.map { "mapped at \($0)" } ?? "mapped"
      return "\(page) of domain \(domain) is \(there), but tracked nowhere"
    case .multiplyMapped(let domain, let page, let count):
      return "\(page) of domain \(domain) is mapped at \(count) GFNs"
    case .unbalancedReferences(let domain, let mfn, let held, let accounted):
      return "page \(mfn) of domain \(domain) has \(held) references, "
        + "but its allocation and mappings make \(accounted)"
    case .dangling(let domain, let mfn):
      return "page \(mfn), once of domain \(domain), is free but still mapped"
    case .undisciplined(let domain, let gfn, let page):
      return "\(page) is at \(gfn) in the first region of domain \(domain)"
    }
  }
}

extension PageName: CustomStringConvertible {
  package var description: String {
    switch self {
    case .grant(let domain, let frame): "grant frame \(frame) of domain \(domain)"
    case .status(let domain, let frame): "status frame \(frame) of domain \(domain)"
    case .foreign(let domain, let gfn): "foreign page \(gfn) of domain \(domain)"
    case .ram(let gfn): "RAM page \(gfn)"
    case .populated(let n): "populated page \(n)"
    case .sharedInfo: "shared_info"
    case .device: "device memory"
    case .free: "a free page"
    }
  }
}
