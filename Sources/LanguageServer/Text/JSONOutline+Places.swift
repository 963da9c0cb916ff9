import Jansson

extension JSONOutline {
  /// A step from a value to one within it.
  package enum Step: Hashable, Sendable {
    case member(String)
    case element(Int)

    /// The step of a JSON pointer.
    var pointer: String {
      switch self {
      case .member(let name): "/" + name.split(separator: "/").joined(separator: "~1")
      case .element(let index): "/\(index)"
      }
    }
  }

  /// What a position in the line is about.
  package struct Place: Sendable {
    /// The steps from the root; for a member's name those to its value.
    package var path: [Step] = []
    package var role: Role
    /// The object or the array around it.
    package var container: Node?
  }

  package enum Role: Sendable {
    /// Within or at the ends of a member's name.
    case key(Range<Int>)
    /// Within or at the ends of a value.
    case value(Node)
    /// Where the value of a member or an element is missing.
    case missingValue
    /// Within an object, where a member could begin.
    case missingKey
    /// Outside of everything.
    case outside
  }

  // MARK: By path

  /// The value at a JSON pointer such as `/params/ram/0/gfn`.
  package func node(at pointer: String) -> Node? { child(at: pointer).map(\.value) ?? nil }

  /// The member or the element at a JSON pointer.
  package func child(at pointer: String) -> Child? {
    var child = Child(key: nil, value: root)
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let node = child.value else { return nil }
      switch node.kind {
      case .object:
        let name = Self.unescaped(step)
        guard let found = node.children.first(where: { self.name(of: $0) == name }) else {
          return nil
        }
        child = found
      case .array:
        guard let index = Int(step), node.children.indices.contains(index) else { return nil }
        child = node.children[index]
      case .string, .word: return nil
      }
    }
    return child
  }

  /// The bytes of the value that the pointer names; where that is missing, of the nearest thing
  /// around it.
  package func nearestRange(to pointer: String) -> Range<Int>? {
    var pointer = pointer[...]
    while true {
      if let child = child(at: String(pointer)), let range = child.value?.range ?? child.key {
        return range
      }
      guard let slash = pointer.lastIndex(of: "/") else { return root?.range }
      pointer = pointer[..<slash]
    }
  }

  private static func unescaped(_ step: Substring) -> String {
    guard step.contains("~") else { return String(step) }
    var text = ""
    var escape = false
    for scalar in step.unicodeScalars {
      if escape {
        text.unicodeScalars.append(scalar == "1" ? "/" : "~")
        escape = false
      } else if scalar == "~" {
        escape = true
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  // MARK: By position

  /// What the byte at `offset`, or the place before it, is about.
  package func place(at offset: Int) -> Place {
    guard let root, root.range.lowerBound <= offset,
      offset < root.range.upperBound || (offset == root.range.upperBound && !root.closesAt(offset))
    else { return Place(role: .outside) }
    var place = Place(role: .value(root))
    var node = root
    while let (step, child) = step(into: node, at: offset) {
      place.container = node
      if let step { place.path.append(step) }
      if let key = child?.key, key.touches(offset) {
        place.role = .key(key)
        return place
      }
      guard let value = child?.value else {
        place.role = step == nil ? .missingKey : .missingValue
        return place
      }
      place.role = .value(value)
      node = value
    }
    return place
  }

  /// - Returns: `nil` for a value without parts.
  private func step(into node: Node, at offset: Int) -> (Step?, Child?)? {
    guard node.kind == .object || node.kind == .array, offset > node.range.lowerBound else {
      return nil
    }
    let found = node.children.lastIndex { $0.range.lowerBound <= offset }
    guard let index = found else {
      return node.kind == .object ? (nil, nil) : (.element(0), nil)
    }
    let child = node.children[index]
    let isPast =
      child.range.upperBound < offset
      && text[child.range.upperBound..<Swift.min(offset, text.count)].contains(.init(ascii: ","))
    if isPast { return node.kind == .object ? (nil, nil) : (.element(index + 1), nil) }
    if let name = name(of: child) {
      // Behind a whole value there is nothing but the next member.
      if let value = child.value, offset > value.range.upperBound || value.closesAt(offset) {
        return (nil, nil)
      }
      return (.member(name), child)
    }
    if node.kind == .object { return (nil, child) }
    return (.element(index), child)
  }

  // MARK: Tokens

  /// The name of a member.
  package func name(of child: Child) -> String? { child.key.map(string(in:)) }

  /// What the string in these bytes says; of one that is not whole, the bytes behind the quote.
  package func string(in range: Range<Int>) -> String {
    let token = text[range]
    if !token.contains(.init(ascii: "\\")) {
      let isClosed = token.count > 1 && token.last == .init(ascii: "\"")
      return String(decoding: token.dropFirst().dropLast(isClosed ? 1 : 0), as: UTF8.self)
    }
    do throws(JSONSyntaxError) {
      let document = try JSONDocument(parsing: Array(token).span)
      defer { extendLifetime(document) }
      return document.root.string ?? ""
    } catch {
      return String(decoding: token.dropFirst(), as: UTF8.self)
    }
  }

  /// What a value without parts says, without quotes.
  package func word(of node: Node) -> String {
    node.kind == .string
      ? string(in: node.range) : String(decoding: text[node.range], as: UTF8.self)
  }
}

extension JSONOutline.Node {
  /// Whether the value ends for good at `offset`, so that nothing belongs to it from there on.
  fileprivate func closesAt(_ offset: Int) -> Bool {
    (kind == .object || kind == .array) && isClosed && range.upperBound == offset
  }
}

extension Range<Int> {
  /// Whether the offset lies within or at either end.
  func touches(_ offset: Int) -> Bool { lowerBound <= offset && offset <= upperBound }
}
