import ArgumentParser
import Hypervisor
import JSONRPC
import Laboratory
import P2MProtocol

/// A server that is about to start, and what it is to be like.
struct ServerStart {
  /// The release that the machine `main` models.
  var preset = Preset.default
  /// The framing that is forced; `nil` to let the first byte decide.
  var framing: Framing?
  /// The longest message that is accepted, in bytes.
  var maxMessage = JSONRPC.Limits.message
  /// The file to record to, a new one.
  var record: String?
  /// The file to carry out and go on with.
  var resume: String?
  /// What requests may draw on.
  var provisions: () throws -> Provisions = { Provisions() }

  /// Serves until the end of the program.
  ///
  /// - Throws: `ExitCode`, always.
  func run() throws {
    let beginning = try beginning()
    var service = beginning.service
    // Not by `map`: debug builds take the `nil` of a type that cannot be copied for a value.
    let journal: Journal?
    if let file = beginning.file {
      journal = Journal(
        Descriptor(number: file.descriptor), length: beginning.length, limit: Files.sizeLimit)
    } else {
      journal = nil
    }
    var server = Server(
      info: Product.info, framing: framing, maxMessage: maxMessage, journal: journal)
    let outcome: Server.Outcome
    do throws(StreamError) {
      outcome = try server.run(&service)
    } catch {
      let place = error.operation == .record ? "\(beginning.file?.path ?? ""): " : ""
      Console.complain("\(place)\(error)")
      throw ExitCode.failure
    }
    throw ExitCode(outcome.exitCode)
  }

  /// What the server begins with.
  private struct Beginning {
    var service: P2MService
    /// Where it records, and how much of it is recorded already, in bytes.
    var file: RecordFile?
    var length = 0
  }

  /// Opens the record, and carries out what stands there.
  private func beginning() throws -> Beginning {
    do {
      if let resume { return try beginning(resuming: resume) }
      let laboratory = Laboratory(
        MachineConfiguration(preset: preset), provisions: try provisions())
      return Beginning(
        service: P2MService(laboratory), file: try record.map { try RecordFile.create($0) })
    } catch let error as RecordReplay.Mismatch {
      Console.complain("\(resume ?? ""):\(error.line): \(error)")
      throw ExitStatus.differs
    } catch {
      Console.complain(unusable(resume ?? "", error))
      throw ExitStatus.unusable
    }
  }

  private func beginning(resuming path: String) throws -> Beginning {
    let file = try RecordFile.open(path)
    let text = try Files.read(path)
    let replay = try RecordReplay(text, preset: preset, provisions: try provisions())
    if let line = replay.tornLine {
      let size = text.count - replay.length
      Console.complain("\(path):\(line): torn; the last \(size) bytes are dropped")
    }
    try file.truncate(to: replay.length)
    return Beginning(service: replay.service, file: file, length: replay.length)
  }
}
