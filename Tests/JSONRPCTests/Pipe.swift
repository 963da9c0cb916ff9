import Glibc

@testable import JSONRPC

/// A file that tests write and the code under test reads, or the other way round.
struct Pipe: ~Copyable {
  let reading: Int32
  let writing: Int32

  init() {
    var ends: [Int32] = [0, 0]
    precondition(unsafe pipe(&ends) == 0)
    (reading, writing) = (ends[0], ends[1])
  }
}

/// Writes every byte.
func send(_ bytes: some Collection<UInt8>, to descriptor: Int32) {
  precondition(unsafe write(descriptor, Array(bytes), bytes.count) == bytes.count)
}

/// Waits for so many bytes.
func receive(_ count: Int, from descriptor: Int32) -> String {
  var bytes = [UInt8](repeating: 0, count: count)
  var done = 0
  while done < count {
    let size = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress! + done, count - done)
    }
    precondition(size > 0)
    done += size
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// A file without a name with this content, to be read from its start.
func file(with bytes: [UInt8]) -> Int32 {
  var name = Array("/tmp/jsonrpc-test-XXXXXX".utf8CString)
  let descriptor = unsafe mkstemp(&name)
  unsafe unlink(name)
  send(bytes, to: descriptor)
  lseek(descriptor, 0, SEEK_SET)
  return descriptor
}

/// Everything that a file holds.
func contents(of descriptor: Int32) -> String {
  var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
  precondition(unsafe pread(descriptor, &bytes, bytes.count, 0) == bytes.count)
  return String(decoding: bytes, as: UTF8.self)
}
