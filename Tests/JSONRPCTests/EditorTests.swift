import Foundation
import Jansson
import Testing

@testable import JSONRPC

/// What a language server needs of the connection beside requests and replies.
@Suite struct EditorTests {
  private static let info = ServerInfo(name: "editor", version: "1.0", awaitsInitialize: true)

  private static func message(_ method: String, id: Int? = nil) -> String {
    let id = id.map { "\"id\":\($0)," } ?? ""
    return "{\"jsonrpc\":\"2.0\",\(id)\"method\":\"\(method)\"}"
  }

  @Test("Nothing is served before initialize, which is sent once")
  func initialize() {
    var conversation = Conversation(dispatcher: Dispatcher(info: Self.info))
    #expect(conversation.reply(to: request(1)).hasPrefix(failure(-32002, id: "1")))
    #expect(conversation.reply(to: Self.message("shutdown", id: 2)).contains("-32002"))
    #expect(conversation.reply(to: Self.message("echo")) == "")
    #expect(conversation.echo.called.isEmpty)
    #expect(conversation.reply(to: Self.message("initialize", id: 3)).contains("capabilities"))
    #expect(
      conversation.reply(to: Self.message("initialize", id: 4)).hasPrefix(failure(-32600, id: "4")))
    #expect(conversation.reply(to: request(5)) == answer(5))
  }

  @Test("Exit before initialize is a failure")
  func exitAlone() {
    var conversation = Conversation(dispatcher: Dispatcher(info: Self.info))
    #expect(conversation.reply(to: Self.message("exit")) == "")
    #expect(conversation.dispatcher.exitCode == 1)
  }

  @Test("A refused initialize leaves the server as it was")
  func refusedInitialize() {
    var dispatcher = Dispatcher(info: Self.info)
    var editor = Editor()
    editor.refuses = true
    var reply = JSONWriter()
    for refuses in [true, false] {
      editor.refuses = refuses
      dispatcher.answer(
        Array(Self.message("initialize", id: 1).utf8).span, from: &editor, into: &reply)
    }
    #expect(
      reply.text == failure(-32603, id: "1")
        + "no\"}}{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"capabilities\":{\"hover\":true},"
        + "\"serverInfo\":{\"name\":\"editor\",\"version\":\"1.0\"}}}")
  }

  @Test("Work that nobody waits for is done before the end, and its notifications are sent")
  func work() throws {
    let source = file(with: Array((request(1) + "\n").utf8))
    let sink = file(with: [])
    defer {
      close(source)
      close(sink)
    }
    var editor = Editor()
    var server = Server(
      info: ServerInfo(name: "editor", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: sink))
    #expect(try server.run(&editor) == .endOfInput)
    let told = (1...3).map {
      "{\"jsonrpc\":\"2.0\",\"method\":\"told\",\"params\":{\"left\":\(3 - $0)}}\n"
    }
    #expect(contents(of: sink) == answer(1) + "\n" + told.joined())
  }

  @Test("Work that nobody is there to be told of ends with the input")
  func abandonedWork() throws {
    let source = file(with: Array((request(1) + "\n").utf8))
    let answers = Pipe()
    close(answers.reading)
    defer {
      close(source)
      close(answers.writing)
    }
    var editor = Editor()
    editor.left = .max
    var server = Server(
      info: ServerInfo(name: "editor", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: answers.writing))
    #expect(try server.run(&editor) == .outputClosed)
    #expect(editor.left > .max - 2)
  }

  @Test("A request is given up when it asks too often whether to go on, the next one is not")
  func patience() {
    var context = RequestContext(patience: 10)
    var dispatcher = Dispatcher(info: ServerInfo(name: "editor", version: "1.0"))
    var editor = Editor()
    for (steps, isGivenUp) in [(10, false), (11, true), (10, false)] {
      editor.steps = steps
      var reply = JSONWriter()
      dispatcher.answer(Array(request(1).utf8).span, from: &editor, in: &context, into: &reply)
      #expect(reply.text.hasPrefix(isGivenUp ? failure(1003, id: "1") : answer(1)))
      #expect((context.givenUp == .outOfPatience) == isGivenUp)
    }
  }

  @Test("A request that nobody waits for is given up when the client has something to say")
  func interruption() {
    let input = file(with: [])
    defer { close(input) }
    // A file is always readable.
    var context = RequestContext(interruptedBy: Descriptor(number: input))
    var dispatcher = Dispatcher(info: ServerInfo(name: "editor", version: "1.0"))
    var editor = Editor()
    editor.steps = 1
    var reply = JSONWriter()
    dispatcher.answer(Array(request(1).utf8).span, from: &editor, in: &context, into: &reply)
    #expect(reply.text.hasPrefix(failure(-32800, id: "1")))
    #expect(context.givenUp == .interrupted)
  }
}

/// A service that has something to do when nobody asks.
private struct Editor: Service {
  var refuses = false
  var steps = 0
  var left = 3

  mutating func initialize(
    params: JSONView?, capabilities: inout JSONWriter
  ) throws(RPCError) {
    if refuses { throw RPCError(code: -32603, message: "no") }
    capabilities.beginObject()
    capabilities.key("hover")
    capabilities.boolean(true)
    capabilities.endObject()
  }

  mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    for step in 0..<steps { try context.advance(to: step, of: steps) }
    reply.key("result")
    reply.null()
  }

  mutating func work(in context: inout RequestContext) -> Bool {
    guard left > 0 else { return false }
    left -= 1
    context.notify("told", params: "{\"left\":\(left)}")
    return left > 0
  }
}
