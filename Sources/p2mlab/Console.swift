import Glibc

/// What the commands print for people.
enum Console {
  /// The colours that a terminal shows; nothing elsewhere, nor where `NO_COLOR` is set.
  struct Style {
    private let isColoured: Bool

    /// For the standard output.
    static let output = Style(
      isColoured: isatty(STDOUT_FILENO) == 1
        && !(unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false))

    func removed(_ text: String) -> String { coloured(text, "31") }
    func added(_ text: String) -> String { coloured(text, "32") }
    func warning(_ text: String) -> String { coloured(text, "33") }
    func faint(_ text: String) -> String { coloured(text, "2") }
    func strong(_ text: String) -> String { coloured(text, "1") }

    /// - Parameter code: of a Select Graphic Rendition sequence, such as `1;31`.
    func coloured(_ text: String, _ code: String) -> String {
      isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
  }

  /// Says on stderr what went wrong.
  static func complain(_ message: String) {
    write("p2mlab: \(message)\n")
  }

  /// Writes `text` to stderr.
  static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  /// Columns of the terminal on the standard output, or that are taken where it is none.
  static var width: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 100
  }

  /// Whether stderr is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
