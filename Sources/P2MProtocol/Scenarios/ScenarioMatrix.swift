import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// What came of a scenario: a row for each preset, a column for each sequence of actors.
package struct ScenarioMatrix: Sendable {
  /// An actor that did not come to its end.
  package struct Stop: Hashable, Sendable {
    package let actor: String
    /// The line of its template.
    package let line: Int
    package let reason: String
  }

  package struct Cell: Hashable, Sendable {
    package let damage: DamageReport
    package let stops: [Stop]
  }

  package struct Row: Sendable {
    package let preset: String
    package fileprivate(set) var cells: [Cell] = []
  }

  package struct Column: Sendable {
    package let name: String
    package let about: String
    package let actors: [String]
  }

  package let name: String
  package let about: String
  package let columns: [Column]
  package private(set) var rows: [Row] = []

  /// Whether a page was lost, a frame is stuck, or the hypervisor died, on any preset.
  package var hasDamage: Bool {
    rows.contains { $0.cells.contains { $0.damage.isDamage } }
  }

  /// Plays `scenario`, on machines of its own that take the memory of `laboratory`'s host.
  ///
  /// - Throws: invalid params with the place in the scenario, or request cancelled.
  init(
    _ scenario: Scenario, beside laboratory: borrowing Laboratory, context: inout RequestContext
  ) throws(RPCError) {
    name = scenario.name
    about = scenario.about
    columns = scenario.sequences.map { sequence in
      Column(name: sequence.name, about: sequence.about, actors: sequence.roles.map(\.actor))
    }
    let cast = try Self.cast(of: scenario, laboratory.provisions)
    let cells = scenario.presets.count * columns.count
    for preset in scenario.presets {
      let start = try Self.setUp(scenario, preset, beside: laboratory)
      var row = Row(preset: preset.name)
      for (column, plays) in cast.enumerated() {
        let done = rows.count * columns.count + column
        try context.advance(to: done, of: cells)
        let progress = Progress(cell: done, cells: cells, plays: plays.count)
        row.cells.append(try Self.cell(plays, column, on: start, progress, &context))
      }
      rows.append(row)
    }
  }

  /// Which part of the whole a play is.
  private struct Progress {
    let cell: Int
    let cells: Int
    let plays: Int

    /// Where play `number` of the cell begins, and how much there is in all, in requests.
    func units(_ number: Int) -> (start: Int, total: Int) {
      let limit = ActorTemplate.Limits.requests
      return ((cell * plays + number) * limit, cells * plays * limit)
    }
  }

  /// Every sequence's plays, with the parameters read.
  private static func cast(
    of scenario: Scenario, _ provisions: Provisions
  ) throws(RPCError) -> [[ActorPlay]] {
    var cast: [[ActorPlay]] = []
    for (column, sequence) in scenario.sequences.enumerated() {
      var plays: [ActorPlay] = []
      for (number, role) in sequence.roles.enumerated() {
        let path = "/sequences/\(column)/actors/\(number)"
        let template = try provisions.actor(role.actor, at: "\(path)/actor")
        let values = try template.values(role.values, at: "\(path)/with")
        plays.append(
          ActorPlay(
            template, domain: role.domain, machine: Laboratory.defaultMachine, values: values))
      }
      cast.append(plays)
    }
    return cast
  }

  /// A laboratory whose machine `main` is as every sequence finds it.
  private static func setUp(
    _ scenario: Scenario, _ preset: Variant, beside laboratory: borrowing Laboratory
  ) throws(RPCError) -> Laboratory {
    var own = laboratory.another(scenario.machine.configuration(preset))
    for (number, request) in scenario.setUp.enumerated() {
      var reply = JSONWriter()
      reply.beginObject()
      var context = RequestContext()
      do throws(RPCError) {
        try request.method.call(&own, request.params, &context, &reply)
      } catch {
        throw error.inSetUp(number, on: preset)
      }
      reply.endObject()
      let document = JSONDocument(written: reply)
      defer { extendLifetime(document) }
      if let failure = document.root["error"]?["message"]?.string {
        throw .invalidParams(
          path: "/setUp/\(number)",
          expected: "what \(preset.name) can do, not what it answers so: \(failure)")
      }
    }
    return own
  }

  private static func cell(
    _ plays: [ActorPlay], _ column: Int, on start: Laboratory, _ progress: Progress,
    _ context: inout RequestContext
  ) throws(RPCError) -> Cell {
    var laboratory = start
    var damage = Damage()
    var stops: [Stop] = []
    for (number, play) in plays.enumerated() where laboratory[0].machine.panic == nil {
      var play = play
      var steps = JSONWriter()
      steps.beginArray()
      (play.workStart, play.work) = progress.units(number)
      do throws(ActorPlay.Failure) {
        try play.run(in: &laboratory, context: &context, damage: &damage, steps: &steps)
      } catch {
        switch error {
        case .request(let error): throw error
        case .template(let fault):
          throw .template(
            fault, of: "\(play.name).ndjson", at: "/sequences/\(column)/actors/\(number)/actor")
        }
      }
      if let stop = play.stop {
        stops.append(Stop(actor: play.name, line: stop.line, reason: stop.reason))
      }
    }
    return Cell(damage: DamageReport(damage, on: laboratory[0].machine), stops: stops)
  }
}

extension RPCError {
  /// The same error of an operation of the set-up.
  fileprivate func inSetUp(_ number: Int, on preset: Variant) -> RPCError {
    switch data {
    case .expectation: within("/setUp/\(number)/params")
    case .none, .nearest, .limit:
      RPCError(
        code: code, message: "\(message) (at '/setUp/\(number)' on \(preset.name))", data: data)
    }
  }
}
