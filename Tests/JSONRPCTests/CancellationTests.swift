import Foundation
import Testing

@testable import JSONRPC

@Suite struct CancellationTests {
  private static let token = "\"workDoneToken\":\"t\""
  private static let begin = progress("\"kind\":\"begin\",\"title\":\"work until cancelled\"")
  private static let end = progress("\"kind\":\"end\"")

  private static func framed(_ messages: [String], as framing: Framing) -> String {
    messages.map { message in
      switch framing {
      case .ndjson: message + "\n"
      case .contentLength: "Content-Length: \(message.utf8.count)\r\n\r\n\(message)"
      }
    }.joined()
  }

  private static func server(
    _ input: Int32, _ output: Int32, framing: Framing, maxMessage: Int = Limits.message
  ) -> Server {
    Server(
      info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: input),
      output: Descriptor(number: output), framing: framing, maxMessage: maxMessage)
  }

  /// Serves messages that are all there from the start.
  private static func serve(
    _ messages: [String], framing: Framing = .ndjson, maxMessage: Int = Limits.message
  ) throws -> (replies: String, called: [String]) {
    let source = file(with: Array(framed(messages, as: framing).utf8))
    let sink = file(with: [])
    defer {
      close(source)
      close(sink)
    }
    var worker = Worker()
    var server = server(source, sink, framing: framing, maxMessage: maxMessage)
    #expect(try server.run(&worker) == .endOfInput)
    return (contents(of: sink), worker.called)
  }

  /// Sends `first`; once the work has begun, `then`; and compares what is answered with `replies`.
  private static func converse(
    _ first: [String], then: [String], replies: [String], framing: Framing
  ) {
    let requests = Pipe()
    let answers = Pipe()
    let (input, output) = (requests.reading, answers.writing)
    Thread.detachNewThread {
      var worker = Worker()
      var server = server(input, output, framing: framing)
      _ = try? server.run(&worker)
      close(output)
    }
    send(framed(first, as: framing).utf8, to: requests.writing)
    let begin = framed([Self.begin], as: framing)
    #expect(receive(begin.utf8.count, from: answers.reading) == begin)
    send(framed(then, as: framing).utf8, to: requests.writing)
    close(requests.writing)
    let rest = FileHandle(fileDescriptor: answers.reading).readDataToEndOfFile()
    #expect(String(decoding: rest, as: UTF8.self) == framed(replies, as: framing))
    for descriptor in [input, answers.reading] { close(descriptor) }
  }

  @Test("A request that works is cancelled", arguments: [Framing.ndjson, .contentLength])
  func midway(_ framing: Framing) {
    Self.converse(
      [work(1, "work until cancelled", Self.token)], then: [cancel("1"), work(2)],
      replies: [Self.end, cancelled(1), answer(2)], framing: framing)
  }

  @Test(
    "A request that waits is cancelled in its turn, and not carried out",
    arguments: [Framing.ndjson, .contentLength])
  func queued(_ framing: Framing) throws {
    Self.converse(
      [work(1, "work until cancelled", Self.token), work(2, "work until cancelled"), work(3)],
      then: [cancel("2"), cancel("1")],
      replies: [Self.end, cancelled(1), cancelled(2), answer(3)], framing: framing)
    let (replies, called) = try Self.serve(
      [work(1), work(2, "never"), work(3), cancel("2")], framing: framing)
    #expect(replies == Self.framed([answer(1), cancelled(2), answer(3)], as: framing))
    #expect(called == ["work", "work"])
  }

  @Test("Junk that waits is answered in its turn", arguments: [Framing.ndjson, .contentLength])
  func junk(_ framing: Framing) throws {
    let (replies, _) = try Self.serve(
      [work(1), "[", "cancelRequest", work(2), "[1]", cancel("2"), cancel("{"), work(3)],
      framing: framing)
    let found = [answer(1), failure(-32700), failure(-32700), cancelled(2), failure(-32600)]
    var rest = replies[...]
    for reply in found + [failure(-32700), answer(3)] {
      let place = try #require(rest.firstRange(of: reply))
      rest = rest[place.upperBound...]
    }
  }

  @Test(
    "A cancellation of what is unknown, answered, later or in a batch is ignored",
    arguments: [
      cancel("9"), cancel("\"2\""), cancel("null"), cancel("[2]"), cancel("2") + cancel("2"),
      "[\(cancel("2"))]", cancel("1"),
      "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":[2]}",
      "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":2}}",
    ])
  func ignored(_ cancellation: String) throws {
    let (replies, called) = try Self.serve([work(1), work(3), cancellation, work(2), work(1)])
    for id in 1...3 { #expect(replies.contains(answer(id) + "\n")) }
    #expect(replies.hasSuffix(answer(1) + "\n"))
    #expect(called.filter { $0 == "work" }.count >= 3)
    let (later, _) = try Self.serve([work(3), cancellation, work(2)])
    #expect(later.contains(answer(3) + "\n") && later.contains(answer(2) + "\n"))
  }

  @Test("An id that was cancelled can be used again")
  func reused() throws {
    let (replies, _) = try Self.serve([work(1), work(2), cancel("2"), work(2), work(3)])
    let expected = [answer(1), cancelled(2), answer(2), answer(3)]
    #expect(replies == Self.framed(expected, as: .ndjson))
  }

  @Test("A request of a batch is cancelled by its id")
  func batch() throws {
    let (replies, _) = try Self.serve([work(1), "[\(work(2)),\(work(3))]", cancel("3")])
    #expect(replies == "\(answer(1))\n[\(answer(2)),\(cancelled(3))]\n")
  }

  @Test("A name with escapes cancels all the same")
  func escapes() throws {
    let escaped = cancel("2").replacing("$/", with: "\\u0024\\/")
    let (replies, _) = try Self.serve([work(1), work(2), escaped])
    #expect(replies == Self.framed([answer(1), cancelled(2)], as: .ndjson))
  }

  @Test("What is read ahead is bounded, and served in order", arguments: [1, 3])
  func flood(_ mebibytes: Int) throws {
    let count = mebibytes << 14
    let (replies, called) = try Self.serve((1...count).map { work($0) }, maxMessage: 100)
    #expect(called.count == count)
    #expect(replies == (1...count).map { answer($0) + "\n" }.joined())
  }

  @Test("Reading ahead is bounded, and what was read is kept")
  func bounds() throws {
    let text = [UInt8](String(repeating: "{1}\n", count: 1 << 20).utf8)
    let input = file(with: text)
    defer { close(input) }
    var reader = FrameReader(maxMessage: 100)
    try reader.fillAhead(from: Descriptor(number: input))
    #expect(reader.bytes.count == Limits.readAhead + 100)
    var seen: [Int] = []
    reader.lookAhead { seen.append($1) }
    reader.lookAhead { seen.append($1) }
    #expect(seen == Array(stride(from: 0, to: (Limits.readAhead + 100) / 4 * 4, by: 4)))
    #expect(reader.next() == .message(0..<3))
  }

  @Test(
    "Listening changes nothing that is answered", arguments: 1...50 as ClosedRange<UInt64>,
    [Framing.ndjson, .contentLength])
  func noise(_ seed: UInt64, _ framing: Framing) throws {
    var state = seed
    let pieces =
      [work(1), work(2, "x"), "{", "\n", "Content-Length: 5\r\n\r\n", "C", "\r\n", "[]"]
      + [Self.framed([work(3)], as: framing), String(repeating: "x", count: 150)]
    let noise = (0..<100).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return pieces[Int(state >> 33) % pieces.count]
    }.joined()
    let listening = try Self.serve(["", noise], framing: framing, maxMessage: 120)
    let method = "\"method\":\"work\""
    let deaf = noise.replacing(method, with: "\"method\":\"rest\"")
    let expected = try Self.serve(["", deaf], framing: framing, maxMessage: 120)
    #expect(listening.replies == expected.replies)
  }
}
