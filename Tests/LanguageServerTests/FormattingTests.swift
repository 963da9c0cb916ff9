import Jansson
import P2MProtocol
import Testing

@testable import LanguageServer

@Suite struct FormattingTests {
  @Test(
    "A message is on one line, without blanks, its envelope in order; tokens stay as they are",
    arguments: [
      (
        #"{ "method" : "a" , "jsonrpc":"2.0", "id": 1 }"#, #"{"jsonrpc":"2.0","id":1,"method":"a"}"#
      ),
      (
        #"{"params":{ "b" : 1, "a":[ 1 , 2 ] },"method":"m"}"#,
        #"{"method":"m","params":{"b":1,"a":[1,2]}}"#
      ),
      (#"{"x":1,"error":{},"id":2}"#, #"{"id":2,"error":{},"x":1}"#),
      (#"[ {"id":1,"jsonrpc":"2.0"} , {"id":2} ]"#, #"[{"jsonrpc":"2.0","id":1},{"id":2}]"#),
      (#"{"a":"\u00e9 é \/","b":1.50e3}"#, #"{"a":"\u00e9 é \/","b":1.50e3}"#),
      ("   ", ""),
    ])
  func canonical(_ text: String, expected: String) throws {
    let formatted = try #require(OpenDocument.canonical(Array(text.utf8)))
    #expect(String(decoding: formatted, as: UTF8.self) == expected)
    #expect(OpenDocument.canonical(formatted) == formatted, "once more changes nothing")
  }

  @Test("What is no JSON, or nests too deep, is left alone")
  func untouched() {
    #expect(OpenDocument.canonical(Array("{".utf8)) == nil)
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(OpenDocument.canonical(Array(deep.utf8)) == nil)
  }

  @Test("A message that is spread over lines is joined; blank lines stay")
  func joined() {
    let text = "{\n  \"id\": 1,\r\n  \"method\": \"check.run\"\n}\n\n{ \"a\":\n\n{}"
    let document = OpenDocument.open(text)
    let edits = document.formatted(within: nil)
    #expect(
      edits.map(\.compact) == [
        #"{"range":{"start":{"line":0,"character":0},"end":{"line":3,"character":1}},"#
          + #""newText":"{\"id\":1,\"method\":\"check.run\"}"}"#
      ])
  }
}
