import Jansson
import Laboratory

/// Reads a template: its head on the first line, then a step a line.
extension ActorTemplate {
  /// - Throws: the first line that cannot be used, and why.
  init(_ source: ActorSource) throws(UnusableInput) {
    guard source.text.count <= Limits.size else {
      throw UnusableInput(
        line: 1, reason: "a template may have \(Limits.size) bytes, not \(source.text.count)")
    }
    let lines = TextLine.all(of: source.text)
    guard let first = lines.first else { throw UnusableInput(line: 1, reason: "it is empty") }
    guard lines.count <= Limits.steps + 1 else {
      throw UnusableInput(
        line: lines[Limits.steps + 1].number, reason: "more than \(Limits.steps) steps")
    }
    let document = try JSONDocument(
      source.text.span.extracting(first.range), number: first.number)
    defer { extendLifetime(document) }
    var head = try TemplateLine(document.root, number: first.number)
    name = try head.text("actor")
    guard name == source.name else {
      throw head.fault("the actor is called '\(name)', but its file '\(source.name)'")
    }
    does = try head.text("does")
    why = try head.text("why")
    parameters = try head.parameters()
    try head.finish()
    var names = Set(Self.givenNames + parameters.map(\.name))
    var steps: [Step] = []
    for line in lines.dropFirst() {
      steps.append(try Self.step(source.text.span.extracting(line.range), line.number, &names))
    }
    self.steps = steps
  }

  /// - Parameter names: what is known before the step; what it saves is added.
  private static func step(
    _ text: Span<UInt8>, _ number: Int, _ names: inout Set<String>
  ) throws(UnusableInput) -> Step {
    let document = try JSONDocument(text, number: number)
    defer { extendLifetime(document) }
    var line = try TemplateLine(document.root, number: number)
    line.names = names
    let method = try line.method()
    let params = try line.params()
    let times = try line.times()
    let saves = try line.saves()
    let step = Step(
      line: number, method: method, params: params, times: times, saves: saves,
      mayFail: try line.mayFail())
    try line.finish()
    names.formUnion(saves.map(\.name))
    return step
  }
}

/// One line of a template, which is asked for its members.
private struct TemplateLine {
  private let object: JSONView
  private let number: Int
  private var asked: [String] = []
  /// What may stand in a place to be filled in.
  var names: Set<String> = []

  init(_ object: JSONView, number: Int) throws(UnusableInput) {
    guard object.kind == .object else {
      throw UnusableInput(line: number, reason: "an object is expected, not \(object.kind)")
    }
    self.object = object
    self.number = number
  }

  func fault(_ reason: String) -> UnusableInput { UnusableInput(line: number, reason: reason) }

  private mutating func value(_ name: String) -> JSONView? {
    asked.append(name)
    return object.member(name)
  }

  mutating func text(_ name: String) throws(UnusableInput) -> String {
    guard let text = value(name)?.string else {
      throw fault("'\(name)' must be there, a string")
    }
    return text
  }

  /// Refuses what nobody asked for.
  func finish() throws(UnusableInput) {
    for member in object.members where !asked.contains(member.name) {
      throw fault("'\(member.shortName)' is no member of this line")
    }
  }

  // MARK: The head

  mutating func parameters() throws(UnusableInput) -> [ActorTemplate.Parameter] {
    guard let object = value("parameters") else { return [] }
    guard object.kind == .object, object.count <= ActorTemplate.Limits.parameters else {
      throw fault("'parameters' is an object of \(ActorTemplate.Limits.parameters) at most")
    }
    var parameters: [ActorTemplate.Parameter] = []
    for member in object.members {
      let name = member.name
      guard TemplateText.isName(name), !ActorTemplate.givenNames.contains(name) else {
        throw fault("'\(member.shortName)' cannot be the name of a parameter")
      }
      var line = try TemplateLine(member.value, number: number)
      let about = try line.text("about")
      var absent: TemplateValue?
      if let value = line.value("default") {
        guard let known = TemplateValue(value) else {
          throw fault("the default of '\(name)' is neither an integer nor a string")
        }
        absent = known
      }
      try line.finish()
      parameters.append(.init(name: name, about: about, absent: absent))
    }
    return parameters
  }

  // MARK: A step

  mutating func method() throws(UnusableInput) -> MethodTable.Entry {
    let name = try text("method")
    guard let method = MethodTable.all.first(where: { "\($0.name)" == name }) else {
      throw fault("there is no method '\(name.prefix(64))'")
    }
    guard method.isOfMachine else {
      throw fault("an actor cannot call '\(name)': it is not about one machine alone")
    }
    return method
  }

  mutating func params() throws(UnusableInput) -> [(name: String, value: TemplateNode)] {
    guard let object = value("params") else { return [] }
    guard object.kind == .object else { throw fault("'params' is an object") }
    let members = try members(of: object)
    guard !members.contains(where: { $0.name == "machine" || $0.name == "workDoneToken" }) else {
      throw fault("'params' has no 'machine' and no 'workDoneToken': who runs the actor says them")
    }
    return members
  }

  private func members(
    of object: JSONView
  ) throws(UnusableInput) -> [(name: String, value: TemplateNode)] {
    var members: [(name: String, value: TemplateNode)] = []
    for member in object.members { members.append((member.name, try node(member.value))) }
    return members
  }

  private func node(_ value: JSONView) throws(UnusableInput) -> TemplateNode {
    switch value.kind {
    case .null, .boolean, .integer, .real: return .literal(value.json)
    case .object: return .object(try members(of: value))
    case .array:
      var elements: [TemplateNode] = []
      for index in 0..<value.count {
        if let element = value[index] { elements.append(try node(element)) }
      }
      return .array(elements)
    case .string:
      let text = try template(value.string ?? "")
      return text.isPlain ? .literal(value.json) : .text(text)
    }
  }

  /// A text whose places can be filled in.
  private func template(_ text: String) throws(UnusableInput) -> TemplateText {
    do throws(TemplateText.Fault) {
      let text = try TemplateText(text)
      if let unknown = text.names.first(where: { !names.contains($0) }) {
        throw TemplateText.Fault(reason: "nothing is called '\(unknown)' here")
      }
      return text
    } catch {
      throw fault(error.reason)
    }
  }

  mutating func times() throws(UnusableInput) -> TemplateText? {
    guard let times = value("times") else { return nil }
    switch times.kind {
    case .integer: return try template("${\(times.json)}")
    case .string: return try template(times.string ?? "")
    case .null, .boolean, .real, .array, .object:
      throw fault("'times' is a number, or a place to be filled in with one")
    }
  }

  mutating func saves() throws(UnusableInput) -> [(name: String, pointer: String)] {
    guard let object = value("save") else { return [] }
    guard object.kind == .object else { throw fault("'save' is an object") }
    var saves: [(name: String, pointer: String)] = []
    for member in object.members {
      guard TemplateText.isName(member.name), !ActorTemplate.givenNames.contains(member.name) else {
        throw fault("'\(member.shortName)' cannot be the name of a saved value")
      }
      guard let pointer = member.value.string, pointer.hasPrefix("/result/") else {
        throw fault("'\(member.name)' is to be saved from a JSON pointer such as \"/result/gfn\"")
      }
      saves.append((member.name, pointer))
    }
    return saves
  }

  mutating func mayFail() throws(UnusableInput) -> Set<Int64> {
    guard let array = value("mayFail") else { return [] }
    let codes = (0..<array.count).compactMap { array[$0]?.integer }
    guard array.kind == .array, codes.count == array.count else {
      throw fault("'mayFail' is an array of error codes")
    }
    return Set(codes)
  }
}
