import Exploration

/// How far an exploration is, on a terminal.
final class ProgressBar {
  private static let width = 20
  private static let pause = Duration.milliseconds(100)
  private let isShown = Console.isTerminal
  private let start = ContinuousClock.now
  private var next = ContinuousClock.now
  private var wasShown = false

  /// Shows how much of the level was looked at, and what is known of the rest.
  func show(_ progress: SearchProgress) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now >= next else { return }
    next = now + Self.pause
    wasShown = true
    Console.write(
      "\r\u{1b}[K\(Self.line(progress, milliseconds: Int((now - start) / .milliseconds(1))))")
  }

  /// Takes the bar away.
  func clear() {
    if wasShown { Console.write("\r\u{1b}[K") }
  }

  /// What is shown `milliseconds` after the start.
  static func line(_ progress: SearchProgress, milliseconds: Int) -> String {
    let frontier = progress.frontier
    let done = frontier - progress.waitingInLevel
    let filled = done * width / max(frontier, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let speed = Double(progress.looked) * 1000 / Double(max(milliseconds, 1))
    var parts = [
      "depth \(progress.depth)", "\(short(done)) of \(short(frontier))",
      "\(short(progress.states)) states", "\(short(Int(speed)))/s",
      "\((progress.bytes + 1 << 20 - 1) >> 20) MiB",
    ]
    if speed > 0 {
      let level = Double(progress.waitingInLevel) / speed
      parts.append("level in \(duration(level))")
      if let left = progress.expectedStates { parts.append("all in \(duration(left / speed))") }
    }
    return "[\(bar)] \(parts.joined(separator: ", "))"
  }

  /// Three digits or so.
  private static func short(_ number: Int) -> String {
    switch number {
    case ..<10_000: "\(number)"
    case ..<10_000_000: "\(number / 1000)k"
    default: "\(number / 1_000_000)M"
    }
  }

  private static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: "a moment"
    case ..<120: "\(Int(seconds)) s"
    case ..<7200: "\(Int(seconds / 60)) min"
    default: "\(Int(min(seconds, 1e9) / 3600)) h"
    }
  }
}

extension SearchProgress {
  /// States of the level that is being looked at.
  fileprivate var frontier: Int { levels.count > 1 ? levels[levels.count - 2] : states }

  /// States that are still to be looked at, if levels go on shrinking as the last two did; `nil` while
  /// they grow.
  fileprivate var expectedStates: Double? {
    guard levels.count > 3 else { return nil }
    let (earlier, last) = (Double(levels[levels.count - 3]), Double(frontier))
    guard earlier > 0, last < earlier * 0.95 else { return nil }
    let ratio = last / earlier
    return Double(waitingInLevel) + last * ratio / (1 - ratio)
  }
}
