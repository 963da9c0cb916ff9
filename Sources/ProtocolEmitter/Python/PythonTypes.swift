import P2MProtocol

/// Puts together the classes of results and parameters, and the functions that convert them.
///
/// Objects with the same fields share a class, named where it stands first, unless another name was
/// chosen for one of them.
struct PythonTypes {
  /// Which way a value goes.
  enum Direction { case result, parameter }

  /// Everything that has a name for the client's users, in the order of definition.
  private(set) var names: [String] = []
  private(set) var choices = ""
  private(set) var classes = ""
  private(set) var unions = ""
  private(set) var functions = ""
  /// By what they consist of.
  private var classNames: [String: String] = [:]
  private var choiceNames: [[String]: String] = [:]
  private var written: Set<String> = []

  /// Defines the shared schemas, which the others refer to.
  init() {
    for shared in SharedSchema.allCases {
      _ = form(shared.schema, at: shared.rawValue, about: shared.about, .result)
    }
  }

  /// The form of the value at `path`; an object becomes a class.
  mutating func form(
    _ schema: Schema, at path: String, about: String, _ direction: Direction
  ) -> PythonForm {
    switch schema {
    case .string: PythonForm("str")
    case .choice(let words): PythonForm(choice(words, path))
    case .hex, .number: number(path, direction)
    case .integers(let values): PythonForm(literal(values.map { "\($0)" }))
    case .integer, .anyInteger: PythonForm("int")
    case .boolean: PythonForm("bool")
    case .null: PythonForm("None")
    case .nullable(let schema): form(schema, at: path, about: about, direction).optional
    case .array(let element, _):
      sequence(of: form(element, at: path, about: about, direction), direction)
    case .anyObject:
      switch direction {
      case .result: PythonForm("Dict[str, Any]")
      case .parameter: PythonForm("Mapping[str, Any]", .function("dict"))
      }
    case .anyArray: PythonForm("List[Any]")
    case .named(let shared): named(shared)
    case .object(let members): object(members, path, about, direction)
    case .oneOf(let options): union(options, path, about, direction)
    }
  }

  private func number(_ path: String, _ direction: Direction) -> PythonForm {
    let kind = PythonNumber(member: String(path.split(separator: ".").last ?? ""))
    let function = direction == .result ? kind.reader : kind.writer
    return PythonForm(kind.rawValue, .function(function))
  }

  private func sequence(of element: PythonForm, _ direction: Direction) -> PythonForm {
    switch direction {
    case .result:
      PythonForm("Tuple[\(element.annotation), ...]", .sequence(element.conversion, isTuple: true))
    case .parameter:
      PythonForm("Sequence[\(element.annotation)]", .sequence(element.conversion, isTuple: false))
    }
  }

  private func named(_ shared: SharedSchema) -> PythonForm {
    PythonForm(PythonNames.type(shared.rawValue), .function("read_\(shared.rawValue.snaked)"))
  }

  // MARK: Choices

  private mutating func choice(_ words: [String], _ path: String) -> String {
    let all = literal(words.map { "\"\($0)\"" })
    if let name = choiceNames[words] { return name }
    guard let name = PythonNames.alias(path) else { return all }
    choiceNames[words] = name
    names.append(name)
    choices += "\(name) = \(all)\n"
    return name
  }

  private func literal(_ values: [String]) -> String {
    "Literal[" + values.joined(separator: ", ") + "]"
  }

  // MARK: Objects

  private mutating func object(
    _ members: [Schema.Member], _ path: String, _ about: String, _ direction: Direction
  ) -> PythonForm {
    if members.isEmpty { return PythonForm("None", .function("nothing")) }
    let tag = Self.tag(of: members)
    let fields = (tag == nil ? members[...] : members.dropFirst()).map { member in
      PythonField(
        member, form(member.schema, at: "\(path).\(member.name)", about: member.about, direction))
    }
    let name = define(fields, tag: tag, path, about)
    let function =
      (direction == .result ? "read_" : "write_")
      + (SharedSchema(rawValue: path) == nil ? name : path).snaked
    if written.insert(function).inserted {
      functions += PythonField.function(function, name, fields, direction)
    }
    return PythonForm(name, .function(function))
  }

  /// Defines the class with these fields, if there is none yet.
  private mutating func define(
    _ fields: [PythonField], tag: String?, _ path: String, _ about: String
  ) -> String {
    let key = "\(tag ?? "") " + fields.map(\.identity).joined(separator: ", ")
    let chosen = PythonNames.chosen[path]
    if let name = classNames[key], chosen == nil || chosen == name { return name }
    let name = chosen ?? PythonNames.type(path)
    if names.contains(name) { return name }
    classNames[key] = name
    names.append(name)
    classes += PythonField.definition(of: name, fields, tag: tag, about)
    return name
  }

  /// The word that tells an object apart from the alternatives.
  private static func tag(of members: [Schema.Member]) -> String? {
    guard let first = members.first, first.name == "kind", case .choice(let words) = first.schema,
      words.count == 1
    else { return nil }
    return words[0]
  }

  // MARK: Unions

  private mutating func union(
    _ options: [Schema], _ path: String, _ about: String, _ direction: Direction
  ) -> PythonForm {
    let objects = options.compactMap(\.members)
    guard objects.count == options.count else {
      return plainUnion(options, path, about, direction)
    }
    let tags = objects.compactMap(Self.tag)
    if tags.count == objects.count { return taggedUnion(objects, tags, path, about) }
    switch direction {
    case .result: return object(Self.merged(objects), path, about, direction)
    case .parameter:
      return parameterUnion(objects, path, about)
    }
  }

  /// Objects of which the caller gives one.
  private mutating func parameterUnion(
    _ objects: [[Schema.Member]], _ path: String, _ about: String
  ) -> PythonForm {
    let forms = objects.enumerated().map { number, members in
      object(members, "\(path).\(number)", about, .parameter)
    }
    let union = Self.union(forms)
    let function = "write_" + path.split(separator: ".").joined(separator: "_").snaked
    let cases = forms.map { form in
      "    if isinstance(v, \(form.annotation)):\n        return \(form.conversion.of("v"))\n"
    }
    functions += """


      def \(function)(v: \(union)) -> Dict[str, Any]:
      \(cases.joined())    raise TypeError(f"expected \(union), not {v!r}")

      """
    return PythonForm(union, .function(function))
  }

  /// Objects that have a member `kind`.
  private mutating func taggedUnion(
    _ objects: [[Schema.Member]], _ tags: [String], _ path: String, _ about: String
  ) -> PythonForm {
    let forms = zip(objects, tags).map { members, tag in
      object(members, "\(path).\(tag)", "\(about) (`\(tag)`)", .result)
    }
    let name = PythonNames.type(path)
    names.append(name)
    unions += "\(name) = \(Self.union(forms))\n"
    let cases = zip(tags, forms).map { "    \"\($0)\": \($1.conversion.reference),\n" }.joined()
    functions += """


      _\(path.snaked.uppercased()): Dict[str, Callable[[Any], \(name)]] = {
      \(cases)}


      def read_\(path.snaked)(v: Any) -> \(name):
          return _\(path.snaked.uppercased())[v["kind"]](v)

      """
    return PythonForm(name, .function("read_\(path.snaked)"))
  }

  /// Whatever else there is; objects are told apart by their members.
  private mutating func plainUnion(
    _ options: [Schema], _ path: String, _ about: String, _ direction: Direction
  ) -> PythonForm {
    let forms = options.map { form($0, at: path, about: about, direction) }
    let readers = zip(options, forms).compactMap { option, form -> String? in
      guard case .named(let shared) = option, let members = shared.schema.members
      else { return nil }
      let names = members.filter(\.isRequired).map { "\"\($0.name)\"" }.joined(separator: ", ")
      return "    ({\(names)}, \(form.conversion.reference)),\n"
    }
    if readers.isEmpty { return PythonForm(Self.union(forms)) }
    let function = "read_" + path.split(separator: ".").joined(separator: "_").snaked
    functions += """


      def \(function)(v: Any) -> Any:
          for names, read in _\(function.uppercased()):
              if v is not None and names <= v.keys():
                  return read(v)
          return v


      _\(function.uppercased()): List[Tuple[Set[str], Callable[[Any], Any]]] = [
      \(readers.joined())]

      """
    return PythonForm(Self.union(forms), .function(function))
  }

  private static func union(_ forms: [PythonForm]) -> String {
    "Union[" + forms.map(\.annotation).joined(separator: ", ") + "]"
  }

  /// One object for several: what not all have, may be absent.
  private static func merged(_ objects: [[Schema.Member]]) -> [Schema.Member] {
    var merged: [Schema.Member] = []
    for member in objects.joined() where !merged.contains(where: { $0.name == member.name }) {
      let isRequired = objects.allSatisfy { members in
        members.contains { $0.name == member.name && $0.isRequired }
      }
      merged.append(.init(member.name, member.schema, member.about, isRequired: isRequired))
    }
    return merged
  }
}

extension Schema {
  /// The members of an object whose members are known.
  fileprivate var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension String {
  /// `GrantFrame` and `grantFrame` are `grant_frame`, `RAMPage` is `ram_page`.
  var snaked: String {
    var text = ""
    var previous: Character = "_"
    for (index, letter) in zip(indices, self) {
      let next = self[self.index(after: index)...].first
      let begins = letter.isUppercase && (previous.isLowercase || next?.isLowercase == true)
      text += (begins && previous != "_" ? "_" : "") + letter.lowercased()
      previous = letter
    }
    return text
  }
}
