import Exploration
import Hypervisor

/// Names of the cells' values as the rules know them.
extension CellStorage {
  /// Heap pages that the machine at the start has not: the populated page at each GFN, and one more
  /// that is not mapped yet.
  private static let firstPopulated: UInt64 = (1 << 36) + (1 << 24)
  /// The first page of a superpage that is not mapped yet, a multiple of any order.
  static let unmappedSuperpage = MFN((1 << 36) + (1 << 30))

  private func populatedMFN(at index: Int) -> MFN { MFN(Self.firstPopulated + UInt64(index)) }
  var unmappedPopulatedMFN: MFN { populatedMFN(at: space.plan.gfns) }

  /// At which GFN a populated page is; behind the GFNs for one that is not mapped yet.
  func populatedIndex(_ mfn: MFN) -> Int? {
    if mfn == Self.unmappedSuperpage { return space.plan.gfns }
    let index = mfn.rawValue &- Self.firstPopulated
    return index <= UInt64(space.plan.gfns) ? Int(index) : nil
  }

  private var owner: DomainIndex? { space.start.index(of: space.plan.owner) }

  private func foreignEntry(_ page: Int) -> P2MEntry? {
    owner.flatMap { space.start.entry(at: source(page), in: $0) }
  }

  private func source(_ page: Int) -> GFN { GFN(ExplorationSpace.firstSource + UInt64(page)) }

  /// The entry of `content` at the GFN number `index` of `domain`.
  func entry(
    _ content: ExplorationSpace.Content, at index: Int, in domain: DomainCells
  ) -> P2MEntry? {
    func own(_ page: SpecialPage, _ owner: DomainCells, _ type: P2MType) -> P2MEntry {
      P2MEntry(space.start.mfn(of: page, in: owner.index), type)
    }
    return switch content {
    case .nothing: nil
    case .grant(let frame): own(.grant(frame), domain, .ramReadWrite)
    case .status: own(.status(0), domain, .ramReadWrite)
    case .foreign(let page): foreignEntry(page).map { P2MEntry($0.mfn, .mapForeignReadWrite) }
    case .sharedInfo: own(.sharedInfo, domain, .ramReadWrite)
    case .device: P2MEntry(ExploredOperation.deviceMFN, .mmioDirectDevice)
    case .populated: P2MEntry(populatedMFN(at: index), .ramReadWrite)
    case .peer(let number, let page): own(page, space.domains[number], .mapForeignReadWrite)
    }
  }

  func content(of entry: P2MEntry?) -> ExplorationSpace.Content {
    guard let entry else { return .nothing }
    switch entry.type {
    case .mmioDirectDevice: return .device
    case .mapForeignReadWrite:
      guard let content = countedPage(entry.mfn) else { break }
      return content
    case .ramReadWrite:
      if populatedIndex(entry.mfn) != nil { return .populated }
      switch space.start.page(entry.mfn)?.special {
      case .grant(let frame)?: return .grant(frame)
      case .status?: return .status
      case .sharedInfo?: return .sharedInfo
      case nil: break
      }
    }
    preconditionFailure("\(entry.mfn) was mapped, which no explored operation maps")
  }

  /// The page, as domains have it that map it as another one's; `nil` for what cannot be mapped so.
  func countedPage(_ mfn: MFN) -> ExplorationSpace.Content? {
    if let page = (0..<space.plan.foreignPages).first(where: { foreignEntry($0)?.mfn == mfn }) {
      return .foreign(page)
    }
    guard let page = space.start.page(mfn), let special = page.special,
      let number = space.number(of: page.owner)
    else { return nil }
    return .peer(number, special)
  }

  func mapping(
    _ content: ExplorationSpace.Content, at index: Int, in domain: DomainCells
  ) -> Mapping? {
    entry(content, at: index, in: domain).map {
      Mapping(entry: $0, page: name(of: content, in: domain))
    }
  }

  func name(of content: ExplorationSpace.Content, in domain: DomainCells) -> PageName {
    switch content {
    case .nothing: .free
    case .grant(let frame): .grant(domain: domain.id, frame: frame)
    case .foreign(let page): .foreign(domain: space.plan.owner, gfn: source(page))
    case .status where isStatusFree(domain): .free
    case .status: .status(domain: domain.id, frame: 0)
    case .sharedInfo: .sharedInfo
    case .device: .device
    // Which one it is cannot be told of a state.
    case .populated: .populated(n: 0)
    // Nor from which GFN it was mapped.
    case .peer(let number, _):
      .foreign(domain: space.domains[number].id, gfn: GFN(space.plan.firstGFN))
    }
  }

  /// Whether the page that the status frame was is nobody's.
  func isStatusFree(_ domain: DomainCells) -> Bool {
    space.plan.hasVersion2 && domain.isVersion1.map { cells.read($0) == 1 } ?? false
  }

  func tracked(_ cell: CellIndex) -> GFN? {
    switch cells.read(cell) {
    case 0: nil
    case let place where place <= space.plan.gfns:
      GFN(space.plan.firstGFN + UInt64(place - 1))
    default: GFN(p2mLimit)
    }
  }
}
