import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// A comment that lives in a session and in its machine's history; it changes nothing.
struct SessionNote: OperationMethod {
  static let name: StaticString = "session.note"
  static let declaration = Declaration(
    "A comment that lives in the session; it changes nothing. Mostly sent as a notification.",
    result: .object([]), errors: .machine, example: #"{"text":"The toolstack seeds the table."}"#)
  static var isNote: Bool { true }

  /// Bytes that a note may have.
  private static let textLimit = 4096

  init(from params: inout ParameterReader) throws(RPCError) {
    _ = try params.text("text", atMost: Self.textLimit, "what to say")
  }

  func answer(
    on machine: inout Machine, into reply: inout JSONWriter
  ) throws(MachineFailure) {
    machine.forgetLastOperation()
    reply.object { _ in }
  }
}

/// Tells what was done to a machine.
struct HistoryList: Method {
  static let name: StaticString = "history.list"
  static let declaration = Declaration(
    "Tells the last operations of a machine, those that were undone included.",
    result: .object([
      .init("position", .anyInteger, "operations that are done, notes included"),
      .init("length", .anyInteger, "operations that are known to have been done or undone"),
      .init("forgotten", .anyInteger, "the oldest operations, which can no longer be undone"),
      .init(
        "entries",
        .array(
          of: .object([
            .init("number", .anyInteger, "from 0"), .init("method", .string, "the method"),
            .init(
              "params", .oneOf([.anyObject, .anyArray]), "its parameters as they came",
              isRequired: false),
          ])), "the last of them"),
    ]),
    errors: [.invalidParams, .notFound], example: #"{"count":2}"#)

  /// Operations that one call may ask for.
  private static let countLimit: Int64 = 1000

  let count: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    count = Int(try params.integer("count", 1...Self.countLimit, default: 100, "how many"))
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let history = laboratory[try laboratory.find(call.machine)].history
    reply.key("result")
    reply.beginObject()
    reply.key("position")
    reply.integer(history.position)
    reply.key("length")
    reply.integer(history.count)
    reply.key("forgotten")
    reply.integer(history.forgotten)
    reply.key("entries")
    reply.array(max(history.forgotten, history.count - count)..<history.count) { writer, number in
      writer.raw("{\"number\":")
      writer.integer(number)
      writer.members(of: history[number].request)
      writer.raw("}")
    }
    reply.endObject()
  }
}

extension JSONWriter {
  /// The members `method` and `params` of a request.
  mutating func members(of request: [UInt8]) {
    let document = JSONDocument(known: request)
    defer { extendLifetime(document) }
    if let method = document.root["method"] {
      key("method")
      value(method)
    }
    if let params = document.root["params"], params.count > 0 {
      key("params")
      value(params)
    }
  }
}

/// Takes operations back.
struct HistoryUndo: Method {
  static let name: StaticString = "history.undo"
  static let declaration = Declaration(
    "Takes the last operations of a machine back, of a dead one too; notes are not counted.",
    result: .history("undone"), errors: [.invalidParams, .notFound, .limitReached])

  let count: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    count = Int(try params.integer("count", 1...0xffff_ffff, default: 1, "how many"))
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let undone = try refusing { () throws(Laboratory.Failure) in
      try laboratory[index].undo(count, MethodTable.perform)
    }
    reply.history("undone", undone, laboratory[index].history)
  }
}

/// Does operations again that were taken back.
struct HistoryRedo: Method {
  static let name: StaticString = "history.redo"
  static let declaration = Declaration(
    "Does the next operations of a machine again that were taken back; notes are not counted.",
    result: .history("redone"), errors: [.invalidParams, .notFound, .limitReached])

  let count: Int

  init(from params: inout ParameterReader) throws(RPCError) {
    count = Int(try params.integer("count", 1...0xffff_ffff, default: 1, "how many"))
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let redone = try refusing { () throws(Laboratory.Failure) in
      try laboratory[index].redo(count, MethodTable.perform)
    }
    reply.history("redone", redone, laboratory[index].history)
  }
}

extension Schema {
  fileprivate static func history(_ count: String) -> Schema {
    .object([
      .init(count, .anyInteger, "how many operations were \(count), as many as are known at most"),
      .init("position", .anyInteger, "operations that are done, notes included"),
      .init("length", .anyInteger, "operations that are known to have been done or undone"),
    ])
  }
}

extension JSONWriter {
  fileprivate mutating func history(_ name: StaticString, _ count: Int, _ history: History) {
    key("result")
    beginObject()
    key(name)
    integer(count)
    key("position")
    integer(history.position)
    key("length")
    integer(history.count)
    endObject()
  }
}

/// Exports what was done to a machine.
struct SessionExport: Method {
  static let name: StaticString = "session.export"
  static let declaration = Declaration(
    "Tells the requests that rebuild a machine on a fresh server, so that it answers identically.",
    result: .object([
      .init("requests", .array(of: .anyObject), "the requests, ready to be sent")
    ]),
    errors: [.invalidParams, .notFound, .limitReached])

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let bench = laboratory[try laboratory.find(call.machine)]
    guard bench.history.forgotten == 0 else { throw .forgotten(bench.history.forgotten) }
    reply.key("result")
    reply.beginObject()
    reply.key("requests")
    reply.beginArray()
    reply.creation(of: bench.machine.configuration)
    for number in 0..<bench.history.position {
      let entry = bench.history[number]
      reply.request(entry.isNote ? nil : number + 3)
      reply.members(of: entry.request)
      reply.endObject()
    }
    reply.endArray()
    reply.endObject()
  }
}

extension JSONWriter {
  /// The requests that make a machine on a fresh server, where `main` exists already.
  mutating func creation(of configuration: MachineConfiguration) {
    if configuration.name == Laboratory.defaultMachine {
      request(1)
      raw(",\"method\":\"machine.delete\"}")
    }
    request(2)
    raw(",\"method\":\"machine.create\",\"params\":")
    beginObject()
    key("preset")
    string(configuration.preset.name)
    key("overrides")
    knobs(configuration.knobs)
    key("cpu")
    string(configuration.cpu.rawValue)
    limits(of: configuration)
    key("machine")
    string(configuration.name)
    endObject()
    endObject()
  }

  /// The members of a request that come before `method`; without an id it is a notification.
  fileprivate mutating func request(_ id: Int?) {
    element()
    raw("{\"jsonrpc\":\"2.0\"")
    guard let id else { return }
    raw(",\"id\":")
    integer(id)
  }
}
