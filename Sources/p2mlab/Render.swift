import ArgumentParser
import Hypervisor
import P2MProtocol
import Rendering

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw a session, or a recording of real Xen, as a page to step through or as pictures.")

  @Argument(help: "A session, or a recording of real Xen (xen-trace/1); \"-\" is stdin.")
  var file: String

  @Option(name: .shortAndLong)
  var output: String

  @Option var presets: String?

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var provisions: ProvisionOptions

  func run() throws {
    let text = try Files.read(file)
    let story: Story
    let title = String(file.split(separator: "/").last ?? "")
    if let session = try? Session(text) {
      let variants = try (presets?.split(separator: ",") ?? []).map { try Variant(String($0)) }
      story = try Story(
        try RequestList(session), title: title, on: variants, settings: overrides.settings,
        provisions: try provisions.load())
    } else {
      story = try Story(recording: text, title: title, settings: overrides.settings)
    }
    try Files.replace(output, with: Array(StoryPage.html(of: story).utf8))
  }
}
