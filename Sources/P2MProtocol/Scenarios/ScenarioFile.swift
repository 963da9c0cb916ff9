import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// Why a scenario's file cannot be used.
package struct ScenarioFault: Error, CustomStringConvertible {
  /// The place in the file, if it is known as a line.
  package let line: Int?
  package let reason: String

  package var description: String { reason }
}

extension ScenarioMatrix {
  /// Plays the scenario that a file has.
  ///
  /// - Parameter presets: the rows, instead of those that the scenario names.
  /// - Throws: what is wrong with it, and where.
  package init(
    file text: [UInt8], presets: [Variant] = [], provisions: Provisions
  ) throws(ScenarioFault) {
    let document = try Self.parse(text)
    defer { extendLifetime(document) }
    do throws(RPCError) {
      self = try Self.play(document.root, presets, provisions)
    } catch {
      throw ScenarioFault(line: nil, reason: error.message)
    }
  }

  private static func parse(_ text: [UInt8]) throws(ScenarioFault) -> JSONDocument {
    do throws(JSONSyntaxError) {
      return try JSONDocument(parsing: text.span)
    } catch {
      throw ScenarioFault(
        line: error.line, reason: "not JSON: \(error.message) (column \(error.column))")
    }
  }

  private static func play(
    _ root: JSONView, _ presets: [Variant], _ provisions: Provisions
  ) throws(RPCError) -> ScenarioMatrix {
    guard root.kind == .object else { throw .invalidParams(path: "", expected: "an object") }
    var reader = ParameterReader(root)
    var scenario = try Scenario(from: &reader)
    try reader.finish()
    if !presets.isEmpty { scenario.presets = presets }
    var context = RequestContext()
    let host = Laboratory(MachineConfiguration(preset: .default), provisions: provisions)
    return try ScenarioMatrix(scenario, beside: host, context: &context)
  }

  /// The result of `scenario.run`.
  package var json: String {
    var writer = JSONWriter()
    writer.matrix(self)
    return writer.text
  }
}
