import Foundation
import Testing

@testable import JSONRPC

@Suite struct ProgressTests {
  /// What a worker sends in answer to a message.
  private static func serve(_ messages: String...) throws -> String {
    let source = file(with: Array(messages.map { $0 + "\n" }.joined().utf8))
    let sink = file(with: [])
    defer {
      close(source)
      close(sink)
    }
    var worker = Worker()
    var server = Server(
      info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: sink))
    #expect(try server.run(&worker) == .endOfInput)
    return contents(of: sink)
  }

  private static func reports(_ percentages: ClosedRange<Int>, token: String = "\"t\"") -> String {
    percentages.map {
      progress("\"kind\":\"report\",\"percentage\":\($0)", token: token) + "\n"
    }.joined()
  }

  @Test(
    "Progress is told from its begin to its end, a whole percent at a time, however often it is said",
    arguments: [(4, 1), (4, 4), (1000, 1), (1000, 7 * 2 - 4), (.max, .max)])
  func percentages(_ units: Int, _ step: Int) throws {
    let params = "\"units\":\(units),\"step\":\(step),\"workDoneToken\":7"
    let expected =
      progress("\"kind\":\"begin\",\"title\":\"work\"", token: "7") + "\n"
      + Self.reports(1...100, token: "7") + progress("\"kind\":\"end\"", token: "7") + "\n"
    #expect(
      try Self.serve(request(1), work(2, "work", params))
        == "\(answer(1))\n\(expected)\(answer(2))\n")
  }

  @Test("Progress ends before the error of a request that fails")
  func failing() throws {
    let output = try Self.serve(work(1, "fail", "\"workDoneToken\":\"t\""))
    let expected =
      progress("\"kind\":\"begin\",\"title\":\"fail\"") + "\n" + Self.reports(1...50)
      + progress("\"kind\":\"end\"") + "\n" + failure(-32602, id: "1")
    #expect(output.hasPrefix(expected))
  }

  @Test("Without a token, or without work, nothing is told")
  func silent() throws {
    let echo = work(2, "echo", "\"workDoneToken\":\"t\"")
    #expect(try Self.serve(work(1), echo, work(3)) == (1...3).map { answer($0) + "\n" }.joined())
  }

  @Test("The token of one request is not the next one's")
  func tokens() throws {
    let first = work(1, "work", "\"workDoneToken\":\"t\"")
    let output = try Self.serve(first, work(2), "[\(work(3))]")
    #expect(output.hasSuffix("\(answer(1))\n\(answer(2))\n[\(answer(3))]\n"))
  }

  @Test("Work goes on when the input ends, and what stands there unterminated is served")
  func endOfInput() throws {
    let source = file(with: Array((work(1, "work", "\"units\":500") + "\n" + work(2)).utf8))
    let sink = file(with: [])
    defer {
      close(source)
      close(sink)
    }
    var worker = Worker()
    var server = Server(
      info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: sink))
    #expect(try server.run(&worker) == .endOfInput)
    #expect(contents(of: sink) == "\(answer(1))\n\(answer(2))\n")
  }

  @Test("A client who is gone ends the work")
  func closedOutput() throws {
    let params = "\"workDoneToken\":\"t\""
    let source = file(with: Array(work(1, "work until cancelled", params).utf8))
    let sink = Pipe()
    close(sink.reading)
    defer {
      close(source)
      close(sink.writing)
    }
    var worker = Worker()
    var server = Server(
      info: ServerInfo(name: "worker", version: "1.0"), input: Descriptor(number: source),
      output: Descriptor(number: sink.writing))
    #expect(try server.run(&worker) == .outputClosed)
  }
}
