import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// Experiments on the session of a document.
struct SessionExperiment {
  /// What the machine `main` follows from the start.
  let variant: Variant
  let provisions: Provisions

  /// The shortest history found that violates `property`, as a session.
  ///
  /// - Throws: request failed, where nothing violates it; request cancelled.
  func shrunk(
    _ session: Session, violating property: Property, _ context: inout RequestContext
  ) throws(RPCError) -> [UInt8] {
    let requests = try self.requests(session)
    let main = Laboratory.defaultMachine
    // A session that creates the machine says itself what it is to follow.
    let isCreated = requests.requests.contains { $0.method == "machine.create" }
    let subject = Subject(
      machine: main, preset: isCreated ? nil : variant.preset,
      settings: isCreated ? [] : variant.settings)
    let shrunk = try ShrunkHistory(
      .requests(requests, subject), violating: property, provisions: provisions, context: &context)
    guard let shrunk else { throw .failed("nothing violates \(property.rawValue) any more") }
    return shrunk.session
  }

  /// The session on another preset, with the replies that are given there; a note tells where they part.
  ///
  /// - Parameter machine: the machine that is to follow the preset.
  /// - Throws: request failed, where no request is about that machine; request cancelled.
  func session(
    _ document: OpenDocument, _ session: Session, on preset: Preset, of machine: String,
    _ context: inout RequestContext
  ) throws(RPCError) -> [UInt8] {
    let requests = try self.requests(session)
    guard requests.isAbout(machine) else { throw .failed("expected \(requests.expectedMachine)") }
    let old = document.variant(of: machine) ?? variant
    let comparison = try Comparison(
      requests, startingWith: MachineConfiguration(preset: .default), about: machine,
      on: [old, Variant(preset, old.settings)], by: .meaning, memory: HostMemory(),
      provisions: provisions,
      context: &context)
    let text = document.text(on: preset, of: machine, note: note(comparison))
    let moved = try RPCError.telling { () throws(UnusableInput) in try Session(text) }
    return SessionRun(moved, on: Variant(.default), provisions: provisions).updated
  }

  private func requests(_ session: Session) throws(RPCError) -> RequestList {
    try RPCError.telling { () throws(UnusableInput) in try RequestList(session) }
  }

  /// Where two presets part, in words.
  private func note(_ comparison: Comparison) -> String {
    let (old, new) = (comparison.variants[0].name, comparison.variants[1].name)
    guard let parting = comparison.parting else { return "\(new) answers as \(old) does." }
    let difference = parting.difference
    return "\(new) parts from \(old) at line \(parting.request.line) of it, "
      + "\(parting.request.method): \(difference.path) is "
      + "\(OpenDocument.shortened(difference.actual ?? "nothing")), not "
      + "\(OpenDocument.shortened(difference.expected ?? "nothing"))."
  }
}

extension OpenDocument {
  /// What the requests say that a machine is to follow; `nil` where they leave it to the server.
  func variant(of machine: String) -> Variant? {
    guard let line = creation(of: machine) else { return nil }
    let outline = outline(line)
    let request = analysis.lines[line].requests.first { $0.creates(machine) }
    let params = "\(request?.path ?? "")/params"
    let name = (outline.node(at: "\(params)/preset") ?? outline.node(at: "\(params)/0"))
      .map { outline.word(of: $0) }
    let overrides = outline.node(at: "\(params)/overrides")?.children ?? []
    let settings = overrides.compactMap { child -> Knob.Setting? in
      guard let knob = outline.name(of: child), let value = child.value else { return nil }
      return try? Knob.Setting("\(knob)=\(outline.word(of: value))")
    }
    return Variant(name.flatMap { Preset.named($0) } ?? .default, settings)
  }

  /// The first line that creates a machine.
  private func creation(of machine: String) -> Int? {
    analysis.lines.firstIndex { $0.requests.contains { $0.creates(machine) } }
  }

  /// The actions that run the session on other presets of the same architecture.
  func presetActions(_ line: Int) -> [CodeAction] {
    guard let request = analysis.lines[line].requests.first, request.note == nil else { return [] }
    let followed = (variant(of: request.machine) ?? variant).preset
    return Preset.all.filter {
      $0.name != followed.name && $0.cpu.architecture == followed.cpu.architecture
    }.map { preset in
      CodeAction(
        title: "Run on \(preset.name)", kind: .rewrite,
        effect: .command(
          .runOnPreset,
          [
            .init(name: "preset", value: .string(preset.name)),
            .init(name: "machine", value: .string(request.machine)),
          ]))
    }
  }

  /// The requests with `machine` following `preset`.
  fileprivate func text(on preset: Preset, of machine: String, note: String) -> [UInt8] {
    let quoted = JSONTree.string(preset.name).compact
    var lines = [
      JSONTree.object([
        "jsonrpc": .string("2.0"), "method": .string("session.note"),
        "params": .object(["text": .string(note)]),
      ]).compact
    ]
    if creation(of: machine) == nil {
      let id = nextID
      lines += [
        #"{"jsonrpc":"2.0","id":\#(id),"method":"machine.delete"}"#,
        #"{"jsonrpc":"2.0","id":\#(id + 1),"method":"machine.create","params":{"preset":\#(quoted)}}"#,
      ]
    }
    for (number, line) in analysis.lines.enumerated() where line.isPlayed {
      lines.append(Self.following(quoted, machine, line, outline(number)))
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// A line whose requests create `machine` with another preset.
  private static func following(
    _ preset: String, _ machine: String, _ line: SessionLine, _ outline: JSONOutline
  ) -> String {
    var text = line.text
    // From the end, so that the places before stay where they are.
    for request in line.requests.reversed() where request.creates(machine) {
      let params = outline.node(at: "\(request.path)/params")
      let named =
        outline.node(at: "\(request.path)/params/preset")
        ?? (params?.kind == .array ? params?.children.first?.value : nil)
      if let named {
        text.replaceSubrange(named.range, with: preset.utf8)
      } else if let params, params.kind == .object {
        let comma = params.children.isEmpty ? "" : ","
        text.insert(
          contentsOf: "\"preset\":\(preset)\(comma)".utf8, at: params.range.lowerBound + 1)
      } else if let end = outline.node(at: request.path)?.range.upperBound {
        text.insert(contentsOf: ",\"params\":{\"preset\":\(preset)}".utf8, at: end - 1)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension RequestFacts {
  /// Whether it creates a machine of this name.
  fileprivate func creates(_ machine: String) -> Bool {
    method == "machine.create" && self.machine == machine
  }
}
