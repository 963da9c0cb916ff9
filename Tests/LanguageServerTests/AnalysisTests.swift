import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol
import Testing

@testable import LanguageServer

@Suite struct AnalysisTests {
  @Test("Whatever edits lead to a text, the findings are those of the text", arguments: 0..<30)
  func randomEdits(_ seed: UInt64) {
    var random = Random(seed: seed)
    var document = OpenDocument.open(Sample.staleFrame)
    for round in 0..<20 {
      edit(&document, &random)
      // Now and then the session is carried out in part only before the next edit.
      if round % 3 == 0 { continue }
      if round % 7 == 0 { document.analysis.release() }
      document.finish()
      var fresh = OpenDocument.open(String(decoding: document.text.text, as: UTF8.self))
      fresh.finish()
      #expect(document.findings == fresh.findings)
    }
  }

  /// Replaces, inserts, removes or breaks something.
  private func edit(_ document: inout OpenDocument, _ random: inout Random) {
    let lines =
      Sample.staleFrame.split(separator: "\n").map(String.init) + [
        "", "  ", "{", #"{"jsonrpc":"2.0","id":3,"result":{"effects":[]}}"#,
        #"{"jsonrpc":"2.0","id":4,"result":{}}"#, #"{"jsonrpc":"2.0","id":9,"result":{}}"#,
        #"{"jsonrpc":"2.0","method":"session.note","params":{"text":"ä😀"}}"#,
        #"{"jsonrpc":"2.0","id":8,"method":"history.undo"}"#,
        #"{"jsonrpc":"2.0","id":8,"method":"nothing.at.all"}"#,
        #"[{"jsonrpc":"2.0","id":6,"method":"check.run"},{"jsonrpc":"2.0","id":7,"method":"check"}]"#,
      ]
    let count = document.text.lines.count
    let first = Int.random(in: 0..<count, using: &random)
    let last = Int.random(in: first...min(first + 2, count), using: &random)
    let column = Int.random(in: 0...1, using: &random) == 0
    let range = PositionRange(
      Position(line: first, character: column ? 0 : .random(in: 0...20, using: &random)),
      Position(line: last, character: 0))
    let added = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      lines.randomElement(using: &random)! + "\n"
    }
    document.change(range, to: Array(added.joined().utf8))
  }

  @Test("A session that is typed has the findings of the session")
  func typed() {
    let text = Sample.staleFrame + "\n" + #"{"jsonrpc":"2.0","id":3,"result":{"effects":[]}}"#
    var document = OpenDocument.open("")
    for byte in text.utf8 {
      let end = document.text.wholeRange.end
      document.change(PositionRange(end, end), to: [byte])
      document.finish()
    }
    var fresh = OpenDocument.open(text)
    fresh.finish()
    #expect(document.findings == fresh.findings)
    #expect(fresh.problems.contains { $0.hasSuffix("no-collateral-removal") })
  }

  @Test(
    "After a change at line 5,000 of 10,000, what comes before it is carried out from a checkpoint")
  func incremental() {
    var document = OpenDocument.open(Sample.long(10_000))
    document.finish()
    #expect(document.analysis.played == 10_000)
    let old = String(decoding: document.text.lines[4999].text, as: UTF8.self)
    document.replaceLine(4999, with: old + " ")
    document.finish()
    let again = document.analysis.played - 10_000
    #expect(again > 5000, "what comes after it")
    #expect(again <= 5001 + 256, "and no more than lies between two checkpoints")
  }

  @Test("What is no request is replaced without carrying anything out")
  func repliesOnly() {
    var document = OpenDocument.open(Sample.long(1000))
    document.finish()
    let place = Position(line: 500, character: 0)
    let reply = #"{"jsonrpc":"2.0","id":400,"result":{"effects":[]}}"#
    for text in ["\n", "  \n", reply + "\n", "{\n"] {
      document.change(PositionRange(place, place), to: Array(text.utf8))
      document.finish()
    }
    #expect(document.analysis.played == 1000)
    #expect(document.problems == ["501:0-1 syntax", "502:46-48 reply"])
    var fresh = OpenDocument.open(String(decoding: document.text.text, as: UTF8.self))
    fresh.finish()
    #expect(document.findings == fresh.findings)
  }

  @Test("The same line again carries nothing out")
  func sameAgain() {
    var document = OpenDocument.open(Sample.long(100))
    document.finish()
    document.replaceLine(50, with: String(decoding: document.text.lines[50].text, as: UTF8.self))
    document.finish()
    #expect(document.analysis.played == 100)
  }

  @Test("A session is carried out a slice at a time")
  func slices() {
    var document = OpenDocument.open(Sample.long(100))
    var context = RequestContext()
    var slices = 1
    while !document.analysis.advance(to: 101, atMost: 30, in: &context) {
      #expect(document.analysis.played == slices * 30)
      slices += 1
    }
    #expect(slices == 4)
  }

  @Test("What takes longer than an editor waits is left out, and the rest is carried out")
  func leftOut() {
    let heavy = #"""
      {"jsonrpc":"2.0","id":7,"method":"compare.run","params":{"presets":["xen-4.16","xen-4.17"],"requests":[{"method":"machine.get"},{"method":"machine.get"}]}}
      """#
    let expected = #"{"jsonrpc":"2.0","id":7,"result":{"presets":[]}}"#
    let text = [Sample.domain1, heavy, expected, Sample.map].joined(separator: "\n")
    var document = OpenDocument.open(text)
    var context = RequestContext(patience: 1)
    #expect(document.analysis.advance(to: 4, in: &context))
    document.analysis.pair()
    #expect(document.problems == ["2:33-46 left-out"])
    #expect(document.analysis.step(3)?.reply.isEmpty == false)
  }

  @Test("A session that needs the memory of its checkpoints gets it, and answers as without them")
  func memory() {
    let domains = 140
    // Some 33 tables each: the last few are refused.
    let lines = (1...domains).map { number in
      #"{"jsonrpc":"2.0","id":\#(number),"method":"domain.create","#
        + #""params":{"domain":\#(number),"ram":[{"gfn":"0x0","pages":16384}]}}"#
    }
    let fresh = { @Sendable in
      let main = MachineConfiguration(preset: .default)
      return SessionPlayer(Laboratory(main, memory: HostMemory(limit: 4500)))
    }
    var analysis = Analysis(fresh)
    analysis.replace(0..<0, with: TextDocument.lines(of: lines))
    var context = RequestContext()
    #expect(analysis.advance(to: domains, in: &context))
    #expect(analysis.played > domains, "it was begun anew")
    var player = fresh()
    var reply = JSONWriter()
    for (number, line) in lines.enumerated() {
      reply.removeAll()
      let bytes = Array(line.utf8)
      player.play(bytes.span, in: &context, into: &reply)
      #expect(analysis.step(number).map { String(decoding: $0.reply, as: UTF8.self) } == reply.text)
    }
    #expect(reply.text.contains("\"error\""))
  }
}

extension TextDocument {
  fileprivate static func lines(of texts: [String]) -> [Line] {
    texts.map { Line(text: Array($0.utf8), ending: .lineFeed) }
  }
}
