import Foundation
import Hypervisor
import Laboratory
import P2MProtocol
import Testing

@testable import Rendering

/// A recording is shown as real Xen answered, beside the model.
struct RecordingStoryTests {
  private func story(_ path: String, _ overrides: [String] = []) throws -> Story {
    try Story(
      recording: try bytes("Tests/Fixtures/recordings/\(path)"), title: path,
      settings: try overrides.map { try Knob.Setting($0) })
  }

  @Test func whereTheyAgreeBothSidesShowTheSame() throws {
    let story = try story("4.16.7/core-1.jsonl")
    #expect(story.sides.map(\.name) == ["Xen 4.16.7", "xen-4.16"])
    #expect(story.sides.map(\.isRecorded) == [true, false])
    #expect(story.parting == nil)
    for step in story.steps { #expect(step.outcomes[0].answer == step.outcomes[1].answer) }
    let scenes = story.scenes(after: story.steps.count)
    let tables = scenes.map { scene in scene.machines[0].domains[0].grant.marks }
    let places = tables.map { marks in marks.mapValues(\.mappedAt).filter { !$0.value.isEmpty } }
    #expect(places[0] == places[1])
  }

  @Test func itEndsWhereTheyPart() throws {
    let story = try story("4.16.7/core-1.jsonl", ["remap=busy"])
    #expect(story.parting == story.steps.count)
    let last = try #require(story.steps.last)
    #expect(last.operation == 7)
    #expect(last.difference == Story.Difference(place: "rc", values: ["0", "-16"]))
    #expect(last.outcomes.map(\.answer) == ["ok", "EBUSY"])
    #expect(last.outcomes.map(\.isFailure) == [false, true])
  }

  @Test func theFirstDifferenceIsTheOneThatCheckFinds() throws {
    let text = try bytes("Tests/Fixtures/recordings/4.16.7/core-1.jsonl")
    let settings = [try Knob.Setting("tracking=page-info")]
    let check = try RecordingCheck(text, preset: nil, overrides: settings)
    let story = try Story(recording: text, title: "", settings: settings)
    let divergence = try #require(check.divergence)
    let step = try #require(story.steps.last)
    #expect(step.operation == divergence.step)
    #expect(step.difference?.values == [divergence.recorded, divergence.modelled])
  }

  @Test(arguments: ["x86-4.10.0", "x86-deb-4.17.7", "4.14.5", "4.22.0"])
  func recordingsOfEveryKindAreDrawn(release: String) throws {
    let folder = package.appending(path: "Tests/Fixtures/recordings/\(release)").path()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let name = try #require(names.first { $0.hasSuffix(".jsonl") })
    let story = try story("\(release)/\(name)")
    #expect(story.parting == nil)
    #expect(StoryDrawing.svg(of: story.picture(of: story.steps.count), in: story).hasPrefix("<svg"))
  }
}
