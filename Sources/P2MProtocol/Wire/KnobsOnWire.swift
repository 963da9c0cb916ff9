import Hypervisor
import JSONRPC
import Jansson

extension ParameterReader {
  /// The knobs that the object names, set to its values.
  mutating func knobSettings() throws(RPCError) -> [Knob.Setting] {
    var settings: [Knob.Setting] = []
    for knob in Knob.all {
      describe(.init("\(knob.name)", knob.schema, "\(knob.about)", isRequired: false))
      guard let value = value(knob.name) else { continue }
      guard let setting = Knob.Setting(knob, to: value) else {
        throw refusal(of: knob.name, knob.expected)
      }
      settings.append(setting)
    }
    return settings
  }

  /// The knobs in the object `overrides`; none where there is no such object.
  mutating func overrides(_ about: StaticString) throws(RPCError) -> [Knob.Setting] {
    try optionalObject("overrides", about) { knobs throws(RPCError) in
      try knobs.knobSettings()
    } ?? []
  }
}

extension Knob.Setting {
  fileprivate init?(_ knob: Knob, to value: JSONView) {
    if let word = value.word {
      self.init(knob, to: .word(word))
    } else if let number = value.integer.flatMap(Int.init(exactly:)) {
      self.init(knob, to: .integer(number))
    } else {
      return nil
    }
  }
}

extension Knob {
  /// The values as JSON Schema has them.
  var schema: Schema {
    switch choices {
    case .words(let words): .choice(words)
    case .integers(let range): .integer(Int64(range.lowerBound)...Int64(range.upperBound))
    }
  }

  /// What to say to a client that gave another value.
  fileprivate var expected: String {
    switch choices {
    case .words(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .integers(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}

extension JSONWriter {
  /// All knobs, each with its value.
  mutating func knobs(_ knobs: Knobs) {
    beginObject()
    for knob in Knob.all {
      key(knob.name)
      switch knobs[knob] {
      case .word(let word): string(word)
      case .integer(let number): integer(number)
      }
    }
    endObject()
  }
}

extension Variant.Fault: CustomStringConvertible {
  /// What was wrong, the nearest that is right, and the choices.
  package var description: String {
    switch self {
    case .unknownPreset(let name):
      "there is no preset '\(name)'" + Self.hint(name, Preset.all.map(\.name))
    case .noSetting(let text):
      "'\(text)' is not KNOB=VALUE, such as remap=busy"
    case .unknownKnob(let name):
      "there is no knob '\(name)'" + Self.hint(name, Knob.all.map { "\($0.name)" })
    case .unknownValue(let value, let knob, let choices):
      "knob '\(knob)' has no value '\(value)'" + Self.hint(value, choices)
    }
  }

  private static func hint(_ name: String, _ choices: [String]) -> String {
    NearestName.hint(for: name, in: choices)
  }
}

/// What to say to somebody who gave a name that there is not.
package enum NearestName {
  /// The nearest of `choices`, and all of them.
  package static func hint(for name: String, in choices: [String]) -> String {
    let nearest = RPCError.nearest(to: name, in: choices)[0]
    return "; did you mean '\(nearest)'? There are: \(choices.joined(separator: ", "))"
  }
}
