import Hypervisor
import Jansson

/// One operation of a history that is being shrunk.
struct ShrinkStep: Sendable {
  private let entry: MethodTable.Entry
  /// Its parameters by name, without the machine.
  let params: JSONTree
  private let text: [UInt8]
  /// The notes that stand before it, or before the operations that it goes with.
  let notes: [String]

  /// - Returns: `nil` for a request that is no operation.
  init?(_ request: RequestList.Request, notes: [String]) {
    let entry = MethodTable.all.first { "\($0.name)" == request.method }
    guard let entry, entry.attempt != nil else { return nil }
    let document = JSONDocument(known: request.text)
    defer { extendLifetime(document) }
    let params = document.root["params"].map { JSONTree($0) } ?? .object([])
    self.init(entry, entry.named(params), notes)
  }

  private init(_ entry: MethodTable.Entry, _ params: JSONTree, _ notes: [String]) {
    self.entry = entry
    self.params = params
    self.notes = notes
    text = Array(params.compact.utf8)
  }

  /// The same operation with other parameters.
  func with(_ params: JSONTree) -> ShrinkStep { ShrinkStep(entry, params, notes) }

  /// The same operation, of which nothing was noted.
  var withoutNotes: ShrinkStep { ShrinkStep(entry, params, []) }

  var method: String { "\(entry.name)" }

  /// Its parameters one by one.
  var arguments: [JSONTree.Member] {
    guard case .object(let members) = params else { return [] }
    return members
  }

  /// Whether it makes what others are about, and is no hypercall of a guest.
  var isSetup: Bool {
    let names = [DomainCreate.name, RegionDefine.name, RegionImport.name]
    return names.contains { "\($0)" == method }
  }

  /// Carries it out.
  ///
  /// - Returns: whether it was a hypercall, failed or not, or did what it was to do.
  func attempt(on machine: inout Machine, scratch: inout JSONWriter) -> Bool {
    guard let attempt = entry.attempt else { return false }
    let document = JSONDocument(known: text)
    defer { extendLifetime(document) }
    return attempt(document.root.count == 0 ? nil : document.root, &machine, &scratch)
  }
}

extension MethodTable.Entry {
  /// Parameters by name, without those that every method takes.
  fileprivate func named(_ params: JSONTree) -> JSONTree {
    let common = ["machine", "workDoneToken"]
    switch params {
    case .object(let members):
      return .object(members.filter { !common.contains($0.name) && $0.value != .null })
    case .array(let values):
      let names = declared().params.map(\.name)
      let members = zip(names, values).map { JSONTree.Member(name: $0, value: $1) }
      return named(.object(members))
    case .null, .boolean, .integer, .string:
      return .object([])
    }
  }
}
