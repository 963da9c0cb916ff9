import JSONRPC
import Jansson
import Laboratory

/// Requests that are carried out on machines made for it, once or many times.
///
/// Only the members `method` and `params` of each count: a notification is carried out as a request
/// is, and a batch is its messages.
package struct RequestList: Sendable {
  /// Requests in a list.
  package static let countLimit = 10_000
  /// Bytes of all requests of a list.
  package static let sizeLimit = 2 << 20

  package struct Request: Sendable {
    package let method: String
    /// The members `method` and `params`, as one JSON object.
    package let text: [UInt8]
    /// Where it stands among those that were given, from 0.
    package let number: Int
    /// The line of its file, from 1; 0 where it comes from none.
    package let line: Int

    package var isNote: Bool { method == "\(SessionNote.name)" }
  }

  /// Why requests cannot be taken.
  package enum Fault: Error, Hashable, Sendable {
    case noMethod
    case badParams
    /// The method would carry out requests in turn.
    case nested(String)
    case tooMany
    case tooLong
  }

  package private(set) var requests: [Request] = []
  /// How many were given, notes included.
  package private(set) var count = 0
  /// The machines that the requests name, in order of appearance.
  package private(set) var machines: [String] = []
  private var size = 0

  init() {}

  /// Whether some request is about `machine`, so that it matters what the machine follows.
  package func isAbout(_ machine: String) -> Bool { machines.contains(machine) }

  /// Adds one message.
  mutating func append(_ message: JSONView, line: Int = 0) throws(Fault) {
    guard let name = message["method"], let method = name.string(atMost: 64) else {
      throw .noMethod
    }
    if let nested = MethodTable.all.first(where: { $0.isSearch && name.equals($0.name) }) {
      throw .nested("\(nested.name)")
    }
    guard count < Self.countLimit else { throw .tooMany }
    var writer = JSONWriter()
    writer.raw("{\"method\":")
    writer.value(name)
    if let params = message["params"], params.kind != .null {
      guard params.kind == .object || params.kind == .array else { throw .badParams }
      writer.raw(",\"params\":")
      writer.value(params)
    }
    writer.raw("}")
    size += writer.count
    guard size <= Self.sizeLimit else { throw .tooLong }
    requests.append(
      Request(method: method, text: Array(writer.text.utf8), number: count, line: line))
    count += 1
    let machine = message["params"]?["machine"]?.word ?? Laboratory.defaultMachine
    if !name.equals(SessionNote.name), !machines.contains(machine) { machines.append(machine) }
  }
}

extension RequestList.Request {
  /// The request as it is sent, with id 1.
  package var message: [UInt8] { Array("{\"jsonrpc\":\"2.0\",\"id\":1,".utf8) + text.dropFirst() }
}

extension RequestList {
  /// The requests of a session file; what they are expected to be answered does not count.
  ///
  /// - Throws: the first line that cannot be taken, and why.
  package init(_ session: Session) throws(UnusableInput) {
    for line in session.lines {
      guard case .requests = line.content else { continue }
      let number = line.place.number
      let document = try JSONDocument(
        session.text.span.extracting(line.place.range), number: number)
      defer { extendLifetime(document) }
      for message in document.root.batch {
        do throws(Fault) {
          try append(message, line: number)
        } catch {
          throw UnusableInput(line: number, reason: "\(error)")
        }
      }
    }
  }

  /// What was done to a machine, notes included.
  ///
  /// - Throws: limit reached, where it is more than a list takes or more than is remembered.
  init(_ history: borrowing History) throws(RPCError) {
    guard history.forgotten == 0 else { throw .forgotten(history.forgotten) }
    for number in 0..<history.position {
      let document = JSONDocument(known: history[number].request)
      defer { extendLifetime(document) }
      do throws(Fault) {
        try append(document.root)
      } catch {
        throw error.limitReached
      }
    }
  }
}

extension RPCError {
  /// A history's beginning is gone.
  static func forgotten(_ count: Int) -> RPCError {
    .limitReached(
      "operations are remembered, and \(count) older ones are forgotten",
      limit: History.chunkLimit * History.chunkSize)
  }
}

extension RequestList.Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noMethod: "a request's 'method' is a string of 1 to 64 bytes"
    case .badParams: "'params' is an object or an array"
    case .nested(let method): "'\(method)' carries out requests itself; leave it out"
    case .tooMany: "more than \(RequestList.countLimit) requests"
    case .tooLong: "more than \(RequestList.sizeLimit) bytes of requests"
    }
  }

  /// The error for requests that the server has kept itself.
  fileprivate var limitReached: RPCError {
    switch self {
    case .tooLong: .limitReached("bytes of requests", limit: RequestList.sizeLimit)
    case .tooMany, .noMethod, .badParams, .nested:
      .limitReached("requests", limit: RequestList.countLimit)
    }
  }
}

extension ParameterReader {
  /// The requests in the array called `requests`; `nil` where there is no such array.
  mutating func requests() throws(RPCError) -> RequestList? {
    describe(
      .init(
        "requests", .array(of: .anyObject, atMost: RequestList.countLimit),
        "requests as session.export tells them; what was done to the machine where it is not said",
        isRequired: false))
    guard let array = value("requests") else { return nil }
    guard array.kind == .array, array.count <= RequestList.countLimit else {
      throw refusal(of: "requests", "an array of \(RequestList.countLimit) requests at most")
    }
    var list = RequestList()
    for index in 0..<array.count {
      do throws(RequestList.Fault) {
        guard let message = array[index] else { throw .noMethod }
        try list.append(message)
      } catch {
        throw .invalidParams(path: "/requests/\(index)", expected: "a request: \(error)")
      }
    }
    return list
  }
  /// The requests in the session called `session`; `nil` where there is none.
  mutating func sessionRequests() throws(RPCError) -> RequestList? {
    let text = try optionalText(
      "session", atMost: Session.sizeLimit, "instead of requests: the text of a session file")
    guard let text else { return nil }
    do throws(UnusableInput) {
      return try RequestList(Session(Array(text.utf8)))
    } catch {
      throw .invalidParams(
        path: "/session",
        expected: "a session, but line \(error.line) is not part of one: \(error.reason)")
    }
  }
}
