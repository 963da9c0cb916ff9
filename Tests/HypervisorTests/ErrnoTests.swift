import Hypervisor
import Testing

/// Which errno each release gives in which situation.
@Suite struct ErrnoTests {
  /// A situation, and its errno on 4.14, 4.16, 4.17 and 4.20.
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let codes: [Int]
    let act: @Sendable (inout Guest) -> Int

    init(_ situation: String, _ codes: [Int], _ act: @escaping @Sendable (inout Guest) -> Int) {
      testDescription = situation
      self.codes = codes
      self.act = act
    }

    init(_ situation: String, _ code: Int, _ act: @escaping @Sendable (inout Guest) -> Int) {
      self.init(situation, [code, code, code, code], act)
    }
  }

  static let releases = ["xen-4.14", "xen-4.16", "xen-4.17", "xen-4.20"]

  static let rows: [Row] = [
    Row("map a grant frame, free GFN", 0) { $0.mapGrant(0, at: 0x38000) },
    Row("map a grant frame, occupied GFN", 0) { $0.mapGrant(0, at: 0x40000) },
    Row("the same frame again, same GFN", [0, 0, -16, -16]) {
      _ = $0.mapGrant(0, at: 0x38000)
      return $0.mapGrant(0, at: 0x38000)
    },
    Row("the same frame again, other GFN", [0, 0, -16, -16]) {
      _ = $0.mapGrant(0, at: 0x38000)
      return $0.mapGrant(0, at: 0x38001)
    },
    Row("index 64", -22) { $0.mapGrant(64, at: 0x38000) },
    Row("index 2^32-1", -22) { $0.mapGrant(0xffff_ffff, at: 0x38000) },
    Row("index 2^32", [-22, 1000, 0, 0]) { $0.mapGrant(1 << 32, at: 0x38000) },
    Row("index 2^32+64", -22) { $0.mapGrant(1 << 32 + 64, at: 0x38000) },
    Row("GFN beyond the P2M", -22) { $0.mapGrant(0, at: Guest.beyond) },
    Row("INVALID_GFN", -22) { $0.mapGrant(0, at: Guest.nowhere) },
    Row("unmap, nothing there", -2) { $0.unmap(0x38000) },
    Row("unmap, a device", -2) {
      _ = $0.mapDevice(at: 0x38000)
      return $0.unmap(0x38000)
    },
    Row("unmap beyond the P2M", -2) { $0.unmap(Guest.beyond) },
    Row("unmap INVALID_GFN", -2) { $0.unmap(Guest.nowhere) },
    Row("unmap, unknown domain", -3) { $0.unmap(0x38000, of: DomainID(7)) },
    Row("foreign, unknown domain", -3) { $0.mapForeign(0x40000, at: 0x38000, from: DomainID(7)) },
    Row("foreign, DOMID_SELF", [-22, -22, -22, -3]) {
      $0.mapForeign(0x40000, at: 0x38000, from: .caller)
    },
    Row("foreign, DOMID_IO", [-22, -22, -22, -3]) {
      $0.mapForeign(0x40000, at: 0x38000, from: .io)
    },
    Row("foreign, DOMID_XEN", -22) { $0.mapForeign(0x40000, at: 0x38000, from: .xen) },
    Row("foreign, the caller's own domid", [-3, -3, -3, -1]) {
      $0.mapForeign(0x40000, at: 0x38000, from: DomainID(1))
    },
    Row("foreign, bad GFN", -22) { $0.mapForeign(0x50000, at: 0x38000) },
    Row("foreign, target beyond the P2M", -22) { $0.mapForeign(0x40000, at: Guest.beyond) },
    Row("foreign, target INVALID_GFN", -22) { $0.mapForeign(0x40000, at: Guest.nowhere) },
    Row("foreign of what is foreign there", -22) {
      let me = DomainID(1)
      _ = $0.machine.addToPhysmapBatch(
        caller: DomainID(2), target: DomainID(2), .foreign(me), index: 0x40000, at: GFN(0x38000))
      return $0.mapForeign(0x38000, at: 0x38000)
    },
    Row("shared_info while mapped", [0, 0, -16, -16]) {
      _ = $0.mapSharedInfo(at: 0x38000)
      return $0.mapSharedInfo(at: 0x38001)
    },
    Row("shared_info 1", -22) { $0.mapSharedInfo(1, at: 0x38000) },
    Row("shared_info 2^32", -22) { $0.mapSharedInfo(1 << 32, at: 0x38000) },
    Row("a frame given back", [-16, -16, -16, -16]) {
      _ = $0.mapGrant(0, at: 0x38000)
      _ = $0.decrease(0x38000)
      return $0.mapGrant(0, at: 0x38001)
    },
  ]

  @Test(arguments: rows)
  func theErrnoIsTheReleases(row: Row) throws {
    for (release, code) in zip(Self.releases, row.codes) {
      var guest = try Guest(release)
      #expect(row.act(&guest) == code, "on \(release)")
    }
  }

  @Test(arguments: releases)
  func anUnprivilegedCallerIsRefusedBeforeTheGFNIsLookedAt(release: String) throws {
    var guest = try Guest(release, privileged: false)
    #expect(guest.mapForeign(0x50000, at: 0x38000) == -1)
    #expect(guest.mapForeign(0x50000, at: 0x38000, from: DomainID(7)) == -3)
    #expect(guest.mapForeign(0x50000, at: 0x38000, from: .xen) == -1)
  }

  @Test(arguments: releases)
  func aFailedForeignMapDisturbsNothing(release: String) throws {
    var guest = try Guest(release)
    _ = guest.mapForeign(0x40001, at: 0x38000)
    #expect(guest.mapForeign(0x50000, at: 0x38000) == -22)
    #expect(guest.page(at: 0x38000) == Guest.foreign(0x40001))
    #expect(guest.machine.log.effects == [])
  }
}
