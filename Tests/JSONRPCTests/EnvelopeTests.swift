import Testing

@testable import JSONRPC

@Suite struct EnvelopeTests {
  @Test(
    "What is not JSON is a parse error with id null, and the next message is served",
    arguments: [
      "{", "nonsense", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"echo\"}",
      "{\"id\":\"\\u0000\"}", "\u{0}", "{\"id\":NaN}", "{\"id\":9223372036854775808}",
      request(1) + "x", "",
    ])
  func parseError(_ text: String) {
    var conversation = Conversation()
    let reply = conversation.reply(to: text)
    #expect(reply.hasPrefix(failure(-32700) + "Parse error: "))
    #expect(reply.contains("(line 1 column "))
    #expect(conversation.reply(to: request(2)) == answer(2))
  }

  @Test(
    "What is JSON but no message is an invalid request with id null",
    arguments: [
      "1", "\"echo\"", "null", "true", "1.5", "[]", "{}",
      "{\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"2.0\",\"id\":null}", "{\"method\":\"echo\"}",
      "{\"jsonrpc\":\"2.0\",\"method\":1}",
    ])
  func invalidRequest(_ text: String) {
    #expect(reply(to: text).hasPrefix(failure(-32600)))
  }

  @Test(
    "An id that is a fraction, an object, an array or a boolean is an invalid request with id null",
    arguments: ["1.5", "1.0", "1e3", "{}", "[]", "[1]", "true", "false"])
  func invalidID(_ id: String) {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"echo\"}"
    #expect(reply(to: text).hasPrefix(failure(-32600)))
  }

  @Test(
    "A valid id is echoed where the rest of the message is invalid",
    arguments: [
      "\"id\":7", "\"id\":7,\"jsonrpc\":\"2.0\"", "\"id\":7,\"method\":\"echo\"",
      "\"id\":7,\"method\":\"echo\",\"jsonrpc\":\"1.0\"",
      "\"id\":7,\"method\":\"echo\",\"jsonrpc\":2.0", "\"id\":7,\"method\":1,\"jsonrpc\":\"2.0\"",
      "\"id\":7,\"method\":null,\"jsonrpc\":\"2.0\"", "\"id\":7,\"method\":[],\"jsonrpc\":\"2.0\"",
    ])
  func idOfInvalidRequest(_ members: String) {
    #expect(reply(to: "{\(members)}").hasPrefix(failure(-32600, id: "7")))
  }

  @Test(
    "An integer, a string or null is echoed as the id",
    arguments: [
      "0", "-1", "9223372036854775807", "-9223372036854775808", "\"\"", "\"a\\\"b\"",
      "\"\\u00e9\"", "null",
    ])
  func id(_ id: String) {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"echo\"}"
    #expect(reply(to: text) == "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":null}")
  }

  @Test("An unknown method is answered with the nearest names")
  func unknownMethod() {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ecco\"}"
    let expected =
      failure(-32601, id: "1") + "Method not found: 'ecco'; did you mean 'echo'?\","
      + "\"data\":{\"nearest\":[\"echo\",\"fail\",\"half\"]}}}"
    #expect(reply(to: text) == expected)
  }

  @Test(
    "Absent, null and empty params are alike",
    arguments: ["", ",\"params\":null", ",\"params\":{}", ",\"params\":[]"])
  func noParams(_ params: String) {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"\(params)}"
    #expect(reply(to: text) == answer(1))
  }

  @Test("Params are handed on by name and by position", arguments: ["{\"a\":1}", "[1,null]"])
  func params(_ params: String) {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":\(params)}"
    #expect(reply(to: text) == "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\(params)}")
  }

  @Test(
    "Params that are a number, a string or a boolean are invalid",
    arguments: ["1", "1.5", "\"a\"", "true"])
  func scalarParams(_ params: String) {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":\(params)}"
    let data = "\"data\":{\"path\":\"\",\"expected\":\"an object or an array\"}}}"
    #expect(reply(to: text).hasPrefix(failure(-32602, id: "1")))
    #expect(reply(to: text).hasSuffix(data))
  }

  @Test("A service's error names the place and what was expected")
  func invalidParams() {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"fail\"}"
    let data = #""data":{"path":"/from/gfn","expected":"a hex string \"0x...\""}}}"#
    #expect(reply(to: text).hasPrefix(failure(-32602, id: "1")))
    #expect(reply(to: text).hasSuffix(data))
  }

  @Test("A result that was begun before an error is taken back")
  func halfWritten() {
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"half\"}"
    #expect(
      reply(to: text) == failure(1003, id: "1") + "limit reached\",\"data\":{\"limit\":7}}}")
  }

  @Test(
    "Replies in the input are ignored",
    arguments: [
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}", "{\"id\":1,\"error\":{}}", "{\"result\":1}",
      "[{\"id\":1,\"result\":1}]",
    ])
  func replies(_ text: String) {
    #expect(reply(to: text) == "")
  }

  @Test(
    "A notification is carried out and not answered, whatever becomes of it",
    arguments: ["echo", "fail", "half", "unknown"])
  func notification(_ method: String) {
    var conversation = Conversation()
    #expect(conversation.reply(to: "{\"jsonrpc\":\"2.0\",\"method\":\"\(method)\"}") == "")
    #expect(conversation.echo.called == [method])
  }

  @Test(
    "Nesting over 64 levels is refused with the limit, closed or not",
    arguments: ["[", "{\"a\":"], [true, false])
  func nestingBomb(_ opening: String, _ isClosed: Bool) {
    let closing = isClosed ? String(repeating: opening == "[" ? "]" : "}", count: 100_000) : ""
    let text = String(repeating: opening, count: 100_000) + closing
    #expect(reply(to: text).hasPrefix(failure(-32600)))
    #expect(reply(to: text).hasSuffix("\"data\":{\"limit\":64}}}"))
  }

  @Test("The message itself is level 1", arguments: [(63, true), (64, false)])
  func nesting(_ levels: Int, _ isAccepted: Bool) {
    let params = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":\(params)}"
    #expect(reply(to: text).contains("\"result\"") == isAccepted)
  }

  @Test("Brackets in strings are not levels")
  func bracketsInStrings() {
    let params = "[\"\(String(repeating: "[{\\\"", count: 1000))\"]"
    let text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":\(params)}"
    #expect(reply(to: text) == "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\(params)}")
  }
}
