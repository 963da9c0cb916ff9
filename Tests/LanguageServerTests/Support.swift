import Hypervisor
import JSONRPC
import Jansson
import P2MProtocol

@testable import LanguageServer

/// Numbers that look random and are the same every time.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension OpenDocument {
  /// A document that follows the default preset.
  static func open(_ text: String, encoding: PositionEncoding = .utf16) -> OpenDocument {
    OpenDocument(
      uri: "file:///a.p2m.ndjson", Array(text.utf8), encoding: encoding, on: Variant(.default))
  }

  /// Carries everything out.
  mutating func finish() {
    var context = RequestContext(patience: Limits.patience)
    _ = analysis.advance(to: analysis.lines.count, in: &context)
    analysis.pair()
  }

  /// All that came of the document, to be compared.
  var findings: [String] {
    let replies = analysis.lines.indices.map { line in
      analysis.step(line).map { String(decoding: $0.reply, as: UTF8.self) } ?? "-"
    }
    let problems = diagnostics().map { problem in
      "\(problem.range) \(problem.severity) \(problem.code) \(problem.message) \(problem.related)"
    }
    return replies + problems
  }

  /// The problems, as line (from 1), columns and kind.
  var problems: [String] {
    diagnostics().map {
      "\($0.range.start.line + 1):\($0.range.start.character)-\($0.range.end.character) \($0.code)"
    }
  }

  mutating func replaceLine(_ line: Int, with new: String) {
    let whole = PositionRange(
      Position(line: line, character: 0), Position(line: line, character: .max))
    change(whole, to: Array(new.utf8))
  }
}

/// Sessions that tests are about.
enum Sample {
  static let domain1 =
    #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1,"privileged":true}}"#
  static let domain2 = #"""
    {"jsonrpc":"2.0","id":2,"method":"domain.create","params":{"domain":2,"ram":[{"gfn":"0x0","pages":4}]}}
    """#
  static let map =
    #"{"jsonrpc":"2.0","id":3,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x10"}}"#
  static let unmap =
    #"{"jsonrpc":"2.0","id":4,"method":"physmap.unmap","params":{"domain":1,"gfn":"0x10"}}"#
  static let foreign = #"""
    {"jsonrpc":"2.0","id":5,"method":"foreignPage.map","params":{"domain":1,"gfn":"0x10","from":{"domain":2,"gfn":"0x1"}}}
    """#
  static let remap =
    #"{"jsonrpc":"2.0","id":6,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":"0x20"}}"#

  /// A grant frame's stale entry takes a foreign page away.
  static let staleFrame = [domain1, domain2, map, unmap, foreign, remap].joined(separator: "\n")

  /// A session of `count` requests that map and unmap.
  static func long(_ count: Int) -> String {
    var lines = [domain1, domain2]
    for number in 3...count {
      let gfn = "0x" + String((number - 1) / 2 % 512 + 16, radix: 16)
      let what =
        number % 2 == 1
        ? #""foreignPage.map","params":{"domain":1,"gfn":"\#(gfn)","from":{"domain":2,"gfn":"0x1"}}"#
        : #""physmap.unmap","params":{"domain":1,"gfn":"\#(gfn)"}"#
      lines.append(#"{"jsonrpc":"2.0","id":\#(number),"method":\#(what)}"#)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
