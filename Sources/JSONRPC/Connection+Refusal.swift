import Jansson

extension Connection {
  /// Makes an error of every reply that has not left, because what it tells is not recorded.
  ///
  /// Notifications, and replies to what was not carried out, stay as they are.
  mutating func takeBackReplies(because failure: StreamError) {
    var replies = JSONWriter()
    swap(&replies, &pending)
    replies.withBytes { bytes in
      var begin = 0
      while let body = body(of: bytes, from: begin) {
        takeBack(bytes.extracting(body), because: failure)
        begin = body.upperBound + (reader.framing == .contentLength ? 0 : 1)
      }
    }
  }

  /// Where the message lies that is framed from `begin` on; `nil` where there is none.
  private func body(of bytes: Span<UInt8>, from begin: Int) -> Range<Int>? {
    guard begin < bytes.count else { return nil }
    var stop = begin
    var length = 0
    while bytes[stop] != .init(ascii: "\n") {
      let digit = Int(bytes[stop]) - Int(UInt8(ascii: "0"))
      if (0...9).contains(digit), reader.framing == .contentLength { length = length * 10 + digit }
      stop += 1
    }
    guard reader.framing == .contentLength else { return begin..<stop }
    // Our headers are one line, CR LF, and a blank one.
    return stop + 3..<stop + 3 + length
  }

  private mutating func takeBack(_ reply: Span<UInt8>, because failure: StreamError) {
    var error = JSONWriter()
    let document = JSONDocument(known: reply)
    error.takenBack(document.root, because: .unrecorded(failure))
    extendLifetime(document)
    send(error)
  }
}

extension JSONWriter {
  /// The error in place of a reply, or of each in a batch.
  fileprivate mutating func takenBack(_ reply: JSONView, because error: RPCError) {
    if reply.kind == .array {
      beginArray()
      for index in 0..<reply.count {
        element()
        if let reply = reply[index] { takenBack(reply, because: error) }
      }
      endArray()
    } else if reply["method"] != nil || reply.isRefusal {
      value(reply)
    } else {
      failure(error, id: reply["id"])
    }
  }
}

extension JSONView {
  /// Whether this is a reply to what was not carried out.
  fileprivate var isRefusal: Bool {
    self["error"]?["code"]?.integer.map { RPCError.isRefusal(Int($0)) } ?? false
  }
}
