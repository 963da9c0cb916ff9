import Foundation
import Hypervisor
import Testing

@testable import Rendering

/// A picture says in a document what the page says on a screen.
struct DrawingTests {
  @Test func aSmallPictureIsAsItWas() throws {
    let story = try story([
      line("domain.create", #"{"domain":1}"#),
      line("grantFrame.map", #"{"domain":1,"frame":0,"gfn":"0x100"}"#),
    ])
    let drawn = StoryDrawing.svg(of: story.picture(of: 2), in: story)
    let golden = "Tests/RenderingTests/Goldens/small.svg"
    if ProcessInfo.processInfo.environment["P2MLAB_UPDATE_GOLDENS"] != nil {
      try Data(drawn.utf8).write(to: package.appending(path: golden))
    }
    #expect(drawn == String(decoding: try bytes(golden), as: UTF8.self))
  }

  @Test func whatWasTakenAwayIsCrossedOutAndNamed() throws {
    let story = try example("stale-frame.xen-4.16")
    let drawn = StoryDrawing.svg(of: story.picture(of: 9), in: story)
    #expect(drawn.contains("class=\"cell foreign lost\""))
    #expect(drawn.contains("class=\"cross\""))
    #expect(drawn.contains("taken away"))
    #expect(drawn.contains("class=\"arrow blamed\""))
    #expect(drawn.contains("references 2 \u{2192} 1"))
  }

  @Test func aStaleEntryPointsToWhereTheFrameIsNot() throws {
    let story = try example("stale-frame.xen-4.16")
    let picture = story.picture(of: 8)
    let domain = picture.sides[0].machines[0].domains[0]
    #expect(domain.frames.map(\.state) == [.stale])
    #expect(domain.frames[0].told == "stale: it is nowhere")
    #expect(domain.slots.map(\.mark) == [.new, .same, .same])
    #expect(domain.slots[1].shown == nil)
    #expect(domain.slots[1].gap == 15)
    let drawn = StoryDrawing.svg(of: picture, in: story)
    #expect(drawn.contains("class=\"arrow stale\""))
    #expect(drawn.contains("class=\"chip stale\""))
  }

  @Test func twoSidesStandBesideEachOther() throws {
    let story = try example("stale-frame.xen-4.16", on: ["xen-4.16", "xen-4.17"])
    let drawn = StoryDrawing.svg(of: story.picture(of: 5), in: story)
    #expect(drawn.contains(">xen-4.16</text>"))
    #expect(drawn.contains(">xen-4.17</text>"))
    #expect(drawn.contains("\u{2260} Here they part: /result/effects/1"))
  }

  @Test func aSuperpageIsOneCellUntilItIsSplit() throws {
    let story = try example("hole-in-superpage.xen-4.16")
    let slots = story.picture(of: 7).sides[0].machines[0].domains[0].slots
    #expect(slots.map(\.mark) == [.new, .same, .changed, .lost, .changed])
    #expect(slots[2].tag == "split")
    #expect(slots[4].detail == "#0, 507 pages")
    #expect(slots[1].shown?.leafSize == "2 MiB")
  }

  @Test(arguments: exampleNames)
  func everyStepOfEveryExampleIsDrawn(name: String) throws {
    let story = try example(name)
    var book = PictureBook(story)
    for step in 0...story.steps.count {
      let drawn = StoryDrawing.svg(of: book.picture(of: step), in: story)
      let parser = XMLParserStandIn(drawn)
      #expect(parser.isBalanced, "\(name), step \(step)")
    }
  }

  @Test func aTextIsNeverMarkup() {
    #expect(SVG.escaped("<a & \"b\">\u{0}\n") == "&lt;a &amp; &quot;b&quot;&gt;\u{fffd} ")
  }

  @Test(arguments: [
    ("one two three", 7, 3, ["one two", "three"]),
    ("abcdefghij", 4, 9, ["abcd", "efgh", "ij"]),
    ("one two three four", 5, 2, ["one", "two\u{2026}"]),
    ("", 5, 2, []),
  ])
  func textIsBrokenBetweenWords(text: String, limit: Int, lines: Int, expected: [String]) {
    #expect(SVG.wrapped(text, at: limit, lines: lines) == expected)
  }
}

/// Whether tags are closed in order, which is all that drawings could get wrong.
private struct XMLParserStandIn {
  let isBalanced: Bool

  init(_ text: String) {
    var open: [Substring] = []
    var isBalanced = true
    for part in text.split(separator: "<", omittingEmptySubsequences: true) {
      guard let end = part.firstIndex(of: ">") else { continue }
      let tag = part[..<end]
      if tag.hasPrefix("/") {
        isBalanced = isBalanced && open.popLast() == tag.dropFirst()
      } else if !tag.hasSuffix("/") {
        open.append(tag.prefix { $0 != " " && $0 != "\n" })
      }
    }
    self.isBalanced = isBalanced && open.isEmpty
  }
}

/// What an exploration found, by depth.
struct LevelPlotTests {
  @Test func aBarIsAsHighAsTheLogarithm() {
    #expect(LevelPlot.height(of: 1, decades: 2) == 0)
    #expect(LevelPlot.height(of: 10, decades: 2) == 120)
    #expect(LevelPlot.height(of: 100, decades: 2) == 240)
    for states in [2, 3, 7, 42, 99] {
      let exact = 120 * log10(Double(states))
      #expect(abs(Double(LevelPlot.height(of: states, decades: 2)) - exact) < 3, "\(states)")
    }
  }

  @Test func levelsAndViolationsAreThere() {
    let plot = LevelPlot(
      title: "a & b", levels: [1, 20, 0, 300],
      violations: [.init(property: "no-dangling", depth: 3)])
    #expect(plot.svg.contains("<title id=\"title\">a &amp; b</title>"))
    #expect(plot.svg.ranges(of: "class=\"bar\"").count == 3)
    #expect(plot.svg.contains("no-dangling, depth 3"))
  }
}

/// What a terminal shows between requests.
struct TerminalPictureTests {
  private func lines(_ story: Story, _ step: Int, width: Int = 80) -> [String] {
    let picture = TerminalPicture(
      from: story.scenes(after: step - 1)[0], to: story.scenes(after: step)[0],
      story.steps[step - 1].outcomes[0], width: width)
    return picture.lines.map { line in line.map(\.text).joined() }
  }

  @Test func whatIsWhereIsTold() throws {
    let story = try example("stale-frame.xen-4.16")
    #expect(
      lines(story, 8) == [
        "d1 [0x38000 +foreign d2 0x40004, 2 refs] [0x40000+0x10 RAM]",
        "frame 0 -> 0x38000  stale: it is nowhere",
        "d2 [0x40000+0x4 RAM] [0x40004 RAM, 2 refs] [0x40005+0xb RAM]",
      ])
    #expect(
      lines(story, 9).first
        == "d1 [0x38000 x foreign d2 0x40004] [0x38010 +grant frame 0] [0x40000+0x10 RAM]")
  }

  @Test func nothingIsToldWhereNothingIsDifferent() throws {
    #expect(lines(try example("stale-frame.xen-4.16"), 6).isEmpty)
  }

  @Test func linesAreNoWiderThanTheTerminal() throws {
    let story = try example("careless-allocator.xen-4.16")
    for step in 1...story.steps.count {
      for line in lines(story, step, width: 60) where !line.hasPrefix("frame") {
        #expect(line.count <= 60, "\(line)")
      }
    }
  }

  @Test func aLongStripIsCutShort() throws {
    let story = try story(
      [line("domain.create", #"{"domain":1,"privileged":true}"#)]
        + [line("domain.create", #"{"domain":2,"ram":[{"gfn":"0x0","pages":64}]}"#)]
        + (0..<40).map {
          let gfn = "0x\(String($0, radix: 16))"
          return line(
            "foreignPage.map", #"{"domain":1,"gfn":"\#(gfn)","from":{"domain":2,"gfn":"\#(gfn)"}}"#)
        })
    let told = lines(story, story.steps.count)
    let cells = told.filter { $0.hasPrefix("[") || $0.hasPrefix("d1") }
    #expect(cells.count <= 2 * TerminalPicture.lineLimit)
    #expect(told.contains { $0.hasPrefix("and ") && $0.hasSuffix(" more") })
  }
}
