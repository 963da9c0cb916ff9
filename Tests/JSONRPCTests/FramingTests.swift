import Glibc
import Testing

@testable import JSONRPC

/// What a reader found, with the messages as text.
private enum Found: Equatable, CustomStringConvertible {
  case message(String)
  case tooLong
  case malformed(HeaderFault)

  var description: String {
    switch self {
    case .message(let text): "message(\(text.debugDescription))"
    case .tooLong: "tooLong"
    case .malformed(let fault): "malformed(\(fault.rawValue))"
    }
  }
}

/// Input, and what is to be found in it, however it arrives.
private struct Sample: CustomTestStringConvertible {
  let testDescription: String
  let input: [UInt8]
  let expected: [Found]
  var forced: Framing?

  init(_ name: String, _ input: String, _ expected: [Found], forced: Framing? = nil) {
    testDescription = name
    self.input = Array(input.utf8)
    self.expected = expected
    self.forced = forced
  }
}

@Suite struct FramingTests {
  private static let limit = 100
  private static let long = String(repeating: "x", count: limit + 1)
  private static let full = String(repeating: "x", count: limit)

  private static func lsp(_ body: String, length: Int? = nil) -> String {
    "Content-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)"
  }

  private static let samples: [Sample] = [
    Sample("nothing", "", []),
    Sample("lines", "{1}\n[2]\n3\n", [.message("{1}"), .message("[2]"), .message("3")]),
    Sample("CRLF", "{1}\r\n{2}\r\n", [.message("{1}"), .message("{2}")]),
    Sample("blank lines", "\n \t\r\n{1}\n\n\r\n{2}\n\n", [.message("{1}"), .message("{2}")]),
    Sample("an unterminated last line", "{1}\n{2}", [.message("{1}"), .message("{2}")]),
    Sample("a byte order mark", "\u{FEFF}{1}\n", [.message("{1}")]),
    Sample("a byte order mark before headers", "\u{FEFF}" + lsp("{1}"), [.message("{1}")]),
    Sample("a byte order mark alone", "\u{FEFF}", []),
    Sample("another first byte", "x\n{1}\n", [.message("x"), .message("{1}")]),
    Sample(
      "headers among lines", "{1}\n" + lsp("{}"),
      [
        .message("{1}"), .message("Content-Length: 2"), .message("{}"),
      ]),
    Sample("a line at the limit", "\(full)\n{1}\n", [.message(full), .message("{1}")]),
    Sample("a line over the limit", "\(long)\n{1}\n", [.tooLong, .message("{1}")]),
    Sample(
      "a much longer line", "{1}\n\(long)\(long)\(long)\n{2}",
      [
        .message("{1}"), .tooLong, .message("{2}"),
      ]),
    Sample("an unterminated line over the limit", long + long, [.tooLong]),
    Sample(
      "bodies", lsp("{1}") + lsp("{\r\n2\n}") + lsp(""),
      [
        .message("{1}"), .message("{\r\n2\n}"), .message(""),
      ]),
    Sample(
      "other headers", "Content-Type: x\r\ncontent-length:3\n\n{1}" + lsp("{2}"),
      [
        .message("{1}"), .message("{2}"),
      ]),
    Sample(
      "blank lines between bodies", "\n" + lsp("{1}") + "\r\n\r\n" + lsp("{2}") + "\n",
      [
        .message("{1}"), .message("{2}"),
      ]),
    Sample("a body at the limit", lsp(full) + lsp("{1}"), [.message(full), .message("{1}")]),
    Sample("a body over the limit", lsp(long + long) + lsp("{1}"), [.tooLong, .message("{1}")]),
    Sample(
      "a length over the limit, and no body", lsp("{1}", length: 1 << 40) + lsp("{2}"),
      [
        .tooLong, .message("{2}"),
      ]),
    Sample(
      "a length that is no number", lsp("{1}").replacing("3", with: "three") + lsp("{2}"),
      [
        .malformed(.badLength), .message("{2}"),
      ]),
    Sample(
      "a negative length", "Content-Length: -3\r\n\r\n{1}" + lsp("{2}"),
      [
        .malformed(.badLength), .message("{2}"),
      ]),
    Sample(
      "a length beyond Int", "Content-Length: 99999999999999999999\r\n\r\n" + lsp("{2}"),
      [
        .malformed(.badLength), .message("{2}"),
      ]),
    Sample(
      "no length", "Content-Type: x\r\n\r\n{1}" + lsp("{2}"),
      [
        .malformed(.noLength), .message("{2}"),
      ]),
    Sample(
      "no colon", "Content\r\n\r\n{1}" + lsp("{2}"),
      [
        .malformed(.noColon), .message("{2}"),
      ]),
    Sample(
      "an endless header", "C" + String(repeating: "x", count: 5000) + "\r\n" + lsp("{2}"),
      [
        .malformed(.tooLong), .message("{2}"),
      ]),
    Sample(
      "a length too small", lsp("{\"a\":1}", length: 3) + lsp("{2}") + lsp("{3}"),
      [
        .message("{\"a"), .malformed(.textBeforeName), .message("{2}"), .message("{3}"),
      ]),
    Sample(
      "a length of nothing", lsp("{1}", length: 0) + lsp("{2}"),
      [
        .message(""), .malformed(.textBeforeName), .message("{2}"),
      ]),
    Sample(
      "a length too large", lsp("{1}", length: 90) + lsp("{2}") + lsp("{3}"),
      [
        .malformed(.lengthTooLarge), .message("{2}"), .message("{3}"),
      ]),
    Sample(
      "a length slightly too large", lsp("{1}", length: 6) + lsp("{2}") + lsp("{3}"),
      [
        .message("{1}Con"), .malformed(.noLength), .message("{3}"),
      ]),
    Sample(
      "input that ends in a body", lsp("{1}") + lsp("{2}", length: 4),
      [
        .message("{1}"), .malformed(.inputEnds),
      ]),
    Sample(
      "input that ends in a header", lsp("{1}") + "Content-Le",
      [
        .message("{1}"), .malformed(.inputEnds),
      ]),
    Sample(
      "forced lines", "Content-Length: 3\n{1}\n",
      [
        .message("Content-Length: 3"), .message("{1}"),
      ], forced: .ndjson),
    Sample(
      "forced headers", "{1}\r\n" + lsp("{2}"),
      [
        .malformed(.noColon), .message("{2}"),
      ], forced: .contentLength),
  ]

  @Test("A byte at a time and in one block the same is found", arguments: samples)
  private func found(_ sample: Sample) throws {
    #expect(try Self.find(sample, inPiecesOf: max(1, sample.input.count)) == sample.expected)
    #expect(try Self.find(sample, inPiecesOf: 1) == sample.expected)
    #expect(try Self.find(sample, inPiecesOf: 7) == sample.expected)
  }

  /// Reads the input from a pipe, into which it is put in pieces of so many bytes.
  private static func find(_ sample: Sample, inPiecesOf size: Int) throws -> [Found] {
    let pipe = Pipe()
    defer { close(pipe.reading) }
    var rest = sample.input[...]
    var reader = FrameReader(framing: sample.forced, maxMessage: limit)
    var found: [Found] = []
    while true {
      switch reader.next() {
      case .message(let range):
        found.append(.message(String(decoding: reader.bytes[range], as: UTF8.self)))
      case .tooLong: found.append(.tooLong)
      case .malformed(let fault): found.append(.malformed(fault))
      case .end: return found
      case .starved:
        if rest.isEmpty { close(pipe.writing) } else { send(rest.prefix(size), to: pipe.writing) }
        rest = rest.dropFirst(size)
        try reader.fill(from: Descriptor(number: pipe.reading))
      }
    }
  }

  @Test("A line of 16 MiB is one message, and its memory is given back", arguments: [0, 1])
  func largestLine(_ excess: Int) throws {
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: Limits.message + excess)
    let input = file(with: line + Array("\n{1}\n".utf8))
    defer { close(input) }
    var reader = FrameReader()
    var events: [FrameReader.Event] = []
    var largest = 0
    while events.last != .end {
      let event = reader.next()
      if event == .starved {
        try reader.fill(from: Descriptor(number: input))
      } else {
        events.append(event)
      }
      largest = max(largest, reader.bytes.count)
    }
    #expect(events.count == 3)
    #expect((events.first == .tooLong) == (excess == 1))
    #expect(largest <= Limits.message + Limits.header)
    #expect(reader.bytes.count == 1 << 16)
  }
}
