import Hypervisor
import Jansson

/// What is different in a scene.
extension StoryJSON {
  mutating func machine(_ change: MachineChange) {
    writer.beginObject()
    shared("name", change.name)
    flag("gone", change.isGone)
    if let facts = change.facts {
      shared("variant", facts.variant)
      if let panic = facts.panic { string("panic", panic) }
    }
    if !change.domains.isEmpty {
      array("domains", change.domains) { json, domain in json.domain(domain) }
    }
    writer.endObject()
  }

  private mutating func domain(_ change: DomainChange) {
    writer.beginObject()
    integer("id", Int(change.id))
    flag("gone", change.isGone)
    if let facts = change.facts {
      writer.key("facts")
      self.facts(facts)
    }
    if !change.strip.removed.isEmpty {
      writer.key("off")
      numbers(change.strip.removed)
    }
    if !change.strip.added.isEmpty {
      array("on", change.strip.added) { json, block in json.block(block) }
    }
    frames("grant", change.grant)
    frames("status", change.status)
    writer.endObject()
  }

  private mutating func facts(_ facts: DomainFacts) {
    writer.beginObject()
    flag("privileged", facts.isPrivileged)
    integer("version", facts.version)
    if let crash = facts.crash { string("crash", crash) }
    if !facts.regions.isEmpty {
      array("regions", facts.regions) { json, region in
        json.writer.beginObject()
        json.string("name", region.name)
        json.shared("kind", region.kind)
        json.integer("first", Int(region.first))
        json.integer("count", Int(region.count))
        json.writer.endObject()
      }
    }
    if !facts.vcpus.isEmpty {
      array("vcpus", facts.vcpus) { json, vcpu in
        if let vcpu { json.writer.string(vcpu) } else { json.writer.null() }
      }
    }
    writer.endObject()
  }

  /// First frame, how many, kind, title, detail, references, size of leaves, machine frame; what is
  /// not known at the end is left out.
  private mutating func block(_ block: Block) {
    writer.beginArray()
    writer.element()
    writer.integer(Int64(block.first))
    writer.element()
    writer.integer(Int64(block.count))
    for text in [block.kind.rawValue, block.title, block.detail] {
      writer.element()
      known(text)
    }
    writer.element()
    if let references = block.references {
      writer.integer(Int64(references))
    } else {
      writer.null()
    }
    writer.element()
    if let size = block.leafSize { known(size) } else { writer.null() }
    if let mfn = block.content.mfn {
      writer.element()
      writer.integer(Int64(mfn.rawValue))
    }
    writer.endArray()
  }

  private mutating func frames(_ name: StaticString, _ change: FrameListChange) {
    guard !change.isEmpty else { return }
    writer.key(name)
    writer.beginObject()
    if let count = change.count { integer("count", count) }
    if !change.entries.isEmpty {
      array("marks", change.entries) { json, entry in
        json.writer.beginArray()
        json.writer.element()
        json.writer.integer(Int64(entry.frame))
        json.writer.element()
        if let tracked = entry.mark.tracked {
          json.writer.integer(Int64(tracked.rawValue))
        } else {
          json.writer.null()
        }
        json.writer.element()
        json.numbers(entry.mark.mappedAt.map(\.rawValue))
        json.writer.endArray()
      }
    }
    writer.endObject()
  }
}
