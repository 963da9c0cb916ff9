import Foundation
import Testing

/// `p2mlab scenario`, as a user starts it.
@Suite struct ScenarioCommandTests {
  private static let boot = repository.appending(path: "examples/scenarios/boot.json").path

  @Test func theMatrixOfTheDocumentsIsAsItWouldBeMadeNow() throws {
    let outcome = try p2mlab("scenario", "--markdown", Self.boot)
    #expect(outcome.status == 1)
    let committed = try String(
      contentsOf: repository.appending(path: "docs/matrix.md"), encoding: .utf8)
    let isCurrent = outcome.output == committed
    #expect(isCurrent, "make matrix")
  }

  @Test func theExitCodeSaysWhetherSomethingIsLost() throws {
    let lost = try p2mlab("scenario", "--preset", "xen-4.16", Self.boot)
    #expect(lost.status == 1)
    #expect(lost.output.contains("xen-4.16  -            -            1 lost"))
    let kept = try p2mlab("scenario", "--preset", "xen-4.16-clear-on-put", Self.boot)
    #expect(kept.status == 0)
    #expect(!kept.output.contains("lost "))
    let failed = try p2mlab("scenario", "--preset", "xen-4.17", Self.boot)
    #expect(failed.status == 0)
    #expect(failed.output.contains("kexec on xen-4.17: kexec stops: grantFrame.map: EBUSY"))
  }

  @Test func programsGetTheMethodsResult() throws {
    let outcome = try p2mlab("scenario", "--json", "--preset", "xen-4.22", Self.boot)
    #expect(outcome.output.hasPrefix(#"{"scenario":"boot","sequences":["#))
    #expect(outcome.output.hasSuffix(#""hasDamage":false}"# + "\n"))
    #expect(try p2mlab("scenario", "--json", "--markdown", Self.boot).status == 64)
  }

  @Test(arguments: [
    ("{\n{", ":2: not JSON"), ("[]", ": Invalid params: expected an object"),
    (
      #"{"scenario":"a","sequences":[{"name":"b","actors":[{"actor":"kexec"}]}]}"#,
      "at '/sequences/0/actors/0/domain'"
    ),
    (#"{"scenario":"a","sequences":[{"name":"b"}],"x":1}"#, "at '/x'"),
  ])
  func aFileThatCannotBeUsedIsNamedWithThePlace(text: String, complaint: String) throws {
    let file = try temporaryFile(text)
    let outcome = try p2mlab("scenario", file)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.complaints.hasPrefix("p2mlab: \(file)"))
    #expect(outcome.complaints.contains(complaint))
  }

  @Test func aDeviceTreeIsReadWhereThatIsAllowed() throws {
    let folder = repository.appending(path: "Tests/Fixtures/device-trees").path
    let file = try temporaryFile(
      #"{"scenario":"a","setUp":[{"method":"domain.create","params":{"domain":1}},"#
        + #"{"method":"region.import","params":{"domain":1,"dtb":{"path":"\#(folder)/guest.dtb"}}}],"#
        + #""sequences":[{"name":"b","actors":[{"actor":"linux-old","domain":1}]}]}"#)
    #expect(try p2mlab("scenario", "--allow-read", folder, file).status == 0)
    let refused = try p2mlab("scenario", file)
    #expect(refused.status == 2)
    #expect(refused.complaints.contains("--allow-read"))
  }
}
