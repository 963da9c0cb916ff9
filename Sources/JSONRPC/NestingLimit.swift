extension Limits {
  /// Whether a message nests deeper than `nesting`, its brackets closed or not.
  ///
  /// Decided before the parser sees it, whose own limit is deeper and whose answer is less clear.
  /// Counting opening brackets is enough for nearly every message, and cheap.
  static func nestsTooDeep(_ text: Span<UInt8>) -> Bool {
    openingBrackets(in: text) > nesting && depth(of: text) > nesting
  }

  /// The number of `[` and `{`, those in strings among them.
  ///
  /// Counted in bytes, as many at a time as a byte can count, so that the compiler vectorises it.
  private static func openingBrackets(in text: Span<UInt8>) -> Int {
    unsafe text.withUnsafeBufferPointer { bytes in
      var count = 0
      var index = 0
      while index < bytes.count {
        let stop = min(index + 255, bytes.count)
        var few: UInt8 = 0
        while index < stop {
          // The two brackets differ in the bit 0x20 only.
          few &+= unsafe bytes[index] & ~0x20 == UInt8(ascii: "[") ? 1 : 0
          index &+= 1
        }
        count += Int(few)
      }
      return count
    }
  }

  /// The greatest depth of brackets outside strings.
  private static func depth(of text: Span<UInt8>) -> Int {
    var depth = 0
    var deepest = 0
    var inString = false
    var index = 0
    while index < text.count {
      switch text[index] {
      case .init(ascii: "\\") where inString: index += 1
      case .init(ascii: "\""): inString.toggle()
      case .init(ascii: "["), .init(ascii: "{"):
        guard !inString else { break }
        depth += 1
        deepest = max(deepest, depth)
      case .init(ascii: "]"), .init(ascii: "}"):
        if !inString { depth -= 1 }
      default: break
      }
      index += 1
    }
    return deepest
  }
}
