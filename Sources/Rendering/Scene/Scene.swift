import Hypervisor

/// All that a picture shows of the machines at one moment.
package struct Scene: Hashable, Sendable {
  /// In order of creation.
  package internal(set) var machines: [MachineScene] = []

  package init() {}
}

/// What a picture shows of one machine.
package struct MachineScene: Hashable, Sendable {
  package let name: String
  package internal(set) var facts = MachineFacts()
  /// In order of their identifiers.
  package internal(set) var domains: [DomainScene] = []
}

/// What a machine follows, and how its hypervisor died.
package struct MachineFacts: Hashable, Sendable {
  package var variant = ""
  package var panic: String?
}

/// What a picture shows of one domain.
package struct DomainScene: Hashable, Sendable {
  package let id: UInt16
  package internal(set) var facts = DomainFacts()
  package internal(set) var strip = Strip()
  package internal(set) var grant = FrameList()
  package internal(set) var status = FrameList()
}

/// What is told of a domain in words.
package struct DomainFacts: Hashable, Sendable {
  package struct Region: Hashable, Sendable {
    package let name: String
    package let kind: String
    package let first: UInt64
    package let count: UInt64
  }

  package var isPrivileged = false
  package var version = 1
  package var crash: String?
  package var regions: [Region] = []
  /// What each vCPU is in the midst of; empty where there is one vCPU only.
  package var vcpus: [String?] = []
}

/// Where the frames of a grant table are, and where Xen believes them.
package struct FrameList: Hashable, Sendable {
  package struct Mark: Hashable, Sendable {
    /// Where Xen believes the frame.
    package var tracked: GFN?
    /// Where it really is.
    package var mappedAt: [GFN] = []

    package init(tracked: GFN? = nil, mappedAt: [GFN] = []) {
      self.tracked = tracked
      self.mappedAt = mappedAt
    }

    /// Whether the tracking names a GFN where the frame is not.
    package var isStale: Bool { tracked.map { !mappedAt.contains($0) } ?? false }
    /// Whether the frame is somewhere where the tracking does not name it.
    package var isUntracked: Bool { mappedAt.contains { $0 != tracked } }
  }

  /// Frames that exist.
  package internal(set) var count = 0
  /// Those that are tracked or mapped, by number.
  package internal(set) var marks: [Int: Mark] = [:]

  package subscript(frame: Int) -> Mark { marks[frame] ?? Mark() }
}

/// What is different at another moment.
package struct SceneChange: Hashable, Sendable {
  package var machines: [MachineChange] = []

  package init() {}
}

package struct MachineChange: Hashable, Sendable {
  package let name: String
  package var isGone = false
  /// All of them, where one is different.
  package var facts: MachineFacts?
  package var domains: [DomainChange] = []

  init(name: String) { self.name = name }

  var isEmpty: Bool { !isGone && facts == nil && domains.isEmpty }
}

package struct DomainChange: Hashable, Sendable {
  package let id: UInt16
  package var isGone = false
  /// All of them, where one is different.
  package var facts: DomainFacts?
  package var strip = Strip.Change()
  package var grant = FrameListChange()
  package var status = FrameListChange()

  init(id: UInt16) { self.id = id }

  var isEmpty: Bool {
    !isGone && facts == nil && strip.isEmpty && grant.isEmpty && status.isEmpty
  }
}

package struct FrameListChange: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let frame: Int
    package let mark: FrameList.Mark
  }

  package var count: Int?
  /// The frames that are different, as they are now.
  package var entries: [Entry] = []

  var isEmpty: Bool { count == nil && entries.isEmpty }
}

/// Doing changes again.
extension Scene {
  package mutating func apply(_ change: SceneChange) {
    for machine in change.machines {
      if machine.isGone {
        machines.removeAll { $0.name == machine.name }
        continue
      }
      machines[machine.name].apply(machine)
    }
  }
}

extension [MachineScene] {
  /// The machine called `name`, which comes to be if there is none.
  subscript(name: String) -> MachineScene {
    get { first { $0.name == name } ?? MachineScene(name: name) }
    set {
      if let index = firstIndex(where: { $0.name == name }) {
        self[index] = newValue
      } else {
        append(newValue)
      }
    }
  }
}

extension [DomainScene] {
  /// The domain `id`, which comes to be if there is none.
  subscript(domain id: UInt16) -> DomainScene {
    get { first { $0.id == id } ?? DomainScene(id: id) }
    set {
      let index = firstIndex { $0.id >= id } ?? count
      if index < count, self[index].id == id {
        self[index] = newValue
      } else {
        insert(newValue, at: index)
      }
    }
  }
}

extension MachineScene {
  fileprivate mutating func apply(_ change: MachineChange) {
    if let facts = change.facts { self.facts = facts }
    for domain in change.domains {
      if domain.isGone {
        domains.removeAll { $0.id == domain.id }
      } else {
        domains[domain: domain.id].apply(domain)
      }
    }
  }
}

extension DomainScene {
  fileprivate mutating func apply(_ change: DomainChange) {
    if let facts = change.facts { self.facts = facts }
    strip.apply(change.strip)
    grant.apply(change.grant)
    status.apply(change.status)
  }
}

extension FrameList {
  fileprivate mutating func apply(_ change: FrameListChange) {
    if let count = change.count { self.count = count }
    for entry in change.entries {
      marks[entry.frame] = entry.mark == Mark() ? nil : entry.mark
    }
  }

  /// Makes the list what `other` is.
  mutating func become(_ other: FrameList) -> FrameListChange {
    var change = FrameListChange()
    if count != other.count { change.count = other.count }
    for frame in Set(marks.keys).union(other.marks.keys).sorted()
    where self[frame] != other[frame] {
      change.entries.append(.init(frame: frame, mark: other[frame]))
    }
    self = other
    return change
  }

  /// Notes what is told of one frame.
  mutating func set(_ frame: Int, _ mark: Mark) -> FrameListChange.Entry? {
    guard self[frame] != mark else { return nil }
    marks[frame] = mark == Mark() ? nil : mark
    return FrameListChange.Entry(frame: frame, mark: mark)
  }
}
