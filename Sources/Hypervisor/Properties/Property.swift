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
  package var description: String { String(toldBy: tell) }

  /// Says what is wrong, in pieces of ASCII: who writes it somewhere needs no string for it.
  package func tell(_ say: (String) -> Void) {
    switch self {
    case .collateralRemoval(let domain, let gfn, let page):
      page.tell(say)
      say(" at ")
      say(gfn.description)
      say(" of domain ")
      say(domain.description)
      say(" was removed by an operation that did not name it")
    case .trackingDisagrees(let domain, let page, let tracked, let mappedAt):
      page.tell(say)
      say(" of domain ")
      say(domain.description)
      Self.tell(tracked: tracked, mappedAt: mappedAt, say)
    case .multiplyMapped(let domain, let page, let count):
      page.tell(say)
      say(" of domain ")
      say(domain.description)
      say(" is mapped at ")
      say(String(count))
      say(" GFNs")
    case .unbalancedReferences(let domain, let mfn, let held, let accounted):
      say("page ")
      say(mfn.description)
      say(" of domain ")
      say(domain.description)
      say(" has ")
      say(String(held))
      say(" references, but its allocation and mappings make ")
      say(String(accounted))
    case .dangling(let domain, let mfn):
      say("page ")
      say(mfn.description)
      say(", once of domain ")
      say(domain.description)
      say(", is free but still mapped")
    case .undisciplined(let domain, let gfn, let page):
      page.tell(say)
      say(" is at ")
      say(gfn.description)
      say(" in the first region of domain ")
      say(domain.description)
    }
  }

  private static func tell(tracked: GFN?, mappedAt: GFN?, _ say: (String) -> Void) {
    if let tracked {
      say(" is tracked at ")
      say(tracked.description)
      say(mappedAt == nil ? ", but it is mapped nowhere" : ", but it is at ")
    } else {
      say(mappedAt == nil ? " is mapped" : " is mapped at ")
    }
    if let mappedAt { say(mappedAt.description) }
    if tracked == nil { say(", but tracked nowhere") }
  }
}

extension PageName: CustomStringConvertible {
  package var description: String { String(toldBy: tell) }

  /// Says the name in pieces of ASCII.
  package func tell(_ say: (String) -> Void) {
    func numbered(_ what: String, _ number: String, of domain: DomainID) {
      say(what)
      say(number)
      say(" of domain ")
      say(domain.description)
    }
    switch self {
    case .grant(let domain, let frame): numbered("grant frame ", String(frame), of: domain)
    case .status(let domain, let frame): numbered("status frame ", String(frame), of: domain)
    case .foreign(let domain, let gfn): numbered("foreign page ", gfn.description, of: domain)
    case .ram(let gfn):
      say("RAM page ")
      say(gfn.description)
    case .populated(let n):
      say("populated page ")
      say(String(n))
    case .sharedInfo: say("shared_info")
    case .device: say("device memory")
    case .free: say("a free page")
    }
  }
}

extension String {
  /// What `tell` says, piece by piece.
  init(toldBy tell: ((String) -> Void) -> Void) {
    var text = ""
    tell { text += $0 }
    self = text
  }
}
