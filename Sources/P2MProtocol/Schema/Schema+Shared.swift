import Hypervisor

extension SharedSchema {
  /// The schema itself.
  package var schema: Schema {
    switch self {
    case .domain: Self.domainSchema
    case .effect: Self.effectSchema
    case .entry: Self.entrySchema
    case .frame: Self.frameSchema
    case .grantFrame: Self.grantFrameSchema
    case .knobs: Self.knobsSchema
    case .machine: Self.machineSchema
    case .page: Self.pageSchema
    case .region: Self.regionSchema
    case .violation: Self.violationSchema
    }
  }

  private static let machineSchema = Schema.object([
    .init("machine", .string, "its name"),
    .init("preset", .choice(Preset.all.map(\.name)), "the release that it follows"),
    .init("knobs", .named(.knobs), "the preset's knobs, with the overrides"),
    .init("cpu", .choice(CPU.words), "decides how far a P2M reaches"),
    .init("p2mLimit", .hex, "the first GFN that no P2M reaches"),
    .init("maxGrantFrames", .anyInteger, "frames that a grant table may have"),
    .init("vcpus", .anyInteger, "vCPUs of each domain, if more than one", isRequired: false),
    .init(
      "p2mPoolPages", .anyInteger, "tables that each P2M may take, if that was said",
      isRequired: false),
    .init("cost", .boolean, "true where operations tell what they cost", isRequired: false),
    .init("domains", .array(of: .domainID), "the domains' identifiers"),
    .init("panic", .nullable(.string), "how the hypervisor died, if it did"),
  ])

  private static let knobsSchema = Schema.object(
    Knob.all.map { .init("\($0.name)", $0.schema, "\($0.about)") })

  private static let domainSchema = Schema.object([
    .init("domain", .domainID, "its identifier"),
    .init("privileged", .boolean, "whether it may act on other domains"),
    .init("directMapped", .boolean, "whether its RAM has MFN = GFN"),
    .init("ram", .array(of: .ram), "its RAM"),
    .init("maxPages", .anyInteger, "pages that it may have allocated"),
    .init("pages", .anyInteger, "pages that it has allocated"),
    .init("grantFrames", .anyInteger, "grant frames that exist"),
    .init("sharedInfo", .hex, "the MFN of shared_info"),
    .init("regions", .array(of: .named(.region)), "its regions, the first one first"),
    .init("crashed", .nullable(.string), "why Xen crashed it, if it did"),
  ])

  private static let regionSchema = Schema.object([
    .init("name", .string, "its name"),
    .init("gfn", .hex, "the first GFN"),
    .init("pages", .anyInteger, "how many there are"),
    .init("kind", .choice(Region.Kind.words), "what it is for"),
  ])

  private static let entrySchema = Schema.object([
    .init("gfn", .hex, "where it is"),
    .init("mfn", .hex, "the page that it maps"),
    .init("type", .choice(P2MType.allCases.map { "\($0.name)" }), "Xen's p2m_type_t"),
    .init(
      "order", .integers(PageTable.leafOrders), "the leaf that it is part of maps 2^order pages"),
    .init("page", .named(.page), "the page's name"),
  ])

  private static let pageSchema = Schema.oneOf([
    .object([
      .kind("grant"), .init("domain", .domainID, "the owner"),
      .init("frame", .anyInteger, "the index"),
    ]),
    .object([
      .kind("status"), .init("domain", .domainID, "the owner"),
      .init("frame", .anyInteger, "the index"),
    ]),
    .object([
      .kind("foreign"), .init("domain", .domainID, "the owner"),
      .init("gfn", .hex, "the owner's GFN from which it was mapped"),
    ]),
    .object([.kind("ram"), .init("gfn", .hex, "where it was first")]),
    .object([.kind("populated"), .init("n", .anyInteger, "its number, from 0")]),
    .object([.kind("sharedInfo")]), .object([.kind("device")]), .object([.kind("free")]),
  ])

  private static let effectSchema = Schema.oneOf([
    .object([
      .kind("physmap"), .init("domain", .domainID, "whose physmap"), .init("gfn", .hex, "where"),
      .init("before", .nullable(.named(.entry)), "what was there"),
      .init("after", .nullable(.named(.entry)), "what is there now"),
      .init("cause", .choice(Effect.Cause.allCases.map { "\($0.name)" }), "why"), .uri,
    ]),
    .object([
      .kind("tracking"), .init("domain", .domainID, "whose grant table"),
      .init("frame", .anyInteger, "the index"), .status,
      .init("before", .nullable(.hex), "tracked before"),
      .init("after", .nullable(.hex), "tracked now"), .uri,
    ]),
    .object([
      .kind("reference"), .init("mfn", .hex, "the page"),
      .init(
        "pages", .anyInteger, "how many pages from there on; 1 where it is not said",
        isRequired: false),
      .init("before", .anyInteger, "references before"),
      .init("after", .anyInteger, "references now"), .uri,
    ]),
    .object([
      .kind("growth"), .status, .init("domain", .domainID, "whose grant table"),
      .init("before", .anyInteger, "frames before"), .init("after", .anyInteger, "frames now"),
      .uri,
    ]),
    .object([
      .kind("version"), .init("domain", .domainID, "whose grant table"),
      .init("before", .anyInteger, "the version before"),
      .init("after", .anyInteger, "the version now"), .uri,
    ]),
  ])

  private static let violationSchema = Schema.oneOf(
    [
      [Schema.Member("gfn", .hex, "where")],
      [Schema.Member("frame", .anyInteger, "which frame"), .status],
      [Schema.Member("mfn", .hex, "which page")],
    ].map { place in
      .object(
        [
          .init("property", .choice(Property.words), "which property"),
          .init("message", .string, "what is wrong, for people"),
          .init("domain", .domainID, "whose"),
        ] + place)
    })

  private static let grantFrameSchema = Schema.object([
    .init("frame", .anyInteger, "the index"),
    .init("tracked", .nullable(.hex), "where Xen believes it mapped"),
    .init("mappedAt", .array(of: .hex), "where it is mapped"),
    .init("stale", .boolean, "whether it is tracked where it is not"),
  ])

  private static let frameSchema = Schema.object([
    .init("mfn", .hex, "the page"),
    .init("owner", .nullable(.domainID), "the owner, if it has one"),
    .init("references", .anyInteger, "references held in all"),
    .init("allocated", .boolean, "whether the allocation's reference is held"),
    .init("type", .choice(["xenheap", "domheap"]), "whether Xen keeps it for itself"),
    .init(
      "kind", .choice(["ram", "populated", "grant", "status", "sharedInfo", "free"]), "what it is"),
    .init("tracked", .nullable(.hex), "where Xen believes it mapped, if it is tracked"),
    .init("page", .named(.page), "its name"),
  ])
}

extension Schema {
  static let domainID = Schema.integer(0...0xffff)

  /// Frames that lie together.
  static let range = Schema.object([
    .init("gfn", .hex, "the first GFN"), .init("pages", .anyInteger, "how many there are"),
  ])

  /// RAM, and where it is not of 4 KiB the order of its largest leaves.
  static let ram = Schema.object([
    .init("gfn", .hex, "the first GFN"), .init("pages", .anyInteger, "how many there are"),
    .init("order", .integers(PageTable.leafOrders), "its largest leaves", isRequired: false),
  ])

  /// What an operation cost the hypervisor.
  static let cost = Schema.object([
    .init("tableWalks", .anyInteger, "walks from the root to an entry"),
    .init("entryWrites", .anyInteger, "words of page tables written"),
    .init("trackingComparisons", .anyInteger, "members of the array compared"),
    .init("tablesAllocated", .anyInteger, "tables taken from the pool"),
    .init("tlbFlushes", .anyInteger, "flushes of the TLB"),
  ])

  /// The result of an operation: `members`, then what it changed and broke.
  static func consequences(_ members: [Member] = []) -> Schema {
    .object(
      members + [
        .init("effects", .array(of: .named(.effect)), "every change that it made"),
        .init(
          "violations", .array(of: .named(.violation)),
          "properties that held before it and hold no longer"),
        .init("cost", .cost, "what it cost, where the machine tells", isRequired: false),
      ])
  }
}

extension Schema.Member {
  /// The member that tells alternatives apart.
  fileprivate static func kind(_ kind: String) -> Schema.Member {
    .init("kind", .choice([kind]), "which kind")
  }

  /// Marks a status frame's number, or the number of status frames.
  fileprivate static let status = Schema.Member(
    "status", .boolean, "true where status frames are meant", isRequired: false)

  fileprivate static let uri = Schema.Member("uri", .string, "the resource that changed")
}
