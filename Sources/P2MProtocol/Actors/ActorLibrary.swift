import Hypervisor
import JSONRPC
import Jansson
import Laboratory

/// The actors that there are: those of the command line first, then those of the program.
extension Provisions {
  /// By name; one of the command line takes the place of the program's of the same name.
  var allActors: [ActorSource] {
    let own = Set(actors.map(\.name))
    return (actors + BuiltInActors.all.filter { !own.contains($0.name) })
      .sorted { $0.name < $1.name }
  }

  /// The names of all actors, in order.
  package var actorNames: [String] { allActors.map(\.name) }

  /// The actor called `name`, read.
  ///
  /// - Parameter path: the parameter that names it.
  /// - Throws: not found, or invalid params with the mistake in its template.
  func actor(_ name: String, at path: String) throws(RPCError) -> ActorTemplate {
    let all = allActors
    guard let source = all.first(where: { $0.name == name }) else {
      let nearest = RPCError.nearest(to: name, in: all.map(\.name)).first
      let hint = nearest.map { "did you mean '\($0)'?" } ?? "'actor.list' tells which there are"
      throw .notFound("actor '\(name)'; \(hint)")
    }
    do throws(UnusableInput) {
      return try ActorTemplate(source)
    } catch {
      throw .template(error, of: source.file, at: path)
    }
  }
}

extension RPCError {
  /// The template of an actor cannot be used.
  static func template(
    _ fault: UnusableInput, of file: String, at path: String
  ) -> RPCError {
    let place = "\(file):\(fault.line): \(fault.reason)"
    return RPCError(
      code: Code.invalidParams, message: "Invalid params: \(place)",
      data: .expectation(path: path, expected: "an actor whose template can be used; \(place)"))
  }
}

extension ActorTemplate {
  /// What each parameter stands for.
  ///
  /// - Parameters:
  ///   - object: what is given for them, by name; `nil` where nothing is.
  ///   - path: where that is.
  /// - Throws: invalid params, for one that is missing, unknown or neither integer nor string.
  func values(
    _ object: JSONView?, at path: String
  ) throws(RPCError) -> [String: TemplateValue] {
    var values: [String: TemplateValue] = [:]
    for parameter in parameters { values[parameter.name] = parameter.absent }
    for member in object.map({ Array($0.members) }) ?? [] {
      let name = member.shortName
      guard parameters.contains(where: { $0.name == name }) else {
        let known = parameters.map { "'\($0.name)'" }.joined(separator: ", ")
        throw .invalidParams(
          path: "\(path)/\(name)", expected: "one of the parameters of '\(self.name)': \(known)")
      }
      guard let value = TemplateValue(member.value) else {
        throw .invalidParams(path: "\(path)/\(name)", expected: "an integer or a string")
      }
      values[name] = value
    }
    for parameter in parameters where values[parameter.name] == nil {
      throw .invalidParams(path: "\(path)/\(parameter.name)", expected: parameter.about)
    }
    return values
  }
}
