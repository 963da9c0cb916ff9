import Foundation
import Jansson
import P2MProtocol
import ProtocolEmitter
import Testing

/// The protocol describes itself, and keeps to it.
@Suite struct ProtocolTests {
  /// Made once: it runs all examples.
  private static let made = ProtocolEmitter.files()

  @Test(arguments: made.map(\.path))
  func everyGeneratedFileIsAsItWouldBeMadeNow(path: String) throws {
    let file = repository.appending(path: "protocol/\(path)")
    let committed = try String(contentsOf: file, encoding: .utf8)
    let emitted = Self.made.first { $0.path == path }?.text
    #expect(committed == emitted, "p2mlab schema --write protocol makes it")
  }

  @Test func thePythonClientIsAsItWouldBeMadeNow() throws {
    let file = repository.appending(path: "clients/python/src/p2mlab/_protocol.py")
    let committed = try String(contentsOf: file, encoding: .utf8)
    #expect(committed == ProtocolEmitter.python(), "make protocol makes it")
  }

  @Test func noGeneratedFileIsLeftOver() {
    let made = Set(Self.made.map { "protocol/\($0.path)" })
    let root = repository.path + "/"
    let there = files(in: "protocol/schemas", withExtension: "json").map {
      String($0.path.dropFirst(root.count))
    }
    #expect(Set(there).isSubset(of: made))
  }

  @Test(arguments: declaredMethods.keys.sorted())
  func theExampleOfEveryMethodIsAnsweredAsDeclared(name: String) throws {
    let method = try #require(declaredMethods[name])
    var service = P2MService.exampleMachine()
    let request =
      #"{"jsonrpc":"2.0","id":1,"method":"\#(name)","params":\#(method.declaration.example)}"#
    let reply = service.reply(to: request)
    #expect(reply.hasPrefix(#"{"jsonrpc":"2.0","id":1,"result":"#))
    #expect(fault(in: reply, of: name) == nil)
    let params = try JSONDocument(parsing: Array(method.declaration.example.utf8).span)
    #expect(Schema.object(method.params).fault(in: params.root) == nil)
    extendLifetime(params)
  }

  @Test func aReplyThatIsNotAsDeclaredIsNoticed() {
    #expect(fault(in: #"{"result":{"gfn":1}}"#, of: "region.allocate") != nil)
    #expect(fault(in: #"{"result":{"gfn":"0x01"}}"#, of: "region.allocate") != nil)
    #expect(fault(in: #"{"result":{}}"#, of: "region.allocate") != nil)
    #expect(fault(in: #"{"result":{"gfn":"0x1","x":0}}"#, of: "region.allocate") != nil)
    #expect(fault(in: #"{"result":{"gfn":"0x1"}}"#, of: "region.allocate") == nil)
  }

  @Test func discoveryTellsTheCommittedDocument() throws {
    var wire = Wire()
    let told = wire.call("rpc.discover").text
    let file = repository.appending(path: "protocol/openrpc.json")
    let committed = JSONTree(json: try String(contentsOf: file, encoding: .utf8))
    #expect(JSONTree(json: told)["result"] == committed)
  }

  @Test func everyParameterIsTold() {
    for method in declaredMethods.values {
      #expect(method.params.suffix(2).map(\.name) == ["machine", "workDoneToken"])
      for param in method.params { #expect(!param.about.isEmpty) }
    }
  }
}

/// What is wrong with the result in `reply` to a method, if anything.
func fault(in reply: String, of method: String) -> String? {
  do {
    let document = try JSONDocument(parsing: Array(reply.utf8).span)
    defer { extendLifetime(document) }
    guard let result = document.root["result"] else { return nil }
    return declaredMethods[method]?.declaration.result.fault(in: result)
  } catch {
    return "not JSON"
  }
}
