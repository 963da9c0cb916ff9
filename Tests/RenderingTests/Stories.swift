import Foundation
import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

@testable import Rendering

/// The folder of the package.
let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The bytes of a file of the package.
func bytes(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: package.appending(path: path)))
}

/// A request of a session, on one line.
func line(_ method: String, _ params: String, id: Int = 1) -> String {
  #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
}

/// The story of a session given as lines.
func story(
  _ lines: [String], title: String = "test", on presets: [String] = [],
  budget: Int = SceneKeeper.defaultBudget
) throws -> Story {
  let session = try Session(Array(lines.joined(separator: "\n").utf8))
  return try Story(
    try RequestList(session), title: title, on: presets.map { try Variant($0) }, budget: budget)
}

/// The story of one of the examples.
func example(_ name: String, on presets: [String] = []) throws -> Story {
  let session = try Session(try bytes("examples/\(name).ndjson"))
  return try Story(
    try RequestList(session), title: name, on: presets.map { try Variant($0) })
}

/// The names of all examples.
let exampleNames: [String] = {
  let files = try? FileManager.default.contentsOfDirectory(
    atPath: package.appending(path: "examples").path())
  return (files ?? []).filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(7)) }.sorted()
}()

extension Story {
  /// The picture of one step.
  func picture(of step: Int) -> StepPicture {
    var book = PictureBook(self)
    return book.picture(of: step)
  }
}
