import Foundation
import Laboratory
import Testing

/// Files that clients may have read, and those that they may not.
@Suite struct ReadableFolderTests {
  private let outside: URL
  private let inside: URL

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    outside = folder
    inside = folder.appending(path: "inside")
    let manager = FileManager.default
    try manager.createDirectory(
      at: inside.appending(path: "deep"), withIntermediateDirectories: true)
    let tree = repository.appending(path: "Tests/Fixtures/device-trees/guest.dtb")
    try manager.copyItem(at: tree, to: inside.appending(path: "guest.dtb"))
    try manager.copyItem(at: tree, to: outside.appending(path: "secret.dtb"))
    try manager.createSymbolicLink(
      atPath: inside.appending(path: "leak.dtb").path, withDestinationPath: "../secret.dtb")
    try manager.createSymbolicLink(
      atPath: inside.appending(path: "deep/alias.dtb").path, withDestinationPath: "../guest.dtb")
    try Data(count: 2 << 20 + 1).write(to: inside.appending(path: "large.dtb"))
  }

  private func wire() throws -> Wire {
    Wire.withDomains(provisions: Provisions(folder: try ReadableFolder(inside.path)))
  }

  private func load(_ path: String, _ wire: inout Wire) -> Reply {
    wire.call("region.import", #"{"domain":1,"dtb":{"path":"\#(path)"}}"#)
  }

  @Test(arguments: ["guest.dtb", "deep/../guest.dtb", "./deep//alias.dtb", "../inside/guest.dtb"])
  func aFileBelowTheFolderIsRead(path: String) throws {
    var wire = try wire()
    #expect(load("\(inside.path)/\(path)", &wire).result != nil)
  }

  @Test(arguments: [
    ("../secret.dtb", "does not lie below"), ("leak.dtb", "does not lie below"),
    ("/etc/passwd", "does not lie below"), ("../inside-not/x", "does not lie below"),
    ("missing.dtb", "No such file"), ("deep", "no regular file"), ("large.dtb", "larger than"),
    ("guest.dtb/x", "Not a directory"),
  ])
  func noOtherFileIs(path: String, reason: String) throws {
    var wire = try wire()
    let reply = load(path.hasPrefix("/") ? path : "\(inside.path)/\(path)", &wire)
    #expect(reply.code == -32602)
    #expect(reply.path == "/dtb/path")
    #expect(reply.message?.contains(reason) == true)
    #expect(wire.call("history.list").result?["length"] as? Int == 2)
  }

  @Test func aRelativePathBeginsWhereTheServerRuns() throws {
    let folder = repository.appending(path: "Tests/Fixtures").path
    var wire = Wire.withDomains(provisions: Provisions(folder: try ReadableFolder(folder)))
    let there = FileManager.default.currentDirectoryPath
    let steps = there.split(separator: "/").map { _ in ".." }.joined(separator: "/")
    #expect(load("\(steps)\(folder)/device-trees/guest.dtb", &wire).result != nil)
  }

  @Test func withoutAFolderTheAnswerSaysHowToAllowOne() {
    var wire = Wire.withDomains()
    #expect(load("guest.dtb", &wire).message?.contains("--allow-read") == true)
  }

  @Test(arguments: ["/nowhere/at/all", "/etc/passwd"])
  func aFolderThatIsNoneIsRefused(path: String) {
    #expect(throws: ReadableFolder.Refusal.self) { try ReadableFolder(path) }
  }

  @Test func whatWasReadIsDoneAgainThoughTheFileIsGone() throws {
    var wire = try wire()
    let imported = load("\(inside.path)/guest.dtb", &wire)
    #expect(imported.result != nil)
    try FileManager.default.removeItem(at: inside.appending(path: "guest.dtb"))
    _ = wire.call("history.undo")
    _ = wire.call("history.redo")
    let list = #"{"domain":1}"#
    #expect(wire.call("region.list", list).text == imported.text)
    #expect(!wire.call("history.list").text.contains("path"))
    var fresh = try wire.rebuilt()
    #expect(fresh.call("region.list", list).text == imported.text)
  }
}
