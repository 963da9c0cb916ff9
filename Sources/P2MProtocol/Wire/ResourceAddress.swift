import Hypervisor
import JSONRPC
import Jansson

/// The uniform address of an object: what stands behind `/`.
enum ResourceAddress {
  case machines
  case machine(String)
  case snapshots(machine: String)
  case snapshot(machine: String, String)
  case frame(machine: String, MFN)
  case domains(machine: String)
  case ofDomain(machine: String, DomainID, DomainPart)

  /// What a domain has an address of.
  enum DomainPart {
    case domain
    case regions
    case region(String)
    case physmap
    case entry(GFN)
    case grantTable
    case grantFrames
    case grantFrame(Int)
    case statusFrames
    case statusFrame(Int)
  }

  /// Reads an address such as `/machines/main/domains/1/physmap/0x38000`; `nil` for one that
  /// nothing could have.
  init?(_ uri: String) {
    guard uri.hasPrefix("/") else { return nil }
    let steps = uri.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map { PercentEncoding.decode($0) }
    guard steps.first == "machines", !steps.contains(nil) else { return nil }
    let names = steps.dropFirst().compactMap { $0 }
    guard let machine = names.first else {
      self = .machines
      return
    }
    let rest = Array(names.dropFirst())
    switch (rest.first, rest.count) {
    case (nil, _): self = .machine(machine)
    case ("snapshots", 1): self = .snapshots(machine: machine)
    case ("snapshots", 2): self = .snapshot(machine: machine, rest[1])
    case ("frames", 2):
      guard let mfn = Self.number(rest[1]), mfn < MFN.limit else { return nil }
      self = .frame(machine: machine, MFN(mfn))
    case ("domains", 1): self = .domains(machine: machine)
    case ("domains", _):
      guard let id = UInt16(rest[1]), let part = DomainPart(rest.dropFirst(2)) else { return nil }
      self = .ofDomain(machine: machine, DomainID(id), part)
    default: return nil
    }
  }

  fileprivate static func number(_ text: String) -> UInt64? {
    WireNumber.parse(hex: Array(text.utf8))
  }
}

extension ResourceAddress.DomainPart {
  fileprivate init?(_ steps: ArraySlice<String>) {
    let steps = Array(steps)
    switch (steps.first, steps.count) {
    case (nil, _): self = .domain
    case ("regions", 1): self = .regions
    case ("regions", 2): self = .region(steps[1])
    case ("physmap", 1): self = .physmap
    case ("physmap", 2):
      guard let gfn = ResourceAddress.number(steps[1]).flatMap(GFN.init(rawValue:)) else {
        return nil
      }
      self = .entry(gfn)
    case ("grantTable", 1): self = .grantTable
    case ("grantTable", 2) where steps[1] == "frames": self = .grantFrames
    case ("grantTable", 3) where steps[1] == "frames":
      guard let frame = Int(steps[2]), frame >= 0 else { return nil }
      self = .grantFrame(frame)
    case ("grantTable", 2) where steps[1] == "statusFrames": self = .statusFrames
    case ("grantTable", 3) where steps[1] == "statusFrames":
      guard let frame = Int(steps[2]), frame >= 0 else { return nil }
      self = .statusFrame(frame)
    default: return nil
    }
  }
}

/// Names in addresses: all but letters, digits, `-`, `.`, `_` and `~` as `%XX`.
package enum PercentEncoding {
  package static func encode(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return text
  }

  /// The name that `text` encodes, or `nil` where that is no UTF-8.
  package static func decode(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let decoded = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        rest.count >= 2
      else { return nil }
      rest = rest.dropFirst(2)
      bytes.append(decoded)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
