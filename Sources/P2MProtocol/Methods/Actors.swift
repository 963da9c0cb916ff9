import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Plays what a component of a real system asks of the hypervisor.
struct ActorRun: LongMethod {
  static let name: StaticString = "actor.run"
  static let declaration = Declaration(
    "Plays a component of a real system on a machine, request by request: each is one of the "
      + "machine's history, to be undone by itself. Stops at the first error that the actor does "
      + "not foresee.",
    result: .object(
      [
        .init("actor", .string, "its name"),
        .init("completed", .boolean, "whether it came to its end"),
        .init(
          "stopped",
          .nullable(
            .object([
              .init("line", .anyInteger, "the line of its template"),
              .init("reason", .string, "the error"),
            ])), "where it stopped before"),
      ] + Schema.damage + [
        .init("violations", .array(of: .named(.violation)), "all that its operations broke"),
        .init(
          "steps",
          .array(
            of: .object([
              .init("line", .anyInteger, "the line of its template"),
              .init("request", .anyObject, "method and params"),
              .init("reply", .anyObject, "result or error"),
            ])), "what it asked, and was answered"),
      ]),
    errors: [.invalidParams, .notFound], example: #"{"actor":"toolstack-seed","domain":1}"#)

  let actor: String
  let domain: DomainID
  let values: JSONView?

  init(from params: inout ParameterReader) throws(RPCError) {
    actor = try params.name("actor", "which actor; 'actor.list' tells which there are")
    domain = try params.domain("who it is")
    values = try params.optionalAnyObject(
      "with", "the actor's own parameters by name: integers, or strings such as GFNs")
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    let index = try laboratory.find(call.machine)
    let template = try laboratory.provisions.actor(actor, at: "/actor")
    let values = try template.values(values, at: "/with")
    var play = ActorPlay(template, domain: domain, machine: call.machine, values: values)
    var damage = Damage()
    var steps = JSONWriter()
    steps.beginArray()
    let before = laboratory[index]
    do throws(ActorPlay.Failure) {
      try play.run(in: &laboratory, context: &context, damage: &damage, steps: &steps)
    } catch {
      laboratory[index] = before
      switch error {
      case .request(let error): throw error
      case .template(let fault): throw .template(fault, of: "\(actor).ndjson", at: "/actor")
      }
    }
    reply.key("result")
    reply.object { writer in
      writer.outcome(of: play, actor)
      writer.damage(DamageReport(damage, on: laboratory[index].machine))
      writer.key("violations")
      writer.array(play.violations) { writer, violation in writer.violation(violation) }
      writer.key("steps")
      writer.append(steps)
      writer.endArray()
    }
  }
}

extension ParameterReader {
  /// The object called `name`, whose members nobody declares; `nil` where there is none.
  mutating func optionalAnyObject(
    _ name: StaticString, _ about: StaticString
  ) throws(RPCError) -> JSONView? {
    describe(.init("\(name)", .anyObject, "\(about)", isRequired: false))
    guard let value = value(name) else { return nil }
    guard value.kind == .object else { throw refusal(of: name, "an object") }
    return value
  }
}

extension JSONWriter {
  /// The members `actor`, `completed` and `stopped`.
  fileprivate mutating func outcome(of play: ActorPlay, _ actor: String) {
    key("actor")
    string(actor)
    key("completed")
    boolean(play.stop == nil)
    key("stopped")
    guard let stop = play.stop else { return null() }
    object { writer in
      writer.key("line")
      writer.integer(stop.line)
      writer.key("reason")
      writer.string(stop.reason)
    }
  }
}

/// Tells which actors there are.
struct ActorList: Method {
  static let name: StaticString = "actor.list"
  static let declaration = Declaration(
    "Tells which actors there are, what each does and why, and which templates cannot be used.",
    result: .object([
      .init(
        "actors",
        .array(
          of: .object([
            .init("actor", .string, "its name"), .init("does", .string, "what it does"),
            .init("why", .string, "why the component does so"),
            .init("builtIn", .boolean, "whether it comes with the program"),
            .init(
              "parameters",
              .array(
                of: .object([
                  .init("name", .string, "its name"), .init("about", .string, "what it is"),
                  .init(
                    "default", .oneOf([.anyInteger, .string]), "what stands for it",
                    isRequired: false),
                ])), "what 'with' may have"),
          ])), "those that can be used"),
      .init(
        "faults",
        .array(
          of: .object([
            .init("file", .string, "the template"), .init("line", .anyInteger, "where"),
            .init("reason", .string, "what is wrong"),
          ])), "the others"),
    ]))

  init(from params: inout ParameterReader) throws(RPCError) {}

  func answer(
    _ call: Call, in laboratory: inout Laboratory, into reply: inout JSONWriter
  ) throws(RPCError) {
    var actors: [(ActorTemplate, ActorSource)] = []
    var faults: [(UnusableInput, ActorSource)] = []
    for source in laboratory.provisions.allActors {
      do throws(UnusableInput) {
        actors.append((try ActorTemplate(source), source))
      } catch {
        faults.append((error, source))
      }
    }
    reply.key("result")
    reply.object { writer in
      writer.key("actors")
      writer.array(actors) { writer, actor in writer.actor(actor.0, isBuiltIn: actor.1.isBuiltIn) }
      writer.key("faults")
      writer.array(faults) { writer, fault in writer.fault(fault.0, in: fault.1.file) }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func actor(_ actor: ActorTemplate, isBuiltIn: Bool) {
    beginObject()
    key("actor")
    string(actor.name)
    key("does")
    string(actor.does)
    key("why")
    string(actor.why)
    key("builtIn")
    boolean(isBuiltIn)
    key("parameters")
    array(actor.parameters) { writer, parameter in
      writer.beginObject()
      writer.key("name")
      writer.string(parameter.name)
      writer.key("about")
      writer.string(parameter.about)
      if let absent = parameter.absent {
        writer.key("default")
        writer.value(absent)
      }
      writer.endObject()
    }
    endObject()
  }

  fileprivate mutating func fault(_ fault: UnusableInput, in file: String) {
    beginObject()
    key("file")
    string(file)
    key("line")
    integer(fault.line)
    key("reason")
    string(fault.reason)
    endObject()
  }
}
