import P2MProtocol

extension Files {
  /// The requests of the session file at `path`; what is torn at its end is told of and dropped.
  ///
  /// - Parameter machine: the machine that they must be about; `nil` for any.
  /// - Throws: `FileError`, or `UnusableInput`.
  static func requests(_ path: String, about machine: String?) throws -> RequestList {
    let session = try Session(try read(path), isRecord: true)
    if let line = session.tornLine { Console.complain("\(path):\(line): torn; dropped") }
    let requests = try RequestList(session)
    guard !requests.requests.isEmpty else {
      throw FileError(description: "\(path): there is no request in it")
    }
    if let machine, !requests.isAbout(machine) {
      throw FileError(
        description: "\(path): no request is about machine '\(machine)'; --machine takes "
          + requests.expectedMachine)
    }
    return requests
  }
}
