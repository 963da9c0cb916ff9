/// A guest frame number: the index of a 4 KiB page in a domain's physmap.
///
/// INVALID_GFN (all ones) is no value of this type; where Xen would hold it, an optional is `nil`.
///
/// Xen: `gfn_t`
package struct GFN: Hashable, Comparable, Sendable {
  package let rawValue: UInt64

  /// Xen: `INVALID_GFN`
  @inlinable
  package static var invalidRawValue: UInt64 { .max }

  /// The frame `rawValue`, or `nil` for INVALID_GFN.
  package init?(rawValue: UInt64) {
    guard rawValue != GFN.invalidRawValue else { return nil }
    self.rawValue = rawValue
  }

  /// The frame `rawValue`, which is known not to be INVALID_GFN.
  @inlinable
  package init(_ rawValue: UInt64) {
    precondition(rawValue != GFN.invalidRawValue, "INVALID_GFN is nil, not a GFN")
    self.rawValue = rawValue
  }

  package static func < (a: GFN, b: GFN) -> Bool { a.rawValue < b.rawValue }
}

/// A machine frame number: the index of a 4 KiB page of the host.
///
/// Xen: `mfn_t`
package struct MFN: Hashable, Comparable, Sendable {
  package let rawValue: UInt64

  /// A machine frame fits in a P2M entry: 40 bits, as the largest physical address of 52 bits.
  @inlinable
  package static var limit: UInt64 { 1 << 40 }

  @inlinable
  package init(_ rawValue: UInt64) {
    precondition(rawValue < MFN.limit, "an MFN has 40 bits")
    self.rawValue = rawValue
  }

  package static func < (a: MFN, b: MFN) -> Bool { a.rawValue < b.rawValue }
}

extension GFN: CustomStringConvertible {
  package var description: String { "0x" + String(rawValue, radix: 16) }
}

extension MFN: CustomStringConvertible {
  package var description: String { "0x" + String(rawValue, radix: 16) }
}

/// Which domain a hypercall names.
///
/// Xen: `domid_t`
package struct DomainID: Hashable, Comparable, Sendable {
  package let rawValue: UInt16

  package init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// The first identifier that no ordinary domain has. Xen: `DOMID_FIRST_RESERVED`
  package static let firstReserved: UInt16 = 0x7ff0
  /// The caller itself. Xen: `DOMID_SELF`
  package static let caller = DomainID(0x7ff0)
  /// The pseudo-domain that owns device memory. Xen: `DOMID_IO`
  package static let io = DomainID(0x7ff1)
  /// The pseudo-domain that owns Xen's own pages. Xen: `DOMID_XEN`
  package static let xen = DomainID(0x7ff2)

  package static func < (a: DomainID, b: DomainID) -> Bool { a.rawValue < b.rawValue }
}

extension DomainID: CustomStringConvertible {
  package var description: String { String(rawValue) }
}
