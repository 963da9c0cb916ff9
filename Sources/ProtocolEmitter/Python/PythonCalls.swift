import P2MProtocol

/// Puts together the classes whose methods are those of the protocol: calls that wait, calls to be
/// awaited, and calls that are made together; each of one machine, and of the server.
struct PythonCalls {
  /// How the caller gets the result.
  enum Style: String, CaseIterable {
    case sync = ""
    case async = "Async"
    case batch = "Batch"
  }

  /// What the calls are made on.
  enum Target: String, CaseIterable {
    case machine = "Machine"
    case server = "Server"
  }

  /// The methods that are not about one machine; 'machine.create' names the new one.
  private static let ofServer: Set = [
    "actor.list", "check.properties", "explore.run", "machine.create", "machine.list",
    "machine.presets", "resource.get", "resource.list", "rpc.discover", "scenario.run",
    "server.info",
  ]

  private struct Call {
    let method: DeclaredMethod
    let fields: [PythonField]
    let result: PythonForm
  }

  private var calls: [Call] = []

  init(_ types: inout PythonTypes) {
    for method in MethodTable.declared {
      let fields = Self.params(of: method).map { param in
        PythonField(param, Self.form(of: param, of: method, &types))
      }
      let result = types.form(
        method.declaration.result, at: "\(method.name).result",
        about: "What `\(method.name)` answers", .result)
      calls.append(Call(method: method, fields: fields, result: result))
    }
  }

  /// What the caller gives; the target knows the machine, and the token of progress is the client's.
  private static func params(of method: DeclaredMethod) -> [Schema.Member] {
    method.params.filter { param in
      param.name != "workDoneToken"
        && (param.name != "machine" || method.name == "machine.create")
    }
  }

  private static func form(
    of param: Schema.Member, of method: DeclaredMethod, _ types: inout PythonTypes
  ) -> PythonForm {
    // A scenario is written as a file of JSON.
    let schema = method.name == "scenario.run" ? .anyObject : param.schema
    return types.form(
      schema, at: "\(method.name).params.\(param.name)", about: param.about, .parameter)
  }

  /// All the classes.
  var text: String {
    Style.allCases.flatMap { style in
      Target.allCases.map { target in classOf(target, style) }
    }.joined()
  }

  private func classOf(_ target: Target, _ style: Style) -> String {
    let about =
      switch target {
      case .machine: "The operations of one machine, and the questions about it."
      case .server: "What is not about one machine."
      }
    let calls = calls.filter {
      Self.ofServer.contains($0.method.name) == (target == .server)
    }
    return """


      class \(style.rawValue)\(target.rawValue)Calls:
          \"\"\"\(about)\"\"\"

      \(Self.hook(style))
      \(calls.map { Self.text($0, target, style) }.joined(separator: "\n"))
      """
  }

  /// What makes the calls, which the client's own classes bring.
  private static func hook(_ style: Style) -> String {
    let timeout = style == .batch ? "" : "\n        timeout: Optional[float],"
    return """
          \(style == .async ? "async " : "")def _call(
              self,
              method: str,
              params: Dict[str, Any],
              read: Callable[[Any], T],\(timeout)
              progress: Optional[Progress],
          ) -> \(style == .batch ? "Pending[T]" : "T"):
              raise NotImplementedError

      """
  }

  private static func text(_ call: Call, _ target: Target, _ style: Style) -> String {
    let name = PythonNames.method(call.method.name)
    let required = call.fields.filter(\.member.isRequired)
    let optional = call.fields.filter { !$0.member.isRequired }
    let timeout = style == .batch ? [] : ["timeout: Optional[float] = None"]
    let signature =
      ["self", "*"] + (required + optional).map(\.parameter) + timeout
      + ["progress: Optional[Progress] = None"]
    let result =
      style == .batch ? "Pending[\(call.result.annotation)]" : call.result.annotation
    var text = "    \(style == .async ? "async " : "")def \(name)(\n"
    text += signature.map { "        \($0),\n" }.joined()
    text += "    ) -> \(result):\n"
    text += docstring(call, target, style)
    text += "        params: Dict[str, Any] = {"
    text += required.map(\.entry).joined(separator: ", ") + "}\n"
    text += optional.map(\.addition).joined()
    let arguments = style == .batch ? "progress" : "timeout, progress"
    text += "        return \(style == .async ? "await " : "")self._call(\n"
    text += "            \"\(call.method.name)\", params, \(call.result.conversion.reference), "
    text += "\(arguments)\n        )\n"
    return text
  }

  private static func docstring(_ call: Call, _ target: Target, _ style: Style) -> String {
    let summary = call.method.declaration.summary
    guard style == .sync else {
      let name = "\(target.rawValue)Calls.\(PythonNames.method(call.method.name))"
      return "        \"\"\"\(summary)\n\n        See `\(name)`.\n        \"\"\"\n"
    }
    let params = call.fields.map { "        \($0.told)\n" }.joined()
    let errors = call.method.declaration.errors.map { error in
      let isErrno = (-200..<0).contains(error.code)
      let name = isErrno ? "HypercallError: \(error.name), " : "\(error.name): "
      return "            \(name)\(error.when).\n"
    }.joined()
    if params.isEmpty && errors.isEmpty { return "        \"\"\"\(summary)\"\"\"\n" }
    return "        \"\"\"\(summary)\n"
      + (params.isEmpty ? "" : "\n        Args:\n\(params)")
      + (errors.isEmpty ? "" : "\n        Raises:\n\(errors)") + "        \"\"\"\n"
  }
}
