/// Bytes as text. RFC 4648, section 4: padded, no line breaks.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The value of each byte that is a digit, else -1.
  private static let values: [Int8] = {
    var values = [Int8](repeating: -1, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = Int8(value) }
    return values
  }()

  /// How long the text of so many bytes is.
  static func size(of count: Int) -> Int { (count + 2) / 3 * 4 }

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(size(of: bytes.count))
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : padding)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that `text` stands for, or `nil` where it is no base64.
  static func decode(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count % 4 == 0 else { return nil }
    let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits = 0
    for (index, byte) in text.dropLast(padded).enumerated() {
      let value = Int(values[Int(byte)])
      guard value >= 0 else { return nil }
      bits = bits << 6 | value
      if index % 4 > 0 {
        let kept = 6 - 2 * (index % 4)
        bytes.append(UInt8(truncatingIfNeeded: bits >> kept))
        bits &= 1 << kept - 1
      }
    }
    // What the last digit has beyond the last byte is nothing.
    return bits == 0 ? bytes : nil
  }
}
