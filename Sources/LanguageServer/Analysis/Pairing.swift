import JSONRPC
import Jansson
import P2MProtocol

/// Which expected reply belongs to which line, as `p2mlab run` has it.
package struct Pairing: Sendable {
  /// A message of a reply that was given.
  struct Given: Hashable, Sendable {
    let line: Int
    /// Its place in the reply, if that is a batch.
    let index: Int
  }

  /// By line: what each message that it expects is to be compared with.
  fileprivate(set) var given: [[Given?]]
  /// By line: the lines that expect replies to it.
  fileprivate(set) var expected: [[Int]]
  /// Expected replies, by line, to ids that no request has.
  fileprivate(set) var orphans: [Int: RequestID] = [:]
}

/// What came of comparing an expected reply.
struct Verdict: Sendable {
  /// The replies that it was compared with, by their serial numbers.
  let serials: [Int?]
  /// Where each message of the line differs first.
  let differences: [(index: Int, difference: ReplyDifference)]
}

extension Analysis {
  /// Finds which expected reply belongs to which line, and compares what is new.
  mutating func pair() {
    guard pairing == nil else { return }
    var found = Pairing(
      given: Array(repeating: [], count: lines.count),
      expected: Array(repeating: [], count: lines.count))
    defer { pairing = found }
    guard lines.contains(where: \.expectsReplies) else { return }
    var queues = ReplyQueues<Pairing.Given>()
    for number in lines.indices where lines[number].isPlayed {
      guard let step = step(number) else { continue }
      for (index, id) in step.ids.enumerated() {
        queues.append(Pairing.Given(line: number, index: index), to: id)
      }
    }
    var lacksSome = false
    for number in lines.indices where lines[number].expectsReplies {
      let given = lines[number].expectedIDs.map { queues.next(to: $0) }
      for next in given {
        guard let next else {
          lacksSome = true
          continue
        }
        if found.expected[next.line].last != number { found.expected[next.line].append(number) }
      }
      found.given[number] = given
      compare(number, with: given)
    }
    if lacksSome { found.orphans = orphans }
  }

  /// Expected replies, by line, to ids that no request has.
  private var orphans: [Int: RequestID] {
    var asked: [RequestID: Int] = [:]
    for line in lines {
      for id in line.askedIDs { asked[id, default: 0] += 1 }
    }
    var orphans: [Int: RequestID] = [:]
    for (number, line) in lines.enumerated() {
      for id in line.expectedIDs {
        asked[id, default: 0] -= 1
        if asked[id, default: 0] < 0 { orphans[number] = id }
      }
    }
    return orphans
  }

  /// Compares what a line expects, unless that was done already.
  private mutating func compare(_ line: Int, with given: [Pairing.Given?]) {
    if given.count == 1, let known = verdicts[line]?.serials, known.count == 1,
      let step = given[0].flatMap({ step($0.line) }), !step.isLeftOut, known[0] == step.serial
    {
      return
    }
    let steps = given.map { $0.flatMap { step($0.line) } }
    let serials = steps.map { $0.flatMap { $0.isLeftOut ? nil : $0.serial } }
    if verdicts[line]?.serials == serials { return }
    let text = lines[line].text
    if steps.count == 1, let step = steps[0], text.span.isEqual(to: step.reply.span) {
      verdicts[line] = Verdict(serials: serials, differences: [])
      return
    }
    var differences: [(index: Int, difference: ReplyDifference)] = []
    let document = JSONDocument(known: text)
    for (index, expected) in document.root.batch.enumerated() {
      guard let step = steps[index], let given = given[index], !step.isLeftOut else { continue }
      step.withMessages { messages in
        guard
          let found = ReplyDifference(expected: expected, actual: messages[given.index])
        else { return }
        differences.append((index, found))
      }
    }
    extendLifetime(document)
    verdicts[line] = Verdict(serials: serials, differences: differences)
  }

  /// Where the replies that a line expects differ first from those that are given.
  func differences(_ line: Int) -> [(index: Int, difference: ReplyDifference)] {
    verdicts[line]?.differences ?? []
  }

  /// Whether replies to a line are expected, and all of them are given.
  func isExpected(_ line: Int) -> Bool {
    guard let expected = pairing?.expected[line], !expected.isEmpty else { return false }
    return expected.allSatisfy { differences($0).isEmpty }
  }

  /// The reply that is given to message `index` of those that a line expects, as JSON.
  func given(_ line: Int, _ index: Int) -> String? {
    guard let given = pairing?.given[line][index], let step = step(given.line) else { return nil }
    return step.withMessages { $0[given.index].json }
  }
}
