import Glibc

/// The file that a server records to: locked, and growing at its end.
struct RecordFile {
  let path: String
  let descriptor: Int32

  /// Opens a file for a new record.
  ///
  /// - Throws: `FileError`, also where something stands in the file.
  static func create(_ path: String) throws(FileError) -> RecordFile {
    let file = try RecordFile(path, O_CREAT)
    guard try file.size() == 0 else {
      throw FileError(
        description: "cannot record to \(path): it is not empty; --resume goes on with a record")
    }
    return file
  }

  /// Opens a record to go on with it.
  ///
  /// - Throws: `FileError`.
  static func open(_ path: String) throws(FileError) -> RecordFile {
    try RecordFile(path, 0)
  }

  /// - Throws: `FileError`, also where another process records to the file.
  private init(_ path: String, _ flags: Int32) throws(FileError) {
    self.path = path
    descriptor = unsafe Glibc.open(path, O_RDWR | O_APPEND | O_CLOEXEC | flags, 0o644)
    guard descriptor >= 0 else { throw FileError("open", path) }
    // Kept for as long as the process lives, however it ends.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw FileError(description: "cannot record to \(path): another server does")
    }
  }

  private func size() throws(FileError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw FileError("read", path) }
    return status.st_size
  }

  /// Cuts off everything behind so many bytes.
  ///
  /// - Throws: `FileError`.
  func truncate(to length: Int) throws(FileError) {
    guard try size() > length else { return }
    guard ftruncate(descriptor, length) == 0 else { throw FileError("truncate", path) }
  }
}
