import Foundation
import Hypervisor
import P2MProtocol
import Testing

/// The model beside the real hypervisor.
@Suite struct RecordingTests {
  static let recordings = files(in: "Tests/Fixtures/recordings", withExtension: "jsonl")

  /// Histories that every release of an architecture answers alike, so that no wrong preset can be
  /// told by them.
  static func areAlike(_ file: URL) -> Bool {
    let isX86 = file.deletingLastPathComponent().lastPathComponent.hasPrefix("x86-")
    return (isX86 ? alikeOnX86 : alikeOnArm).contains(kind(file))
  }

  private static let alikeOnArm: Set = [
    "directed-grow", "directed-index", "directed-p2mlimit", "directed-a53-p2mlimit",
    "directed-unmap",
  ]
  private static let alikeOnX86: Set = [
    "directed-grow", "directed-index", "directed-classicPopulate", "directed-classicSharedInfo",
    "directed-foreignClassic", "directed-overRam", "directed-popdec", "directed-remap",
    "directed-replacedGrant", "directed-replacedPopulate", "directed-shinfo",
  ]

  private func check(
    _ file: URL, on preset: String? = nil, ramOrder: Int = 0
  ) throws -> RecordingCheck {
    let text = [UInt8](try Data(contentsOf: file))
    return try RecordingCheck(
      text, preset: preset.flatMap { Preset.named($0) }, ramOrder: ramOrder)
  }

  /// What every release on x86 answers alike, an array in place of the M2P would answer otherwise.
  @Test(arguments: recordings.filter { $0.path.contains("/x86-") && areAlike($0) })
  func withoutTheM2PWhatX86ReleasesAnswerAlikeDiverges(file: URL) throws {
    let text = [UInt8](try Data(contentsOf: file))
    let array = [try Knob.Setting("tracking=array"), try Knob.Setting("removalCheck=none")]
    let check = try RecordingCheck(text, preset: nil, overrides: array)
    let mapsOnce = ["directed-grow", "directed-index"].contains(Self.kind(file))
    #expect((check.divergence == nil) == mapsOnce)
  }

  private static func kind(_ file: URL) -> String {
    let name = file.deletingPathExtension().lastPathComponent
    let parts = name.split(separator: "-")
    return parts.last.flatMap { Int($0) } == nil ? name : parts.dropLast().joined(separator: "-")
  }

  @Test func theRecordingsAreThere() throws {
    #expect(Self.recordings.count == 240)
    let operations = try Self.recordings.reduce(0) { try $0 + check($1).operations }
    #expect(operations == 24_904)
  }

  @Test(arguments: recordings)
  func theModelAgreesWithRealXen(file: URL) throws {
    let check = try check(file)
    #expect(check.divergence == nil)
    #expect(check.operations > 0)
  }

  @Test(arguments: recordings, [9, 18])
  func theSizeOfTheLeavesThatMapRAMMakesNoDifference(file: URL, order: Int) throws {
    #expect(try check(file, ramOrder: order).divergence == nil)
  }

  @Test(arguments: recordings)
  func onAWrongPresetTheModelDivergesUnlessAllReleasesAreAlike(file: URL) throws {
    let right = try #require(Preset.named(try check(file).preset))
    let others = Preset.all.filter { $0.cpu.architecture == right.cpu.architecture }
    let wrong = try others.map(\.name).filter { try check(file, on: $0).divergence != nil }
    #expect(wrong.isEmpty == Self.areAlike(file), "diverges on \(wrong)")
  }

  /// One changed value in a recording is found, whichever it is.
  @Test(arguments: [
    (#""rc":0"#, #""rc":-1"#, "rc"),
    (#""err":0"#, #""err":-22"#, "err"),
    (#""status":0"#, #""status":-1"#, "status"),
    (#""nr":1"#, #""nr":2"#, "nr, max"),
    (#""0x100000":"grant:0""#, #""0x100000":"grant:1""#, "p2m 0x100000"),
    (#""0x100000":"grant:0","#, "", "p2m 0x100000"),
    (#""frames":1"#, #""frames":2"#, "frames"),
    (#""tracked":["0x100000"]"#, #""tracked":[null]"#, "tracked"),
  ])
  func aChangedValueIsADivergence(original: String, changed: String, field: String) throws {
    var lines = [
      #"{"format":"xen-trace/1","xen":"4.16.7","caller":"dom0","window":["0x100000","0x100001"]}"#,
      #"{"i":-1,"op":"init","p2m":{},"frames":1,"tracked":[null]}"#,
      #"{"i":0,"op":"querySize","rc":0,"status":0,"nr":1,"max":64,"#
        + #""p2m":{},"frames":1,"tracked":[null]}"#,
      #"{"i":1,"op":"mapForeign","domid":1,"fgfn":"0x40400","gfn":"0x100001","rc":0,"err":0,"#
        + #""p2m":{"0x100001":"foreign:0x40400"},"frames":1,"tracked":[null]}"#,
      #"{"i":2,"op":"mapGrant","frame":0,"gfn":"0x100000","rc":0,"#
        + #""p2m":{"0x100000":"grant:0","0x100001":"foreign:0x40400"},"#
        + #""frames":1,"tracked":["0x100000"]}"#,
    ]
    #expect(try divergence(lines) == nil)
    let last = try #require(lines.lastIndex { $0.contains(original) })
    lines[last] = lines[last].replacingOccurrences(of: original, with: changed)
    #expect(try divergence(lines) == field)
  }

  private func divergence(_ lines: [String]) throws -> String? {
    try RecordingCheck(Array(lines.joined(separator: "\n").utf8), preset: nil).divergence?.field
  }

  @Test func aRecordingIsNotReplayedOnAnotherArchitecturesPreset() throws {
    let file = try #require(Self.recordings.first { $0.path.contains("/x86-4.15.0/") })
    let error = #expect(throws: UnusableInput.self) { try check(file, on: "xen-4.16") }
    #expect(error?.reason.contains("x86-4.15.0 models its release") == true)
  }

  @Test(arguments: [
    ([""], 1, "empty"),
    (["{"], 1, "not JSON"),
    ([#"{"format":"xen-trace/1","xen":"4.16.7","caller":"dom0","window":[]}"#], 2, "initial state"),
    ([#"{"format":"x"}"#, "{}"], 1, "'format'"),
    ([#"{"jsonrpc":"2.0","id":1,"method":"domain.list"}"#], 1, "a session, not a recording"),
    ([#"{"format":"xen-trace/1","xen":"4.13.0"}"#, "{}"], 1, "no preset models Xen 4.13.0"),
    (
      [#"{"format":"xen-trace/1","xen":"x86-4.16.0","arch":"x86"}"#, "{}"], 1,
      "needs the preset x86-4.16.0"
    ),
    ([#"{"format":"xen-trace/1","xen":"4.16.7","caller":"me"}"#, "{}"], 1, "'caller'"),
  ])
  func anUnusableRecordingIsNamed(lines: [String], line: Int, reason: String) {
    let error = #expect(throws: UnusableInput.self) { try divergence(lines) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true)
  }
}
