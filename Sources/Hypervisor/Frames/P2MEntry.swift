/// What a P2M entry says of the page that it maps.
///
/// Xen: `p2m_type_t`
package enum P2MType: UInt8, CaseIterable, Sendable {
  /// The domain's own RAM, grant frames and shared_info. Xen: `p2m_ram_rw`
  case ramReadWrite = 1
  /// A page of another domain. Xen: `p2m_map_foreign_rw`
  case mapForeignReadWrite
  /// Memory of a device. Xen: `p2m_mmio_direct_dev`
  case mmioDirectDevice

  /// Xen's own name of the type, as it stands on the wire.
  package var name: StaticString {
    switch self {
    case .ramReadWrite: "p2m_ram_rw"
    case .mapForeignReadWrite: "p2m_map_foreign_rw"
    case .mmioDirectDevice: "p2m_mmio_direct_dev"
    }
  }

  /// Whether the entry maps memory, the domain's own or another's.
  ///
  /// Xen: `p2m_is_any_ram`
  package var isAnyRAM: Bool {
    switch self {
    case .ramReadWrite, .mapForeignReadWrite: true
    case .mmioDirectDevice: false
    }
  }
}

/// A valid P2M entry: a machine frame and its type, packed into 64 bits as a page table holds it.
package struct P2MEntry: Hashable, Sendable {
  /// The MFN above, the type in the low four bits; never zero.
  package let bits: UInt64

  @inlinable
  package static var typeBits: Int { 4 }

  @inlinable
  package init(_ mfn: MFN, _ type: P2MType) {
    bits = mfn.rawValue << Self.typeBits | UInt64(type.rawValue)
  }

  /// The entry that `bits` encode; zero is no entry.
  package init?(bits: UInt64) {
    guard bits != 0 else { return nil }
    self.bits = bits
  }

  /// The entry of the page that lies `offset` pages behind, in a leaf that maps both.
  @inline(__always)
  func advanced(by offset: UInt64) -> P2MEntry {
    P2MEntry(known: bits &+ offset &<< UInt64(Self.typeBits))
  }

  @inline(__always)
  private init(known bits: UInt64) { self.bits = bits }

  package var mfn: MFN { MFN(bits >> Self.typeBits) }

  package var type: P2MType {
    guard let type = P2MType(rawValue: UInt8(truncatingIfNeeded: bits & 0xf)) else {
      preconditionFailure("a P2M entry was packed with an unknown type")
    }
    return type
  }
}

/// The page behind an entry, as a person would name it.
package enum PageName: Hashable, Sendable {
  /// Grant frame `frame` of `domain`.
  case grant(domain: DomainID, frame: Int)
  /// Status frame `frame` of `domain`.
  case status(domain: DomainID, frame: Int)
  /// A page of `domain`, mapped from its frame `gfn`.
  case foreign(domain: DomainID, gfn: GFN)
  /// RAM that the domain was created with, at `gfn`.
  case ram(gfn: GFN)
  /// The page of the domain's `n`-th successful populate, counted from 0.
  case populated(n: Int)
  /// The shared_info page.
  case sharedInfo
  /// Memory of a device.
  case device
  /// A page that belongs to nobody any more.
  case free
}

/// An entry together with the name of the page that it maps.
package struct Mapping: Hashable, Sendable {
  package let entry: P2MEntry
  package let page: PageName
  /// The order of the leaf that the entry is part of: 0, 9 or 18.
  package let order: Int

  package init(entry: P2MEntry, page: PageName, order: Int = 0) {
    self.entry = entry
    self.page = page
    self.order = order
  }
}
