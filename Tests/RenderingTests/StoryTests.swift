import Hypervisor
import Laboratory
import P2MProtocol
import Testing

@testable import Rendering

/// A story tells what was asked, what was answered, and what that made different.
struct StoryTests {
  @Test func theStaleFrameTakesTheForeignPageAway() throws {
    let story = try example("stale-frame.xen-4.16")
    #expect(story.sides.map(\.name) == ["xen-4.16"])
    #expect(story.steps.count == 11)
    let step = story.steps[8]
    #expect(step.text == "grantFrame.map domain 1, frame 0, gfn 0x38010")
    #expect(step.notes == ["The guest maps grant frame 0 somewhere else."])
    #expect(step.outcomes[0].collateral == [Story.Spot(machine: "main", domain: 1, frame: 0x38000)])
    #expect(step.outcomes[0].violations.map(\.property) == ["no-collateral-removal"])
    #expect(step.outcomes[0].violations[0].gfn == 0x38000)
  }

  @Test func twoPresetsPartWhereTheirRepliesDo() throws {
    let story = try example("stale-frame.xen-4.16", on: ["xen-4.16", "xen-4.17"])
    #expect(story.sides.map(\.name) == ["xen-4.16", "xen-4.17"])
    #expect(story.parting == 5)
    #expect(story.steps[4].difference?.place == "/result/effects/1")
    #expect(story.steps[8].outcomes.map(\.collateral.isEmpty) == [false, true])
    let scenes = story.scenes(after: 9)
    let blocks = scenes.map { $0.machines[0].domains[0].strip.block(at: 0x38000)?.kind }
    #expect(blocks == [nil, .foreign])
  }

  @Test func aPresetWithAKnobSetOtherwiseIsASideOfItsOwn() throws {
    let story = try example(
      "stale-frame.xen-4.16", on: ["xen-4.16", "xen-4.16+tracking=array-cleared-on-put"])
    #expect(story.sides[1].name == "xen-4.16+tracking=array-cleared-on-put")
    #expect(story.steps[8].outcomes[1].collateral.isEmpty)
  }

  @Test func aSessionThatCreatesItsMachineIsNamedForIt() throws {
    let story = try example("status-frames.x86-4.10.0")
    #expect(story.sides.map(\.name) == ["x86-4.10.0"])
    let freed = story.scenes(after: 6)[0].machines[0].domains[0].strip.block(at: 0x100000)
    #expect(freed?.kind == .free)
    #expect(story.steps[5].outcomes[0].violations.map(\.property) == ["no-dangling"])
  }

  @Test func vCPUsInTheMidstOfAnOperationAreTold() throws {
    let story = try example("xsa-486.x86-4.15.1")
    let vcpus = story.scenes(after: 7)[0].machines[0].domains[0].facts.vcpus
    #expect(
      vcpus == [
        "mapping status frame 0 at 0x38000; next: end",
        "going back to version 1; next: detach, holds the grant lock",
      ])
  }

  @Test func aHypervisorThatDiesIsPinned() throws {
    let story = try example("index-overflow.xen-4.16")
    #expect(story.steps[3].outcomes[0].isDeath)
    #expect(story.steps[3].outcomes[0].answer == "HypervisorPanic")
    #expect(story.scenes(after: 4)[0].machines[0].facts.panic?.contains("died") == true)
    #expect(story.scenes(after: 7)[0].machines[0].facts.panic == nil)
  }

  @Test func anActorsRequestsAreStepsOfTheirOwn() throws {
    let story = try example("careless-allocator.xen-4.16")
    let seed = "actor.run actor toolstack-seed"
    let steps = story.steps.filter { $0.within?.hasPrefix(seed) == true }
    #expect(steps.map(\.method) == ["region.get", "grantFrame.map", "physmap.unmap"])
    #expect(steps.allSatisfy { !$0.outcomes[0].isFailure })
  }

  @Test func severalMachinesComeAndGo() throws {
    let story = try story([
      line("machine.create", #"{"machine":"other","preset":"xen-4.17"}"#),
      line("domain.create", #"{"machine":"other","domain":3}"#),
      line("grantFrame.map", #"{"machine":"other","domain":3,"frame":0,"gfn":"0x100"}"#),
      line("machine.delete", #"{"machine":"other"}"#),
    ])
    let scene = story.scenes(after: 3)[0]
    #expect(scene.machines.map(\.name) == ["main", "other"])
    #expect(scene.machines.map(\.facts.variant) == ["xen-4.16", "xen-4.17"])
    #expect(scene.machines[1].domains.map(\.id) == [3])
    #expect(scene.machines[1].domains[0].grant[0].tracked == GFN(0x100))
    #expect(story.scenes(after: 4)[0].machines.map(\.name) == ["main"])
  }

  @Test func notesBehindTheLastRequestAreTheEpilogue() throws {
    let story = try story([
      line("machine.get", "{}"), line("session.note", #"{"text":"The end."}"#),
    ])
    #expect(story.steps.count == 1)
    #expect(story.epilogue == ["The end."])
  }

  @Test func thereIsNoStoryOfNothing() throws {
    #expect(throws: Story.Fault.nothing) {
      try story([line("session.note", #"{"text":"Only words."}"#)])
    }
  }

  @Test func machinesThatAreTooLargeToBeLookedAtAreRefused() throws {
    #expect(throws: Story.Fault.tooLarge(1000)) {
      try story(
        [line("domain.create", #"{"domain":1,"ram":[{"gfn":"0x40000","pages":4096}]}"#)],
        budget: 1000)
    }
  }

  @Test(arguments: exampleNames)
  func whatChangesLeadsToIsWhatTheNextPictureBeginsWith(name: String) throws {
    let story = try example(name)
    var scene = Scene()
    for step in story.steps { scene.apply(step.outcomes[0].change) }
    #expect(scene == story.scenes(after: story.steps.count)[0])
    #expect(!story.steps.isEmpty)
  }
}
