extension FrameReader {
  /// A place in the input, and what `next` has to know to go on from there.
  struct Place {
    /// Counted from the start of the input.
    var offset = 0
    var scanned = 0
    var state = State.start
    var framing: Framing?
  }

  private var place: Place {
    get {
      Place(offset: passed + begin, scanned: passed + scanned, state: state, framing: framing)
    }
    set {
      begin = newValue.offset - passed
      scanned = newValue.scanned - passed
      state = newValue.state
      framing = newValue.framing
    }
  }

  /// Reads what is there without waiting, so far as there is room to keep it.
  ///
  /// - Throws: `StreamError` where the descriptor cannot be read.
  mutating func fillAhead(from descriptor: Descriptor) throws(StreamError) {
    let limit = maxMessage + Limits.readAhead
    while !atEnd, end - begin < limit, descriptor.isReadable {
      try fill(from: descriptor, keeping: limit)
    }
  }

  /// Looks through the whole messages that wait to be served, at each of them once, and leaves them
  /// waiting.
  ///
  /// - Parameter look: called with each message and its place, counted from the start of the input.
  mutating func lookAhead(_ look: (Span<UInt8>, Int) -> Void) {
    let served = place
    if looked.offset > served.offset { place = looked }
    search: while true {
      switch next() {
      case .message(let range): look(bytes.span.extracting(range), passed + range.lowerBound)
      case .tooLong, .malformed: break
      case .starved, .end: break search
      }
    }
    looked = place
    place = served
  }
}
