import Hypervisor
import Jansson
import Laboratory

/// The members of a recorded operation.
extension RecordingReader {
  static func operation(_ object: JSONView) throws(Fault) -> RecordedOperation {
    switch object["op"]?.string {
    case "grow": .grow(want: try number(object, "want"))
    case "mapGrant": .mapGrant(frame: try number(object, "frame"), gfn: try gfn(object))
    case "mapForeign":
      .mapForeign(
        domain: try domain(object), source: try gfn(object, "fgfn"), gfn: try gfn(object))
    case "unmap": .unmap(gfn: try gfn(object))
    case "mapSharedInfo": .mapSharedInfo(index: try number(object, "idx"), gfn: try gfn(object))
    case "populate": .populate(gfn: try gfn(object))
    case "decrease": .decrease(gfn: try gfn(object))
    case "querySize": .querySize
    case "probe": .probe
    case "setVersion": .setVersion(try int(object, "version"))
    case "getVersion": .getVersion
    case "mapStatus": .mapStatus(frame: try number(object, "frame"), gfn: try gfn(object))
    case "getStatusFrames": .getStatusFrames
    case "probe1": .probeOne(gfn: try gfn(object), value: object["value"]?.string)
    case "tagRam": .tagRAM
    case "addPhys":
      .addToPhysmap(
        domain: try domain(object), space: try number(object, "space"),
        index: try number(object, "idx"), gfn: try gfn(object))
    case "batch":
      .batch(
        space: try number(object, "space"), index: try number(object, "idx"),
        gfn: try gfn(object))
    case "remOther": .removeFromOther(domain: try domain(object), gfn: try gfn(object))
    case "resv": try reservation(object)
    case "memq": try memoryQuery(object)
    case let name?: throw Fault("unknown operation '\(name)'")
    case nil: throw Fault("'op' is missing")
    }
  }

  private static func reservation(_ object: JSONView) throws(Fault) -> RecordedOperation {
    switch try number(object, "cmd") {
    case 1: .decreaseOther(domain: try domain(object), gfn: try gfn(object))
    case 6: .populateOther(domain: try domain(object), gfn: try gfn(object))
    case let command: throw Fault("unknown 'cmd' \(command) of 'resv'; known are 1 and 6")
    }
  }

  private static func memoryQuery(_ object: JSONView) throws(Fault) -> RecordedOperation {
    switch try number(object, "cmd") {
    case 3: .currentReservation(domain: try domain(object))
    case 4: .maximumReservation(domain: try domain(object))
    case let command: throw Fault("unknown 'cmd' \(command) of 'memq'; known are 3 and 4")
    }
  }

  static func outcome(_ object: JSONView) throws(Fault) -> RecordedOutcome {
    var outcome = RecordedOutcome()
    outcome.returnCode = object["rc"]?.integer.map { Int($0) }
    outcome.status = object["status"]?.integer.map { Int($0) }
    switch object["err"]?.kind {
    case nil: break
    case .null: outcome.entryError = .refused
    case .integer: outcome.entryError = object["err"]?.integer.map { .entry(Int($0)) }
    case .boolean, .real, .string, .array, .object:
      throw Fault("'err' is neither a number nor null")
    }
    if let count = object["nr"]?.integer, let maximum = object["max"]?.integer {
      outcome.size = [Int(count), Int(maximum)]
    }
    switch object["op"]?.string {
    case "setVersion": outcome.version = object["now"]?.integer.map { Int($0) }
    case "getVersion": outcome.version = object["version"]?.integer.map { Int($0) }
    default: break
    }
    return outcome
  }

  static func state(_ object: JSONView) throws(Fault) -> RecordedState {
    guard let physmap = object["p2m"], physmap.kind == .object else {
      throw Fault("'p2m' is not an object")
    }
    var pages: [GFN: String] = [:]
    for member in physmap.members {
      guard let gfn = unsafe WireNumber.parse(hex: member.utf8).flatMap(GFN.init(rawValue:)),
        let page = member.value.string
      else { throw Fault("'p2m' does not map GFNs to names of pages") }
      pages[gfn] = page
    }
    guard let frames = object["frames"]?.integer else { throw Fault("'frames' is not a number") }
    guard let tracked = object["tracked"], tracked.kind == .array else {
      throw Fault("'tracked' is not an array")
    }
    var gfns: [GFN?] = []
    for index in 0..<tracked.count {
      guard let element = tracked[index] else { break }
      if element.kind == .null {
        gfns.append(nil)
      } else if let raw = number(element) {
        gfns.append(GFN(rawValue: raw))
      } else {
        throw Fault("'tracked' does not hold GFNs and nulls")
      }
    }
    let version = object["grantVersion"]?.integer.map { Int($0) }
    return RecordedState(physmap: pages, frames: Int(frames), tracked: gfns, version: version)
  }

  // MARK: Numbers

  /// A JSON number or a hex string.
  static func number(_ value: JSONView) -> UInt64? {
    if let integer = value.integer { return UInt64(exactly: integer) }
    guard let text = unsafe value.utf8 else { return nil }
    return unsafe WireNumber.parse(hex: text)
  }

  private static func number(
    _ object: JSONView, _ name: StaticString
  ) throws(Fault) -> UInt64 {
    guard let number = object[name].flatMap(number) else {
      throw Fault("'\(name)' is not a number")
    }
    return number
  }

  private static func int(
    _ object: JSONView, _ name: StaticString
  ) throws(Fault) -> Int {
    guard let number = Int(exactly: try number(object, name)) else {
      throw Fault("'\(name)' is too large")
    }
    return number
  }

  private static func gfn(
    _ object: JSONView, _ name: StaticString = "gfn"
  ) throws(Fault) -> GFN? {
    GFN(rawValue: try number(object, name))
  }

  private static func domain(_ object: JSONView) throws(Fault) -> DomainID {
    guard let id = UInt16(exactly: try number(object, "domid")) else {
      throw Fault("'domid' is not a domain's identifier")
    }
    return DomainID(id)
  }
}
