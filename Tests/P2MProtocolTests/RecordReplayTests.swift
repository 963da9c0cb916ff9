import Hypervisor
import JSONRPC
import Jansson
import P2MProtocol
import Testing

@Suite struct RecordReplayTests {
  private static let ram = #""ram":[{"gfn":"0x40000","pages":16}]"#
  private static let requests = [
    #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1,\#(ram)}}"#,
    #"{"jsonrpc":"2.0","method":"session.note","params":{"text":"é"}}"#,
    #"{"jsonrpc":"2.0","id":null,"method":"domain.list"}"#,
    #"{"jsonrpc":"2.0","id":2,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":1}}"#,
    #"{"jsonrpc":"2.0","method":"grantFrame.map","params":{"domain":1,"frame":1,"gfn":2}}"#,
    #"{"jsonrpc":"2.0","id":"x","method":"physmap.unmap","params":{"domain":9,"gfn":1}}"#,
    #"{"jsonrpc":"2.0","id":3,"method":"grantFrame.map","params":{"domain":1,"frame":0,"gfn":3}}"#,
  ]

  /// What a server keeps of some requests: each one's lines.
  private static func record(_ requests: some Sequence<String>) -> [String] {
    var wire = Wire()
    return requests.map { request in
      let reply = wire.send(request)
      return request + "\n" + (reply.isEmpty ? "" : reply + "\n")
    }
  }

  private static func state(_ service: P2MService) -> String {
    var service = service
    var dispatcher = Dispatcher(info: Product.info)
    let query = #"{"jsonrpc":"2.0","id":0,"method":"array.query","params":{"domain":1,"count":4}}"#
    var reply = JSONWriter()
    dispatcher.answer(Array(query.utf8).span, from: &service, into: &reply)
    return reply.text
  }

  @Test func aRecordCutAtAnyByteRestoresWhatIsWhole() throws {
    let record = Self.record(Self.requests)
    let text = record.joined()
    var whole = 0
    var expected = Self.state(try RecordReplay([], preset: .default).service)
    var wholeLength = 0
    for length in 0...text.utf8.count {
      if whole < record.count, length == wholeLength + record[whole].utf8.count {
        wholeLength = length
        whole += 1
        let prefix = Array(record.prefix(whole).joined().utf8)
        expected = Self.state(try RecordReplay(prefix, preset: .default).service)
      }
      let cut = Array(text.utf8.prefix(length))
      let replay = try RecordReplay(cut, preset: .default)
      #expect(replay.length == wholeLength)
      #expect((replay.tornLine == nil) == (length == wholeLength))
      #expect(Self.state(replay.service) == expected)
      let session = SessionRun(try Session(cut, isRecord: true), preset: .default)
      #expect(session.mismatches.isEmpty)
    }
    #expect(whole == Self.requests.count)
  }

  @Test func aReplyThatIsNotAsRecordedIsNamed() throws {
    let text = Self.record(Self.requests).joined().replacing(
      "\"gfn\":\"0x1\"", with: "\"gfn\":\"0x4\"")
    let mismatch = #expect(throws: RecordReplay.Mismatch.self) {
      try _ = RecordReplay(Array(text.utf8), preset: .default).length
    }
    #expect(mismatch?.line == 7)
    #expect(mismatch?.difference.path == "/result/effects/1/gfn")
    #expect(mismatch.map { "\($0)" }?.contains(#"is "0x1", not "0x4" as recorded"#) == true)
  }

  @Test(arguments: [
    ("x\n", 1, "not JSON"), ("{\"id\":1,\"result\":1}\n", 1, "a reply without its request"),
    (requests[0] + "\n" + requests[2] + "\n", 2, "a request in place of a reply"),
    (requests[0] + "\nx\n" + requests[2] + "\n", 2, "not JSON"),
  ])
  func whatNoServerRecordsIsUnusable(text: String, line: Int, reason: String) {
    let error = #expect(throws: UnusableInput.self) {
      try _ = RecordReplay(Array(text.utf8), preset: .default).length
    }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true)
  }

  @Test func whatIsNoMessageIsNotDroppedAsTorn() throws {
    #expect(throws: UnusableInput.self) { try Session(Array("x".utf8), isRecord: true) }
    #expect(throws: UnusableInput.self) { try Session(Array("{".utf8)) }
    #expect(try Session(Array("{".utf8), isRecord: true).tornLine == 1)
  }
}
