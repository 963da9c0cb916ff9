import Glibc

/// Reading or writing a standard stream, or the record of what was answered, failed for good.
package struct StreamError: Error, Equatable, CustomStringConvertible {
  /// What was tried, and failed.
  package enum Operation: String, Sendable {
    case read, write, record
  }

  /// What was tried.
  package let operation: Operation
  /// The system's `errno`.
  package let code: Int32

  package var description: String {
    "cannot \(operation.rawValue): \(unsafe String(cString: strerror(code)))"
  }
}

/// A file descriptor that this module uses and does not own; blocking or not.
package struct Descriptor: Sendable {
  package static let standardInput = Descriptor(number: STDIN_FILENO)
  package static let standardOutput = Descriptor(number: STDOUT_FILENO)

  let number: Int32

  package init(number: Int32) { self.number = number }

  /// Whether a read would not wait: something is there, or the input has ended.
  var isReadable: Bool {
    var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&wanted, 1, 0) > 0
  }

  /// Whether nobody can read what is written any more.
  var isBroken: Bool {
    var wanted = pollfd(fd: number, events: 0, revents: 0)
    return unsafe poll(&wanted, 1, 0) > 0 && wanted.revents & Int16(POLLERR | POLLNVAL) != 0
  }

  /// Reads what is there into `buffer` from `offset` on, waiting for at least one byte.
  ///
  /// - Returns: how many bytes were read; 0 at the end of input.
  /// - Throws: `StreamError`.
  func read(into buffer: inout [UInt8], at offset: Int) throws(StreamError) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
        return unsafe Glibc.read(number, room.baseAddress, room.count)
      }
      if count >= 0 { return count }
      try recover(from: .read, waitingFor: POLLIN)
    }
  }

  /// Writes every byte.
  ///
  /// - Parameter operation: what the bytes are written for.
  /// - Throws: `StreamError`, with `EPIPE` where the reader has gone.
  func write(
    _ bytes: Span<UInt8>, as operation: StreamError.Operation = .write
  ) throws(StreamError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBufferPointer {
        unsafe Glibc.write(number, $0.baseAddress! + done, $0.count - done)
      }
      if count >= 0 { done += count } else { try recover(from: operation, waitingFor: POLLOUT) }
    }
  }

  /// Cuts a file off; what is no file is left alone.
  func truncate(to length: Int) { _ = ftruncate(number, length) }

  /// Returns if the call that failed is worth repeating, once the descriptor is ready.
  private func recover(
    from operation: StreamError.Operation, waitingFor event: Int32
  ) throws(StreamError) {
    switch errno {
    case EINTR: return
    case EAGAIN:
      var wanted = pollfd(fd: number, events: Int16(event), revents: 0)
      _ = unsafe poll(&wanted, 1, -1)
    case let code: throw StreamError(operation: operation, code: code)
    }
  }
}
