import P2MProtocol

/// A history as pictures tell it: what was asked, what was answered, and what that made different, on
/// one hypervisor or several in lockstep.
package struct Story: Sendable {
  /// A hypervisor on which it happened.
  package struct Side: Hashable, Sendable {
    package internal(set) var name: String
    /// Whether it is real Xen, of which only a recording is known.
    package var isRecorded = false
    /// The guest frames that are known of it; `nil` for all.
    package var window: Set<UInt64>?

    func knows(_ range: Range<UInt64>) -> Bool { window?.contains(range.lowerBound) ?? true }
  }

  /// A request, and what came of it on each side.
  package struct Step: Sendable {
    /// The line of its file, from 1.
    package let line: Int
    /// The notes before it.
    package var notes: [String] = []
    package let method: String
    package let arguments: String
    /// The recording's own number of it, where it comes from one.
    package var operation: Int?
    /// The request of whose steps this is one.
    package var within: String?
    /// One a side.
    package var outcomes: [Outcome] = []
    /// Where the sides part, if they do.
    package var difference: Difference?

    /// The request, on one line.
    package var text: String { arguments.isEmpty ? method : "\(method) \(arguments)" }
  }

  /// What became of a request.
  package struct Outcome: Sendable {
    /// `ok`, an errno, or another answer in short.
    package var answer = "ok"
    package var isFailure = false
    /// What is told of it, line by line.
    package var narration = Narration()
    /// What the operation broke.
    package var violations: [Finding] = []
    /// What it took away that it did not name.
    package var collateral: [Spot] = []
    package var change = SceneChange()
    /// Whether the hypervisor died, or a domain was crashed.
    package var isDeath = false
  }

  /// A GFN of a domain.
  package struct Spot: Hashable, Sendable {
    package let machine: String
    package let domain: UInt16
    package let frame: UInt64
  }

  /// A property that does not hold any more, and where.
  package struct Finding: Hashable, Sendable {
    package let property: String
    package let message: String
    package let machine: String
    package let domain: UInt16
    /// The GFN, or the frame of the grant table, or the machine frame that it is about.
    package var gfn: UInt64?
    package var grantFrame: Int?
    package var isStatus = false
    package var mfn: UInt64?
  }

  /// Where the sides part, and what each says there.
  package struct Difference: Hashable, Sendable {
    /// What differs: a place in the reply, or what was recorded.
    package let place: String
    /// One a side; `nil` for a side that says nothing there.
    package let values: [String?]
  }

  /// Why there is no story.
  package enum Fault: Error, Hashable, Sendable {
    case nothing
    /// More than `stepLimit` steps.
    case tooManySteps
    /// Whole machines, of this many P2M entries in all, would have had to be looked at.
    case tooLarge(Int)
  }

  /// Steps of a story.
  package static let stepLimit = RequestList.countLimit
  /// Sides that are shown beside each other.
  package static let sideLimit = 2

  package let title: String
  package internal(set) var sides: [Side]
  package internal(set) var steps: [Step] = []
  /// The notes behind the last request.
  package internal(set) var epilogue: [String] = []

  init(title: String, sides: [Side]) {
    self.title = title
    self.sides = sides
  }

  /// The first step in which the sides part, from 1.
  package var parting: Int? { steps.firstIndex { $0.difference != nil }.map { $0 + 1 } }

  /// Behind the address of a page: where sides part, or the end.
  package var anchor: String { "#step=\(parting ?? steps.count)" }

  /// What each side looks like after `count` steps.
  package func scenes(after count: Int) -> [Scene] {
    sides.indices.map { side in
      var scene = Scene()
      for step in steps.prefix(count) { scene.apply(step.outcomes[side].change) }
      return scene
    }
  }
}

extension Story.Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .nothing: "there is no request in it"
    case .tooManySteps: "more than \(Story.stepLimit) steps"
    case .tooLarge(let entries):
      "its machines are too large to be looked at after every request: more than \(entries) P2M "
        + "entries in all; give RAM in larger leaves ('order'), or less of it"
    }
  }
}
