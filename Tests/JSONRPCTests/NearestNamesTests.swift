import Testing

@testable import JSONRPC

@Suite struct NearestNamesTests {
  @Test(
    "The closest names come first, three at most",
    arguments: [
      ("physmap.qeury", ["physmap.query", "physmap.unmap", "array.query"]),
      ("array.query", ["array.query", "frame.query", "physmap.query"]),
      ("", ["array.query", "frame.query", "physmap.query"]),
    ])
  func nearest(_ name: String, _ expected: [String]) {
    let names = ["physmap.query", "physmap.unmap", "array.query", "frame.query"]
    #expect(RPCError.nearest(to: name, in: names) == expected)
  }

  @Test("A name of any length is compared in bounded time")
  func long() {
    let name = "a" + String(repeating: "x", count: 1 << 20)
    #expect(RPCError.nearest(to: name, in: ["b", "a"]) == ["a", "b"])
    #expect(RPCError.nearest(to: name, in: []).isEmpty)
  }
}
