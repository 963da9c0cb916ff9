/// What a history is made of: the requests that set it up, and all that can be asked with the methods
/// and the arguments of the others.
struct ShrinkWindow {
  /// Requests that can be asked.
  static let requestLimit = 512

  /// There are more than `requestLimit` of them.
  struct TooLarge: Error {}

  /// What makes domains and regions in the beginning.
  let setup: [ShrinkStep]
  /// Every method with every choice of the arguments that some request of the history has under the
  /// same name; what makes domains and regions later, as it is.
  private(set) var alphabet: [ShrinkStep] = []

  /// - Throws: `TooLarge`.
  init(_ history: [ShrinkStep]) throws(TooLarge) {
    setup = Array(history.prefix { $0.isSetup })
    let rest = history.dropFirst(setup.count)
    var values: [String: [JSONTree]] = [:]
    for step in rest where !step.isSetup {
      for argument in step.arguments {
        let known = values[argument.name, default: []]
        if !known.contains(argument.value) { values[argument.name] = known + [argument.value] }
      }
    }
    var shapes: Set<[String]> = []
    for step in rest {
      if step.isSetup {
        alphabet.append(step)
      } else if shapes.insert([step.method] + step.arguments.map(\.name)).inserted {
        try add(step, values)
      }
      guard alphabet.count <= Self.requestLimit else { throw TooLarge() }
    }
  }

  private mutating func add(_ step: ShrinkStep, _ values: [String: [JSONTree]]) throws(TooLarge) {
    var choices: [[JSONTree.Member]] = [[]]
    for argument in step.arguments {
      let named = values[argument.name, default: []].map {
        JSONTree.Member(name: argument.name, value: $0)
      }
      guard choices.count * named.count <= Self.requestLimit else { throw TooLarge() }
      choices = choices.flatMap { chosen in named.map { chosen + [$0] } }
    }
    alphabet += choices.map { step.with(.object($0)) }
  }
}
