/// A story as one HTML file that needs nothing beside it.
///
/// Its policy lets only its own style and script run, known by their hashes, and nothing be fetched. The
/// story is JSON in an element that is no script; the script puts it on the page as text only.
package enum StoryPage {
  package static func html(of story: Story) -> String {
    let page = PageTemplate.page
    var filled = ""
    var rest = page[...]
    while let place = rest.firstRange(of: "{{") {
      filled += rest[..<place.lowerBound]
      rest = rest[place.upperBound...]
      guard let end = rest.firstRange(of: "}}") else { break }
      filled += part(rest[..<end.lowerBound], of: story)
      rest = rest[end.upperBound...]
    }
    return filled + rest
  }

  private static func part(_ name: Substring, of story: Story) -> String {
    switch name {
    case "title": escaped(story.title)
    case "style": PageTemplate.style
    case "script": PageTemplate.script
    case "story": StoryJSON.text(of: story)
    default: preconditionFailure("the page has a place '\(name)' that nobody fills")
    }
  }

  /// Text between tags, or in an attribute.
  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.append(character)
      }
    }
  }
}
