import Hypervisor

/// What is to be drawn of one step: the machines after it, and what it made different.
package struct StepPicture: Sendable {
  /// The notes before the step, or the last one before them.
  package let notes: [String]
  /// The request; `nil` before the first one.
  package let step: Story.Step?
  /// From 0, where nothing has been asked yet.
  package let number: Int
  package let sides: [SidePicture]
}

package struct SidePicture: Sendable {
  package let name: String
  package let isRecorded: Bool
  package let outcome: Story.Outcome?
  package let machines: [MachinePicture]
}

package struct MachinePicture: Sendable {
  package let name: String
  package let facts: MachineFacts
  package let domains: [DomainPicture]
}

package struct DomainPicture: Sendable {
  package let id: UInt16
  package let facts: DomainFacts
  /// One a slot of the story.
  package let slots: [SlotPicture]
  /// Frames that are tracked or mapped, or were before the step.
  package let frames: [FramePicture]
  /// How many other grant frames there are, and how many status frames.
  package let idleFrames: (grant: Int, status: Int)
}

/// What is at one slot, and what the step did there.
package struct SlotPicture: Sendable {
  package enum Mark: Sendable {
    case same, new, changed
    /// Unmapped as asked, or moved.
    case gone
    /// Taken away by an operation that did not name it.
    case lost
    /// A page that was freed though it is mapped.
    case freed
  }

  package let range: Range<UInt64>
  /// What is drawn: what is there, or where it went in this step, what was there; `nil` for nothing.
  package let shown: Block?
  package let mark: Mark
  /// What is written below it.
  package let tag: String
  /// Whether anything is known of it.
  package let isKnown: Bool
  /// Whether a violation is about it.
  package let isBroken: Bool
  /// The region that begins here.
  package let region: String?
  /// Guest frames before it at which nothing ever is; 0 for the first slot.
  package let gap: UInt64
}

/// A frame of the grant table, and where Xen believes it.
package struct FramePicture: Sendable {
  package enum State: Sendable {
    case right, stale, untracked, nowhere
  }

  package let isStatus: Bool
  package let number: Int
  package let mark: FrameList.Mark
  /// Where it was believed before the step, if something else was taken away there.
  package let blamed: GFN?
  package let isTouched: Bool

  package var state: State {
    if mark.isStale { return .stale }
    if mark.isUntracked { return .untracked }
    return mark.tracked == nil ? .nowhere : .right
  }

  package var name: String { "\(isStatus ? "status" : "frame") \(number)" }

  /// What is said of it below its name.
  package var told: String {
    func list(_ gfns: [GFN]) -> String { gfns.map(\.description).joined(separator: ", ") }
    return switch state {
    case .right: "it is there"
    case .nowhere: ""
    case .stale:
      mark.mappedAt.isEmpty ? "stale: it is nowhere" : "stale: it is at \(list(mark.mappedAt))"
    case .untracked: "but it is at \(list(mark.mappedAt.filter { $0 != mark.tracked }))"
    }
  }
}

extension SlotPicture {
  /// What is written in it.
  package var title: String { shown?.title ?? (isKnown ? "empty" : "not recorded") }

  /// What `shown` is called, with how many pages where that is not one.
  package var detail: String {
    guard let shown else { return "" }
    let count = range.count
    let isRun: Bool =
      switch shown.kind {
      case .ram, .device, .hole, .unknown: true
      case .grant, .status, .foreign, .populated, .sharedInfo, .free: false
      }
    let pages = isRun || count > 1 ? "\(count) \(count == 1 ? "page" : "pages")" : ""
    return [shown.detail, pages].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
