import Foundation
import P2MProtocol
import Testing

@testable import Rendering

/// The page is one file that runs nothing but its own script, whatever a session says.
struct PageTests {
  private static let hostile =
    #"</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> & \u2028 \" ' ]]>"#

  private static func hostileStory() throws -> Story {
    try story(
      [
        line("session.note", #"{"text":"\#(hostile)"}"#),
        line("region.define", #"{"domain":1,"name":"\#(hostile)","gfn":"0x1","pages":1}"#),
        line("snapshot.create", #"{"name":"</script><b>"}"#),
      ], title: "</title><script>alert(2)</script>")
  }

  @Test func whatASessionSaysIsNeverMarkup() throws {
    let page = StoryPage.html(of: try Self.hostileStory())
    #expect(page.ranges(of: "<script").count == 2)
    #expect(page.ranges(of: "</script>").count == 2)
    #expect(page.contains("<title>&lt;/title&gt;&lt;script&gt;alert(2)&lt;/script&gt;</title>"))
    #expect(!page.contains("<img"))
    #expect(!page.unicodeScalars.contains("\u{2028}"))
    #expect(!page.contains("<!--"))
  }

  @Test func theStoryIsWholeAllTheSame() throws {
    let json = StoryJSON.text(of: try Self.hostileStory())
    let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let steps = parsed?["steps"] as? [[String: Any]]
    let note = (steps?.first?["notes"] as? [String])?.first
    #expect(note?.hasPrefix("</script><script>alert(1)</script><!-- <img") == true)
    #expect(note?.contains("\u{2028}") == true)
    #expect(parsed?["title"] as? String == "</title><script>alert(2)</script>")
  }

  @Test func thePolicyLetsNothingBeFetched() throws {
    let page = StoryPage.html(of: try example("stale-frame.xen-4.16"))
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    #expect(page.firstRange(of: "unsafe-inline") == nil)
    #expect(page.firstRange(of: "http://www.w3.org/2000/svg") != nil)
    for word in ["<link", "@import", "url(", "fetch(", "XMLHttpRequest", "innerHTML", "eval("] {
      #expect(!page.contains(word), "\(word)")
    }
    let addresses = page.ranges(of: "http").count
    #expect(addresses == page.ranges(of: "http://www.w3.org/2000/svg").count + 1, "http-equiv")
  }

  @Test func theProgramHasTheTemplateOfTheFolder() throws {
    let process = Process()
    process.executableURL = package.appending(path: ".ci/embed-page")
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let made = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let isCurrent = Array(made) == (try bytes("Sources/Rendering/Page/PageTemplate.swift"))
    #expect(isCurrent, "make page")
  }

  @Test func theSameStoryIsTheSameBytes() throws {
    let pages = try (0..<2).map { _ in
      StoryPage.html(of: try example("stale-frame.xen-4.16", on: ["xen-4.16", "xen-4.17"]))
    }
    #expect(pages[0] == pages[1])
  }
}
