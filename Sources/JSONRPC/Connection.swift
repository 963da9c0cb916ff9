import Jansson

/// One client's streams: what waits to be served, and what waits to be written.
struct Connection: ~Copyable {
  var reader: FrameReader
  private let input: Descriptor?
  private let output: Descriptor?
  /// Messages in their framing, not yet written out.
  var pending = JSONWriter()
  /// What was carried out, on its way to the record; `nil` where nothing is recorded.
  var journal: Journal?
  /// Where the message that is being served begins, counted from the start of the input.
  private var position = 0
  /// Where in the reader's bytes it is, unless it is a batch.
  private var message: Range<Int>?
  /// Where in the input each id was cancelled last, of what waits there.
  private var cancelled: [RequestID: Int] = [:]
  /// Why the streams can be used no more, found while a request was working.
  private(set) var failure: StreamError?

  /// - Parameters:
  ///   - input: where messages come from; `nil` where there is no client, but requests to replay.
  ///   - output: where replies go.
  ///   - journal: where what was carried out is recorded, before its replies leave.
  init(
    reader: consuming FrameReader, input: Descriptor?, output: Descriptor?,
    journal: consuming Journal? = nil
  ) {
    self.reader = reader
    self.journal = journal
    self.input = input
    self.output = output
  }

  /// Whether there is a client who could be told of progress.
  var isAttended: Bool { input != nil }

  /// Whether more than so many bytes wait to be written, to the client or to the record.
  func holds(moreThan size: Int) -> Bool {
    switch journal {
    case .none: pending.count > size
    case .some(let journal): pending.count > size || journal.count > size
    }
  }

  // MARK: Reading

  /// Whether something has arrived that is not read yet.
  var isReadable: Bool { input?.isReadable ?? false }

  /// Whether the client is gone.
  var isAbandoned: Bool { output?.isBroken ?? false }

  /// Where messages come from; `nil` where none come any more.
  var source: Descriptor? { reader.atEnd ? nil : input }

  /// Waits for more input.
  mutating func fill() throws(StreamError) {
    // Every message that was there is served, and every cancellation overtaken.
    if !cancelled.isEmpty { cancelled.removeAll() }
    if let input { try reader.fill(from: input) }
  }

  /// Parses the message at this place in the reader's bytes, to be served now.
  ///
  /// - Throws: a parse error, or the limit that the text exceeds.
  mutating func serve(_ message: Range<Int>) throws(RPCError) -> JSONDocument {
    position = reader.passed + message.lowerBound
    let document = try Dispatcher.parse(reader.bytes.span.extracting(message))
    let isAlone = document.root.kind == .object
    self.message = isAlone ? message : nil
    if journal != nil { journal?.stage(message, of: reader, if: isAlone) }
    return document
  }

  /// Lends the text of the message that is being served, unless it is one of a batch. Good until more
  /// input is read.
  @inline(__always)
  func withMessage<Result>(_ body: (Span<UInt8>?) -> Result) -> Result {
    guard let message else { return body(nil) }
    return body(reader.bytes.span.extracting(message))
  }

  /// Something else than the message is carried out, on its behalf: its text is lent no more.
  mutating func turnFromMessage() { message = nil }

  /// The message is answered, if it was one to answer.
  mutating func served() {
    message = nil
    if journal != nil { journal?.unstage() }
  }

  /// Takes in what has arrived, and finds which requests it cancels.
  mutating func listen() {
    guard failure == nil, let input else { return }
    do throws(StreamError) { try reader.fillAhead(from: input) } catch { failure = error }
    var found: [(id: RequestID, position: Int)] = []
    reader.lookAhead { text, position in
      if let id = Cancellation.id(in: text) { found.append((id, position)) }
    }
    for (id, position) in found { cancelled[id] = position }
  }

  /// Whether the client has cancelled the request, as far as is known.
  @inline(__always)
  func hasCancelled(_ id: JSONView?) -> Bool {
    !cancelled.isEmpty && isCancelled(id)
  }

  private func isCancelled(_ id: JSONView?) -> Bool {
    guard let id = id.flatMap(RequestID.init(value:)), let cancellation = cancelled[id] else {
      return false
    }
    return cancellation > position
  }

  // MARK: Writing

  /// Puts a message behind those that wait to be written, in the client's framing.
  mutating func send(_ message: borrowing JSONWriter) {
    switch reader.framing {
    case .ndjson, nil:
      pending.append(message)
      pending.raw("\n")
    case .contentLength:
      pending.raw("Content-Length: ")
      pending.integer(Int64(message.count))
      pending.raw("\r\n\r\n")
      pending.append(message)
    }
  }

  /// Writes out everything that waits: first the record, then the replies.
  ///
  /// - Throws: `StreamError`; where the record failed, the replies have become errors.
  mutating func flush() throws(StreamError) {
    do throws(StreamError) {
      try journal?.commit()
    } catch {
      takeBackReplies(because: error)
      try writeOut()
      throw error
    }
    try writeOut()
  }

  private mutating func writeOut() throws(StreamError) {
    if let output {
      try pending.withBytes { bytes throws(StreamError) in try output.write(bytes) }
    }
    pending.removeAll()
  }

  /// The same while a request is working, which the streams' failure is to end.
  mutating func flushEarly() {
    guard failure == nil else { return }
    do throws(StreamError) { try flush() } catch { failure = error }
  }

  /// Ends with the failure that was found while a request was working, now that it is answered.
  mutating func end(with failure: StreamError) throws(StreamError) -> Never {
    switch failure.operation {
    case .read: try flush()
    case .record:
      takeBackReplies(because: failure)
      try writeOut()
    case .write: break
    }
    throw failure
  }
}
