import Jansson

@testable import JSONRPC

/// A service whose requests take long, for as long as a test wants them to.
struct Worker: Service {
  /// More calls than any test waits for; some minutes.
  private static let patience = 10_000_000_000
  private(set) var called: [String] = []

  mutating func answer(
    method: JSONView, params: JSONView?, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    called.append(method.string ?? "")
    if let token = params?["workDoneToken"] { context.reportProgress(to: token) }
    if method.equals("work") {
      // `units` of work, told of in steps of `step`.
      let units = Int(params?["units"]?.integer ?? 1)
      let step = Int(params?["step"]?.integer ?? 1)
      for done in stride(from: step, through: units, by: step) {
        try context.advance(to: done, of: units)
      }
    } else if method.equals("work until cancelled") {
      for _ in 0..<Self.patience { try context.advance(to: 0, of: 1) }
    } else if method.equals("fail") {
      try context.advance(to: 1, of: 2)
      throw .invalidParams(path: "", expected: "something else")
    }
    reply.key("result")
    reply.null()
  }
}

/// A request to a worker.
func work(_ id: Int, _ method: String = "work", _ params: String = "\"units\":4") -> String {
  "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"\(method)\",\"params\":{\(params)}}"
}

/// The notification that cancels a request.
func cancel(_ id: String) -> String {
  "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":\(id)}}"
}

/// The reply to a request that was cancelled.
func cancelled(_ id: Int) -> String { failure(-32800, id: "\(id)") + "Request cancelled\"}}" }

/// The notification of progress with this value.
func progress(_ value: String, token: String = "\"t\"") -> String {
  "{\"jsonrpc\":\"2.0\",\"method\":\"$/progress\",\"params\":"
    + "{\"token\":\(token),\"value\":{\(value)}}}"
}
