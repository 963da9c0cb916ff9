import Hypervisor
import Jansson
import Laboratory

/// Reads the lines of a recording in the format `xen-trace/1`.
package enum RecordingReader {
  /// Whether a text's first line says that it is a recording.
  package static func isRecording(_ text: borrowing [UInt8]) -> Bool {
    guard let first = TextLine.all(of: text).first,
      let document = try? JSONDocument(parsing: text.span.extracting(first.range))
    else { return false }
    defer { extendLifetime(document) }
    return document.root["format"] != nil
  }

  /// Reads the first line.
  /// - Throws: what is wrong with it.
  package static func header(_ line: Span<UInt8>) throws(UnusableInput) -> RecordingHeader {
    try read(line, number: 1) { object throws(Fault) in
      guard object["format"]?.equals("xen-trace/1") == true else {
        throw Fault("'format' is not \"xen-trace/1\"")
      }
      guard let release = object["xen"]?.string else { throw Fault("'xen' is not a release") }
      guard let caller = object["caller"]?.string.flatMap(RecordedCaller.init) else {
        let known = RecordedCaller.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw Fault("'caller' is none of \(known)")
      }
      var cpu = caller == .pvhDom0 ? CPU.x86 : .cortexA57
      if let named = object["cpu"] {
        guard let known = named.string.flatMap(CPU.init) else { throw Fault("unknown 'cpu'") }
        cpu = known
      }
      guard let window = object["window"], window.kind == .array else {
        throw Fault("'window' is not an array of GFNs")
      }
      var gfns: [GFN] = []
      for index in 0..<window.count {
        guard let gfn = window[index].flatMap(number).flatMap(GFN.init(rawValue:)) else {
          throw Fault("'window' is not an array of GFNs")
        }
        gfns.append(gfn)
      }
      guard (cpu.architecture == .x86) == (caller == .pvhDom0) else {
        throw Fault("'caller' and 'cpu' are of different architectures")
      }
      let isCapped = object["cmdline"]?.string?.contains("max:") == true
      return RecordingHeader(
        release: release, caller: caller, cpu: cpu, window: gfns, isMemoryCapped: isCapped)
    }
  }

  /// Reads the release that the first line names, and whether x86 made it, even where the rest of
  /// the line is not for this version.
  package static func release(_ line: Span<UInt8>) throws(UnusableInput) -> String {
    try read(line, number: 1) { object throws(Fault) in
      guard object["format"]?.equals("xen-trace/1") == true else {
        if object["jsonrpc"] != nil {
          throw Fault("a session, not a recording of real Xen; 'p2mlab run' plays it")
        }
        throw Fault("'format' is not \"xen-trace/1\"")
      }
      guard let release = object["xen"]?.string else { throw Fault("'xen' is not a release") }
      let isX86 = object["arch"]?.equals("x86") == true && !release.hasPrefix("x86-")
      return isX86 ? "x86-" + release : release
    }
  }

  /// Reads the second line, the state before the first operation.
  /// - Throws: what is wrong with it.
  package static func initialState(_ line: Span<UInt8>) throws(UnusableInput) -> RecordedState {
    try read(line, number: 2) { object throws(Fault) in
      guard object["op"]?.equals("init") == true else { throw Fault("'op' is not \"init\"") }
      return try state(object)
    }
  }

  /// Reads a later line.
  /// - Throws: what is wrong with it.
  package static func step(
    _ line: Span<UInt8>, number: Int
  ) throws(UnusableInput) -> RecordedStep {
    try read(line, number: number) { object throws(Fault) in
      guard let index = object["i"]?.integer else { throw Fault("'i' is not a number") }
      return RecordedStep(
        number: Int(index), operation: try operation(object), outcome: try outcome(object),
        state: try state(object))
    }
  }

  /// Reads what was done and what it returned, from members of a line without the braces around them.
  ///
  /// - Returns: `nil` where the rest of the line can say more about that, or something is wrong.
  static func action(_ members: Span<UInt8>) -> RecordedAction? {
    var text: [UInt8] = [.init(ascii: "{")]
    unsafe members.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    text.append(.init(ascii: "}"))
    guard let document = try? JSONDocument(parsing: text.span) else { return nil }
    defer { extendLifetime(document) }
    let object = document.root
    // What `probe1` read is compared as states are.
    guard object["op"]?.equals("probe1") == false, object["rc"] != nil, object["i"] == nil,
      object["p2m"] == nil, object["frames"] == nil, object["tracked"] == nil,
      object["grantVersion"] == nil
    else { return nil }
    do throws(Fault) {
      return RecordedAction(try operation(object), outcome: try outcome(object))
    } catch {
      return nil
    }
  }

  /// What is wrong within a line.
  struct Fault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  private static func read<Value>(
    _ line: Span<UInt8>, number: Int, _ body: (JSONView) throws(Fault) -> Value
  ) throws(UnusableInput) -> Value {
    let document = try JSONDocument(line, number: number)
    defer { extendLifetime(document) }
    do throws(Fault) {
      guard document.root.kind == .object else { throw Fault("not a JSON object") }
      return try body(document.root)
    } catch {
      throw UnusableInput(line: number, reason: error.reason)
    }
  }
}
