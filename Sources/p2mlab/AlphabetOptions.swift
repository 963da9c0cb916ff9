import ArgumentParser
import Hypervisor
import JSONRPC
import Jansson
import Laboratory
import P2MProtocol

/// What is tried in every state.
struct AlphabetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Methods that are tried; by default mapping, unmapping and the grant table's version.",
      discussion: ExploredOperation.Kind.allCases.map(\.rawValue).joined(separator: ", "),
      valueName: "a,b,..."),
    completion: .list(ExploredOperation.Kind.allCases.map(\.rawValue)),
    transform: { text in try Choices<ExploredOperation.Kind>(text, "operation") })
  var ops: Choices<ExploredOperation.Kind>?

  @Option(
    help: ArgumentHelp(
      "Of a method, try only operations with these arguments; as often as needed.",
      discussion: "grantFrame.map:frame=0,gfn=0x38000+0x38001. Arguments: "
        + ExploredOperation.Argument.allCases.map(\.rawValue).joined(separator: ", "),
      valueName: "method:argument=value+value,..."),
    transform: { text in try argumentChoice(text) })
  var only: [ArgumentChoice] = []

  @Flag(help: "Try GFNs, frames and domains that cannot be, too.")
  var invalidArguments = false

  @Option(help: "Domains that act, each with its own GFNs; they map each other's pages too.")
  var domains = 1

  @Option(
    help: ArgumentHelp(
      "Orders of what is populated and decreased.", discussion: "0, 9, 18", valueName: "a,b,..."),
    transform: { text in try leafOrders(text) })
  var orders: Set<Int> = [0]

  @Option(help: "Pages that may be populated; by default one extent of each order.")
  var maxPages: Int?

  @Option(
    help: ArgumentHelp(
      "An actor that does all that it does as one transition; as often as needed.",
      discussion: "linux-unpopulated-bank0:foreign=2,pages=1. 'domain' says who it is; "
        + "other parameters are the actor's own.",
      valueName: "name:parameter=value,..."),
    transform: { text in try Role(text) })
  var actor: [Role] = []

  @OptionGroup var provisions: ProvisionOptions

  func set(_ plan: inout ExplorationPlan) {
    plan.operations = ops.map { Set($0.values) }
    plan.choices = only
    plan.triesInvalidArguments = invalidArguments
    plan.domains = domains
    plan.orders = orders
    plan.maxPages = maxPages
  }

  /// The plan in which the actors play.
  func playing(_ plan: ExplorationPlan) throws -> ExplorationPlan {
    guard !actor.isEmpty else { return plan }
    guard actor.count <= ExploredRole.limit else {
      throw ValidationError("--actor: expected \(ExploredRole.limit) actors at most")
    }
    var plan = plan
    let text = JSONTree.array(actor.map(\.values)).compact
    let document = try JSONDocument(parsing: Array(text.utf8).span)
    defer { extendLifetime(document) }
    let roles = actor.enumerated().map { number, role in
      ExploredRole(actor: role.name, domain: role.domain, values: document.root[number])
    }
    do {
      try plan.play(roles, try provisions.loadOrExit())
    } catch let error as RPCError {
      throw ValidationError("--actor: \(error.message)")
    }
    return plan
  }
}

/// An actor with its parameters, as the command line names it.
struct Role {
  let name: String
  private(set) var domain = ExploredOperation.domain
  /// An object.
  let values: JSONTree

  init(_ text: String) throws {
    let (name, pairs) = try named(text)
    self.name = name
    var members: [JSONTree.Member] = []
    for (key, value) in pairs {
      if key == "domain" {
        guard let number = UInt16(value) else {
          throw ValidationError("domain: expected a number, not '\(value)'")
        }
        domain = DomainID(number)
      } else {
        let tree = Int64(value).map { JSONTree.integer($0) } ?? .string(value)
        members.append(.init(name: key, value: tree))
      }
    }
    values = .object(members)
  }
}

/// `name:key=value,key=value`, taken apart.
private func named(_ text: String) throws -> (name: String, pairs: [(String, String)]) {
  let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
  let pairs =
    parts.count < 2 ? [] : parts[1].split(separator: ",", omittingEmptySubsequences: false)
  let named = try pairs.map { pair in
    let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else {
      throw ValidationError("expected name=value, not '\(pair)'")
    }
    return (String(sides[0]), String(sides[1]))
  }
  return (String(parts[0]), named)
}

private func argumentChoice(_ text: String) throws -> ArgumentChoice {
  let (method, pairs) = try named(text)
  let kind = try Choices<ExploredOperation.Kind>(method, "operation").values[0]
  var values: [ExploredOperation.Argument: Set<UInt64>] = [:]
  for (name, list) in pairs {
    let argument = try Choices<ExploredOperation.Argument>(name, "argument").values[0]
    values[argument] = Set(
      try list.split(separator: "+", omittingEmptySubsequences: false).map { try number($0) })
  }
  return ArgumentChoice(kind, values)
}

private func number(_ text: Substring) throws -> UInt64 {
  let number = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  guard let number else { throw ValidationError("expected a number, not '\(text)'") }
  return number
}

private func leafOrders(_ text: String) throws -> Set<Int> {
  Set(
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let order = Int(word), PageTable.leafOrders.contains(order) else {
        throw ValidationError("expected 0, 9 or 18, not '\(word)'")
      }
      return order
    })
}
