import Hypervisor
import Laboratory

/// Keeps a scene up with the machines that it shows, and tells what each request made different.
///
/// After an operation that tells its effects only what they name is looked at; after anything else
/// that can have changed a machine, all of it.
package struct SceneKeeper {
  /// How much of the machines a request can have changed.
  package enum Reach: Sendable {
    /// What the effects of the last operation of the machine called so name.
    case effects(String)
    /// Machines to which something was done.
    case done
    /// All machines.
    case everything
  }

  /// P2M entries that all looks at whole machines may take together.
  package static let defaultBudget = 1 << 27

  private var keepers: [MachineKeeper] = []
  /// P2M entries that may still be looked at.
  private var budget: Int
  /// How much had been done to each machine, and how much was known of it.
  private var positions: [String: [Int]] = [:]

  package init(budget: Int = defaultBudget) { self.budget = budget }

  /// Whether the scene is no longer kept up, as too much would have had to be looked at.
  package var isExhausted: Bool { budget < 0 }

  package var scene: Scene {
    var scene = Scene()
    scene.machines = keepers.map(\.scene)
    return scene
  }

  /// Looks at what a request can have changed.
  package mutating func look(at laboratory: borrowing Laboratory, _ reach: Reach) -> SceneChange {
    var change = SceneChange()
    let names = Set(laboratory.benches.map { $0.machine.configuration.name })
    for name in keepers.map(\.scene.name) where !names.contains(name) {
      var gone = MachineChange(name: name)
      gone.isGone = true
      change.machines.append(gone)
      positions[name] = nil
    }
    keepers.removeAll { !names.contains($0.scene.name) }
    for bench in laboratory.benches {
      let name = bench.machine.configuration.name
      let position = [bench.history.forgotten, bench.history.position, bench.history.count]
      let isSame = positions.updateValue(position, forKey: name) == position
      let depth: Depth =
        switch reach {
        case .effects(let other) where other == name: .effects
        case .effects, .done: isSame ? .facts : .all
        case .everything: .all
        }
      add(look(at: bench.machine, depth), to: &change)
    }
    return change
  }

  /// Looks at the one machine that there is.
  ///
  /// - Parameter effectsOnly: whether only its last operation can have changed it.
  package mutating func lookAtOnly(_ machine: Machine, effectsOnly: Bool) -> SceneChange {
    var change = SceneChange()
    add(look(at: machine, effectsOnly ? .effects : .all), to: &change)
    return change
  }

  private func add(_ machine: MachineChange, to change: inout SceneChange) {
    if !machine.isEmpty { change.machines.append(machine) }
  }

  /// How much of a machine is looked at.
  private enum Depth {
    case facts, effects, all
  }

  private mutating func look(at machine: Machine, _ depth: Depth) -> MachineChange {
    let name = machine.configuration.name
    guard let index = keepers.firstIndex(where: { $0.scene.name == name }) else {
      keepers.append(MachineKeeper(name))
      return keepers[keepers.count - 1].lookAtAll(of: machine, &budget)
    }
    return switch depth {
    case .facts: keepers[index].lookAtFacts(of: machine)
    case .effects: keepers[index].lookAtEffects(of: machine, &budget)
    case .all: keepers[index].lookAtAll(of: machine, &budget)
    }
  }
}
