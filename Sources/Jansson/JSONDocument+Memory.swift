extension JSONDocument {
  /// What the parser allocates for a value at most, in bytes; jansson 2.14 on a 64-bit glibc.
  private enum Cost {
    /// A number, and its place in an array that doubles as it grows, the old one still there.
    static let value = 32 + 24
    /// Beyond its bytes: a string, or a member's name with its place in the hash table.
    static let string = 128
    /// An array with its first eight places.
    static let array = 48 + 80
    /// An object with its first eight buckets.
    static let object = 80 + 144
    /// Each byte of a string: its copy, and the token's buffer, which doubles as it grows.
    static let byte = 4
    /// The most that a byte of text can cost: `{},{},...`, rounded up.
    static let greatest = 100
  }

  /// Whether parsing `text` could take more than `budget` bytes; what is not JSON may be counted
  /// too high.
  ///
  /// Found by counting, before the parser starts. An allocator that refuses would not do: within a
  /// token, jansson 2.14 overlooks that memory has run out, and asserts on what it has got. Texts
  /// that are too short to take so much, nearly all, are not looked at.
  package static func mayTake(moreThan budget: Int, for text: Span<UInt8>) -> Bool {
    text.count > budget / Cost.greatest && memory(for: text) > budget
  }

  /// The most memory that parsing `text` takes, in bytes.
  private static func memory(for text: Span<UInt8>) -> Int {
    var sum = Cost.value + text.count * Cost.byte
    var inString = false
    var index = 0
    while index < text.count {
      switch text[index] {
      case .init(ascii: "\""):
        inString.toggle()
        if inString { sum += Cost.string }
      case .init(ascii: "\\") where inString: index += 1
      case .init(ascii: ",") where !inString: sum += Cost.value
      case .init(ascii: "[") where !inString: sum += Cost.value + Cost.array
      case .init(ascii: "{") where !inString: sum += Cost.value + Cost.object
      default: break
      }
      index += 1
    }
    return sum
  }
}
