import Jansson

/// How two replies to the same request are compared.
package enum ReplyComparison: Sendable {
  /// Byte by byte.
  case exact
  /// By what they say. Not compared: how frames are numbered (`mfn`, `sharedInfo`, `uri`), the words
  /// of messages, and what a machine follows (`preset`, `knobs`, `overrides`). The same effects, or
  /// violations, in another order are the same.
  case meaning

  private static let ignored: [StaticString] = [
    "mfn", "sharedInfo", "uri", "message", "preset", "knobs", "overrides",
  ]
  private static let unordered: [StaticString] = ["effects", "violations"]

  /// The first difference between two replies, in the order of the first one's members; `expected`
  /// stands for the first.
  package func difference(between first: JSONView, and second: JSONView) -> ReplyDifference? {
    guard (first["error"] == nil) == (second["error"] == nil) else {
      return .whole(first, second)
    }
    return difference(first, second, at: "", isUnordered: false)
  }

  private func difference(
    _ first: JSONView, _ second: JSONView, at path: String, isUnordered: Bool
  ) -> ReplyDifference? {
    switch (first.kind, second.kind) {
    case (.object, .object): members(first, second, path)
    case (.array, .array):
      isUnordered ? unordered(first, second, path) : elements(first, second, path)
    default:
      canonical(first) == canonical(second) ? nil : .at(path, first, second)
    }
  }

  private func members(
    _ first: JSONView, _ second: JSONView, _ path: String
  ) -> ReplyDifference? {
    for member in first.members where !isIgnored(member) {
      let place = "\(path)/\(member.name)"
      guard let other = second.members.first(where: { $0.name == member.name }) else {
        return .at(place, member.value, nil)
      }
      let found = difference(
        member.value, other.value, at: place, isUnordered: isUnordered(member))
      if let found { return found }
    }
    for member in second.members where !isIgnored(member) {
      if !first.members.contains(where: { $0.name == member.name }) {
        return .at("\(path)/\(member.name)", nil, member.value)
      }
    }
    return nil
  }

  private func elements(
    _ first: JSONView, _ second: JSONView, _ path: String
  ) -> ReplyDifference? {
    for index in 0..<max(first.count, second.count) {
      guard let one = first[index], let other = second[index] else {
        return .at("\(path)/\(index)", first[index], second[index])
      }
      let found = difference(one, other, at: "\(path)/\(index)", isUnordered: false)
      if let found { return found }
    }
    return nil
  }

  /// The first element that the other array has not, in either; its index is the place, in the
  /// first array if it is there.
  private func unordered(
    _ first: JSONView, _ second: JSONView, _ path: String
  ) -> ReplyDifference? {
    let missing = unmatched(in: first, against: second)
    let added = unmatched(in: second, against: first)
    guard let index = missing ?? added else { return nil }
    return .at(
      "\(path)/\(index)", missing.flatMap { first[$0] }, added.flatMap { second[$0] })
  }

  /// The first element of `array` that has no like in `other`.
  private func unmatched(in array: JSONView, against other: JSONView) -> Int? {
    var left: [String: Int] = [:]
    for index in 0..<other.count {
      if let element = other[index] { left[canonical(element), default: 0] += 1 }
    }
    for index in 0..<array.count {
      guard let element = array[index] else { continue }
      let text = canonical(element)
      guard let count = left[text], count > 0 else { return index }
      left[text] = count - 1
    }
    return nil
  }

  private func isIgnored(_ member: JSONView.Member) -> Bool {
    self == .meaning && Self.ignored.contains { member.isNamed($0) }
  }

  private func isUnordered(_ member: JSONView.Member) -> Bool {
    self == .meaning && Self.unordered.contains { member.isNamed($0) }
  }

  /// The value as JSON, without what is not compared.
  private func canonical(_ value: JSONView) -> String {
    switch value.kind {
    case .object:
      let members = value.members.filter { !isIgnored($0) }
      return "{" + members.map { "\($0.name):\(canonical($0.value))" }.joined(separator: ",") + "}"
    case .array:
      let elements = (0..<value.count).compactMap { value[$0].map(canonical) }
      return "[" + elements.joined(separator: ",") + "]"
    case .null, .boolean, .integer, .real, .string:
      return value.json
    }
  }
}

extension ReplyDifference {
  fileprivate static func at(
    _ path: String, _ first: JSONView?, _ second: JSONView?
  ) -> ReplyDifference {
    ReplyDifference(path: path, expected: first?.json, actual: second?.json)
  }

  /// One is a result, the other an error.
  fileprivate static func whole(_ first: JSONView, _ second: JSONView) -> ReplyDifference {
    ReplyDifference(path: "", expected: answer(first), actual: answer(second))
  }

  /// A reply without what JSON-RPC puts around it.
  private static func answer(_ reply: JSONView) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    if let result = reply["result"] {
      writer.key("result")
      writer.value(result)
    } else if let error = reply["error"] {
      writer.key("error")
      writer.value(error)
    }
    writer.endObject()
    return writer.text
  }
}
