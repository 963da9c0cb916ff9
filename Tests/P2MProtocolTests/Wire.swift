import Foundation
import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol
import Testing

/// A server in this process, asked line by line.
struct Wire {
  private var service: P2MService
  private var dispatcher = Dispatcher(info: Product.info)

  init(
    preset: String = "xen-4.16", memory: HostMemory = HostMemory(),
    provisions: Provisions = Provisions()
  ) {
    guard let preset = Preset.named(preset) else { fatalError("no preset \(preset)") }
    service = P2MService(
      Laboratory(
        MachineConfiguration(preset: preset), provisions: provisions, memory: memory))
  }

  /// A server with domain 1, privileged, and domain 2, each with 16 pages of RAM at 0x40000.
  static func withDomains(
    preset: String = "xen-4.16", provisions: Provisions = Provisions()
  ) -> Wire {
    var wire = Wire(preset: preset, provisions: provisions)
    let ram = #""ram":[{"gfn":"0x40000","pages":16}]"#
    _ = wire.call("domain.create", #"{"domain":1,"privileged":true,\#(ram)}"#)
    _ = wire.call("domain.create", #"{"domain":2,\#(ram)}"#)
    return wire
  }

  /// A server with the machine of the protocol's examples.
  static func example() -> Wire {
    var wire = Wire()
    wire.service = P2MService.exampleMachine()
    return wire
  }

  /// The reply to one line, as it goes out.
  mutating func send(_ line: String) -> String {
    var reply = JSONWriter()
    dispatcher.answer(Array(line.utf8).span, from: &service, into: &reply)
    return reply.text
  }

  /// The reply to a request with id 1.
  mutating func call(_ method: String, _ params: String = "{}") -> Reply {
    let text = send(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
    if let fault = fault(in: text, of: method) { Issue.record("\(method): \(fault)") }
    return Reply(text)
  }
}

/// A reply, taken apart.
struct Reply {
  let text: String
  private let members: [String: Any]

  init(_ text: String) {
    self.text = text
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8))
    members = object as? [String: Any] ?? [:]
  }

  var result: [String: Any]? { members["result"] as? [String: Any] }
  var code: Int? { (members["error"] as? [String: Any])?["code"] as? Int }
  var message: String? { (members["error"] as? [String: Any])?["message"] as? String }

  var data: [String: Any]? { (members["error"] as? [String: Any])?["data"] as? [String: Any] }
  var path: String? { data?["path"] as? String }
}

extension [String: Any] {
  /// The object as JSON.
  var json: String {
    let data = try? JSONSerialization.data(withJSONObject: self)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}

/// The folder of the repository.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The files of a folder of the repository with this extension, at any depth, in order.
func files(in folder: String, withExtension ending: String) -> [URL] {
  let folder = repository.appending(path: folder)
  let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
  return (found?.allObjects as? [URL] ?? [])
    .filter { $0.pathExtension == ending }
    .sorted { $0.path < $1.path }
}

/// The examples that are sessions by themselves; what is in folders has other uses.
let exampleSessions = files(in: "examples", withExtension: "ndjson")
  .filter { $0.deletingLastPathComponent().lastPathComponent == "examples" }
