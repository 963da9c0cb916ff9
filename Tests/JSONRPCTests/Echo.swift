import Jansson

@testable import JSONRPC

/// A service with little to it, which remembers what it was asked.
struct Echo: Service {
  static let methods = ["echo", "fail", "half"]
  private(set) var called: [String] = []

  mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    called.append(method.string ?? "")
    if method.equals("echo") {
      reply.key("result")
      if let params { reply.value(params) } else { reply.null() }
    } else if method.equals("fail") {
      throw .invalidParams(path: "/from/gfn", expected: "a hex string \"0x...\"")
    } else if method.equals("half") {
      reply.key("result")
      reply.beginArray()
      throw RPCError(code: 1003, message: "limit reached", data: .limit(7))
    } else {
      throw .methodNotFound(method, among: Self.methods)
    }
  }
}

/// One connection without streams: what it answers to text after text.
struct Conversation: ~Copyable {
  var dispatcher = Dispatcher(info: ServerInfo(name: "echo", version: "1.0"))
  var echo = Echo()

  mutating func reply(to text: String) -> String {
    var writer = JSONWriter()
    dispatcher.answer(Array(text.utf8).span, from: &echo, into: &writer)
    return writer.withBytes { bytes in
      String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
  }
}

/// The reply to a text that is the first on its connection.
func reply(to text: String) -> String {
  var conversation = Conversation()
  return conversation.reply(to: text)
}

/// A good request, and its answer.
func request(_ id: Int) -> String { "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"echo\"}" }
func answer(_ id: Int) -> String { "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"result\":null}" }

/// How the reply to an error begins.
func failure(_ code: Int, id: String = "null") -> String {
  "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"error\":{\"code\":\(code),\"message\":\""
}
