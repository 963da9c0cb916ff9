import Jansson

/// Parameters whose numbers name something: the same number means the same thing everywhere.
enum NumberName: String, CaseIterable {
  case domain, frame, gfn, mfn

  /// Whether how far two numbers lie apart may matter.
  var isPlace: Bool {
    switch self {
    case .frame, .gfn, .mfn: true
    case .domain: false
    }
  }

  /// The number as the server would write it.
  fileprivate func tree(_ number: UInt64) -> JSONTree {
    switch self {
    case .gfn, .mfn: .hex(number)
    case .domain, .frame: number < 1 << 53 ? .integer(Int64(number)) : .hex(number)
    }
  }

  /// The numbers to try instead of `number`, the plainest first.
  ///
  func targets(below number: UInt64, among numbers: [UInt64]) -> [UInt64] {
    let smaller = numbers.filter { $0 < number }
    let targets = Set(0...UInt64(numbers.count)).union(smaller).union(smaller.map { $0 + 1 })
    return targets.filter { $0 < number }.sorted()
  }
}

extension JSONTree {
  fileprivate static func hex(_ number: UInt64) -> JSONTree {
    .string("0x" + String(number, radix: 16))
  }

  /// The number that the value writes, in either way.
  private var number: UInt64? {
    switch self {
    case .integer(let number): UInt64(exactly: number)
    case .string(let text): WireNumber.parse(hex: Array(text.utf8))
    case .null, .boolean, .array, .object: nil
    }
  }

  /// Adds the numbers called `name`, in order of appearance.
  func collect(_ name: NumberName, into numbers: inout [UInt64]) {
    switch self {
    case .null, .boolean, .integer, .string: return
    case .array(let elements):
      for element in elements { element.collect(name, into: &numbers) }
    case .object(let members):
      for member in members {
        if member.name == name.rawValue, let number = member.value.number {
          numbers.append(number)
        } else {
          member.value.collect(name, into: &numbers)
        }
      }
    }
  }

  /// The value with every number called `name` replaced.
  func replacing(_ name: NumberName, _ replace: (UInt64) -> UInt64) -> JSONTree {
    switch self {
    case .null, .boolean, .integer, .string: self
    case .array(let elements): .array(elements.map { $0.replacing(name, replace) })
    case .object(let members):
      .object(
        members.map { member in
          if member.name == name.rawValue, let number = member.value.number {
            .init(name: member.name, value: name.tree(replace(number)))
          } else {
            .init(name: member.name, value: member.value.replacing(name, replace))
          }
        })
    }
  }

  /// The values that lack one member or element of this one, at any depth.
  var withOneLess: [JSONTree] {
    edits { _, value in
      switch value {
      case .null, .boolean, .integer, .string: []
      case .array(let elements): elements.indices.map { .array(elements.without($0)) }
      case .object(let members): members.indices.map { .object(members.without($0)) }
      }
    }
  }

  /// The values in which one number is lower than in this one, at any depth; those that name
  /// something apart.
  var withOneNumberLower: [JSONTree] {
    edits { name, value in
      guard NumberName(rawValue: name) == nil, case .integer(let number) = value, number > 0
      else { return [] }
      return Set([0, 1, number / 2, number - 1]).filter { $0 < number }.sorted().map {
        .integer($0)
      }
    }
  }

  /// What `edit` makes of the value or of one within it, each with the rest as it was.
  private func edits(
    of name: String = "", _ edit: (String, JSONTree) -> [JSONTree]
  ) -> [JSONTree] {
    var found = edit(name, self)
    switch self {
    case .null, .boolean, .integer, .string: break
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        for edited in element.edits(of: name, edit) {
          found.append(.array(elements.replacing(index, with: edited)))
        }
      }
    case .object(let members):
      for (index, member) in members.enumerated() {
        for edited in member.value.edits(of: member.name, edit) {
          let member = Member(name: member.name, value: edited)
          found.append(.object(members.replacing(index, with: member)))
        }
      }
    }
    return found
  }
}

extension Array {
  fileprivate func without(_ index: Int) -> [Element] {
    var copy = self
    copy.remove(at: index)
    return copy
  }

  fileprivate func replacing(_ index: Int, with element: Element) -> [Element] {
    var copy = self
    copy[index] = element
    return copy
  }
}
