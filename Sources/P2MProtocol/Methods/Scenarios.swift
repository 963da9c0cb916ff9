import JSONRPC
import Jansson
import Laboratory

/// Plays sequences of actors on several presets, side by side.
struct ScenarioRun: SearchMethod {
  static let name: StaticString = "scenario.run"
  static let declaration = Declaration(
    "Plays sequences of actors on several presets, each on a machine of its own, and tells what "
      + "each lost. No machine of the server's changes.",
    result: .object([
      .init("scenario", .string, "its name"),
      .init(
        "sequences",
        .array(
          of: .object([
            .init("name", .string, "its name"), .init("about", .string, "what it is about"),
            .init("actors", .array(of: .string), "who plays"),
          ])), "the columns"),
      .init(
        "rows",
        .array(
          of: .object([
            .init("preset", .string, "the release"),
            .init(
              "cells",
              .array(
                of: .object(
                  Schema.damage + [
                    .init(
                      "stopped",
                      .array(
                        of: .object([
                          .init("actor", .string, "which actor"),
                          .init("line", .anyInteger, "the line of its template"),
                          .init("reason", .string, "the error"),
                        ])), "actors that did not come to their end")
                  ])), "what came of each sequence"),
          ])), "a row for each preset"),
      .init("hasDamage", .boolean, "whether anything is lost, stuck or dead on any preset"),
    ]),
    errors: [.invalidParams, .notFound, .limitReached], example: example)

  private static let example =
    #"{"scenario":{"scenario":"seed","presets":["xen-4.16"],"setUp":[{"method":"domain.create","#
    + #""params":{"domain":1}},{"method":"region.define","params":{"domain":1,"name":"bank0","#
    + #""gfn":"0x38000","pages":64,"kind":"grant-table"}}],"sequences":[{"name":"older Linux","#
    + #""actors":[{"actor":"toolstack-seed","domain":1},{"actor":"linux-old","domain":1}]}]}}"#

  let scenario: Scenario

  init(from params: inout ParameterReader) throws(RPCError) {
    scenario = try params.object("scenario", "the scenario, as its file has it") {
      scenario throws(RPCError) in try Scenario(from: &scenario)
    }
  }

  func answer(
    _ call: Call, in laboratory: inout Laboratory, context: inout RequestContext,
    into reply: inout JSONWriter
  ) throws(RPCError) {
    do throws(RPCError) {
      let matrix = try ScenarioMatrix(scenario, beside: laboratory, context: &context)
      reply.key("result")
      reply.matrix(matrix)
    } catch {
      throw error.within("/scenario")
    }
  }
}

extension JSONWriter {
  mutating func matrix(_ matrix: ScenarioMatrix) {
    beginObject()
    key("scenario")
    string(matrix.name)
    key("sequences")
    array(matrix.columns) { writer, column in
      writer.object {
        $0.key("name")
        $0.string(column.name)
        $0.key("about")
        $0.string(column.about)
        $0.key("actors")
        $0.array(column.actors) { writer, actor in writer.string(actor) }
      }
    }
    key("rows")
    array(matrix.rows) { writer, row in
      writer.object {
        $0.key("preset")
        $0.string(row.preset)
        $0.key("cells")
        $0.array(row.cells) { writer, cell in writer.cell(cell) }
      }
    }
    key("hasDamage")
    boolean(matrix.hasDamage)
    endObject()
  }

  private mutating func cell(_ cell: ScenarioMatrix.Cell) {
    beginObject()
    damage(cell.damage)
    key("stopped")
    array(cell.stops) { writer, stop in
      writer.object {
        $0.key("actor")
        $0.string(stop.actor)
        $0.key("line")
        $0.integer(stop.line)
        $0.key("reason")
        $0.string(stop.reason)
      }
    }
    endObject()
  }
}
