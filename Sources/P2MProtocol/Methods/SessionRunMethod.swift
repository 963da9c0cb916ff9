import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Runs a session as `p2mlab run` does, and tells of every line what an editor shows there.
///
/// A bad line is a result, not an error: whoever sends a session wants to know which line it is.
struct SessionRunMethod: SearchMethod {
  static let name: StaticString = "session.run"
  static let declaration = Declaration(
    "Runs a session on machines of its own, and tells line by line what came of it and where it "
      + "differs from what it expects; no machine changes.",
    result: .object([
      .init(
        "unusable",
        .nullable(
          .object([
            .init("line", .anyInteger, "the first line that is not part of a session, from 1"),
            .init("reason", .string, "why it is not"),
          ])), "why nothing was run, if nothing was"),
      .init("rows", .array(of: .sessionRow), "the requests that were answered, in order"),
      .init("compared", .anyInteger, "replies that were compared with those expected"),
      .init("differences", .array(of: .sessionDifference), "where a reply is not as expected"),
      .init(
        "state", .array(of: .string), "what the machines are at the end, for people: a line each",
        isRequired: false),
    ]),
    errors: [.invalidParams, .limitReached],
    example: #"""
      {"state":true,"session":"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"domain.create\",\"params\":{\"domain\":1}}"}
      """#)

  let text: String
  let tellsState: Bool
  let preset: Preset?
  let settings: [Knob.Setting]

  init(from params: inout ParameterReader) throws(RPCError) {
    text = try params.text("session", atMost: Session.sizeLimit, "the text of a session file")
    tellsState = try params.boolean(
      "state", default: false, "whether the state at the end is told too")
    preset = try params.optionalPreset("the release to follow, whatever the session says")
    settings = try params.overrides("knobs to be set otherwise")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let session: Session
    do throws(UnusableInput) {
      session = try Session(Array(text.utf8))
    } catch {
      reply.key("result")
      return reply.object { $0.members(of: error) }
    }
    let lease = HostMemory.Lease(laboratory.memory, laboratory.memory.left)
    defer { extendLifetime(lease) }
    var player = SessionPlayer(
      Laboratory(
        MachineConfiguration(preset: .default).following(Variant(preset ?? .default, settings)),
        subject: Subject(machine: call.machine, preset: preset, settings: settings),
        provisions: laboratory.provisions, memory: HostMemory(limit: lease?.count ?? 0)))
    let run = try SessionRun(session, by: &player, context: &context)
    let state =
      try tellsState ? StateText(of: player.service.laboratory, context: &context).lines : nil
    reply.key("result")
    reply.object { $0.members(of: run, state) }
  }
}

extension Schema {
  fileprivate static let sessionRow = Schema.object([
    .init("line", .anyInteger, "the request's line, from 1"),
    .init("method", .string, "its method; of a batch, the first"),
    .init("code", .anyInteger, "0 for a result, or the error's code"),
    .init("errno", .nullable(.string), "the model's name of the error"),
    .init("summary", .string, "the reply for people: what changed, or what failed"),
    .init("violations", .array(of: .named(.violation)), "what it broke"),
  ])

  fileprivate static let sessionDifference = Schema.object([
    .init("line", .anyInteger, "the line of the expected reply, from 1"),
    .init("id", .nullable(.oneOf([.anyInteger, .string])), "the request's id"),
    .init("method", .string, "the request's method"),
    .init("path", .string, "a JSON pointer into the reply"),
    .init("expected", .nullable(.string), "the value expected there, as JSON; null for none"),
    .init("actual", .nullable(.string), "the value that is there"),
  ])
}

extension JSONWriter {
  fileprivate mutating func members(of fault: UnusableInput) {
    key("unusable")
    object { writer in
      writer.key("line")
      writer.integer(fault.line)
      writer.key("reason")
      writer.string(fault.reason)
    }
    raw(",\"rows\":[],\"compared\":0,\"differences\":[]")
  }

  fileprivate mutating func members(of run: SessionRun, _ state: [String]?) {
    key("unusable")
    null()
    key("rows")
    beginArray()
    run.forEachAnswer { line, method, reply in
      let document = JSONDocument(known: reply)
      element()
      object { $0.row(line, method, document.root.batch) }
      extendLifetime(document)
    }
    endArray()
    key("compared")
    integer(run.compared)
    key("differences")
    array(run.mismatches) { writer, mismatch in writer.object { $0.members(of: mismatch) } }
    guard let state else { return }
    key("state")
    array(state) { writer, line in writer.string(line) }
  }

  /// - Parameter messages: one reply, or those to a batch.
  private mutating func row(_ line: Int, _ method: String, _ messages: [JSONView]) {
    let error = messages.lazy.compactMap { $0["error"] }.first
    key("line")
    integer(line)
    key("method")
    string(method)
    key("code")
    integer(error?["code"]?.integer ?? 0)
    key("errno")
    optional(error?["data"]?["errno"]?.string)
    key("summary")
    string(messages.map { Outcome($0).sentence }.joined(separator: "; "))
    key("violations")
    array(messages.flatMap(\.broken)) { writer, violation in writer.value(violation) }
  }

  /// A reply that is not as expected.
  package mutating func members(of mismatch: SessionRun.Mismatch) {
    key("line")
    integer(mismatch.line)
    key("id")
    switch mismatch.id {
    case .null: null()
    case .integer(let number): integer(number)
    case .string(let text): string(text)
    }
    key("method")
    string(mismatch.method)
    key("path")
    string(mismatch.difference.path)
    key("expected")
    optional(mismatch.difference.expected)
    key("actual")
    optional(mismatch.difference.actual)
  }

  private mutating func optional(_ text: String?) {
    if let text { string(text) } else { null() }
  }
}
