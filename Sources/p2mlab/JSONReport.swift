import Hypervisor
import Jansson
import Laboratory
import P2MProtocol

/// What the commands print for programs: one JSON object a line.
enum JSONReport {
  static func run(_ file: String, _ run: SessionRun, updated: Bool) -> String {
    line { writer in
      writer.key("file")
      writer.string(file)
      writer.key("replies")
      writer.integer(Int64(run.compared))
      writer.key("updated")
      writer.boolean(updated)
      writer.key("differences")
      writer.beginArray()
      for mismatch in run.mismatches {
        writer.element()
        writer.beginObject()
        writer.members(of: mismatch)
        writer.endObject()
      }
      writer.endArray()
    }
  }

  static func check(_ file: String, _ check: RecordingCheck) -> String {
    line { writer in
      writer.key("file")
      writer.string(file)
      writer.key("preset")
      writer.string(check.preset)
      writer.key("operations")
      writer.integer(Int64(check.operations))
      writer.key("divergence")
      guard let divergence = check.divergence else { return writer.null() }
      writer.beginObject()
      writer.key("operation")
      writer.integer(Int64(divergence.step))
      writer.key("field")
      writer.string(divergence.field)
      writer.key("recorded")
      writer.string(divergence.recorded)
      writer.key("modelled")
      writer.string(divergence.modelled)
      writer.endObject()
    }
  }

  static func compared(_ row: Comparison.Row) -> String {
    line { writer in
      writer.key("line")
      writer.integer(Int64(row.request.line))
      writer.members(of: row)
    }
  }

  static func compare(_ file: String, _ comparison: Comparison) -> String {
    line { writer in
      writer.key("file")
      writer.string(file)
      writer.key("presets")
      writer.strings(comparison.variants.map(\.name))
      writer.key("requests")
      writer.integer(Int64(comparison.rows.count))
      writer.key("different")
      writer.integer(Int64(comparison.rows.count { $0.differs }))
      writer.key("firstDifference")
      guard let parting = comparison.parting else { return writer.null() }
      writer.beginObject()
      writer.key("line")
      writer.integer(Int64(parting.request.line))
      writer.members(of: parting, comparison)
      writer.endObject()
    }
  }

  static func shrink(_ file: String, _ property: Property, _ shrunk: ShrunkHistory?) -> String {
    line { writer in
      writer.key("file")
      writer.string(file)
      writer.key("property")
      writer.string(property.rawValue)
      writer.key("violated")
      writer.boolean(shrunk != nil)
      if let shrunk { writer.members(of: shrunk) }
    }
  }

  static func exploration(_ result: ExplorationResult, _ milliseconds: Int) -> String {
    line { $0.members(of: result, milliseconds: milliseconds) }
  }

  static func unusable(_ file: String, _ error: any Error) -> String {
    line { writer in
      writer.key("file")
      writer.string(file)
      writer.key("unusable")
      writer.beginObject()
      if let error = error as? UnusableInput {
        writer.key("line")
        writer.integer(Int64(error.line))
        writer.key("reason")
        writer.string(error.reason)
      } else {
        writer.key("reason")
        writer.string("\(error)")
      }
      writer.endObject()
    }
  }

  static func summary(_ counts: [(StaticString, Int)]) -> String {
    line { writer in
      for (name, count) in counts {
        writer.key(name)
        writer.integer(Int64(count))
      }
    }
  }

  private static func line(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    write(&writer)
    writer.endObject()
    return writer.text
  }
}

extension JSONWriter {
  fileprivate mutating func strings(_ texts: [String]) {
    beginArray()
    for text in texts {
      element()
      string(text)
    }
    endArray()
  }
}
