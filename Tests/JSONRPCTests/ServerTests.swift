import Foundation
import Testing

@testable import JSONRPC

@Suite struct ServerTests {
  /// Serves an input to its end.
  private static func serve(
    _ input: [UInt8], framing: Framing? = nil, maxMessage: Int = Limits.message
  ) throws -> (output: String, outcome: Server.Outcome) {
    let source = file(with: input)
    let sink = file(with: [])
    defer {
      close(source)
      close(sink)
    }
    var echo = Echo()
    var server = server(source, sink, framing: framing, maxMessage: maxMessage)
    let outcome = try server.run(&echo)
    return (contents(of: sink), outcome)
  }

  private static func server(
    _ input: Int32, _ output: Int32, framing: Framing? = nil, maxMessage: Int = Limits.message
  ) -> Server {
    Server(
      info: ServerInfo(name: "echo", version: "1.0"), input: Descriptor(number: input),
      output: Descriptor(number: output), framing: framing, maxMessage: maxMessage)
  }

  private static func lsp(_ body: String) -> String {
    "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("Lines are answered with lines, in order")
  func lines() throws {
    let input = (1...5000).map { request($0) + "\n" }.joined()
    let (output, outcome) = try Self.serve(Array(input.utf8))
    #expect(output == (1...5000).map { answer($0) + "\n" }.joined())
    #expect(outcome == .endOfInput)
    #expect(outcome.exitCode == 0)
  }

  @Test("Headers are answered with headers")
  func headers() throws {
    let input = (1...3).map { Self.lsp(request($0)) }.joined()
    let (output, _) = try Self.serve(Array(input.utf8))
    #expect(output == (1...3).map { Self.lsp(answer($0)) }.joined())
  }

  @Test("A message that is too long is answered with the limit, and the next is served")
  func tooLong() throws {
    let input = String(repeating: "x", count: 300) + "\n" + request(1) + "\n"
    let (output, _) = try Self.serve(Array(input.utf8), maxMessage: 200)
    #expect(output.hasPrefix(failure(-32600)))
    #expect(output.hasSuffix("\"data\":{\"limit\":200}}}\n\(answer(1))\n"))
  }

  @Test("A broken header is a parse error, and the next message is served")
  func brokenHeader() throws {
    let input = "Content-Length: x\r\n\r\n{}" + Self.lsp(request(1))
    let (output, _) = try Self.serve(Array(input.utf8))
    #expect(output.contains(failure(-32700) + "Parse error: "))
    #expect(output.hasSuffix(Self.lsp(answer(1))))
  }

  @Test("Exit ends the server, answered so far and not further", arguments: [true, false])
  func exit(_ isShutDown: Bool) throws {
    let shutdown = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"shutdown\"}\n"
    let exit = "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}\n"
    let input = request(1) + "\n" + (isShutDown ? shutdown : "") + exit + request(3) + "\n"
    let (output, outcome) = try Self.serve(Array(input.utf8))
    #expect(output == answer(1) + "\n" + (isShutDown ? answer(2) + "\n" : ""))
    #expect(outcome.exitCode == (isShutDown ? 0 : 1))
  }

  @Test("Output that nobody reads ends the server quietly")
  func closedOutput() throws {
    let source = file(with: Array((request(1) + "\n").utf8))
    let sink = Pipe()
    close(sink.reading)
    defer {
      close(source)
      close(sink.writing)
    }
    var echo = Echo()
    var server = Self.server(source, sink.writing)
    let outcome = try server.run(&echo)
    #expect(outcome == .outputClosed)
    #expect(outcome.exitCode == 0)
  }

  @Test("Output that cannot be written is an error")
  func fullDevice() throws {
    let source = file(with: Array((request(1) + "\n").utf8))
    let sink = unsafe open("/dev/full", O_WRONLY)
    defer {
      close(source)
      close(sink)
    }
    var echo = Echo()
    var server = Self.server(source, sink)
    let error = #expect(throws: StreamError.self) { _ = try server.run(&echo) }
    #expect(error == StreamError(operation: .write, code: ENOSPC))
    #expect(error?.description == "cannot write: No space left on device")
  }

  @Test("Replies are written before the server waits, on streams that do not block either")
  func conversation() {
    let requests = Pipe()
    let replies = Pipe()
    let (input, output, client) = (requests.reading, replies.writing, requests.writing)
    for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    Thread.detachNewThread {
      var echo = Echo()
      var server = Self.server(input, output)
      if (try? server.run(&echo)) == .endOfInput { send("end".utf8, to: output) }
    }
    for id in 1...3 {
      send((request(id) + "\n").utf8, to: client)
      #expect(receive(answer(id).utf8.count + 1, from: replies.reading) == answer(id) + "\n")
    }
    // More than a pipe holds: the writer has to wait for its reader.
    let params = "[\"\(String(repeating: "x", count: 1 << 20))\"]"
    Thread.detachNewThread {
      let flood = "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"echo\",\"params\":\(params)}\n"
      send(flood.utf8, to: client)
      close(client)
    }
    let expected = "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":\(params)}\nend"
    #expect(receive(expected.utf8.count, from: replies.reading) == expected)
    for descriptor in [input, output, replies.reading] { close(descriptor) }
  }

  @Test(
    "After random bytes a good request is still answered",
    arguments: 1...50 as ClosedRange<UInt64>, [Framing.ndjson, .contentLength])
  func randomBytes(_ seed: UInt64, _ framing: Framing) throws {
    var state = seed
    let alphabet = Array("{}[]\":,\\ \r\n0x1e-Content-Length: \u{0}\u{FF}é".utf8) + [0xFF, 0xC0]
    let noise = (0..<2000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return alphabet[Int(state >> 33) % alphabet.count]
    }
    let good =
      switch framing {
      case .ndjson: "\n\(request(1))\n"
      case .contentLength: Self.lsp(request(1))
      }
    let (output, _) = try Self.serve(noise + Array(good.utf8), framing: framing)
    #expect(output.contains(answer(1)))
    #expect(output.utf8.allSatisfy { $0 < 0x7F })
  }
}
