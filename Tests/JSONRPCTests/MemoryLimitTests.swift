import Jansson
import Testing

@testable import JSONRPC

@Suite struct MemoryLimitTests {
  private static let limit = "\"data\":{\"limit\":\(Limits.memory)}}}"

  private static func line(of repeated: String) -> String {
    String(repeating: repeated, count: Limits.message / repeated.utf8.count - 1)
  }

  @Test(
    "A message that would take too much memory to read is refused with the limit",
    arguments: [
      "[" + line(of: "0,") + "0]", "[" + line(of: "[],") + "0]", "[" + line(of: "{},") + "0]",
      "{\"id\":1,\"params\":[" + line(of: "\"\",") + "0]}", "[" + line(of: "[],"),
      line(of: "{\"\":"),
    ])
  func tooExpensive(text: String) {
    var conversation = Conversation()
    let refusal = conversation.reply(to: text)
    #expect(refusal.hasPrefix(failure(-32600)))
    #expect(refusal.hasSuffix(Self.limit) || refusal.hasSuffix("\"data\":{\"limit\":64}}}"))
    #expect(conversation.reply(to: request(1)) == answer(1))
  }

  @Test("A message is not refused for what its strings hold, nor for its size")
  func strings() {
    let text = String(repeating: ",[{\\\"", count: 3 << 20)
    let message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"fail\",\"params\":[\"\(text)\"]}"
    #expect(reply(to: message).hasPrefix(failure(-32602, id: "1")))
  }

  @Test("An id that is too long to be sent back is refused")
  func longID() {
    let longest = "\"" + String(repeating: "x", count: Limits.id) + "\""
    let reply = reply(to: "{\"jsonrpc\":\"2.0\",\"id\":\(longest),\"method\":\"echo\"}")
    #expect(reply == "{\"jsonrpc\":\"2.0\",\"id\":\(longest),\"result\":null}")
    let longer = longest.replacing("xx\"", with: "xxx\"")
    let refusal = JSONRPCTests.reply(
      to: "{\"jsonrpc\":\"2.0\",\"id\":\(longer),\"method\":\"echo\"}")
    #expect(refusal.hasPrefix(failure(-32600)))
    #expect(refusal.hasSuffix("\"data\":{\"limit\":4096}}}"))
  }

  @Test("What is left of a batch is refused once its replies are too long, and is not carried out")
  func longReplies() {
    let text = String(repeating: "\u{7F}", count: 1 << 20)
    let message = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[\"\(text)\"]}"
    var conversation = Conversation()
    let batch = Array(repeating: message, count: 3) + [request(2), request(3)]
    let reply = conversation.reply(to: "[" + batch.joined(separator: ",") + "]")
    #expect(conversation.echo.called.count == 3)
    #expect(reply.contains(failure(-32600, id: "2")))
    #expect(reply.hasSuffix("\"data\":{\"limit\":16777216}}}]"))
  }
}
