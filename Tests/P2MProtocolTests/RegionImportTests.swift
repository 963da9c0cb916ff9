import DeviceTree
import Foundation
import Laboratory
import Testing

/// Banks of a device tree as regions, and regions as a device tree.
@Suite struct RegionImportTests {
  private static let page: UInt64 = 4096
  private static let first = HypervisorNode.Bank(address: 0x3800_0000, size: 64 * page)

  private static func params(_ banks: [HypervisorNode.Bank], domain: Int = 1) -> String {
    let blob = Data(HypervisorNode(banks: banks).blob).base64EncodedString()
    return #"{"domain":\#(domain),"dtb":{"base64":"\#(blob)"}}"#
  }

  private func regions(_ wire: inout Wire) -> String {
    let text = wire.call("region.list", #"{"domain":1}"#).text
    return String(text.dropFirst(#"{"jsonrpc":"2.0","id":1,"result":{"regions":"#.count))
  }

  @Test func theFirstBankIsForTheGrantTableAndTheOthersAreExtendedRegions() {
    var wire = Wire.withDomains()
    let reply = wire.call(
      "region.import",
      Self.params([Self.first, .init(address: 0x1_0000_0000, size: 16 * Self.page)]))
    #expect(
      reply.text.contains(
        #"[{"name":"bank0","gfn":"0x38000","pages":64,"kind":"grant-table"},"#
          + #"{"name":"bank1","gfn":"0x100000","pages":16,"kind":"extended"}]"#))
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let banks: [HypervisorNode.Bank]

    init(_ what: String, _ banks: HypervisorNode.Bank...) {
      testDescription = what
      self.banks = banks
    }

    init(_ what: String, _ banks: [HypervisorNode.Bank]) {
      testDescription = what
      self.banks = banks
    }
  }

  static let refusals = [
    Refusal("bank 1 is empty", first, .init(address: 0x4000_0000, size: 0)),
    Refusal(
      "bank 1 has 0x40000800, which is no multiple of 0x1000", first,
      .init(address: 0x4000_0800, size: page)),
    Refusal(
      "bank 1 has 0x1800, which is no multiple of 0x1000", first,
      .init(address: 0x4000_0000, size: 0x1800)),
    Refusal(
      "bank 1 overlaps bank 0", first, .init(address: first.address + 63 * page, size: page)),
    Refusal(
      "bank 1 overlaps region 'uart' (0x9000 to 0x9000)", first,
      .init(address: 0x9000 * page, size: page)),
    Refusal(
      "bank 1 reaches beyond frame 0xfffffffff", first,
      .init(address: (1 << 36 - 1) * page, size: 2 * page)),
    Refusal(
      "bank 1 reaches beyond frame 0xfffffffff", first, .init(address: 1 << 63, size: 1 << 63)),
    Refusal(
      "bank 0 has 63 pages, and the grant table may need 64",
      .init(address: 0x3800_0000, size: 63 * page)),
    Refusal(
      "there are 256 banks, and the domain may have 255 more regions (256 in all)",
      (0..<256).map { .init(address: 0x1_0000_0000 + $0 * 64 * page, size: 64 * page) }),
  ]

  @Test(arguments: refusals)
  func aBankThatCannotBeIsNamedAndNothingChanges(refusal: Refusal) {
    var wire = Wire.withDomains()
    let uart = #"{"domain":1,"name":"uart","gfn":"0x9000","pages":1,"kind":"mmio"}"#
    #expect(wire.call("region.define", uart).result != nil)
    let before = regions(&wire)
    let reply = wire.call("region.import", Self.params(refusal.banks))
    #expect(reply.code == -32602)
    #expect(reply.path == "/dtb")
    #expect(reply.message?.contains("/hypervisor: reg: \(refusal.testDescription)") == true)
    let expected = reply.data?["expected"] as? String
    #expect(expected?.contains("/hypervisor: reg: \(refusal.testDescription)") == true)
    #expect(regions(&wire) == before)
    #expect(wire.call("history.list").result?["length"] as? Int == 3)
  }

  @Test func aBankWhoseNameIsTakenIsRefused() {
    var wire = Wire.withDomains()
    let taken = #"{"domain":1,"name":"bank1","gfn":"0x9000","pages":1,"kind":"mmio"}"#
    #expect(wire.call("region.define", taken).result != nil)
    let banks = [Self.first, .init(address: 0x1_0000_0000, size: Self.page)]
    #expect(wire.call("region.import", Self.params(banks)).code == 1002)
  }

  @Test(arguments: [
    (#"{"domain":1,"dtb":{}}"#, "/dtb"),
    (#"{"domain":1}"#, "/dtb"),
    (#"{"domain":1,"dtb":"0OD+7Q=="}"#, "/dtb"),
    (#"{"domain":1,"dtb":{"path":"a","base64":""}}"#, "/dtb"),
    (#"{"domain":1,"dtb":{"base64":"0OD+7Q"}}"#, "/dtb/base64"),
    (#"{"domain":1,"dtb":{"base64":"0OD+7R=="}}"#, "/dtb/base64"),
    (#"{"domain":1,"dtb":{"base64":"0OD\n"}}"#, "/dtb/base64"),
    (#"{"domain":1,"dtb":{"base64":"===="}}"#, "/dtb/base64"),
    (#"{"domain":1,"dtb":{"base64":"0OD+7Q=="}}"#, "/dtb"),
    (#"{"domain":1,"dtb":{"base64":""}}"#, "/dtb"),
    (#"{"domain":1,"dtb":{"path":7}}"#, "/dtb/path"),
    (#"{"domain":1,"dtb":{"path":"a.dtb"}}"#, "/dtb/path"),
    (#"{"domain":1,"dtb":{"file":"a.dtb"}}"#, "/dtb/file"),
  ])
  func aTreeThatIsNoneIsRefused(params: String, path: String) {
    var wire = Wire.withDomains()
    let reply = wire.call("region.import", params)
    #expect(reply.code == -32602)
    #expect(reply.path == path)
  }

  @Test func theDomainIsAskedForFirst() {
    var wire = Wire.withDomains()
    #expect(wire.call("region.import", Self.params([], domain: 9)).code == -3)
  }

  @Test func importingWhatWasExportedGivesTheSameRegions() throws {
    var wire = Wire.withDomains()
    let banks = [
      Self.first, .init(address: 0x1_0000_0000, size: 1 << 30),
      .init(address: 0xffff_0000_0000, size: Self.page),
    ]
    #expect(wire.call("region.import", Self.params(banks)).result != nil)
    let exported = wire.call("region.export", #"{"domain":1}"#).result
    let blob = try #require(exported?["dtb"] as? String)
    let again = #"{"domain":2,"dtb":{"base64":"\#(blob)"}}"#
    #expect(wire.call("region.import", again).result != nil)
    let other = wire.call("region.list", #"{"domain":2}"#).text
    #expect(other.hasSuffix(regions(&wire)))
    #expect(
      exported?["dts"] as? String == """
        /dts-v1/;

        / {
        \t#address-cells = <2>;
        \t#size-cells = <2>;

        \thypervisor {
        \t\tcompatible = "xen,xen";
        \t\treg = <0x0 0x38000000 0x0 0x40000>,
        \t\t      <0x1 0x0 0x0 0x40000000>,
        \t\t      <0xffff 0x0 0x0 0x1000>;
        \t};
        };

        """)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dtc")))
  func dtcReadsTheSource() throws {
    var wire = Wire.withDomains()
    _ = wire.call("region.import", Self.params([Self.first]))
    let exported = wire.call("region.export", #"{"domain":1}"#).result
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/dtc")
    process.arguments = ["-q", "-I", "dts", "-O", "dtb"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(
      contentsOf: Data(try #require(exported?["dts"] as? String).utf8))
    try input.fileHandleForWriting.close()
    let blob = output.fileHandleForReading.readDataToEndOfFile().base64EncodedString()
    process.waitUntilExit()
    let again = #"{"domain":2,"dtb":{"base64":"\#(blob)"}}"#
    #expect(wire.call("region.import", again).result != nil)
    let other = wire.call("region.list", #"{"domain":2}"#).text
    #expect(other.hasSuffix(regions(&wire)))
  }

  @Test func onlyADomainWithOneGrantTableRegionIsExported() {
    var wire = Wire.withDomains()
    #expect(wire.call("region.export", #"{"domain":1}"#).path == "/domain")
  }

  @Test func anImportIsUndoneAndRedoneAndExported() throws {
    var wire = Wire.withDomains()
    let empty = regions(&wire)
    _ = wire.call("region.import", Self.params([Self.first]))
    let imported = regions(&wire)
    _ = wire.call("history.undo")
    #expect(regions(&wire) == empty)
    _ = wire.call("history.redo")
    #expect(regions(&wire) == imported)
    var fresh = try wire.rebuilt()
    #expect(regions(&fresh) == imported)
  }

  @Test func theFirstRegionIsTheGrantTablesThoughAnotherWasNamedBefore() {
    var wire = Wire.withDomains()
    let ram = #"{"domain":1,"name":"memory","gfn":"0x40000","pages":16,"kind":"ram"}"#
    #expect(wire.call("region.define", ram).result != nil)
    _ = wire.call(
      "region.import",
      Self.params([Self.first, .init(address: 0x1_0000_0000, size: 16 * Self.page)]))
    let from = #""from":{"domain":2,"gfn":"0x40000"}"#
    _ = wire.call("grantFrame.map", #"{"domain":1,"frame":1,"gfn":"0x38001"}"#)
    _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":"0x100000",\#(from)}"#)
    let check = #"{"properties":["region-discipline"]}"#
    #expect(wire.call("check.run", check).text.contains(#""violations":[]"#))
    _ = wire.call("foreignPage.map", #"{"domain":1,"gfn":"0x38002",\#(from)}"#)
    #expect(wire.call("check.run", check).text.contains(#""gfn":"0x38002"}]"#))
  }

  @Test func nextFitGoesOnBehindWhatItFoundLast() {
    var wire = Wire.withDomains()
    let banks = [Self.first, .init(address: 0x1_0000_0000, size: 4 * Self.page)]
    _ = wire.call("region.import", Self.params(banks))
    let next = { (wire: inout Wire, pages: Int) in
      let params = #"{"domain":1,"name":"bank1","pages":\#(pages),"policy":"next-fit"}"#
      return wire.call("region.allocate", params).result?["gfn"] as? String
    }
    #expect(next(&wire, 1) == "0x100000")
    #expect(next(&wire, 2) == "0x100001")
    #expect(next(&wire, 5) == nil)
    #expect(next(&wire, 2) == "0x100000", "two pages are left at the start only")
    _ = wire.call("history.undo")
    #expect(next(&wire, 1) == "0x100003", "the cursor is where it was")
    #expect(next(&wire, 1) == "0x100000", "at the end it begins anew")
    let first = #"{"domain":1,"name":"bank1"}"#
    #expect(wire.call("region.allocate", first).result?["gfn"] as? String == "0x100000")
    #expect(next(&wire, 1) == "0x100001", "first-fit moves no cursor")
  }

  @Test func onlyNextFitIsHistory() throws {
    var wire = Wire.withDomains()
    _ = wire.call("region.import", Self.params([Self.first]))
    let length = { (wire: inout Wire) in wire.call("history.list").result?["length"] as? Int }
    _ = wire.call("region.allocate", #"{"domain":1,"name":"bank0"}"#)
    #expect(length(&wire) == 3)
    let next = #"{"domain":1,"name":"bank0","policy":"next-fit"}"#
    _ = wire.call("region.allocate", next)
    #expect(length(&wire) == 4)
    var fresh = try wire.rebuilt()
    #expect(fresh.call("region.allocate", next).result?["gfn"] as? String == "0x38001")
  }
}

extension Wire {
  /// A fresh server on which everything exported was done.
  mutating func rebuilt() throws -> Wire {
    let exported = call("session.export").result?["requests"]
    var fresh = Wire(preset: "xen-4.22")
    for request in try #require(exported as? [[String: Any]]) { _ = fresh.send(request.json) }
    return fresh
  }
}
