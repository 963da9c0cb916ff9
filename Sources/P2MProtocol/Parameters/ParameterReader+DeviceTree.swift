import DeviceTree
import JSONRPC
import Jansson
import Laboratory

/// Where a device tree is.
enum DeviceTreeSource {
  /// In a file of the server's.
  case path(String)
  case blob([UInt8])
}

extension ParameterReader {
  /// The parameter `dtb`: a flattened device tree, in a file or in the request itself.
  mutating func deviceTree() throws(RPCError) -> DeviceTreeSource {
    let source = try object("dtb", "a flattened device tree: one of its members") {
      tree throws(RPCError) in try tree.deviceTreeSource()
    }
    if let source { return source }
    if isDescribing { return .blob([]) }
    throw refusal(of: "dtb", "either 'path' or 'base64'")
  }

  private mutating func deviceTreeSource() throws(RPCError) -> DeviceTreeSource? {
    let path = try optionalText(
      "path", atMost: Self.pathLimit,
      "a file below the folder of --allow-read; a relative path begins where the server runs")
    let text = try optionalText(
      "base64", atMost: Base64.size(of: DeviceTree.sizeLimit), "the blob itself")
    switch (path, text) {
    case (let path?, nil): return .path(path)
    case (nil, let text?):
      guard let blob = Base64.decode(text) else {
        throw refusal(of: "base64", "base64 as of RFC 4648, with its padding and no line breaks")
      }
      return .blob(blob)
    case (nil, nil), (.some, .some): return nil
    }
  }

  /// Bytes of a path. Linux: `PATH_MAX`
  private static let pathLimit = 4095
}

extension Provisions {
  /// The device tree in the file that a client names as `/dtb/path`.
  /// - Throws: invalid params, with what the server allows.
  func read(_ path: String) throws(RPCError) -> [UInt8] {
    guard let folder else {
      throw .unreadable(path, "the server reads no files; start it with --allow-read FOLDER")
    }
    do throws(ReadableFolder.Refusal) {
      return try folder.read(path, atMost: DeviceTree.sizeLimit)
    } catch {
      throw .unreadable(path, "\(error)")
    }
  }
}

extension RPCError {
  fileprivate static func unreadable(_ path: String, _ reason: String) -> RPCError {
    let shown = Substring(path.unicodeScalars.prefix(256))
    return RPCError(
      code: Code.invalidParams, message: "Invalid params: '\(shown)' at '/dtb/path': \(reason)",
      data: .expectation(path: "/dtb/path", expected: "a file that the server may read: \(reason)"))
  }
}
