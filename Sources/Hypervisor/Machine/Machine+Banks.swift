/// The banks of a hypervisor node as regions of a domain.
extension Machine {
  /// A bank as a device tree has it, in bytes.
  package struct Bank: Hashable, Sendable {
    package let address: UInt64
    package let size: UInt64

    package init(address: UInt64, size: UInt64) {
      self.address = address
      self.size = size
    }
  }

  /// Why banks cannot become regions.
  package enum BankError: Error, Hashable, Sendable {
    case tooMany(Int, room: Int)
    case empty(Int)
    case unaligned(Int, UInt64)
    case beyondReach(Int)
    case overlap(Int, Int)
    case overlapsRegion(Int, Region)
    /// Bank 0 has fewer pages than there may be grant frames.
    case tooSmall(pages: UInt64, needed: Int)
    case nameTaken(String)
  }

  /// Adds a region for each bank: bank 0 for the grant table, the others as extended regions.
  ///
  /// - Returns: the regions, `bank0` first.
  /// - Throws: `BankError`; nothing has changed then.
  package mutating func addBanks(
    _ banks: [Bank], to domain: DomainIndex
  ) throws(BankError) -> [Region] {
    let others = domains[domain.rawValue].regions
    let room = Limits.regionsPerDomain - others.count
    guard banks.count <= room else { throw .tooMany(banks.count, room: room) }
    var regions: [Region] = []
    for (number, bank) in banks.enumerated() {
      let range = try bank.range(number)
      if let other = regions.firstIndex(where: { $0.range.overlaps(range) }) {
        throw .overlap(number, other)
      }
      if let other = others.first(where: { $0.range.overlaps(range) }) {
        throw .overlapsRegion(number, other)
      }
      let kind: Region.Kind = number == 0 ? .grantTable : .extended
      regions.append(Region(name: "bank\(number)", range: range, kind: kind))
    }
    if let first = regions.first, first.range.pageCount < UInt64(maxGrantFrames) {
      throw .tooSmall(pages: first.range.pageCount, needed: maxGrantFrames)
    }
    if let taken = regions.first(where: { region in others.contains { $0.name == region.name } }) {
      throw .nameTaken(taken.name)
    }
    for region in regions { addRegion(region, to: domain) }
    return regions
  }
}

extension Machine.Bank {
  fileprivate static let pageSize: UInt64 = 4096

  /// The frames of bank `number`.
  fileprivate func range(_ number: Int) throws(Machine.BankError) -> GuestRange {
    guard size > 0 else { throw .empty(number) }
    for value in [address, size] where value % Self.pageSize != 0 {
      throw .unaligned(number, value)
    }
    // Whole pages of 64-bit addresses are 52 bits, and INVALID_GFN is none of them.
    let first = GFN(address / Self.pageSize)
    guard let range = GuestRange(first: first, pageCount: size / Self.pageSize) else {
      throw .beyondReach(number)
    }
    return range
  }

  /// The bank that `range` is.
  package init(_ range: GuestRange) {
    self.init(
      address: range.first.rawValue * Self.pageSize, size: range.pageCount * Self.pageSize)
  }
}

extension Machine.BankError: CustomStringConvertible {
  /// What is wrong with the banks.
  package var description: String {
    switch self {
    case .tooMany(let count, let room):
      "there are \(count) banks, and the domain may have \(room) more regions "
        + "(\(Limits.regionsPerDomain) in all)"
    case .empty(let bank): "bank \(bank) is empty"
    case .unaligned(let bank, let value):
      "bank \(bank) has 0x\(String(value, radix: 16)), which is no multiple of 0x1000"
    case .beyondReach(let bank):
      "bank \(bank) reaches beyond frame 0x\(String(PageTable.reach - 1, radix: 16))"
    case .overlap(let bank, let other): "bank \(bank) overlaps bank \(other)"
    case .overlapsRegion(let bank, let region):
      "bank \(bank) overlaps region '\(region.name)' "
        + "(\(region.range.first) to \(GFN(region.range.end - 1)))"
    case .tooSmall(let pages, let needed):
      "bank 0 has \(pages) pages, and the grant table may need \(needed)"
    case .nameTaken(let name): "region '\(name)' exists already"
    }
  }
}
