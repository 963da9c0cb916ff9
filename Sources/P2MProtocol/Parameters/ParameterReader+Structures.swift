import Hypervisor
import JSONRPC
import Jansson

/// Parameters that have members or elements of their own.
extension ParameterReader {
  /// The object called `name`, whose members `read` asks for.
  mutating func object<Value>(
    _ name: StaticString, _ about: StaticString,
    _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> Value {
    let members = try Self.describe(read, if: isDescribing)
    if let (value, members) = members {
      describe(.init("\(name)", .object(members), "\(about)"))
      return value
    }
    guard let value = value(name), value.kind == .object else {
      throw refusal(of: name, "an object")
    }
    return try Self.members(of: value, at: "/\(name)", read)
  }

  /// The object called `name`, whose members `read` asks for, or `nil` where there is none.
  mutating func optionalObject<Value>(
    _ name: StaticString, _ about: StaticString,
    _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> Value? {
    if let (_, members) = try Self.describe(read, if: isDescribing) {
      describe(.init("\(name)", .object(members), "\(about)", isRequired: false))
    }
    guard let value = value(name) else { return nil }
    guard value.kind == .object else { throw refusal(of: name, "an object") }
    return try Self.members(of: value, at: "/\(name)", read)
  }

  /// The objects in the array called `name`, none where there is no such array.
  mutating func objects<Value>(
    _ name: StaticString, atMost limit: Int, _ about: StaticString,
    _ read: (inout ParameterReader) throws(RPCError) -> Value
  ) throws(RPCError) -> [Value] {
    if let (_, members) = try Self.describe(read, if: isDescribing) {
      let schema = Schema.array(of: .object(members), atMost: limit)
      describe(.init("\(name)", schema, "\(about)", isRequired: false, absent: "[]"))
    }
    guard let array = value(name) else { return [] }
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

  /// The words in the array called `name`, or `nil` where there is no such array.
  mutating func choices<Choice: WireChoice>(
    _ name: StaticString, _ about: StaticString
  ) throws(RPCError) -> [Choice]? {
    let limit = Choice.allCases.count
    let schema = Schema.array(of: .choice(Choice.words), atMost: limit)
    describe(.init("\(name)", schema, "\(about)", isRequired: false))
    guard let array = value(name) else { return nil }
    guard array.kind == .array, array.count <= limit else {
      throw refusal(of: name, "an array of \(limit) words at most")
    }
    var choices: [Choice] = []
    for index in 0..<array.count {
      guard let choice = array[index]?.word.flatMap(Choice.init(rawValue:)) else {
        throw .invalidParams(path: "/\(name)/\(index)", expected: Choice.expected)
      }
      choices.append(choice)
    }
    return choices
  }

  /// The integers in the array called `name`, each one of `known`; `nil` where there is no such array.
  mutating func integers(
    _ name: StaticString, among known: [Int], _ about: StaticString
  ) throws(RPCError) -> [Int]? {
    let schema = Schema.array(of: .integers(known), atMost: known.count)
    describe(.init("\(name)", schema, "\(about)", isRequired: false))
    guard let array = value(name) else { return nil }
    guard array.kind == .array, array.count <= known.count else {
      throw refusal(of: name, "an array of \(known.count) integers at most")
    }
    var integers: [Int] = []
    for index in 0..<array.count {
      guard let integer = array[index]?.integer, known.contains(Int(integer)) else {
        let words = known.map { "\($0)" }.joined(separator: ", ")
        throw .invalidParams(path: "/\(name)/\(index)", expected: "one of \(words)")
      }
      integers.append(Int(integer))
    }
    return integers
  }

  /// The numbers in the array called `name`; `nil` where there is no such array.
  mutating func numbers(
    _ name: StaticString, atMost limit: Int, _ about: StaticString
  ) throws(RPCError) -> [UInt64]? {
    describe(
      .init("\(name)", .array(of: .number, atMost: limit), "\(about)", isRequired: false))
    guard let array = value(name) else { return nil }
    guard array.kind == .array, array.count <= limit else {
      throw refusal(of: name, "an array of \(limit) numbers at most")
    }
    var numbers: [UInt64] = []
    for index in 0..<array.count {
      guard let number = array[index].flatMap({ WireNumber.parse($0) }) else {
        throw .invalidParams(
          path: "/\(name)/\(index)", expected: "a number: \"0x...\", or an integer below 2^53")
      }
      numbers.append(number)
    }
    return numbers
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

  private static func describe<Value>(
    _ read: (inout ParameterReader) throws(RPCError) -> Value, if isDescribing: Bool
  ) throws(RPCError) -> (Value, [Schema.Member])? {
    guard isDescribing else { return nil }
    var reader = ParameterReader(describing: ())
    let value = try read(&reader)
    return (value, reader.description ?? [])
  }
}

/// A choice between words of the wire.
protocol WireChoice: RawRepresentable<String>, CaseIterable {}

extension WireChoice {
  /// The words, in order.
  static var words: [String] { allCases.map(\.rawValue) }

  /// What to say to a client that gave another word.
  static var expected: String {
    "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}

extension CPU: WireChoice {}
extension FaultSite: WireChoice {}
extension Region.Kind: WireChoice {}
extension Property: WireChoice {}
