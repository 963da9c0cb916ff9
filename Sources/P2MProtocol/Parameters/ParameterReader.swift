import JSONRPC
import Jansson

/// Reads a method's parameters, by name or by position, in the order in which it is asked.
///
/// A method asks for all its parameters once, in the order of the reference; that is where they are
/// declared. Whatever was not asked for is refused by `finish`. The same questions, put to a reader
/// that describes, make the method's schema: then every parameter seems to be there, and the answers
/// mean nothing.
@safe
struct ParameterReader {
  /// The most parameters that a method, or members that an object in them, has.
  private static let capacity = 24

  private let params: JSONView?
  /// How many parameters there are.
  private let count: Int
  /// The member behind the one that was found last: parameters mostly come in the order in which
  /// they are asked for, and then none has to be searched.
  private var upcoming: JSONView.Members?
  /// What was asked for, each name ended by NUL; only where it begins, to be little to copy.
  private var names = unsafe InlineArray<24, UnsafePointer<UInt8>?>(repeating: nil)
  private var asked = 0
  private var found = 0
  /// What has been asked for, where the reader describes.
  private(set) var description: [Schema.Member]?

  /// - Parameter params: an object or an array; `nil` where there are none.
  init(_ params: JSONView?) {
    self.params = params
    count = params?.count ?? 0
    if let params, params.kind == .object { upcoming = params.members }
  }

  /// A reader that describes.
  init(describing: Void) {
    params = nil
    count = 0
    description = []
  }

  var isDescribing: Bool { description != nil }

  private var isPositional: Bool { params != nil && upcoming == nil }

  /// Notes a parameter, where the reader describes.
  @inline(__always)
  mutating func describe(_ member: @autoclosure () -> Schema.Member) {
    if isDescribing { description?.append(member()) }
  }

  /// The next parameter, called `name`; `nil` where it is absent or null.
  @inline(__always)
  mutating func value(_ name: StaticString) -> JSONView? {
    precondition(asked < Self.capacity, "a method has \(Self.capacity) parameters at most")
    unsafe names[asked] = name.utf8Start
    asked &+= 1
    guard found < count, let value = search(name) else { return nil }
    found &+= 1
    return value.kind == .null ? nil : value
  }

  private mutating func search(_ name: StaticString) -> JSONView? {
    upcoming == nil ? params?[asked - 1] : upcoming?.take(name) ?? params?[name]
  }

  /// Where the parameter called `name` is, or would be.
  private func path(to name: StaticString) -> String {
    guard isPositional else { return "/\(name)" }
    return "/\(known.firstIndex(of: "\(name)") ?? asked)"
  }

  /// The names that were asked for.
  private var known: [String] {
    (0..<asked).compactMap { unsafe names[$0].map { unsafe String(cString: $0) } }
  }

  /// The error that tells what the parameter called `name` should be.
  func refusal(of name: StaticString, _ expected: String) -> RPCError {
    .invalidParams(path: path(to: name), expected: expected)
  }

  /// Whether there is something that nobody has asked for yet.
  var hasMore: Bool { found < count }

  /// Refuses what nobody asked for.
  ///
  /// - Throws: invalid params, naming the first unknown member.
  func finish() throws(RPCError) {
    guard let params, hasMore else { return }
    if isPositional {
      throw .invalidParams(path: "/\(asked)", expected: "\(asked) parameters at most")
    }
    let known = known
    for member in params.members {
      let name = member.shortName
      if known.contains(name) { continue }
      let hint =
        RPCError.nearest(to: name, in: known).first.map { "did you mean '\($0)'?" }
        ?? "there is no such parameter"
      throw .invalidParams(path: pointer(name), expected: "no such member; \(hint)")
    }
  }

  /// A JSON pointer to the member called `name`, which a client chose.
  private func pointer(_ name: String) -> String {
    var pointer = "/"
    for scalar in name.unicodeScalars.prefix(64) {
      switch scalar {
      case "~": pointer += "~0"
      case "/": pointer += "~1"
      default: pointer.unicodeScalars.append(scalar)
      }
    }
    return pointer
  }
}

extension RPCError {
  /// The same error about a member of the value at `prefix`.
  func within(_ prefix: String) -> RPCError {
    switch data {
    case .expectation(let path, let expected):
      .invalidParams(path: prefix + path, expected: expected)
    case .none, .nearest, .limit:
      self
    }
  }
}
