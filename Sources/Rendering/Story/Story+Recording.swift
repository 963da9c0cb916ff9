import Hypervisor
import Jansson
import Laboratory
import P2MProtocol

extension Story {
  /// What a recording of real Xen tells, beside what the model makes of the same operations.
  ///
  /// It ends where they part, as what comes after that differs for that reason alone.
  ///
  /// - Parameters:
  ///   - preset: the preset to replay on; `nil` for the one that models the release.
  /// - Throws: `UnusableInput`, `Fault`.
  package init(
    recording text: borrowing [UInt8], title: String, on preset: Preset? = nil,
    settings: [Knob.Setting] = [], budget: Int = SceneKeeper.defaultBudget
  ) throws {
    let lines = TextLine.all(of: text)
    let text = text.span
    let start = try RecordingStart(text, lines, preset: preset)
    var replay = Replay(start.header, initial: start.initial, on: Variant(start.preset, settings))
    self.init(
      title: title,
      sides: [
        Side(
          name: "Xen \(start.header.release)", isRecorded: true,
          window: Set(start.header.window.map(\.rawValue))),
        Side(name: replay.machine.configuration.variantName),
      ])
    var xen = RecordedScene(start.header)
    var keeper = SceneKeeper(budget: budget)
    var outset = Step(line: lines[1].number, method: "init", arguments: "as recorded")
    outset.outcomes = [
      Outcome(change: xen.become(start.initial).change),
      Outcome(change: keeper.lookAtOnly(replay.machine, effectsOnly: false)),
    ]
    outset.difference = replay.difference(from: start.initial, at: -1).map(Difference.init)
    steps = [outset]
    for line in lines.dropFirst(2) where parting == nil {
      guard steps.count < Self.stepLimit else { throw Fault.tooManySteps }
      let recorded = try RecordingReader.step(text.extracting(line.range), number: line.number)
      let (method, arguments) = recorded.operation.told
      var step = Step(line: line.number, method: method, arguments: arguments)
      step.operation = recorded.number
      step.difference = replay.run(recorded).map(Difference.init)
      step.outcomes = [
        xen.outcome(of: recorded),
        Outcome(of: replay, change: keeper.lookAtOnly(replay.machine, effectsOnly: true)),
      ]
      steps.append(step)
      if keeper.isExhausted { throw Fault.tooLarge(budget) }
    }
  }
}

extension Story.Difference {
  fileprivate init(_ divergence: Divergence) {
    self.init(place: divergence.field, values: [divergence.recorded, divergence.modelled])
  }
}

extension Story.Outcome {
  /// What the model did.
  fileprivate init(of replay: Replay, change: SceneChange) {
    let machine = replay.machine
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("result")
    writer.beginObject()
    writer.consequences(of: machine)
    writer.endObject()
    writer.endObject()
    let document = JSONDocument(written: writer)
    defer { extendLifetime(document) }
    self.init(of: document.root, on: machine.configuration.name)
    answer = replay.outcome.told
    if machine.panic != nil { answer = "hypervisor panic" }
    isFailure = replay.outcome.isFailure || machine.panic != nil
    isDeath = change.machines.contains { $0.facts?.panic != nil }
    self.change = change
  }
}

extension RecordedOutcome {
  /// What it returned, in short.
  var told: String {
    var parts: [String] = []
    switch entryError {
    case .entry(let error) where error != 0: parts.append(Self.name(of: error))
    case .entry, .refused, nil: if let returnCode { parts.append(Self.name(of: returnCode)) }
    }
    if let status, status != 0 { parts.append("status \(status)") }
    if let size { parts.append("\(size[0]) of \(size[1]) frames") }
    if let version { parts.append("version \(version)") }
    return parts.isEmpty ? "ok" : parts.joined(separator: ", ")
  }

  var isFailure: Bool {
    if case .entry(let error)? = entryError, error != 0 { return true }
    return (returnCode ?? 0) < 0 || (status ?? 0) < 0
  }

  private static func name(of code: Int) -> String {
    if code == 0 { return "ok" }
    let errno = Errno.allCases.first { $0.returnCode == code }
    return errno.map { "\($0)" } ?? "\(code)"
  }
}

extension RecordedOperation {
  /// The recording's own name of the operation, and what it is about.
  var told: (method: String, arguments: String) {
    switch self {
    case .grow(let want): ("grow", "want \(want)")
    case .mapGrant(let frame, let gfn): ("mapGrant", "frame \(frame.short), gfn \(name(gfn))")
    case .mapForeign(let domain, let source, let gfn):
      ("mapForeign", "from (domain \(name(domain)), gfn \(name(source))), gfn \(name(gfn))")
    case .unmap(let gfn): ("unmap", "gfn \(name(gfn))")
    case .mapSharedInfo(let index, let gfn):
      ("mapSharedInfo", "index \(index.short), gfn \(name(gfn))")
    case .populate(let gfn): ("populate", "gfn \(name(gfn))")
    case .decrease(let gfn): ("decrease", "gfn \(name(gfn))")
    case .querySize: ("querySize", "")
    case .probe: ("probe", "")
    case .probeOne(let gfn, let value): ("probe1", "gfn \(name(gfn)): \(value ?? "nothing")")
    case .tagRAM: ("tagRam", "")
    case .addToPhysmap(let domain, let space, let index, let gfn):
      (
        "addPhys",
        "domain \(name(domain)), space \(space), index \(index.short), gfn \(name(gfn))"
      )
    case .batch(let space, let index, let gfn):
      ("batch", "space \(space), index \(index.short), gfn \(name(gfn))")
    case .removeFromOther(let domain, let gfn):
      ("remOther", "domain \(name(domain)), gfn \(name(gfn))")
    case .populateOther(let domain, let gfn):
      ("populate", "domain \(name(domain)), gfn \(name(gfn))")
    case .decreaseOther(let domain, let gfn):
      ("decrease", "domain \(name(domain)), gfn \(name(gfn))")
    case .currentReservation(let domain): ("currentReservation", "domain \(name(domain))")
    case .maximumReservation(let domain): ("maximumReservation", "domain \(name(domain))")
    case .setVersion(let version): ("setVersion", "version \(version)")
    case .getVersion: ("getVersion", "")
    case .mapStatus(let frame, let gfn): ("mapStatus", "frame \(frame.short), gfn \(name(gfn))")
    case .getStatusFrames: ("getStatusFrames", "")
    }
  }

  private func name(_ gfn: GFN?) -> String { gfn?.description ?? "INVALID_GFN" }
  private func name(_ domain: DomainID) -> String { domain == .caller ? "self" : "\(domain)" }
}

extension UInt64 {
  /// Small numbers as people write them, large ones as bits.
  fileprivate var short: String { self < 1 << 16 ? "\(self)" : "0x" + String(self, radix: 16) }
}
