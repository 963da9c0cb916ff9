import Jansson

/// Where a reply is not as expected.
package struct ReplyDifference: Hashable, Sendable {
  /// A JSON pointer into the reply.
  package let path: String
  /// The value there, as JSON; `nil` where there is none.
  package let expected: String?
  package let actual: String?
}

extension ReplyDifference {
  /// The first difference between `actual` and what is `expected` of it.
  ///
  /// Members that the expectation does not name are not compared; arrays are, element by element.
  package init?(expected: JSONView, actual: JSONView, path: String = "") {
    let difference =
      switch (expected.kind, actual.kind) {
      case (.object, .object): Self.among(members: expected, actual, path)
      case (.array, .array): Self.among(elements: expected, actual, path)
      default:
        expected.isSameScalar(as: actual)
          ? nil : ReplyDifference(path: path, expected: expected.json, actual: actual.json)
      }
    guard let difference else { return nil }
    self = difference
  }

  private static func among(
    members expected: JSONView, _ actual: JSONView, _ path: String
  ) -> ReplyDifference? {
    for member in expected.members {
      let path = path + "/" + member.name
      guard let value = actual.member(member.name) else {
        return ReplyDifference(path: path, expected: member.value.json, actual: nil)
      }
      if let found = ReplyDifference(expected: member.value, actual: value, path: path) {
        return found
      }
    }
    return nil
  }

  private static func among(
    elements expected: JSONView, _ actual: JSONView, _ path: String
  ) -> ReplyDifference? {
    for index in 0..<max(expected.count, actual.count) {
      let path = path + "/\(index)"
      guard let wanted = expected[index], let value = actual[index] else {
        return ReplyDifference(
          path: path, expected: expected[index]?.json, actual: actual[index]?.json)
      }
      if let found = ReplyDifference(expected: wanted, actual: value, path: path) {
        return found
      }
    }
    return nil
  }
}

extension JSONView {
  /// The member called `name`.
  func member(_ name: String) -> JSONView? {
    members.first { $0.name == name }?.value
  }

  /// The value as JSON.
  package var json: String {
    var writer = JSONWriter()
    writer.value(self)
    return writer.text
  }

  /// Whether both are the same null, boolean, number or string.
  fileprivate func isSameScalar(as other: JSONView) -> Bool {
    kind == other.kind && kind != .object && kind != .array && json == other.json
  }
}
