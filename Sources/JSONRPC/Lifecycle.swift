import Jansson

/// The messages by which an LSP client starts and ends a server; none of them is required, unless
/// the server awaits `initialize`.
struct Lifecycle {
  let info: ServerInfo
  private var isInitialized = false
  private var isShutDown = false
  /// The exit code, once the client has sent `exit`: 0 after `shutdown`, else 1.
  private(set) var exitCode: Int32?

  init(info: ServerInfo) {
    self.info = info
  }

  /// Answers the message if it is about the lifecycle.
  ///
  /// Notifications named `$/...` are ignored as LSP has it, `$/cancelRequest` among them: a request
  /// that works has found it while it waited, and by its turn all before it are answered.
  ///
  /// - Returns: whether the message is dealt with; the service's otherwise.
  /// - Throws: invalid request, for all but `exit` after `shutdown`; server not initialized.
  mutating func take(
    _ method: JSONView, isNotification: Bool, params: JSONView?,
    for service: inout some Service & ~Copyable, into reply: inout JSONWriter
  ) throws(RPCError) -> Bool {
    guard let name = unsafe method.utf8 else { return false }
    if unsafe ("exit" as StaticString).equals(name) {
      exitCode = isShutDown ? 0 : 1
      reply.nullResult()
    } else if isShutDown {
      throw .invalidRequest("the server is shut down, and takes nothing but 'exit'")
    } else if unsafe ("initialize" as StaticString).equals(name) {
      try initialize(params: params, &service, into: &reply)
    } else if info.awaitsInitialize, !isInitialized {
      throw .notInitialized
    } else if unsafe ("shutdown" as StaticString).equals(name) {
      isShutDown = true
      reply.nullResult()
    } else if unsafe ("initialized" as StaticString).equals(name) {
      reply.nullResult()
    } else {
      return isNotification && method.isProtocolInternal
    }
    return true
  }

  private mutating func initialize(
    params: JSONView?, _ service: inout some Service & ~Copyable, into reply: inout JSONWriter
  ) throws(RPCError) {
    guard !info.awaitsInitialize || !isInitialized else {
      throw .invalidRequest("'initialize' is sent once")
    }
    reply.key("result")
    reply.raw("{\"capabilities\":")
    try service.initialize(params: params, capabilities: &reply)
    isInitialized = true
    reply.raw(",\"serverInfo\":{\"name\":")
    reply.string(info.name)
    reply.key("version")
    reply.string(info.version)
    reply.raw("}}")
  }
}

extension JSONView {
  /// Whether a method's name begins with LSP's `$/`.
  fileprivate var isProtocolInternal: Bool {
    guard let name = unsafe utf8 else { return false }
    return unsafe name.starts(with: "$/".utf8)
  }
}

extension JSONWriter {
  fileprivate mutating func nullResult() {
    key("result")
    null()
  }
}
