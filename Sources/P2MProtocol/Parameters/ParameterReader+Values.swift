import Hypervisor
import JSONRPC
import Jansson

/// The kinds of value that parameters have. Each is asked for with what it is about, for the schema.
extension ParameterReader {
  // MARK: Numbers

  /// A whole number within `range`.
  mutating func integer(
    _ name: StaticString, _ range: ClosedRange<Int64>, _ about: StaticString
  ) throws(RPCError) -> Int64 {
    describe(.init("\(name)", .integer(range), "\(about)"))
    guard let value = value(name) else {
      return isDescribing ? range.lowerBound : try refuse(name, Self.expected(range))
    }
    return try integer(value, name, range)
  }

  /// A whole number within `range`, or `absent` where there is none.
  mutating func integer(
    _ name: StaticString, _ range: ClosedRange<Int64>, default absent: Int64,
    _ about: StaticString
  ) throws(RPCError) -> Int64 {
    describe(
      .init("\(name)", .integer(range), "\(about)", isRequired: false, absent: "\(absent)"))
    guard let value = value(name) else { return absent }
    return try integer(value, name, range)
  }

  /// A whole number within `range`, or `nil` where there is none.
  mutating func optionalInteger(
    _ name: StaticString, _ range: ClosedRange<Int64>, _ about: StaticString
  ) throws(RPCError) -> Int64? {
    describe(.init("\(name)", .integer(range), "\(about)", isRequired: false))
    guard let value = value(name) else { return nil }
    return try integer(value, name, range)
  }

  /// The order of pages that lie together: 0, 9 or 18; 0 where it is not said.
  mutating func order(_ about: StaticString) throws(RPCError) -> Int {
    let orders = PageTable.leafOrders
    describe(.init("order", .integers(orders), "\(about)", isRequired: false, absent: "0"))
    guard let value = value("order") else { return 0 }
    guard let order = value.integer, orders.contains(Int(truncatingIfNeeded: order)) else {
      throw refusal(of: "order", "0, 9 or 18: pages of 4 KiB, 2 MiB or 1 GiB")
    }
    return Int(order)
  }

  // Mutating, as the reader would be copied for it otherwise.
  private mutating func integer(
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
  mutating func number(
    _ name: StaticString, _ about: StaticString
  ) throws(RPCError) -> UInt64 {
    describe(.init("\(name)", .number, "\(about)"))
    guard let value = value(name) else {
      return isDescribing ? 0 : try refuse(name, Self.expectedNumber)
    }
    return try number(value, name)
  }

  /// A number of up to 64 bits, or `absent` where there is none.
  mutating func number(
    _ name: StaticString, default absent: UInt64, _ about: StaticString
  ) throws(RPCError) -> UInt64 {
    describe(.init("\(name)", .number, "\(about)", isRequired: false, absent: "\(absent)"))
    guard let value = value(name) else { return absent }
    return try number(value, name)
  }

  private static let expectedNumber =
    "a hex string such as \"0x38000\" of up to 64 bits, or an integer from 0 to 2^53-1"

  private mutating func number(
    _ value: JSONView, _ name: StaticString
  ) throws(RPCError) -> UInt64 {
    guard let number = WireNumber.parse(value) else {
      throw refusal(of: name, Self.expectedNumber)
    }
    return number
  }

  private mutating func refuse<Value>(
    _ name: StaticString, _ expected: String
  ) throws(RPCError) -> Value {
    throw refusal(of: name, expected)
  }

  // MARK: Frames and domains

  /// A guest frame number; `nil` is INVALID_GFN.
  mutating func gfn(
    _ about: StaticString, as name: StaticString = "gfn"
  ) throws(RPCError) -> GFN? {
    GFN(rawValue: try number(name, about))
  }

  /// A machine frame number.
  mutating func mfn(
    _ about: StaticString, as name: StaticString = "mfn"
  ) throws(RPCError) -> MFN {
    let number = try number(name, about)
    guard number < MFN.limit else { throw refusal(of: name, "an MFN below 0x10000000000") }
    return MFN(number)
  }

  /// Frames from `gfn` on, `pages` of them, within a P2M of `limit` frames.
  ///
  /// - Parameter isRAM: whether its `order` may be said, that of the largest leaves that map it.
  mutating func range(
    within limit: UInt64, isRAM: Bool = false
  ) throws(RPCError) -> GuestRange {
    let first = try gfn("the first GFN")
    let pages = try integer("pages", 1...(1 << 36), "how many there are")
    let order = isRAM ? try order("the largest leaves that map it, where it is aligned") : 0
    guard let first,
      let range = GuestRange(first: first, pageCount: UInt64(pages), order: order),
      range.end <= limit
    else {
      let last = String(limit - 1, radix: 16)
      throw refusal(of: "gfn", "a GFN from which 'pages' pages end at 0x\(last) or before")
    }
    return range
  }

  /// A domain's identifier.
  mutating func domain(
    _ about: StaticString, as name: StaticString = "domain"
  ) throws(RPCError) -> DomainID {
    DomainID(UInt16(try integer(name, 0...0xffff, about)))
  }

  // MARK: Words

  mutating func boolean(
    _ name: StaticString, default absent: Bool, _ about: StaticString
  ) throws(RPCError) -> Bool {
    describe(.init("\(name)", .boolean, "\(about)", isRequired: false, absent: "\(absent)"))
    guard let value = value(name) else { return absent }
    guard let boolean = value.boolean else { throw refusal(of: name, "true or false") }
    return boolean
  }

  /// One of a choice's words, or `absent` where there is none.
  mutating func choice<Choice: WireChoice>(
    _ name: StaticString, default absent: Choice, _ about: StaticString
  ) throws(RPCError) -> Choice {
    try optionalChoice(name, shown: "\"\(absent.rawValue)\"", about) ?? absent
  }

  /// One of a choice's words, or `nil` where there is none.
  ///
  /// - Parameter shown: what the schema says stands for it then, as JSON.
  mutating func optionalChoice<Choice: WireChoice>(
    _ name: StaticString, shown: String? = nil, _ about: StaticString
  ) throws(RPCError) -> Choice? {
    describe(
      .init("\(name)", .choice(Choice.words), "\(about)", isRequired: false, absent: shown))
    guard let value = value(name) else { return nil }
    guard let choice = value.word.flatMap(Choice.init(rawValue:)) else {
      throw refusal(of: name, Choice.expected)
    }
    return choice
  }

  /// One of a choice's words.
  mutating func choice<Choice: WireChoice>(
    _ name: StaticString, _ about: StaticString
  ) throws(RPCError) -> Choice {
    describe(.init("\(name)", .choice(Choice.words), "\(about)"))
    let word = value(name)?.word ?? (isDescribing ? Choice.words[0] : "")
    guard let choice = Choice(rawValue: word) else { throw refusal(of: name, Choice.expected) }
    return choice
  }

  /// What a machine, a region or a snapshot is called.
  mutating func name(_ name: StaticString, _ about: StaticString) throws(RPCError) -> String {
    describe(.init("\(name)", .string, "\(about)"))
    guard let value = value(name) else {
      return isDescribing ? "" : try refuse(name, Self.expectedName)
    }
    return try self.name(value, name)
  }

  /// What a machine or a snapshot is called, or `nil` where it is not said.
  mutating func optionalName(
    _ name: StaticString, shown: String? = nil, _ about: StaticString
  ) throws(RPCError) -> String? {
    describe(.init("\(name)", .string, "\(about)", isRequired: false, absent: shown))
    guard let value = value(name) else { return nil }
    return try self.name(value, name)
  }

  private mutating func name(
    _ value: JSONView, _ name: StaticString
  ) throws(RPCError) -> String {
    guard let text = value.word, !text.isEmpty,
      text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != .init(ascii: "/") })
    else { throw refusal(of: name, Self.expectedName) }
    return text
  }

  private static let expectedName = "a name of 1 to 64 bytes without '/' and control characters"

  /// Text of at most `limit` bytes.
  mutating func text(
    _ name: StaticString, atMost limit: Int, _ about: StaticString
  ) throws(RPCError) -> String {
    describe(.init("\(name)", .string, "\(about)"))
    let text = value(name)?.string(atMost: limit) ?? (isDescribing ? "" : nil)
    guard let text else {
      throw refusal(of: name, "a string of \(limit) bytes at most")
    }
    return text
  }

  /// Text of at most `limit` bytes, or `nil` where there is none.
  mutating func optionalText(
    _ name: StaticString, atMost limit: Int, _ about: StaticString
  ) throws(RPCError) -> String? {
    describe(.init("\(name)", .string, "\(about)", isRequired: false))
    guard let value = value(name) else { return nil }
    guard let text = value.string(atMost: limit) else {
      throw refusal(of: name, "a string of \(limit) bytes at most")
    }
    return text
  }
}

extension JSONView {
  /// The string, if it is no longer than a word or a name may be.
  var word: String? { string(atMost: 64) }

  /// The string, if it has `limit` bytes at most; a longer one is not even copied.
  func string(atMost limit: Int) -> String? {
    guard let size = unsafe utf8?.count, size <= limit else { return nil }
    return string
  }
}

/// Numbers that are wider than every client's number type.
package enum WireNumber {
  /// Integers that survive every client's number type.
  private static let safeIntegers: ClosedRange<Int64> = 0...(1 << 53 - 1)
  /// Bytes of a hex string, leading zeros included.
  private static let lengthLimit = 64

  /// The number that `value` is: a hex string or a safe integer.
  package static func parse(_ value: JSONView) -> UInt64? {
    if let integer = value.integer {
      return safeIntegers.contains(integer) ? UInt64(integer) : nil
    }
    guard let text = unsafe value.utf8 else { return nil }
    return unsafe parse(hex: text)
  }

  /// The number that `text` writes as `0x...`, in either case.
  static func parse(hex text: some Collection<UInt8>) -> UInt64? {
    guard text.count > 2, text.count <= lengthLimit else { return nil }
    var bytes = text.makeIterator()
    guard bytes.next() == .init(ascii: "0"), let x = bytes.next(), x | 0x20 == .init(ascii: "x")
    else { return nil }
    var number: UInt64 = 0
    while let byte = bytes.next() {
      guard let digit = digit(byte), number >> 60 == 0 else { return nil }
      number = number << 4 | digit
    }
    return number
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- .init(ascii: "0")
    if digit < 10 { return UInt64(digit) }
    let letter = (byte | 0x20) &- .init(ascii: "a")
    return letter < 6 ? UInt64(letter) + 10 : nil
  }
}
