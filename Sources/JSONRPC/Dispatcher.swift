import Jansson

/// Answers messages: checks the envelope, takes batches apart, and asks the service.
package struct Dispatcher {
  private var lifecycle: Lifecycle

  /// A dispatcher of one connection.
  package init(info: ServerInfo) {
    lifecycle = Lifecycle(info: info)
  }

  /// The exit code that the client has asked for with `exit`; `nil` while the server is to go on.
  package var exitCode: Int32? { lifecycle.exitCode }

  /// Answers one text for which no client waits: a message or a batch.
  ///
  /// - Parameters:
  ///   - text: one line or body.
  ///   - service: the methods.
  ///   - reply: where the reply goes; nothing is written where there is none.
  package mutating func answer(
    _ text: Span<UInt8>, from service: inout some Service & ~Copyable, into reply: inout JSONWriter
  ) {
    var context = RequestContext()
    answer(text, from: &service, in: &context, into: &reply)
  }

  /// The same, many times in one context; `text` is not what its connection serves, if that serves
  /// anything.
  package mutating func answer(
    _ text: Span<UInt8>, from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    context.connection.turnFromMessage()
    do throws(RPCError) {
      answer(try Self.parse(text), from: &service, in: &context, into: &reply)
    } catch {
      reply.failure(error)
    }
  }

  /// The same of a text that was parsed already, whatever its size.
  package mutating func answer(
    _ text: Span<UInt8>, parsed document: borrowing JSONDocument,
    from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    context.connection.turnFromMessage()
    do throws(RPCError) {
      try Self.checkSize(of: text)
      answer(document, from: &service, in: &context, into: &reply)
    } catch {
      reply.failure(error)
    }
  }

  /// Parses one text.
  ///
  /// - Throws: a parse error, or the limit that the text exceeds.
  static func parse(_ text: Span<UInt8>) throws(RPCError) -> JSONDocument {
    try checkSize(of: text)
    do throws(JSONSyntaxError) {
      return try JSONDocument(message: text)
    } catch {
      throw .parseError(error)
    }
  }

  /// - Throws: the limit that the text exceeds.
  private static func checkSize(of text: Span<UInt8>) throws(RPCError) {
    guard !Limits.nestsTooDeep(text) else {
      throw .exceeded("levels of nesting", limit: Limits.nesting)
    }
    guard !JSONDocument.mayTake(moreThan: Limits.memory, for: text) else {
      throw .exceeded("bytes of memory to read a message", limit: Limits.memory)
    }
  }

  /// Answers one text that is parsed.
  ///
  /// - Parameter context: the connection that it came from, whose buffers may move meanwhile.
  mutating func answer(
    _ document: borrowing JSONDocument, from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    if document.root.kind == .array {
      answer(batch: document.root, from: &service, in: &context, into: &reply)
    } else {
      answer(message: document.root, from: &service, in: &context, into: &reply)
    }
  }

  private mutating func answer(
    batch: JSONView, from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    guard batch.count > 0 else {
      return reply.failure(.invalidRequest("a batch has at least one message"))
    }
    guard batch.count <= Limits.batch else {
      return reply.failure(.exceeded("messages in a batch", limit: Limits.batch))
    }
    let start = reply.mark
    reply.beginArray()
    let empty = reply.count
    var index = 0
    while exitCode == nil, let message = batch[index] {
      let end = reply.mark
      reply.element()
      let before = reply.count
      answer(message: message, from: &service, in: &context, into: &reply)
      if reply.count == before { reply.rewind(to: end) }
      index += 1
    }
    if reply.count == empty { return reply.rewind(to: start) }
    reply.endArray()
  }

  private mutating func answer(
    message: JSONView, from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) {
    let envelope = Envelope(message)
    guard !envelope.isReply else { return }
    let start = reply.mark
    reply.beginReply(id: envelope.id)
    let body = reply.mark
    var isCarriedOut = false
    do throws(RPCError) {
      let method = try envelope.checkedMethod()
      do throws(RPCError) {
        isCarriedOut = try answer(
          method, of: envelope, from: &service, in: &context, into: &reply)
      } catch {
        isCarriedOut = !error.isRefusal
        reply.rewind(to: body)
        reply.error(error)
      }
      envelope.isNotification ? reply.rewind(to: start) : reply.endObject()
    } catch {
      reply.error(error)
      reply.endObject()
    }
    if isCarriedOut { context.takeDown(message, reply: reply, from: start) }
  }

  /// - Returns: whether the service has answered; the lifecycle is the connection's own.
  @inline(__always)
  private mutating func answer(
    _ method: JSONView, of envelope: Envelope, from service: inout some Service & ~Copyable,
    in context: inout RequestContext, into reply: inout JSONWriter
  ) throws(RPCError) -> Bool {
    let params = try envelope.params()
    let isTaken = try lifecycle.take(
      method, isNotification: envelope.isNotification, params: params, for: &service,
      into: &reply)
    if isTaken { return false }
    guard reply.count <= Limits.batchReply else {
      throw .exceeded("bytes in the replies to a batch", limit: Limits.batchReply)
    }
    try context.begin(method, id: envelope.id)
    do throws(RPCError) {
      try service.answer(method: method, params: params, context: &context, into: &reply)
    } catch {
      context.end()
      throw error
    }
    context.end()
    return true
  }
}

extension JSONWriter {
  /// A whole reply, if need be to what has no id that could be read.
  mutating func failure(_ error: RPCError, id: JSONView? = nil) {
    beginReply(id: id)
    self.error(error)
    endObject()
  }

  /// The members of a reply that come before `result` or `error`.
  @inline(__always)
  fileprivate mutating func beginReply(id: JSONView?) {
    raw("{\"jsonrpc\":\"2.0\",\"id\":")
    if let id { value(id) } else { null() }
  }
}
