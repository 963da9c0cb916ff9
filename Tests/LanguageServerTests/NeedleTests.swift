import Testing

@testable import LanguageServer

@Suite struct NeedleTests {
  @Test("Bytes are found wherever they are, and nowhere else", arguments: 0..<100)
  func agreesWithSearch(_ seed: UInt64) {
    var random = Random(seed: seed)
    func made(_ count: Int) -> String {
      String((0..<count).map { _ in "ayv/".randomElement(using: &random)! })
    }
    for length in 1...6 {
      let (needle, text) = (made(length), made(.random(in: 0...40, using: &random)))
      #expect(
        Needle(needle).isIn(Array(text.utf8)) == text.contains(needle), "\(needle) in \(text)")
    }
  }
}
