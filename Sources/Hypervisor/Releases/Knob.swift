/// One of the knobs, by the name and the values that clients, sessions and the command line use.
package struct Knob: Sendable {
  /// What a knob can be set to.
  package enum Choices: Sendable {
    case words([String])
    case integers(ClosedRange<Int>)
  }

  package enum Value: Hashable, Sendable {
    case word(String)
    case integer(Int)
  }

  /// A knob set to one of its values.
  package struct Setting: Sendable {
    package let knob: Knob
    package let value: Value

    /// - Returns: `nil` where `value` is none of the knob's.
    package init?(_ knob: Knob, to value: Value) {
      guard knob.choices.contain(value) else { return nil }
      self.knob = knob
      self.value = value
    }
  }

  package let name: StaticString
  /// What it decides, in short.
  package let about: StaticString
  package let choices: Choices
  private let read: @Sendable (Knobs) -> Value
  private let write: @Sendable (inout Knobs, Value) -> Void

  private init<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: StaticString, _ path: WritableKeyPath<Knobs, Choice> & Sendable,
    _ about: StaticString
  ) {
    self.name = name
    self.about = about
    choices = .words(Choice.allCases.map(\.rawValue))
    read = { .word($0[keyPath: path].rawValue) }
    write = { knobs, value in
      guard case .word(let word) = value, let choice = Choice(rawValue: word) else {
        preconditionFailure("a setting has one of its knob's values")
      }
      knobs[keyPath: path] = choice
    }
  }

  private init(
    _ name: StaticString, _ path: WritableKeyPath<Knobs, Int> & Sendable,
    _ range: ClosedRange<Int>, _ about: StaticString
  ) {
    self.name = name
    self.about = about
    choices = .integers(range)
    read = { .integer($0[keyPath: path]) }
    write = { knobs, value in
      guard case .integer(let number) = value else {
        preconditionFailure("a setting has one of its knob's values")
      }
      knobs[keyPath: path] = number
    }
  }
}

extension Knob {
  /// Every knob, in the order in which they are told.
  package static let all: [Knob] = [
    Knob("tracking", \.tracking, "where the GFN of a grant frame is kept"),
    Knob("remap", \.remap, "what mapping a frame does that is tracked elsewhere"),
    Knob("removalCheck", \.removalCheck, "what removing a mapping checks first"),
    Knob("frameIndex", \.frameIndex, "how wide a frame's index is"),
    Knob("invalidGfn", \.invalidGFN, "when INVALID_GFN is noticed"),
    Knob("foreignErrno", \.foreignErrno, "errnos of foreign maps"),
    Knob("statusFramePinning", \.statusFramePinning, "XSA-384, XSA-486"),
    Knob("m2pLookup", \.m2pLookup, "XSA-379"),
    Knob("statusFreeing", \.statusFreeing, "XSA-255"),
    Knob("populateInsert", \.populateInsert, "whether populating notices that it cannot map"),
    Knob("unmapFirst", \.unmapFirst, "whether x86 drops the old mapping first"),
    Knob("statusGrowth", \.statusGrowth, "whether mapping a status frame makes it exist"),
    Knob("mmioReplacement", \.mmioReplacement, "whether x86 maps pages over device memory"),
    Knob("gmfnMove", \.gmfnMove, "how x86 moves a page between GFNs"),
    Knob("maxGrantVersion", \.maxGrantVersion, 1...2, "the highest version of a grant table"),
  ]

  /// The knob called `name`.
  package static func named(_ name: some StringProtocol) -> Knob? {
    all.first { "\($0.name)" == name }
  }
}

extension Knob.Choices {
  func contain(_ value: Knob.Value) -> Bool {
    switch (self, value) {
    case (.words(let words), .word(let word)): words.contains(word)
    case (.integers(let range), .integer(let number)): range.contains(number)
    case (.words, .integer), (.integers, .word): false
    }
  }

  /// The values, as the command line takes them.
  package var texts: [String] {
    switch self {
    case .words(let words): words
    case .integers(let range): range.map { "\($0)" }
    }
  }
}

extension Knobs {
  /// What `knob` is set to.
  package subscript(knob: Knob) -> Knob.Value { knob.value(in: self) }

  /// The same knobs with those that `settings` name set anew, the last one of a knob at last.
  package func setting(_ settings: [Knob.Setting]) -> Knobs {
    var knobs = self
    for setting in settings { setting.knob.set(setting.value, in: &knobs) }
    return knobs
  }
}

extension Knob {
  fileprivate func value(in knobs: Knobs) -> Value { read(knobs) }
  fileprivate func set(_ value: Value, in knobs: inout Knobs) { write(&knobs, value) }
}
