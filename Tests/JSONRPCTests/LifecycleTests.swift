import Testing

@testable import JSONRPC

@Suite struct LifecycleTests {
  private static func message(_ method: String, id: Int? = nil) -> String {
    let id = id.map { "\"id\":\($0)," } ?? ""
    return "{\"jsonrpc\":\"2.0\",\(id)\"method\":\"\(method)\"}"
  }

  @Test("An LSP client starts and ends the server as LSP says")
  func session() {
    var conversation = Conversation()
    #expect(
      conversation.reply(to: Self.message("initialize", id: 1))
        == "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"
        + "{\"capabilities\":{},\"serverInfo\":{\"name\":\"echo\",\"version\":\"1.0\"}}}")
    #expect(conversation.reply(to: Self.message("initialized")) == "")
    #expect(conversation.reply(to: request(2)) == answer(2))
    #expect(conversation.reply(to: Self.message("shutdown", id: 3)) == answer(3))
    #expect(conversation.dispatcher.exitCode == nil)
    #expect(conversation.reply(to: request(4)).hasPrefix(failure(-32600, id: "4")))
    #expect(conversation.reply(to: Self.message("echo")) == "")
    #expect(conversation.echo.called == ["echo"])
    #expect(conversation.reply(to: Self.message("exit")) == "")
    #expect(conversation.dispatcher.exitCode == 0)
  }

  @Test("Exit without shutdown is a failure")
  func exitAlone() {
    var conversation = Conversation()
    #expect(conversation.reply(to: Self.message("exit")) == "")
    #expect(conversation.dispatcher.exitCode == 1)
  }

  @Test("Nothing in a batch is carried out after exit")
  func exitInBatch() {
    var conversation = Conversation()
    let batch = "[\(request(1)),\(Self.message("exit")),\(request(2))]"
    #expect(conversation.reply(to: batch) == "[\(answer(1))]")
    #expect(conversation.echo.called == ["echo"])
  }

  @Test(
    "The protocol's own notifications are ignored",
    arguments: ["$/cancelRequest", "$/setTrace", "$/"])
  func protocolNotifications(_ method: String) {
    var conversation = Conversation()
    #expect(conversation.reply(to: Self.message(method)) == "")
    #expect(conversation.echo.called.isEmpty)
    #expect(conversation.reply(to: Self.message(method, id: 1)).hasPrefix(failure(-32601, id: "1")))
  }
}
