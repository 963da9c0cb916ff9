import Foundation
import Glibc
import Hypervisor
import Jansson
import Laboratory
import Testing

@testable import JSONRPC
@testable import P2MProtocol

/// Methods that take long, cancelled while they work: the cancellation waits in the input, and is
/// found when the method first asks whether anybody still wants its result.
@Suite struct CancellationTests {
  private static let setUp = [
    #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":{"domain":1,"privileged":true}}"#,
    #"{"jsonrpc":"2.0","id":1,"method":"domain.create","params":"#
      + #"{"domain":2,"ram":[{"gfn":"0x40000","pages":4}]}}"#,
    request(
      "region.define",
      #"{"domain":1,"name":"bank0","gfn":"0x38000","pages":8,"kind":"grant-table"}"#),
    request("grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x38000"}"#),
    request("physmap.unmap", #"{"domain":1,"gfn":"0x38000"}"#),
    request(
      "foreignPage.map", #"{"domain":1,"gfn":"0x38000","from":{"domain":2,"gfn":"0x40000"}}"#),
    request("grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x38001"}"#),
  ]

  private static func request(_ method: String, _ params: String) -> String {
    #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
  }

  private static let scenario =
    #"{"scenario":"s","about":"","setUp":[],"sequences":"#
    + #"[{"name":"a","about":"","actors":[{"actor":"toolstack-seed","domain":1}]}]}"#

  /// Each method that takes long, with params by which it has something to do.
  static let requests = [
    ("compare.run", #"{"presets":["xen-4.16","xen-4.17"]}"#),
    ("shrink.run", #"{"property":"no-collateral-removal"}"#),
    ("session.run", #"{"session":"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.info\"}"}"#),
    ("actor.run", #"{"actor":"linux-old","domain":1}"#),
    ("scenario.run", #"{"scenario":\#(scenario)}"#),
    (
      "explore.run", #"{"preset":"xen-4.16","gfns":4,"frames":2,"foreignPages":2,"symmetry":[]}"#
    ),
  ]

  /// The replies to `lines`, where the client has sent `cancelled` before the last one is served.
  private static func serve(_ lines: [String], cancelled: Int?) -> [String] {
    let cancellation = cancelled.map {
      "{}\n{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":\($0)}}\n"
    }
    var ends: [Int32] = [0, 0]
    precondition(unsafe pipe(&ends) == 0)
    let bytes = Array((cancellation ?? "").utf8)
    precondition(unsafe write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    defer { close(ends[0]) }
    var service = P2MService(Laboratory(MachineConfiguration(preset: .default)))
    var dispatcher = Dispatcher(info: Product.info)
    var replies: [String] = []
    for (number, line) in lines.enumerated() {
      var reply = JSONWriter()
      if number == lines.count - 2 {
        var context = RequestContext(
          Connection(reader: FrameReader(), input: Descriptor(number: ends[0]), output: nil))
        dispatcher.answer(Array(line.utf8).span, from: &service, in: &context, into: &reply)
      } else {
        var context = RequestContext()
        dispatcher.answer(Array(line.utf8).span, from: &service, in: &context, into: &reply)
      }
      replies.append(reply.text)
    }
    return replies
  }

  private static func asked(_ method: String, _ params: String) -> [String] {
    setUp + [
      #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(params)}"#,
      request("session.export", "{}"),
    ]
  }

  @Test("It is answered as cancelled, and nothing has changed", arguments: requests)
  func isCancelled(method: String, params: String) {
    let replies = Self.serve(Self.asked(method, params), cancelled: 7)
    #expect(replies[replies.count - 2].contains(#""id":7,"error":{"code":-32800"#))
    let untouched = Self.serve(
      Self.setUp + [Self.request("server.info", "{}"), Self.request("session.export", "{}")],
      cancelled: nil)
    #expect(replies.last == untouched.last)
  }

  @Test("Another one's cancellation does not concern it", arguments: requests)
  func isNotCancelled(method: String, params: String) {
    let replies = Self.serve(Self.asked(method, params), cancelled: 8)
    #expect(replies[replies.count - 2].contains(#""id":7,"result":"#))
  }

  @Test("So are those that carry out requests, one and all")
  func everySearchIsAmongThem() {
    let searches = MethodTable.all.filter(\.isSearch).map { "\($0.name)" }
    #expect(Set(searches).isSubset(of: Self.requests.map(\.0)))
  }
}
