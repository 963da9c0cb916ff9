import Glibc

/// A file could not be read or written.
struct FileError: Error, CustomStringConvertible {
  let description: String

  /// What `errno` says of an operation on `path`.
  init(_ operation: String, _ path: String) {
    description = "cannot \(operation) \(path): \(unsafe String(cString: strerror(errno)))"
  }

  init(description: String) { self.description = description }
}

/// Whole files.
enum Files {
  /// The largest file that is read, in bytes.
  static let sizeLimit = 1 << 30

  /// The bytes of the file at `path`; `-` is stdin.
  ///
  /// - Throws: `FileError`, also where it is larger than `sizeLimit`.
  static func read(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var status = stat()
    let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    // One more than there should be, so that the end is seen.
    var size = isFile ? min(Int(status.st_size), sizeLimit) + 1 : partSize
    var bytes: [UInt8] = []
    while true {
      let part = try read(descriptor, path, atMost: size)
      if bytes.isEmpty { bytes = part } else { bytes += part }
      guard bytes.count <= sizeLimit else {
        throw FileError(description: "\(path) is larger than \(sizeLimit) bytes")
      }
      if part.count < size { return bytes }
      size = partSize
    }
  }

  /// What is read at once where nobody knows how much there is.
  private static let partSize = 1 << 16

  /// The next `size` bytes, or what is left.
  private static func read(
    _ descriptor: Int32, _ path: String, atMost size: Int
  ) throws(FileError) -> [UInt8] {
    var hasFailed = false
    let part = unsafe [UInt8](unsafeUninitializedCapacity: size) { room, done in
      while done < size {
        let count = unsafe Glibc.read(descriptor, room.baseAddress! + done, size - done)
        if count == 0 { return }
        if count > 0 { done += count } else if errno != EINTR { break }
      }
      hasFailed = done < size
    }
    if hasFailed { throw FileError("read", path) }
    return part
  }

  /// The names of what is in a folder, in no order.
  ///
  /// - Throws: `FileError`.
  static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(folder) else { throw FileError("open", folder) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      names.append(
        unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
          let size = MemoryLayout.size(ofValue: unsafe name.pointee)
          return unsafe name.withMemoryRebound(to: CChar.self, capacity: size) {
            unsafe String(cString: $0)
          }
        })
    }
    return names
  }

  /// Replaces the file at `path`, wholly or not at all.
  ///
  /// - Throws: `FileError`; the file is as it was then.
  static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let draft = path + ".new"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("create", draft) }
    do throws(FileError) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, draft)
      guard fsync(descriptor) == 0 else { throw FileError("write", draft) }
    } catch {
      unsafe unlink(draft)
      throw error
    }
    guard unsafe rename(draft, path) == 0 else { throw FileError("replace", path) }
  }

  /// Writes a text to the file at `path`, wholly or not at all; `-` is stdout.
  ///
  /// - Throws: `FileError`.
  static func write(_ text: String, to path: String) throws(FileError) {
    guard path == "-" else { return try replace(path, with: Array(text.utf8)) }
    try write(Array(text.utf8), to: STDOUT_FILENO, "stdout")
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 { done += count } else if errno != EINTR { throw FileError("write", path) }
    }
  }
}
