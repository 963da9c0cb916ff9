import Hypervisor

/// Machines by name, each with its history and its snapshots.
///
/// Public, as the compiler inlines no member of another module's package type, and a bench is much to
/// copy for who asks for a part of it.
public struct Laboratory {
  /// A machine, what was done to it, and what it was at some moments.
  public struct Bench {
    package var machine: Machine
    package var history: History
    /// In order of creation.
    package internal(set) var snapshots: [Snapshot] = []

    init(_ machine: Machine) {
      self.machine = machine
      history = History(machine)
    }
  }

  /// A machine as it was at some moment, with what had been done to it.
  package struct Snapshot {
    package let name: String
    let machine: Machine
    let history: History
    /// What the copy may take of its own.
    let lease: HostMemory.Lease

    /// Operations that were done.
    package var position: Int { history.position }
  }

  /// Where a machine stands among the others; valid until one is created or deleted.
  public typealias Index = Int

  package enum Failure: Error, Hashable, Sendable {
    case machineExists(String)
    case noSuchMachine(String)
    case tooManyMachines(limit: Int)
    case snapshotExists(String)
    /// The snapshot that was named, or `nil` where the latest was meant and there is none.
    case noSuchSnapshot(String?)
    case tooManySnapshots(limit: Int)
    /// The host cannot hold the machine as it was beside the machine as it is.
    case noMemory
  }

  package static let machineLimit = 64
  /// Snapshots of a machine.
  package static let snapshotLimit = 1024
  package static let defaultMachine = "main"

  /// In order of creation.
  @usableFromInline package internal(set) var benches: ContiguousArray<Bench> = []
  package let memory: HostMemory
  /// What decides over presets instead of the requests that create machines; `nil` for nothing.
  let subject: Subject?
  package let provisions: Provisions

  /// A laboratory with one machine, usually `main`.
  ///
  /// - Parameter memory: another laboratory's, where both are to share it.
  package init(
    _ main: MachineConfiguration, subject: Subject? = nil, provisions: Provisions = Provisions(),
    memory: HostMemory = HostMemory()
  ) {
    self.subject = subject
    self.provisions = provisions
    self.memory = memory
    benches = [Bench(Machine(main, memory: memory))]
  }

  /// A laboratory of its own on the same host.
  package func another(_ main: MachineConfiguration) -> Laboratory {
    Laboratory(main, provisions: provisions, memory: memory)
  }

  @inlinable
  package subscript(index: Index) -> Bench {
    @inline(__always) get { benches[index] }
    @inline(__always) _modify { yield &benches[index] }
  }

  // MARK: Machines

  /// - Throws: `noSuchMachine`.
  package func index(of name: String) throws(Failure) -> Index {
    guard let index = benches.firstIndex(where: { $0.machine.configuration.name == name }) else {
      throw .noSuchMachine(name)
    }
    return index
  }

  /// - Throws: `machineExists`, `tooManyMachines`.
  package mutating func create(_ configuration: MachineConfiguration) throws(Failure) -> Index {
    let name = configuration.name
    guard !benches.contains(where: { $0.machine.configuration.name == name }) else {
      throw .machineExists(name)
    }
    guard benches.count < Self.machineLimit else {
      throw .tooManyMachines(limit: Self.machineLimit)
    }
    benches.append(Bench(Machine(configuration, memory: memory)))
    return benches.count - 1
  }

  /// Puts the machine back to how it was created: no domains, alive, nothing done. Its snapshots
  /// stay.
  package mutating func reset(_ index: Index) {
    let machine = Machine(benches[index].machine.configuration, memory: memory)
    benches[index].machine = machine
    benches[index].history = History(machine)
  }

  package mutating func delete(_ index: Index) {
    benches.remove(at: index)
  }
}

extension Laboratory.Bench {
  // MARK: Snapshots

  /// Keeps the machine as it is, in constant time.
  ///
  /// - Parameter name: `nil` for `snapshot-1`, `snapshot-2` and so on, the first that is free.
  /// - Throws: `snapshotExists`, `tooManySnapshots`, `noMemory`.
  package mutating func createSnapshot(
    _ name: String?
  ) throws(Laboratory.Failure) -> Laboratory.Snapshot {
    let name = name ?? firstFreeName()
    guard !snapshots.contains(where: { $0.name == name }) else { throw .snapshotExists(name) }
    guard snapshots.count < Laboratory.snapshotLimit else {
      throw .tooManySnapshots(limit: Laboratory.snapshotLimit)
    }
    guard let lease = HostMemory.Lease(machine.memory, machine.copySize) else { throw .noMemory }
    let snapshot = Laboratory.Snapshot(
      name: name, machine: machine, history: history, lease: lease)
    snapshots.append(snapshot)
    return snapshot
  }

  private func firstFreeName() -> String {
    let taken = Set(snapshots.map(\.name))
    var number = snapshots.count + 1
    while taken.contains("snapshot-\(number)") { number += 1 }
    return "snapshot-\(number)"
  }

  /// Makes the machine what it was, dead ones too, and its history with it.
  ///
  /// - Parameter name: `nil` for the latest.
  /// - Throws: `noSuchSnapshot`.
  package mutating func restoreSnapshot(
    _ name: String?
  ) throws(Laboratory.Failure) -> Laboratory.Snapshot {
    let snapshot = snapshots[try index(ofSnapshot: name)]
    machine = snapshot.machine
    history = snapshot.history
    return snapshot
  }

  /// - Parameter name: `nil` for the latest.
  /// - Throws: `noSuchSnapshot`.
  package mutating func deleteSnapshot(
    _ name: String?
  ) throws(Laboratory.Failure) -> Laboratory.Snapshot {
    snapshots.remove(at: try index(ofSnapshot: name))
  }

  private func index(ofSnapshot name: String?) throws(Laboratory.Failure) -> Int {
    let index =
      if let name { snapshots.firstIndex { $0.name == name } } else { snapshots.indices.last }
    guard let index else { throw .noSuchSnapshot(name) }
    return index
  }

  // MARK: History

  /// Takes the last `count` operations back, or as many as are known.
  ///
  /// - Parameter perform: does an operation again, and answers whether the host has the memory.
  /// - Returns: how many were taken back, notes not counted.
  /// - Throws: `noMemory`; nothing has changed then.
  package mutating func undo(
    _ count: Int, _ perform: (borrowing History.Entry, inout Machine) -> Bool
  ) throws(Laboratory.Failure) -> Int {
    var number = history.position
    var undone = 0
    while undone < count, number > history.forgotten {
      number -= 1
      if !history.isNote(number) { undone += 1 }
    }
    try go(to: number, perform)
    return undone
  }

  /// Does the next `count` operations that were taken back, or as many as there are.
  ///
  /// - Parameter perform: does an operation again, and answers whether the host has the memory.
  /// - Returns: how many were done again, notes not counted.
  /// - Throws: `noMemory`; nothing has changed then.
  package mutating func redo(
    _ count: Int, _ perform: (borrowing History.Entry, inout Machine) -> Bool
  ) throws(Laboratory.Failure) -> Int {
    var number = history.position
    var redone = 0
    while redone < count, number < history.count {
      if !history.isNote(number) { redone += 1 }
      number += 1
    }
    try go(to: number, perform)
    return redone
  }

  private mutating func go(
    to number: Int, _ perform: (borrowing History.Entry, inout Machine) -> Bool
  ) throws(Laboratory.Failure) {
    guard number != history.position else { return }
    guard let reached = history.go(to: number, perform) else { throw .noMemory }
    machine = reached
  }
}
