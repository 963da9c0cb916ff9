import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The same requests on several presets, side by side.
///
/// "On a preset" means: the machine that the comparison is about follows it whatever requests say;
/// so does every other machine that is created without a preset.
package struct Comparison: Sendable {
  /// Presets that are compared at once.
  package static let variantLimit = 16

  /// What became of a request, in short.
  package struct Outcome: Hashable, Sendable {
    /// 0 for a result.
    package let code: Int
    /// Xen's name of the error, if it is one of the model's.
    package let errno: String?
    package let violations: [Property]
    /// Whether the reply differs from the first preset's.
    package let differs: Bool
  }

  /// A request, and what became of it on each preset.
  package struct Row: Sendable {
    package let request: RequestList.Request
    package let outcomes: [Outcome]
    /// Whether a reply differs from the first preset's.
    package var differs: Bool { outcomes.contains { $0.differs } }
  }

  /// Where the presets part.
  package struct Parting: Sendable {
    package let request: RequestList.Request
    /// The preset that parts from the first one, as an index.
    package let variant: Int
    /// `expected` is the first preset's value.
    package let difference: ReplyDifference
  }

  package let variants: [Variant]
  /// All requests but notes.
  package private(set) var rows: [Row] = []
  package private(set) var parting: Parting?

  private let comparison: ReplyComparison

  /// Carries out `requests` on each of `variants`.
  ///
  /// - Parameters:
  ///   - start: the machine that exists from the start.
  ///   - machine: the name of the machine that the comparison is about.
  ///   - memory: what the machines may take, to be shared equally; `nil` for as much as each likes.
  ///   - provisions: what the requests may draw on beside the machines.
  ///   - context: what is told of the progress.
  /// - Throws: request cancelled.
  package init(
    _ requests: RequestList, startingWith start: MachineConfiguration, about machine: String,
    on variants: [Variant],
    by comparison: ReplyComparison, memory: HostMemory?, provisions: Provisions = Provisions(),
    context: inout RequestContext
  ) throws(RPCError) {
    self.variants = variants
    self.comparison = comparison
    let lease = memory.flatMap { HostMemory.Lease($0, $0.left) }
    defer { extendLifetime(lease) }
    let share = memory.map { _ in (lease?.count ?? 0) / variants.count }
    var sides = variants.map {
      ExperimentSide(start, about: machine, $0, memory: share, provisions: provisions)
    }
    var nobody = RequestContext()
    var writer = JSONWriter()
    for (done, request) in requests.requests.enumerated() {
      try context.advance(to: done, of: requests.requests.count)
      let message = request.message
      var replies: [[UInt8]] = []
      for index in sides.indices {
        replies.append(sides[index].reply(to: message, &nobody, &writer))
      }
      if !request.isNote { note(request, replies) }
    }
  }

  private mutating func note(_ request: RequestList.Request, _ replies: [[UInt8]]) {
    let first = JSONDocument(known: replies[0])
    defer { extendLifetime(first) }
    var outcomes = [Outcome(of: first.root, differs: false)]
    for index in 1..<replies.count {
      if replies[index] == replies[0] {
        outcomes.append(outcomes[0])
        continue
      }
      let other = JSONDocument(known: replies[index])
      defer { extendLifetime(other) }
      let found = comparison.difference(between: first.root, and: other.root)
      outcomes.append(Outcome(of: other.root, differs: found != nil))
      if let found, parting == nil {
        parting = Parting(request: request, variant: index, difference: found)
      }
    }
    rows.append(Row(request: request, outcomes: outcomes))
  }
}

extension Comparison.Outcome {
  fileprivate init(of reply: JSONView, differs: Bool) {
    self.differs = differs
    let error = reply["error"]
    code = Int(error?["code"]?.integer ?? 0)
    errno = error?["data"]?["errno"]?.string
    violations = reply.violations.compactMap { violation in
      violation["property"]?.word.flatMap(Property.init(rawValue:))
    }
  }
}

extension JSONView {
  /// The violations that a reply tells, of a result or of an error.
  var violations: [JSONView] {
    let array = self["result"]?["violations"] ?? self["error"]?["data"]?["violations"]
    return array?.elements ?? []
  }
}
