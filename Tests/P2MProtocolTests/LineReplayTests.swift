import Foundation
import Hypervisor
import Laboratory
import P2MProtocol
import Testing

/// Lines of which not all is read come to the same as lines that are read whole.
@Suite struct LineReplayTests {
  /// One of each few.
  private static let recordings = RecordingTests.recordings.enumerated()
    .filter { $0.offset % 8 == 0 }.map(\.element)

  /// What comes of a recording: what `RecordingCheck` says of it.
  private func outcome(
    of text: String, overrides: [Knob.Setting] = [], memory: inout RecordingMemory
  ) -> String {
    do throws(UnusableInput) {
      let check = try RecordingCheck(
        Array(text.utf8), preset: nil, overrides: overrides, ramOrder: 0, memory: &memory)
      return told(check.operations, check.divergence)
    } catch {
      return "\(error)"
    }
  }

  /// The same where every line is read whole.
  private func outcomeReadWhole(of text: String, overrides: [Knob.Setting] = []) -> String {
    do throws(UnusableInput) {
      let bytes = Array(text.utf8)
      let lines = TextLine.all(of: bytes)
      let start = try RecordingStart(bytes.span, lines, preset: nil)
      var replay = Replay(
        start.header, initial: start.initial, on: Variant(start.preset, overrides))
      var divergence = replay.difference(from: start.initial, at: -1)
      var operations = 0
      for line in lines.dropFirst(2) where divergence == nil {
        let text = bytes.span.extracting(line.range)
        divergence = replay.run(try RecordingReader.step(text, number: line.number))
        operations += 1
      }
      return told(operations, divergence)
    } catch {
      return "\(error)"
    }
  }

  private func told(_ operations: Int, _ divergence: Divergence?) -> String {
    "\(operations) operations, \(divergence.map { "\($0)" } ?? "agrees")"
  }

  @Test(arguments: recordings)
  func aRecordingWithAnyByteChanged(file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    var memory = RecordingMemory()
    var random = Noise(state: UInt64(text.utf8.count))
    for _ in 0..<6 {
      var bytes = Array(text.utf8)
      let place = Int.random(in: bytes.indices, using: &random)
      let byte = try #require(#"{}[]",:0123456789abcdefnulx- "#.utf8.randomElement(using: &random))
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      default: bytes.remove(at: place)
      }
      let changed = String(decoding: bytes, as: UTF8.self)
      #expect(outcome(of: changed, memory: &memory) == outcomeReadWhole(of: changed))
    }
  }

  @Test(arguments: recordings)
  func aRecordingOnAnotherModel(file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    var memory = RecordingMemory()
    for setting in ["remap=busy", "maxGrantVersion=1"] {
      let overrides = [try Knob.Setting(setting)]
      #expect(
        outcome(of: text, overrides: overrides, memory: &memory)
          == outcomeReadWhole(of: text, overrides: overrides))
    }
  }

  /// Lines that say the same otherwise, or something else that looks much like it; `unmap` at the
  /// second operation is right.
  @Test(arguments: [
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1, "op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null] }"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"tracked":[null],"frames":1}"#,
    #"{"op":"unmap","i":1,"gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":7,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":9223372036854775806,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":9223372036854775807,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","p2m":{},"frames":1,"tracked":[null],"rc":0}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","p2m":{},"frames":1,"tracked":[null],"rc":-2}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"x":{"a":1},"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"x":"}","p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0},"x":{"y":1,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"i":1,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"\u0069":1,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"frames":1,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"frames":2,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":3,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"\u0070\u0032m":{},"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"grantVersion":2,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"x":",","p2m":{},"frames":1,"tracked":[null],"y":1}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"rc":0,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"p2m":{},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"probe","p2m":{"0x100000":"grant:0"},"frames":1,"tracked":["0x100000"]}"#,
    #"{"i":1,"op":"getVersion","p2m":{"0x100000":"grant:0"},"frames":1,"tracked":["0x100000"],"version":1}"#,
    #"{"i":1,"op":"probe1","gfn":"0x100000","value":"grant:1","rc":0,"p2m":{"0x100000":"grant:0"},"frames":1,"tracked":["0x100000"]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{"0x100000":"raw:1"},"frames":1,"tracked":[null]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{"0x999":"raw:1"},"frames":1,"tracked":[]}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null],"grantVersion":1}"#,
    #"{"i":1,"op":"unmap","gfn":"0x100000","rc":0,"p2m":{},"frames":1,"tracked":[null],"grantVersion":2}"#,
  ])
  func aLineThatIsWrittenOtherwise(line: String) {
    let next = line.replacingOccurrences(of: "\"i\":1", with: "\"i\":2")
      .replacingOccurrences(of: "4775806", with: "4775807")
    let text = """
      {"format":"xen-trace/1","xen":"4.17.7","caller":"dom0","window":["0x100000","0x100001"]}
      {"i":-1,"op":"init","p2m":{},"frames":1,"tracked":[null]}
      {"i":0,"op":"mapGrant","frame":0,"gfn":"0x100000","rc":0,"p2m":{"0x100000":"grant:0"},"frames":1,"tracked":["0x100000"]}
      \(line)
      \(next)
      \(next)

      """
    var memory = RecordingMemory()
    let expected = outcomeReadWhole(of: text)
    #expect(outcome(of: text, memory: &memory) == expected)
    #expect(outcome(of: text, memory: &memory) == expected, "read a second time")
  }

  /// The same every time.
  private struct Noise: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 33
    }
  }
}
