import Hypervisor

/// What a component of a real system does, as one transition: its operations one after the other.
///
/// They are those that it makes on the machine at the start, whatever the state is. As when it is
/// played, it goes no further behind the first error that it does not foresee.
package struct ExploredActor: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    package let operation: ExploredOperation
    /// The errors after which it goes on.
    package let mayFail: Set<Errno>

    package init(_ operation: ExploredOperation, mayFail: Set<Errno>) {
      self.operation = operation
      self.mayFail = mayFail
    }

    /// Whether the actor goes on after this reply.
    func goesOn(after reply: OperationReply) -> Bool {
      guard let error = reply.error else { return true }
      return error.errno.map { mayFail.contains($0) } ?? false
    }
  }

  package let name: String
  /// Who does it.
  package let domain: DomainID
  package let steps: [Step]

  package init(_ name: String, as domain: DomainID, _ steps: [Step]) {
    self.name = name
    self.domain = domain
    self.steps = steps
  }

  /// The same by no name.
  var nameless: ExploredActor { ExploredActor("", as: domain, steps) }

  func renamed(_ names: Renaming, of plan: ExplorationPlan) -> ExploredActor {
    ExploredActor(
      name, as: domain,
      steps.map { Step($0.operation.renamed(names, of: plan), mayFail: $0.mayFail) })
  }
}
