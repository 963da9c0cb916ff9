import Foundation
import Hypervisor
import P2MProtocol
import Testing

@Suite struct SessionTests {
  private func run(_ lines: String...) throws -> SessionRun {
    let text = lines.joined(separator: "\n")
    return SessionRun(try Session(Array(text.utf8)), preset: .default)
  }

  @Test(arguments: exampleSessions)
  func everyExampleIsAnsweredAsExpected(file: URL) throws {
    let session = try Session([UInt8](Data(contentsOf: file)))
    let run = SessionRun(session, preset: .default)
    #expect(run.mismatches == [])
    #expect(run.compared > 0)
    let isCurrent = run.updated == Array(try Data(contentsOf: file))
    #expect(isCurrent, "p2mlab run --update rewrites it")
  }

  @Test func thereAreExamples() {
    #expect(exampleSessions.count >= 9)
  }

  @Test func aReplyMayBeExpectedInPart() throws {
    let run = try run(
      #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}"#,
      #"{"id":1,"result":{"domain":1,"ram":[]}}"#)
    #expect(run.compared == 1)
    #expect(run.mismatches == [])
  }

  @Test func aDifferenceNamesItsPlace() throws {
    let run = try run(
      #"{"jsonrpc":"2.0","id":"a","method":"domain.create","params":{"domain":1}}"#, "",
      #"{"id":"a","result":{"maxPages":0,"ram":[1]}}"#)
    let mismatch = try #require(run.mismatches.first)
    #expect(mismatch.line == 3)
    #expect(mismatch.method == "domain.create")
    #expect(mismatch.difference.path == "/result/ram/0")
    #expect(mismatch.difference.expected == "1")
    #expect(mismatch.difference.actual == nil)
  }

  /// More messages than a batch may have are answered with one error, whose id is null.
  @Test func aReplyThatNeverCameIsADifference() throws {
    let request = #"{"jsonrpc":"2.0","id":1,"method":"machine.list"}"#
    let batch = Array(repeating: request, count: 1001).joined(separator: ",")
    let run = try run("[\(batch)]", #"{"id":1,"result":{}}"#)
    #expect(run.mismatches.map(\.difference.actual) == [nil])
  }

  @Test func aReplyMayStandBeforeItsRequest() throws {
    let run = try run(
      #"{"id":1,"result":{"machines":[]}}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"machine.list"}"#)
    #expect(run.mismatches.count == 1)
  }

  @Test func requestsWithOneIDAreTakenInOrder() throws {
    let run = try run(
      #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}"#,
      #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1}}"#,
      #"{"id":1,"result":{}}"#, #"{"id":1,"error":{"code":1002}}"#)
    #expect(run.compared == 2)
    #expect(run.mismatches == [])
  }

  @Test func aBatchIsComparedReplyByReply() throws {
    let run = try run(
      #"[{"jsonrpc":"2.0","id":1,"method":"domain.list"},{"jsonrpc":"2.0","id":2,"method":"x"}]"#,
      #"[{"id":2,"error":{"code":-32601}},{"id":1,"result":{"domains":[]}}]"#)
    #expect(run.compared == 2)
    #expect(run.mismatches == [])
  }

  @Test(arguments: [
    ("{", 1, "not JSON"),
    ("{}", 1, "neither a request nor a reply"),
    ("\n{\"id\":1,\"result\":0}", 2, "no request has"),
    ("[]", 1, "neither a request nor a reply"),
  ])
  func anUnusableLineIsNamed(text: String, line: Int, reason: String) {
    let error = #expect(throws: UnusableInput.self) { try Session(Array(text.utf8)) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true)
  }

  @Test func anUpdatedSessionIsAsExpected() throws {
    let request = #"{"jsonrpc":"2.0","id":1,"method":"machine.list"}"#
    let run = try run(request, #"{"id":1,"result":{"machines":[]}}"#)
    #expect(run.mismatches.count == 1)
    let again = SessionRun(try Session(run.updated), preset: .default)
    #expect(again.mismatches == [])
    #expect(again.compared == 1)
  }
}
