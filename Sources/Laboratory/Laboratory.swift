import Hypervisor

/// Machines by name.
package struct Laboratory {
  /// A machine and what it is called.
  package struct NamedMachine {
    package let name: String
    package var machine: Machine
  }

  /// Where a machine stands among the others; valid until one is created or deleted.
  package typealias Index = Int

  package enum Failure: Error, Hashable, Sendable {
    case machineExists(String)
    case noSuchMachine(String)
    case tooManyMachines(limit: Int)
  }

  package static let machineLimit = 64
  package static let defaultMachine = "main"

  /// In order of creation.
  package private(set) var machines: ContiguousArray<NamedMachine>

  /// A laboratory with one machine, `main`.
  package init(_ main: MachineConfiguration) {
    machines = [NamedMachine(name: Self.defaultMachine, machine: Machine(main))]
  }

  package subscript(index: Index) -> Machine {
    _read { yield machines[index].machine }
    _modify { yield &machines[index].machine }
  }

  /// - Throws: `noSuchMachine`.
  package func index(of name: String) throws(Failure) -> Index {
    guard let index = machines.firstIndex(where: { $0.name == name }) else {
      throw .noSuchMachine(name)
    }
    return index
  }

  /// - Throws: `machineExists`, `tooManyMachines`.
  package mutating func create(
    _ name: String, _ configuration: MachineConfiguration
  ) throws(Failure) -> Index {
    guard !machines.contains(where: { $0.name == name }) else { throw .machineExists(name) }
    guard machines.count < Self.machineLimit else {
      throw .tooManyMachines(limit: Self.machineLimit)
    }
    machines.append(NamedMachine(name: name, machine: Machine(configuration)))
    return machines.count - 1
  }

  /// Puts the machine back to how it was created: no domains, and alive.
  package mutating func reset(_ index: Index) {
    machines[index].machine = Machine(machines[index].machine.configuration)
  }

  package mutating func delete(_ index: Index) {
    machines.remove(at: index)
  }
}
