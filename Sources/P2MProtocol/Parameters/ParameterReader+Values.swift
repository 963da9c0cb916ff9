import Hypervisor
import JSONRPC
import Jansson

/// The kinds of value that parameters have.
extension ParameterReader {
  /// Integers that survive every client's number type.
  private static let safeIntegers: ClosedRange<Int64> = 0...(1 << 53 - 1)

  // MARK: Numbers

  /// A whole number within `range`.
  mutating func integer(
    _ name: StaticString, _ range: ClosedRange<Int64>
  ) throws(RPCError) -> Int64 {
    let value = try required(name, Self.expected(range))
    return try integer(value, name, range)
  }

  /// A whole number within `range`, or `absent` where there is none.
  mutating func integer(
    _ name: StaticString, _ range: ClosedRange<Int64>, default absent: Int64
  ) throws(RPCError) -> Int64 {
    guard let value = optional(name) else { return absent }
    return try integer(value, name, range)
  }

  private func integer(
    _ value: JSONView, _ name: StaticString, _ range: ClosedRange<Int64>
  ) throws(RPCError) -> Int64 {
    guard let integer = value.integer, range.contains(integer) else {
      throw refusal(of: name, Self.expected(range))
    }
    return integer
  }

  private static func expected(_ range: ClosedRange<Int64>) -> String {
    "an integer from \(range.lowerBound) to \(range.upperBound)"
  }

  /// A number of up to 64 bits: a hex string, or an integer below 2^53.
  mutating func number(_ name: StaticString, _ what: StaticString) throws(RPCError) -> UInt64 {
    let value = try required(name, Self.expectedNumber(what))
    guard let number = Self.number(value) else {
      throw refusal(of: name, Self.expectedNumber(what))
    }
    return number
  }

  /// A number of up to 64 bits, or `absent` where there is none.
  mutating func number(
    _ name: StaticString, _ what: StaticString, default absent: UInt64
  ) throws(RPCError) -> UInt64 {
    guard let value = optional(name) else { return absent }
    guard let number = Self.number(value) else {
      throw refusal(of: name, Self.expectedNumber(what))
    }
    return number
  }

  private static func expectedNumber(_ what: StaticString) -> String {
    "\(what) as a hex string such as \"0x38000\", or an integer from 0 to 2^53-1"
  }

  private static func number(_ value: JSONView) -> UInt64? {
    if let integer = value.integer {
      return safeIntegers.contains(integer) ? UInt64(integer) : nil
    }
    guard let text = unsafe value.utf8, text.count > 2, unsafe text[0] == .init(ascii: "0"),
      unsafe text[1] | 0x20 == .init(ascii: "x")
    else { return nil }
    var number: UInt64 = 0
    for index in 2..<text.count {
      guard let digit = unsafe hexDigit(text[index]), number >> 60 == 0 else { return nil }
      number = number << 4 | digit
    }
    return number
  }

  private static func hexDigit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- .init(ascii: "0")
    if digit < 10 { return UInt64(digit) }
    let letter = (byte | 0x20) &- .init(ascii: "a")
    return letter < 6 ? UInt64(letter) + 10 : nil
  }

  // MARK: Frames and domains

  /// A guest frame number; `nil` is INVALID_GFN.
  mutating func gfn(_ name: StaticString = "gfn") throws(RPCError) -> GFN? {
    GFN(rawValue: try number(name, "a GFN"))
  }

  /// A machine frame number.
  mutating func mfn(_ name: StaticString = "mfn") throws(RPCError) -> MFN {
    let number = try number(name, "an MFN")
    guard number < MFN.limit else { throw refusal(of: name, "an MFN below 0x10000000000") }
    return MFN(number)
  }

  /// Frames from `gfn` on, `pages` of them, within a P2M of `limit` frames.
  mutating func range(within limit: UInt64) throws(RPCError) -> GuestRange {
    let first = try gfn()
    let pages = try integer("pages", 1...(1 << 36))
    guard let first, let range = GuestRange(first: first, pageCount: UInt64(pages)),
      range.end <= limit
    else {
      let last = String(limit - 1, radix: 16)
      throw refusal(of: "gfn", "a GFN from which 'pages' pages end at 0x\(last) or before")
    }
    return range
  }

  /// A domain's identifier.
  mutating func domain(_ name: StaticString = "domain") throws(RPCError) -> DomainID {
    DomainID(UInt16(try integer(name, 0...0xffff)))
  }

  // MARK: Words

  mutating func boolean(
    _ name: StaticString, default absent: Bool
  ) throws(RPCError) -> Bool {
    guard let value = optional(name) else { return absent }
    guard let boolean = value.boolean else { throw refusal(of: name, "true or false") }
    return boolean
  }

  /// One of a choice's words, or `nil` where there is none.
  mutating func choice<Choice: WireChoice>(
    _ name: StaticString, _: Choice.Type
  ) throws(RPCError) -> Choice? {
    guard let value = optional(name) else { return nil }
    guard let choice = value.string.flatMap(Choice.init(rawValue:)) else {
      throw refusal(of: name, Choice.expected)
    }
    return choice
  }

  /// What a machine or a region is called.
  mutating func name(_ name: StaticString) throws(RPCError) -> String {
    guard let text = try optionalName(name) else { throw refusal(of: name, Self.expectedName) }
    return text
  }

  /// What a machine or a region is called, or `nil` where it is not said.
  mutating func optionalName(_ name: StaticString) throws(RPCError) -> String? {
    guard let value = optional(name) else { return nil }
    guard let text = value.string, (1...64).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != .init(ascii: "/") })
    else { throw refusal(of: name, Self.expectedName) }
    return text
  }

  private static let expectedName = "a name of 1 to 64 bytes without '/' and control characters"

  /// Any text.
  mutating func text(_ name: StaticString) throws(RPCError) -> String {
    guard let text = try required(name, "a string").string else {
      throw refusal(of: name, "a string")
    }
    return text
  }

  // MARK: Structures

  /// The object called `name`, whose members `read` asks for.
  mutating func object<Value>(
    _ name: StaticString, _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> Value {
    let value = try optionalObject(name, read)
    guard let value else { throw refusal(of: name, "an object") }
    return value
  }

  /// The same, or `nil` where there is no such object.
  mutating func optionalObject<Value>(
    _ name: StaticString, _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> Value? {
    guard let value = optional(name) else { return nil }
    guard value.kind == .object else { throw refusal(of: name, "an object") }
    return try Self.members(of: value, at: "/\(name)", read)
  }

  /// The objects in the array called `name`, none where there is no such array.
  mutating func objects<Value>(
    _ name: StaticString, atMost limit: Int,
    _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> [Value] {
    guard let array = optional(name) else { return [] }
    guard array.kind == .array, array.count <= limit else {
      throw refusal(of: name, "an array of \(limit) objects at most")
    }
    var values: [Value] = []
    for index in 0..<array.count {
      guard let value = array[index], value.kind == .object else {
        throw .invalidParams(path: "/\(name)/\(index)", expected: "an object")
      }
      values.append(try Self.members(of: value, at: "/\(name)/\(index)", read))
    }
    return values
  }

  private static func members<Value>(
    of object: JSONView, at path: @autoclosure () -> String,
    _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> Value {
    do throws(RPCError) {
      var reader = ParameterReader(object)
      let value = try read(&reader)
      try reader.finish()
      return value
    } catch {
      throw error.within(path())
    }
  }
}

/// A choice between words of the wire.
protocol WireChoice: RawRepresentable<String>, CaseIterable {}

extension WireChoice {
  /// What to say to a client that gave another word.
  static var expected: String {
    "one of " + allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
  }
}

extension Tracking: WireChoice {}
extension Remap: WireChoice {}
extension RemovalCheck: WireChoice {}
extension FrameIndexWidth: WireChoice {}
extension InvalidGFNCheck: WireChoice {}
extension ForeignErrno: WireChoice {}
extension StatusFramePinning: WireChoice {}
extension M2PLookup: WireChoice {}
extension StatusFreeing: WireChoice {}
extension CPU: WireChoice {}
extension Region.Kind: WireChoice {}
extension Property: WireChoice {}
