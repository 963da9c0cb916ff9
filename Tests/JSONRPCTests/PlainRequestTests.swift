import Jansson
import Testing

@testable import JSONRPC

@Suite struct PlainRequestTests {
  /// What only stands for its members' values in the texts below.
  private static let head = #"{"jsonrpc":"2.0","id":1,"method":"echo""#

  private static let plain = [
    head + "}", head + #","params":{}}"#, head + #","params":[]}"#,
    head + #","params":{"gfn":"0x1","from":{"domain":1,"é":[1.5,null]}}}"#,
    #"{"jsonrpc":"2.0","method":"echo"}"#,
    #"{"jsonrpc":"2.0","method":"echo","params":[1,2]}"#,
    #"{"jsonrpc":"2.0","method":"echo","id":1}"#,
    #"{"jsonrpc":"2.0","method":"echo","params":["}"],"id":"1"}"#,
    #"{"jsonrpc":"2.0","id":0,"method":""}"#,
    #"{"jsonrpc":"2.0","id":999999999999999999,"method":"$/cancelRequest"}"#,
    #"{"jsonrpc":"2.0","id":"","method":"echo"}"#,
    #"{"jsonrpc": "2.0", "id": "a b", "method": "echo", "params": {"a": 1}}"#,
    "{ \t\"jsonrpc\" : \"2.0\" ,\r\n\"id\" : 1 ,\n\"method\" : \"echo\" ,\"params\" : [ ] }\n ",
  ]

  @Test("A plain request is read as the parser reads it", arguments: plain)
  func isPlain(_ text: String) throws {
    #expect(quickly(text) == (try wholly(text)))
  }

  private static let odd =
    [
      "", "{", "1", "[]", "[\(head)}]", "{}", " " + head + "}", head, head + ",", head + ",}",
      head + "}}", head + "},", head + "}1", head + "}\u{0}", head + "\u{0}}",
      #"{"id":1,"jsonrpc":"2.0","method":"echo"}"#, #"{"jsonrpc":"2.0"}"#,
      #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"2.0","id":1,"result":null}"#,
      #"{"jsonrpc":"1.0","id":1,"method":"echo"}"#, #"{"jsonrpc":2.0,"id":1,"method":"echo"}"#,
      #"{"jsonrpc":"2.0","method":"echo","id":1,"params":[]}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"echo","id":1}"#,
      #"{"jsonrpc":"2.0","id":1,"id":1,"method":"echo"}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"echo","method":"fail"}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"ech\u006f"}"#, #"{"jsonrpc":"2.0","id":1,"method":"é"}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"echo"#, #"{"jsonrpc":"2.0","id":1,"method":null}"#,
      #"{"jsonrpc":"2.0","id":1,"meth\u006fd":"echo"}"#, "{\"jsonrpc\":\"2.0\",\"method\":\"\t\"}",
      head + #","params":{},"params":{}}"#, head + #","params":{"a":1,"a":2}}"#,
      head + #","params":{"a":1}"#, head + #","params":{"a":}}"#, head + #","params":null}"#,
      head + #","params":1}"#, head + #","params":"a"}"#, head + #","params":}"#,
      head + #","params":{},"more":1}"#, head + #","more":1}"#, head + #","params"}"#,
      head + #","params":[1\#u{0}]}"#, head + #","params":[9223372036854775808]}"#,
      head + #","params":["\ud800"]}"#,
    ] + oddIDs.map { #"{"jsonrpc":"2.0","id":\#($0),"method":"echo"}"# }

  private static let oddIDs = [
    "null", "-1", "-0", "01", "00", "1.0", "1e3", "1000000000000000000", "9223372036854775808", "",
    "x", "true", "{}", "[1]", #""é""#, #""\n""#, #"""#, "1 1", "\"1\" \"1\"",
  ]

  @Test("What is not plain is left to the parser", arguments: odd)
  func isOdd(_ text: String) {
    #expect(quickly(text) == nil)
  }

  @Test("Whatever is changed in a request, it is read as the parser reads it, or left to that")
  func mutations() {
    var generator = Splitmix(state: 1)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "\u{0}", "\u{1F}", "\u{7F}", "é", "0",
      "9", "-", ".", "e", "null", #""id""#, #""id":1"#, #","params":{}"#, #","method":"fail""#,
    ].map { Array($0.utf8) }
    var read = 0
    for _ in 0..<20_000 {
      var text = Array(Self.plain.randomElement(using: &generator)!.utf8)
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0...text.count, using: &generator)
        let end = min(text.count, place + Int.random(in: 0...2, using: &generator))
        text.replaceSubrange(place..<end, with: pieces.randomElement(using: &generator)!)
      }
      guard let quick = quickly(text) else { continue }
      read += 1
      #expect(quick == (try? wholly(text)), "\(String(decoding: text, as: UTF8.self))")
    }
    #expect(read > 5_000)
  }

  @Test(
    "The reply is the same whichever way a message is read",
    arguments: plain + odd.filter { !$0.isEmpty })
  func replies(_ text: String) {
    // A blank in front makes it odd, and moves nothing but an error's place.
    var replies = [text, " " + text].map { reply(to: $0) }
    if replies[0].contains("\"code\":-32700") {
      replies = replies.map { $0.replacing(#/ \(line.*/#, with: "") }
    }
    #expect(replies[0] == replies[1])
  }
}

/// What is read of a plain request, written anew; `nil` for what is none.
private func quickly(_ text: [UInt8]) -> String? {
  guard let document = PlainRequest.document(of: text.span) else { return nil }
  return written(document)
}

private func quickly(_ text: String) -> String? { quickly(Array(text.utf8)) }

/// What the parser reads, written anew.
private func wholly(_ text: [UInt8]) throws(JSONSyntaxError) -> String {
  written(try JSONDocument(parsing: text.span))
}

private func wholly(_ text: String) throws(JSONSyntaxError) -> String {
  try wholly(Array(text.utf8))
}

private func written(_ document: borrowing JSONDocument) -> String {
  var writer = JSONWriter()
  writer.value(document.root)
  return writer.text
}

/// Steele, Lea and Flood's generator: the same numbers on every machine.
private struct Splitmix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
