import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Keeps a machine as it is.
struct SnapshotCreate: Method {
  static let name: StaticString = "snapshot.create"
  static let declaration = Declaration(
    "Keeps a machine as it is, with its history, in constant time.",
    result: .snapshot, errors: [.invalidParams, .notFound, .alreadyExists, .limitReached],
    example: #"{"name":"before"}"#)

  let snapshot: String?

  init(from params: inout ParameterReader) throws(RPCError) {
    snapshot = try params.optionalName("name", "what to call it; snapshot-1 and so on if not said")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let created = try refusing { () throws(Laboratory.Failure) in
      try laboratory[index].createSnapshot(snapshot)
    }
    reply.key("result")
    reply.snapshot(created)
  }
}

/// Makes a machine what it was.
struct SnapshotRestore: Method {
  static let name: StaticString = "snapshot.restore"
  static let declaration = Declaration(
    "Makes a machine what it was when the snapshot was made, a dead one too, its history with it.",
    result: .snapshot, errors: [.invalidParams, .notFound], example: #"{"name":"start"}"#)

  let snapshot: String?

  init(from params: inout ParameterReader) throws(RPCError) {
    snapshot = try params.optionalName("name", "which one; the latest if not said")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let restored = try refusing { () throws(Laboratory.Failure) in
      try laboratory[index].restoreSnapshot(snapshot)
    }
    reply.key("result")
    reply.snapshot(restored)
  }
}

/// Tells which snapshots there are.
struct SnapshotList: Method {
  static let name: StaticString = "snapshot.list"
  static let declaration = Declaration(
    "Tells which snapshots a machine has, in order of creation.",
    result: .object([.init("snapshots", .array(of: .snapshot), "the snapshots")]),
    errors: [.invalidParams, .notFound])

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    reply.key("result")
    reply.object { writer in
      writer.key("snapshots")
      writer.array(laboratory[index].snapshots) { writer, snapshot in writer.snapshot(snapshot) }
    }
  }
}

/// Forgets a snapshot.
struct SnapshotDelete: Method {
  static let name: StaticString = "snapshot.delete"
  static let declaration = Declaration(
    "Forgets a snapshot, and answers with what it was.",
    result: .snapshot, errors: [.invalidParams, .notFound], example: #"{"name":"start"}"#)

  let snapshot: String?

  init(from params: inout ParameterReader) throws(RPCError) {
    snapshot = try params.optionalName("name", "which one; the latest if not said")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let deleted = try refusing { () throws(Laboratory.Failure) in
      try laboratory[index].deleteSnapshot(snapshot)
    }
    reply.key("result")
    reply.snapshot(deleted)
  }
}

extension Schema {
  fileprivate static let snapshot = Schema.object([
    .init("name", .string, "its name"),
    .init("position", .anyInteger, "operations that were done when it was made"),
  ])
}

extension JSONWriter {
  mutating func snapshot(_ snapshot: Laboratory.Snapshot) {
    beginObject()
    key("name")
    string(snapshot.name)
    key("position")
    integer(snapshot.position)
    endObject()
  }
}
