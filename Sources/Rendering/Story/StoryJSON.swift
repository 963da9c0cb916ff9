import Hypervisor
import Jansson

/// A story as its page has it: short, and safe within an HTML element.
struct StoryJSON: ~Copyable {
  var writer = JSONWriter()
  /// Texts that were written before, by number, so that each is in the page once.
  private var numbers: [String: Int] = [:]
  private var texts: [String] = []

  /// The story as JSON.
  static func text(of story: Story) -> String {
    var json = StoryJSON()
    json.write(story)
    return escaped(json.writer.text)
  }

  /// The writer's output is ASCII; what could end the element around it, or begin a comment, is
  /// written as an escape, which in JSON only strings can hold.
  static func escaped(_ json: String) -> String {
    var text = ""
    text.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": text += "\\u003c"
      case ">": text += "\\u003e"
      case "&": text += "\\u0026"
      case "\u{2028}": text += "\\u2028"
      case "\u{2029}": text += "\\u2029"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  mutating func write(_ story: Story) {
    writer.beginObject()
    string("title", story.title)
    array("sides", story.sides) { json, side in
      json.writer.beginObject()
      json.string("name", side.name)
      json.flag("recorded", side.isRecorded)
      if let window = side.window {
        json.writer.key("window")
        json.numbers(window.sorted())
      }
      json.writer.endObject()
    }
    array("slots", SlotTable(story).machines) { json, machine in json.slots(machine) }
    array("steps", story.steps) { json, step in json.step(step) }
    array("epilogue", story.epilogue) { json, note in json.writer.string(note) }
    array("texts", texts) { json, text in json.writer.string(text) }
    writer.endObject()
  }

  mutating func slots(_ machine: SlotTable.Machine) {
    writer.beginObject()
    string("machine", machine.name)
    array("domains", machine.domains) { json, domain in
      json.writer.beginObject()
      json.integer("id", Int(domain.id))
      json.array("ranges", domain.ranges) { json, range in
        json.numbers([range.lowerBound, UInt64(range.count)])
      }
      json.writer.endObject()
    }
    writer.endObject()
  }

  mutating func step(_ step: Story.Step) {
    writer.beginObject()
    integer("line", step.line)
    if !step.notes.isEmpty {
      array("notes", step.notes) { json, note in json.writer.string(note) }
    }
    shared("method", step.method)
    string("args", step.arguments)
    if let operation = step.operation { integer("operation", operation) }
    if let within = step.within { shared("within", within) }
    if let difference = step.difference {
      writer.key("difference")
      writer.beginObject()
      string("place", difference.place)
      array("values", difference.values) { json, value in
        if let value { json.writer.string(value) } else { json.writer.null() }
      }
      writer.endObject()
    }
    array("sides", step.outcomes) { json, outcome in json.outcome(outcome) }
    writer.endObject()
  }

  mutating func outcome(_ outcome: Story.Outcome) {
    writer.beginObject()
    if outcome.answer != "ok" { shared("answer", outcome.answer) }
    flag("failed", outcome.isFailure)
    flag("died", outcome.isDeath)
    if !outcome.narration.lines.isEmpty {
      array("lines", outcome.narration.lines) { json, line in
        json.writer.beginArray()
        json.writer.element()
        json.writer.string(line.role.rawValue)
        json.writer.element()
        json.writer.string(line.text)
        if !line.aside.isEmpty {
          json.writer.element()
          json.writer.string(line.aside)
        }
        json.writer.endArray()
      }
    }
    if !outcome.violations.isEmpty {
      array("broke", outcome.violations) { json, finding in json.finding(finding) }
    }
    if !outcome.collateral.isEmpty {
      array("lost", outcome.collateral) { json, spot in
        json.writer.beginArray()
        json.writer.element()
        json.writer.string(spot.machine)
        json.writer.element()
        json.writer.integer(Int64(spot.domain))
        json.writer.element()
        json.writer.integer(Int64(spot.frame))
        json.writer.endArray()
      }
    }
    if !outcome.change.machines.isEmpty {
      array("change", outcome.change.machines) { json, machine in json.machine(machine) }
    }
    writer.endObject()
  }

  mutating func finding(_ finding: Story.Finding) {
    writer.beginObject()
    shared("property", finding.property)
    string("message", finding.message)
    shared("machine", finding.machine)
    integer("domain", Int(finding.domain))
    if let gfn = finding.gfn { integer("gfn", Int(gfn)) }
    if let frame = finding.grantFrame { integer("frame", frame) }
    flag("status", finding.isStatus)
    if let mfn = finding.mfn { integer("mfn", Int(mfn)) }
    writer.endObject()
  }
}

/// Members and elements.
extension StoryJSON {
  mutating func string(_ name: StaticString, _ text: String) {
    writer.key(name)
    writer.string(text)
  }

  /// A member whose text is told often: the number of the text.
  mutating func shared(_ name: StaticString, _ text: String) {
    writer.key(name)
    known(text)
  }

  mutating func known(_ text: String) {
    let number = numbers[text] ?? texts.count
    if number == texts.count {
      numbers[text] = number
      texts.append(text)
    }
    writer.integer(Int64(number))
  }

  mutating func integer(_ name: StaticString, _ value: Int) {
    writer.key(name)
    writer.integer(Int64(value))
  }

  /// A member that is there only where it is true.
  mutating func flag(_ name: StaticString, _ value: Bool) {
    guard value else { return }
    writer.key(name)
    writer.boolean(true)
  }

  mutating func numbers(_ values: [UInt64]) {
    writer.beginArray()
    for value in values {
      writer.element()
      writer.integer(Int64(value))
    }
    writer.endArray()
  }

  mutating func array<Element>(
    _ name: StaticString, _ elements: [Element], _ write: (inout StoryJSON, Element) -> Void
  ) {
    writer.key(name)
    writer.beginArray()
    for element in elements {
      writer.element()
      write(&self, element)
    }
    writer.endArray()
  }
}
