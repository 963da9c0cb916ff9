import Hypervisor
import JSONRPC
import Laboratory

/// What an experiment starts with, and does.
struct Experiment {
  let requests: RequestList
  let start: MachineConfiguration

  /// - Parameters:
  ///   - given: the requests; `nil` for what was done to the machine.
  ///   - isFollowing: whether the machine is to follow something else than the requests say.
  /// - Throws: not found, limit reached, or that no request is about a machine that is to follow.
  init(
    _ given: RequestList?, machine: String, isFollowing: Bool,
    in laboratory: borrowing Laboratory
  ) throws(RPCError) {
    if let given {
      guard !isFollowing || given.machines.isEmpty || given.isAbout(machine) else {
        throw .invalidParams(path: "/machine", expected: given.expectedMachine)
      }
      requests = given
      start = MachineConfiguration(preset: .default)
    } else {
      let index = try laboratory.find(machine)
      requests = try RequestList(laboratory[index].history)
      start = laboratory[index].machine.configuration
    }
  }
}

extension RequestList {
  /// What to say where no request is about the machine that was named.
  package var expectedMachine: String {
    "a machine that the requests are about: "
      + machines.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
  }
}
