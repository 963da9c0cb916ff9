import Glibc

/// A folder below which clients may have files read, and nowhere else.
package struct ReadableFolder: Sendable {
  /// Why a file is not read.
  package enum Refusal: Error, Hashable, CustomStringConvertible {
    case noFolder(String, reason: String)
    case outside(String)
    case unreadable(reason: String)
    case noFile
    case tooLarge(limit: Int)

    package var description: String {
      switch self {
      case .noFolder(let path, let reason): "cannot read below \(path): \(reason)"
      case .outside(let root): "it does not lie below \(root), the folder of --allow-read"
      case .unreadable(let reason): "it cannot be opened: \(reason)"
      case .noFile: "it is no regular file"
      case .tooLarge(let limit): "it is larger than \(limit) bytes"
      }
    }
  }

  /// The folder as it was named, and as it is without symbolic links; absolute.
  private let name: [Substring]
  private let root: String

  /// - Throws: `noFolder`.
  package init(_ path: String) throws(Refusal) {
    guard let resolved = unsafe realpath(path, nil) else {
      throw .noFolder(path, reason: Self.reason)
    }
    defer { unsafe free(resolved) }
    root = unsafe String(cString: resolved)
    name = Self.steps(to: path)
    var status = stat()
    guard unsafe stat(root, &status) == 0 else { throw .noFolder(path, reason: Self.reason) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .noFolder(path, reason: "it is no folder")
    }
  }

  /// The bytes of a file.
  ///
  /// What a path outside the folder leads to is never looked at. A path inside may be a symbolic
  /// link that leads out: so it is opened in a way that neither reads nor waits, and the kernel is
  /// asked where it led, before it is opened for reading.
  ///
  /// - Parameter path: as the process would open it.
  /// - Throws: `outside`, `unreadable`, `noFile`, `tooLarge`.
  package func read(_ path: String, atMost limit: Int) throws(Refusal) -> [UInt8] {
    let steps = Self.steps(to: path)
    guard [name, Self.steps(to: root)].contains(where: { steps.starts(with: $0) }) else {
      throw .outside(root)
    }
    let place = unsafe open(path, O_CLOEXEC | Self.pathOnly)
    guard place >= 0 else { throw .unreadable(reason: Self.reason) }
    defer { close(place) }
    let link = "/proc/self/fd/\(place)"
    guard let target = unsafe realpath(link, nil) else {
      throw .unreadable(reason: Self.reason)
    }
    defer { unsafe free(target) }
    guard unsafe String(cString: target).hasPrefix(root == "/" ? root : root + "/") else {
      throw .outside(root)
    }
    var status = stat()
    guard unsafe fstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .noFile
    }
    guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
    let file = unsafe open(link, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(reason: Self.reason) }
    defer { close(file) }
    return try Self.read(file, atMost: limit)
  }

  private static func read(_ file: Int32, atMost limit: Int) throws(Refusal) -> [UInt8] {
    // One byte more than may be there tells that there is more.
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let step = unsafe bytes.withUnsafeMutableBytes { room in
        unsafe Glibc.read(file, room.baseAddress.map { unsafe $0 + count }, room.count - count)
      }
      if step == 0 { return Array(bytes[..<count]) }
      if step > 0 { count += step } else if errno != EINTR { throw .unreadable(reason: reason) }
    }
    throw .tooLarge(limit: limit)
  }

  /// The names that lead from the root to `path`, by its text alone.
  private static func steps(to path: String) -> [Substring] {
    var steps: [Substring] = []
    let start = path.hasPrefix("/") ? "" : workingFolder
    for step in (start + "/" + path).split(separator: "/") where step != "." {
      if step == ".." { _ = steps.popLast() } else { steps.append(step) }
    }
    return steps
  }

  private static var workingFolder: String {
    guard let path = unsafe getcwd(nil, 0) else { return "" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  private static var reason: String { unsafe String(cString: strerror(errno)) }

  /// Opens a place in the file system, not what is there. Linux: `O_PATH`
  private static let pathOnly: Int32 = 0o10_000_000
}
