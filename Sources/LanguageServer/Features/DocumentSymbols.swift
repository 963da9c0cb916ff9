import JSONRPC
import Jansson
import P2MProtocol

/// The outline of a session: its notes as headings, the requests below them.
extension LanguageServer {
  mutating func documentSymbols(_ params: JSONView) throws(RPCError) -> JSONTree {
    let hasTrees = client.hasSymbolTrees
    return try withDocument(params) { document throws(RPCError) in
      .array(
        document.chapters().flatMap { chapter in
          hasTrees ? document.tree(chapter) : document.list(chapter)
        })
    }
  }

  /// A note and all up to the next one is folded, and so are a request and the replies behind it.
  mutating func foldingRanges(_ params: JSONView) throws(RPCError) -> JSONTree {
    try withDocument(params) { document throws(RPCError) in
      var ranges: [JSONTree] = []
      for chapter in document.chapters() {
        for lines in [chapter.lines] + chapter.requests where lines.count > 1 {
          ranges.append(
            .object([
              "startLine": .integer(Int64(lines.lowerBound)),
              "endLine": .integer(Int64(lines.upperBound - 1)),
            ]))
        }
      }
      return .array(ranges)
    }
  }
}

/// What stands between two notes.
private struct Chapter {
  /// `nil` before the first note.
  var note: String?
  /// All lines, the note's first.
  var lines: Range<Int>
  /// Each request, with the replies behind it.
  var requests: [Range<Int>] = []
}

/// LSP's kinds of symbols.
private enum SymbolKind: Int64 {
  case namespace = 3
  case method = 6
}

extension OpenDocument {
  fileprivate func chapters() -> [Chapter] {
    var chapters: [Chapter] = []
    for (number, line) in analysis.lines.enumerated() {
      switch line.content {
      case .blank, .fault: break
      case .message(.replies): extend(&chapters, to: number)
      case .message(.requests):
        if let note = line.note {
          chapters.append(Chapter(note: note, lines: number..<number + 1))
        } else {
          if chapters.isEmpty { chapters.append(Chapter(lines: number..<number + 1)) }
          chapters[chapters.count - 1].requests.append(number..<number)
          extend(&chapters, to: number)
        }
      }
    }
    return chapters
  }

  private func extend(_ chapters: inout [Chapter], to line: Int) {
    guard let chapter = chapters.indices.last else { return }
    chapters[chapter].lines = chapters[chapter].lines.lowerBound..<line + 1
    guard let request = chapters[chapter].requests.indices.last else { return }
    let first = chapters[chapter].requests[request].lowerBound
    chapters[chapter].requests[request] = first..<line + 1
  }

  fileprivate func tree(_ chapter: Chapter) -> [JSONTree] {
    let requests = chapter.requests.map { lines in
      symbol(name(ofRequest: lines.lowerBound), .method, lines)
    }
    guard let note = chapter.note else { return requests }
    return [symbol(Self.title(note), .namespace, chapter.lines, requests)]
  }

  private func symbol(
    _ name: String, _ kind: SymbolKind, _ lines: Range<Int>, _ children: [JSONTree] = []
  ) -> JSONTree {
    let first = text.range(ofLine: lines.lowerBound)
    let last = text.range(ofLine: lines.upperBound - 1)
    return .object([
      "name": .string(name), "kind": .integer(kind.rawValue),
      "range": PositionRange(first.start, last.end).json, "selectionRange": first.json,
      "children": children.isEmpty ? nil : .array(children),
    ])
  }

  fileprivate func list(_ chapter: Chapter) -> [JSONTree] {
    func information(_ name: String, _ kind: SymbolKind, _ line: Int) -> JSONTree {
      .object([
        "name": .string(name), "kind": .integer(kind.rawValue),
        "location": location(text.range(ofLine: line)),
        "containerName": kind == .method ? chapter.note.map { .string(Self.title($0)) } : nil,
      ])
    }
    let note = chapter.note.map {
      information(Self.title($0), .namespace, chapter.lines.lowerBound)
    }
    return [note].compactMap { $0 }
      + chapter.requests.map {
        information(name(ofRequest: $0.lowerBound), .method, $0.lowerBound)
      }
  }

  private func name(ofRequest line: Int) -> String {
    Self.title(analysis.lines[line].requests.map(\.summary).joined(separator: "; "))
  }

  /// Never empty, and on one line.
  private static func title(_ text: String) -> String {
    let words = shortened(text).split { $0.isNewline }.joined(separator: " ")
    return words.isEmpty ? "(nothing)" : words
  }
}
