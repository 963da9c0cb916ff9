import Foundation
import Testing

@testable import JSONRPC

@Suite struct JournalTests {
  /// What came of serving an input with a journal.
  private struct Outcome {
    let replies: String
    let record: String
    let error: StreamError?
  }

  private static func serve(
    _ input: String, framing: Framing = .ndjson, journal: Int32? = nil, limit: Int = 1 << 20
  ) -> Outcome {
    let source = file(with: Array(input.utf8))
    let (sink, record) = (file(with: []), file(with: []))
    defer { for descriptor in [source, sink, record] { close(descriptor) } }
    var worker = Worker()
    var server = Server(
      info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: sink), framing: framing,
      journal: Journal(Descriptor(number: journal ?? record), length: 0, limit: limit))
    var failure: StreamError?
    do throws(StreamError) { _ = try server.run(&worker) } catch { failure = error }
    return Outcome(replies: contents(of: sink), record: contents(of: record), error: failure)
  }

  private static func lsp(_ body: String) -> String {
    "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let note = "{\"jsonrpc\":\"2.0\",\"method\":\"note\"}"

  @Test("What is carried out is recorded with its reply, as it came")
  func lines() {
    let spaced = request(2).replacing(":", with: " : ")
    let outcome = Self.serve("\(request(1))\r\n\(Self.note)\n  \(spaced)\n")
    #expect(outcome.error == nil)
    #expect(
      outcome.record
        == "\(request(1))\n\(answer(1))\n\(Self.note)\n  \(spaced)\n\(answer(2))\n")
  }

  @Test("The messages of a batch are recorded one by one")
  func batch() {
    let batch = "[\(request(1)), 7, \(Self.note),\(request(2))]\n"
    let outcome = Self.serve(batch)
    #expect(
      outcome.record == "\(request(1))\n\(answer(1))\n\(Self.note)\n\(request(2))\n\(answer(2))\n")
  }

  @Test("A message with line breaks is recorded as one line")
  func lineBreaks() {
    let broken = request(1).replacing(",", with: ",\r\n ")
    let outcome = Self.serve(Self.lsp(broken) + Self.lsp(request(2)), framing: .contentLength)
    #expect(outcome.replies == Self.lsp(answer(1)) + Self.lsp(answer(2)))
    #expect(outcome.record == "\(request(1))\n\(answer(1))\n\(request(2))\n\(answer(2))\n")
  }

  @Test(
    "What is not carried out is not recorded",
    arguments: [
      "{", "[]", "7", "{\"jsonrpc\":\"2.0\",\"id\":1}", "{\"id\":1,\"result\":null}",
      "{\"jsonrpc\":\"2.0\",\"method\":\"$/setTrace\"}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\"}\n" + request(2),
    ])
  func refused(message: String) {
    #expect(Self.serve(message + "\n").record == "")
  }

  @Test("A request that was cancelled is not recorded, one that failed is")
  func errors() {
    let outcome = Self.serve(
      [work(1), work(2), cancel("2"), work(3, "fail")].map { $0 + "\n" }.joined())
    #expect(outcome.replies.contains(cancelled(2)))
    #expect(!outcome.record.contains("\"id\":2"))
    #expect(outcome.record.contains(failure(-32602, id: "3")))
  }

  @Test("Progress is told and not recorded, and what it overtakes is recorded first")
  func progressing() {
    let long = work(2, "work", "\"workDoneToken\":1")
    let outcome = Self.serve("\(request(1))\n\(long)\n\(request(3))\n")
    #expect(outcome.replies.contains("$/progress"))
    #expect(
      outcome.record
        == "\(request(1))\n\(answer(1))\n\(long)\n\(answer(2))\n\(request(3))\n\(answer(3))\n")
  }

  @Test(
    "Where the record cannot be written, every reply that has not left is an error",
    arguments: [Framing.ndjson, .contentLength])
  func full(_ framing: Framing) {
    let full = unsafe open("/dev/full", O_RDWR)
    defer { close(full) }
    let messages = [request(1), "{", Self.note, "[\(request(2)),7,\(Self.note),\(request(3))]"]
    let input = messages.map { framing == .ndjson ? $0 + "\n" : Self.lsp($0) }.joined()
    let outcome = Self.serve(input, framing: framing, journal: full)
    #expect(outcome.error == StreamError(operation: .record, code: ENOSPC))
    let message = "Limit reached: cannot record: No space left on device; the server ends\"}}"
    let lost = { (id: Int) in failure(1003, id: "\(id)") + message }
    #expect(!outcome.replies.contains("\"result\""))
    #expect(outcome.replies.contains(lost(1)))
    #expect(outcome.replies.contains("[\(lost(2)),\(failure(-32600))"))
    #expect(outcome.replies.contains(",\(lost(3))]"))
    #expect(outcome.replies.contains(failure(-32700)))
    #expect(outcome.replies.firstRange(of: "Content-Length") != nil || framing == .ndjson)
  }

  @Test(
    "Where a record that works is full, it stays whole, and the work ends", arguments: [0, 300])
  func limit(_ limit: Int) {
    let params = "\"units\":100,\"workDoneToken\":\"t\""
    let requests = "\(request(1))\n[\(request(2)),\(work(3, "work", params)),\(request(4))]\n"
    let outcome = Self.serve(requests + request(5), limit: limit)
    #expect(outcome.error == StreamError(operation: .record, code: EFBIG))
    #expect(!outcome.replies.contains("\"result\"") || limit > 0)
    for id in 2...4 { #expect(outcome.replies.contains(failure(1003, id: "\(id)"))) }
    #expect(outcome.record.utf8.count <= limit)
    #expect(outcome.record.isEmpty || outcome.record.hasSuffix("\n"))
  }

  @Test("What a client was told is in the record by then")
  func order() {
    let requests = Pipe()
    let replies = Pipe()
    let (input, output, record) = (requests.reading, replies.writing, file(with: []))
    Thread.detachNewThread {
      var worker = Worker()
      var server = Server(
        info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: input),
        output: Descriptor(number: output),
        journal: Journal(Descriptor(number: record), length: 0, limit: 1 << 20))
      _ = try? server.run(&worker)
      close(output)
    }
    var expected = ""
    for id in 1...20 {
      send((request(id) + "\n").utf8, to: requests.writing)
      #expect(receive(answer(id).utf8.count + 1, from: replies.reading) == answer(id) + "\n")
      expected += "\(request(id))\n\(answer(id))\n"
      var written = [UInt8](repeating: 0, count: expected.utf8.count + 1)
      let count = unsafe pread(record, &written, written.count, 0)
      #expect(String(decoding: written.prefix(count), as: UTF8.self) == expected)
    }
    close(requests.writing)
    #expect(FileHandle(fileDescriptor: replies.reading).readDataToEndOfFile().isEmpty)
    for descriptor in [input, replies.reading, record] { close(descriptor) }
  }
}
