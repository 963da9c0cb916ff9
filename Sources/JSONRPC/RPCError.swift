import Jansson

/// Why a request has no result, as the client is told.
package struct RPCError: Error, Equatable {
  /// JSON-RPC's own codes.
  package enum Code {
    package static let parseError = -32700
    package static let invalidRequest = -32600
    package static let methodNotFound = -32601
    package static let invalidParams = -32602
    /// LSP's.
    package static let serverNotInitialized = -32002
    package static let requestCancelled = -32800
    /// The service's own too.
    package static let limitReached = 1003
  }

  /// What a program can act on.
  package enum Detail: Equatable, Sendable {
    case none
    /// The value at `path`, a JSON pointer relative to `params`, is not as `expected`.
    case expectation(path: String, expected: String)
    /// Names close to one that is unknown, the closest first.
    case nearest([String])
    /// The limit that was exceeded.
    case limit(Int)
  }

  /// JSON-RPC's code, or the service's own.
  package let code: Int
  /// What was wrong, where, and what to do: for people.
  package let message: String
  /// The same for programs.
  package let data: Detail

  /// An error with a code of the service's own.
  package init(code: Int, message: String, data: Detail = .none) {
    self.code = code
    self.message = message
    self.data = data
  }
}

// MARK: The standard errors

extension RPCError {
  /// The text is not JSON.
  package static func parseError(_ fault: JSONSyntaxError) -> RPCError {
    RPCError(
      code: Code.parseError,
      message: "Parse error: \(fault.message) (line \(fault.line) column \(fault.column))")
  }

  /// The header in front of a message cannot be used.
  static func parseError(_ fault: HeaderFault) -> RPCError {
    RPCError(code: Code.parseError, message: "Parse error: \(fault.rawValue)")
  }

  /// JSON, but no JSON-RPC message.
  ///
  /// - Parameter hint: what is expected instead.
  package static func invalidRequest(_ hint: String) -> RPCError {
    RPCError(code: Code.invalidRequest, message: "Invalid request: \(hint)")
  }

  /// The client has to send `initialize` first.
  static let notInitialized = RPCError(
    code: Code.serverNotInitialized,
    message: "Server not initialized: an LSP client sends 'initialize' first")

  /// The work takes longer than whoever began it waits.
  static let outOfPatience = RPCError(
    code: Code.limitReached, message: "Limit reached: it takes too long to be carried out here")

  /// The client has sent `$/cancelRequest`.
  static let cancelled = RPCError(code: Code.requestCancelled, message: "Request cancelled")

  /// The streams have failed while the request was working.
  static func given(up failure: StreamError) -> RPCError {
    failure.operation == .record ? unrecorded(failure) : cancelled
  }

  /// What was done is not recorded, and will be forgotten.
  static func unrecorded(_ failure: StreamError) -> RPCError {
    RPCError(
      code: Code.limitReached, message: "Limit reached: \(failure); the server ends")
  }

  /// Whether the request was refused before it reached the service, or is as if it never had.
  var isRefusal: Bool { Self.isRefusal(code) }

  static func isRefusal(_ code: Int) -> Bool {
    [Code.parseError, Code.invalidRequest, Code.requestCancelled].contains(code)
  }

  /// More than the server takes.
  ///
  /// - Parameters:
  ///   - what: what there is too much of, with the unit.
  ///   - limit: how much would be accepted.
  package static func exceeded(_ what: String, limit: Int) -> RPCError {
    RPCError(
      code: Code.invalidRequest, message: "Invalid request: more than \(limit) \(what)",
      data: .limit(limit))
  }

  /// No such method.
  ///
  /// - Parameters:
  ///   - method: the name that was asked for.
  ///   - methods: the names that there are.
  package static func methodNotFound(_ method: JSONView, among methods: [String]) -> RPCError {
    let name = method.string ?? ""
    let nearest = nearest(to: name, in: methods)
    let hint = nearest.first.map { "; did you mean '\($0)'?" } ?? ""
    // Not characters, which may be of any length.
    let shown = Substring(name.unicodeScalars.prefix(64))
    return RPCError(
      code: Code.methodNotFound, message: "Method not found: '\(shown)'\(hint)",
      data: .nearest(nearest))
  }

  /// A parameter is missing, unknown or of the wrong kind.
  ///
  /// - Parameters:
  ///   - path: where, as a JSON pointer relative to `params`; empty for `params` itself.
  ///   - expected: what should be there, e.g. `a hex string "0x..."`.
  package static func invalidParams(path: String, expected: String) -> RPCError {
    RPCError(
      code: Code.invalidParams,
      message: "Invalid params: expected \(expected) at '\(path.isEmpty ? "params" : path)'",
      data: .expectation(path: path, expected: expected))
  }
}

// MARK: On the wire

extension JSONWriter {
  /// The member `error` of a reply.
  package mutating func error(_ error: RPCError) {
    key("error")
    beginObject()
    key("code")
    integer(Int64(error.code))
    key("message")
    string(error.message)
    detail(error.data)
    endObject()
  }

  private mutating func detail(_ data: RPCError.Detail) {
    guard data != .none else { return }
    key("data")
    beginObject()
    switch data {
    case .none: break
    case .expectation(let path, let expected):
      key("path")
      string(path)
      key("expected")
      string(expected)
    case .nearest(let names):
      key("nearest")
      beginArray()
      for name in names {
        element()
        string(name)
      }
      endArray()
    case .limit(let limit):
      key("limit")
      integer(Int64(limit))
    }
    endObject()
  }
}
