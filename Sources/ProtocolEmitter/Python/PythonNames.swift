import P2MProtocol

/// What things of the wire are called in Python.
enum PythonNames {
  /// `mappedAt` is `mapped_at`; what Python keeps for itself gets an underscore behind it.
  static func identifier(_ name: String) -> String {
    let words = snake(name)
    return ["from", "with"].contains(words) ? words + "_" : words
  }

  /// `grantFrame.map` is `grant_frame_map`.
  static func method(_ name: String) -> String {
    name.split(separator: ".").map { snake(String($0)) }.joined(separator: "_")
  }

  /// What an object is called that stands at `path`: a shared schema, or a method's params or result,
  /// then members.
  static func type(_ path: String) -> String {
    if let chosen = chosen[path] { return chosen }
    let words = path.split(separator: ".").filter { $0 != "params" && $0 != "result" }
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return path.hasSuffix(".result") ? name + "Result" : name
  }

  /// The alias for a choice of words that stands at `path`, if it is worth one.
  static func alias(_ path: String) -> String? { choices[path] }

  private static func snake(_ name: String) -> String {
    name.reduce(into: "") { text, letter in
      text += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
    }
  }

  /// Names that read better than those made from paths.
  static let chosen = [
    "actor.list.result": "ActorList", "actor.list.result.actors": "Actor",
    "actor.list.result.actors.parameters": "ActorParameter",
    "actor.list.result.faults": "TemplateFault",
    "actor.run.result": "ActorRun", "actor.run.result.stopped": "ActorStop",
    "actor.run.result.lostPages": "LostPage", "actor.run.result.holes": "Hole",
    "actor.run.result.stuckFrames": "StuckFrame", "actor.run.result.crashes": "Crash",
    "actor.run.result.steps": "ActorStep",
    "array.query.result": "GrantFrames", "check.properties.result": "Properties",
    "check.properties.result.properties": "PropertyInfo", "check.run.result": "Violations",
    "compare.run.result": "Comparison", "compare.run.result.rows": "ComparisonRow",
    "compare.run.result.rows.replies": "ComparedReply",
    "compare.run.result.firstDifference": "Difference",
    "compare.run.result.firstDifference.values": "DifferingValue",
    "compare.run.params.overrides": "Overrides",
    "device.map.result": "Outcome", "device.map.result.cost": "Cost",
    "domain": "DomainInfo", "domain.create.params.ram": "RAM", "domain.ram": "RAM",
    "domain.list.result": "Domains",
    "explore.run.params.actors": "ExploredActor",
    "explore.run.params.arguments": "ExploredArguments", "explore.run.result": "Exploration",
    "explore.run.result.violations": "FoundViolation",
    "fault.inject.result": "Faults", "fault.inject.result.faults": "Fault",
    "foreignPage.map.params.from": "PageAt", "frame": "FrameInfo",
    "grantTable.query.result": "GrantTable", "grantTable.setVersion.result": "VersionOutcome",
    "grantTable.setup.result": "SetupOutcome",
    "history.list.result": "History", "history.list.result.entries": "HistoryEntry",
    "history.redo.result": "Redone", "history.undo.result": "Undone",
    "machine": "MachineInfo", "machine.list.result": "Machines",
    "machine.presets.result": "Presets", "machine.presets.result.presets": "PresetInfo",
    "page.decrease.result": "ExtentsOutcome", "physmap.query.result": "Entries",
    "physmap.stats.result": "PhysmapStats", "physmap.stats.result.levels": "PhysmapLevel",
    "region.allocate.result": "Allocation", "region.export.result": "HypervisorNode",
    "region.import.params.dtb": "DeviceTree", "region.import.result": "Regions",
    "region.list.result": "Regions",
    "resource.get.result": "Resource", "resource.list.result": "Resources",
    "scenario.run.result": "ScenarioMatrix", "scenario.run.result.sequences": "ScenarioSequence",
    "scenario.run.result.rows": "ScenarioRow", "scenario.run.result.rows.cells": "ScenarioCell",
    "scenario.run.result.rows.cells.stopped": "ScenarioStop",
    "server.info.result": "ServerInfo", "session.export.result": "Session",
    "session.run.result": "SessionOutcome", "session.run.result.rows": "SessionRow",
    "session.run.result.differences": "SessionDifference",
    "session.run.result.unusable": "UnusableLine",
    "shrink.run.result": "Shrunk", "shrink.run.result.search": "WindowSearch",
    "snapshot.create.result": "Snapshot",
    "snapshot.list.result": "Snapshots",
    "vcpu.begin.params.operation": "VCPUOperation",
    "vcpu.begin.params.operation.params.0": "GrantFrameParams",
    "vcpu.begin.params.operation.params.1": "VersionParams",
    "vcpu.begin.result": "StepOutcome", "vcpu.list.result": "VCPUList",
    "vcpu.list.result.vcpus": "VCPU", "vcpu.list.result.vcpus.operation": "OperationInProgress",
    "effect.physmap": "PhysmapEffect", "effect.tracking": "TrackingEffect",
    "effect.reference": "ReferenceEffect", "effect.growth": "GrowthEffect",
    "effect.version": "VersionEffect",
    "page.grant": "GrantPage", "page.status": "StatusPage", "page.foreign": "ForeignPage",
    "page.ram": "RAMPage", "page.populated": "PopulatedPage",
    "page.sharedInfo": "SharedInfoPage", "page.device": "DevicePage", "page.free": "FreePage",
  ]

  /// What classes are that several methods answer with, or take.
  static let abouts = [
    "Outcome": "what an operation changed, and which properties it broke",
    "ExtentsOutcome": "what an operation on several pages changed, and how many it came to",
    "StepOutcome": "what a step of an operation did, and which locks are held",
    "Cost": "what an operation cost the hypervisor",
    "RAM": "a range of RAM", "Hole": "a GFN of RAM that is empty", "PageAt": "a page of a domain",
    "Snapshot": "a snapshot", "Regions": "regions of a domain",
    "Overrides": "knobs to be set otherwise than the preset has them",
  ]

  private static let choices = [
    "machine.preset": "Preset", "machine.cpu": "CPU", "entry.type": "P2MType",
    "violation.property": "Property", "effect.physmap.cause": "Cause",
    "region.kind": "RegionKind", "frame.kind": "FrameKind",
    "explore.run.params.operations": "ExploredMethod", "explore.run.params.symmetry": "Symmetry",
    "explore.run.result.verdict": "Verdict", "fault.inject.params.site": "FaultSite",
    "vcpu.begin.result.step": "Step", "vcpu.begin.result.locks": "Lock",
    "resource.get.result.kind": "ResourceKind",
  ]
}

/// What a frame number at a member counts, as the schema says only that it is one.
enum PythonNumber: String {
  case gfn = "GFN"
  case mfn = "MFN"
  /// Whatever else is counted: grant frames, shared_info pages, domains.
  case index = "int"

  init(member: String) {
    switch member {
    case "mfn", "sharedInfo": self = .mfn
    case "gfn", "source", "tracked", "before", "after", "mappedAt", "p2mLimit": self = .gfn
    default: self = .index
    }
  }

  /// The function that makes it of what came over the wire.
  var reader: String {
    switch self {
    case .gfn: "read_gfn"
    case .mfn: "read_mfn"
    case .index: preconditionFailure("PythonNumber(member:) does not know this frame number")
    }
  }

  /// The function that makes what goes over the wire.
  var writer: String {
    switch self {
    case .gfn: "write_gfn"
    case .mfn: "write_mfn"
    case .index: "write_index"
    }
  }
}
