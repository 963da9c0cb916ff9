import Testing

@testable import JSONRPC

@Suite struct BatchTests {
  private static let notification = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}"

  private static func batch(_ messages: [String]) -> String {
    "[" + messages.joined(separator: ",") + "]"
  }

  @Test("A batch is answered as one array, in order, without its notifications")
  func order() {
    let text = Self.batch([
      Self.notification, request(3), Self.notification, request(1), Self.notification,
    ])
    #expect(reply(to: text) == Self.batch([answer(3), answer(1)]))
  }

  @Test("A batch of notifications only has no answer")
  func notifications() {
    var conversation = Conversation()
    let text = Self.batch([Self.notification, Self.notification])
    #expect(conversation.reply(to: text) == "")
    #expect(conversation.echo.called == ["echo", "echo"])
  }

  @Test("What is no message within a batch has its error in its place")
  func invalidEntries() {
    let reply = reply(to: Self.batch(["1", request(1), "[]", "{\"id\":2}"]))
    #expect(reply.hasPrefix("[" + failure(-32600)))
    #expect(reply.contains("}},\(answer(1)),{"))
    #expect(reply.contains(failure(-32600, id: "2")))
    #expect(reply.hasSuffix("}}]"))
  }

  @Test("A batch of 1,000 messages is answered")
  func largest() {
    let reply = reply(to: Self.batch((1...1000).map(request)))
    #expect(reply == Self.batch((1...1000).map(answer)))
  }

  @Test("A batch of more than 1,000 messages is one error with the limit, and nothing is done")
  func tooLarge() {
    var conversation = Conversation()
    let reply = conversation.reply(to: Self.batch((1...1001).map(request)))
    #expect(reply.hasPrefix(failure(-32600)))
    #expect(reply.hasSuffix("\"data\":{\"limit\":1000}}}"))
    #expect(conversation.echo.called.isEmpty)
  }
}
