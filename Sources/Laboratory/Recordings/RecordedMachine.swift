import Hypervisor

/// The machines on which recordings were made, as far as they matter.
enum RecordedMachine {
  /// The machine of a recording: domains 0 and 1, as the recorded ones were set up.
  ///
  /// - Parameters:
  ///   - initial: the state before the first operation; it shows where dom0's RAM is.
  ///   - ramOrder: the order of the largest leaves that map RAM.
  static func make(
    _ header: RecordingHeader, initial: RecordedState, on variant: Variant, ramOrder: Int
  ) -> Machine {
    let configuration = MachineConfiguration(preset: variant.preset, cpu: header.cpu)
    var machine = Machine(configuration.following(variant))
    for var domain in domains(header, initial) {
      domain.ram = domain.ram.map { $0.mapped(withOrder: ramOrder) }
      do throws(Machine.CreationError) {
        try machine.createDomain(domain)
      } catch {
        preconditionFailure("the recorded machine cannot be set up: \(error)")
      }
    }
    switch header.cpu.architecture {
    case .arm: break
    case .x86: mapDevices(of: DomainID(0), on: &machine)
    }
    return machine
  }

  private static func domains(
    _ header: RecordingHeader, _ initial: RecordedState
  ) -> [DomainConfiguration] {
    switch header.cpu.architecture {
    case .arm:
      [
        DomainConfiguration(
          id: DomainID(0), privileged: true, directMapped: true,
          ram: [armRAM(header, initial)]),
        DomainConfiguration(
          id: DomainID(1), privileged: header.caller == .privilegedDomU,
          ram: [range(0x40000..<0x42000)]),
      ]
    case .x86:
      [
        DomainConfiguration(
          id: DomainID(0), privileged: true, ram: x86RAM(header, initial),
          maxPages: header.isMemoryCapped ? nil : .max),
        DomainConfiguration(id: DomainID(1), ram: [range(0x40400..<0x40410)]),
      ]
    }
  }

  /// Dom0's 64 MiB lie at a multiple of 64 MiB, which a page of them in the window tells.
  private static func armRAM(_ header: RecordingHeader, _ initial: RecordedState) -> GuestRange {
    let pages: UInt64 = 0x4000
    guard header.caller == .dom0, let shown = pagesOfRAM(initial).first else {
      return range(0x64000..<0x64000 + pages)
    }
    let first = shown.rawValue / pages * pages
    return range(first..<first + pages)
  }

  /// What a PC has as dom0's RAM, corrected by what the window shows.
  private static func x86RAM(_ header: RecordingHeader, _ initial: RecordedState) -> [GuestRange] {
    let shown = Set(pagesOfRAM(initial))
    let missing = Set(header.window).subtracting(shown).map(\.rawValue).sorted()
    var ranges: [GuestRange] = []
    for usual in [UInt64(0)..<0xa0, 0x100..<0x1_d000] {
      var first = usual.lowerBound
      for gap in missing where usual.contains(gap) {
        if first < gap { ranges.append(range(first..<gap)) }
        first = gap + 1
      }
      if first < usual.upperBound { ranges.append(range(first..<usual.upperBound)) }
    }
    for page in shown.sorted() where !ranges.contains(where: { $0.contains(page) }) {
      ranges.append(range(page.rawValue..<page.rawValue + 1))
    }
    return ranges
  }

  private static func pagesOfRAM(_ initial: RecordedState) -> [GFN] {
    initial.physmap.filter { $0.value.hasPrefix("ram:") }.map(\.key).sorted()
  }

  /// A PC's legacy hole: video memory and the firmware.
  private static func mapDevices(of domain: DomainID, on machine: inout Machine) {
    for gfn in [UInt64](0xa0..<0xc0) + [UInt64](0xf0..<0x100) {
      do throws(HypercallError) {
        try machine.addDeviceMapping(MFN(gfn), at: GFN(gfn), of: domain)
      } catch {
        preconditionFailure("the recorded machine cannot be set up: \(error)")
      }
    }
  }

  private static func range(_ frames: Range<UInt64>) -> GuestRange {
    guard
      let range = GuestRange(
        first: GFN(frames.lowerBound), pageCount: frames.upperBound - frames.lowerBound)
    else { preconditionFailure("a recorded machine's RAM lies within the P2M") }
    return range
  }
}
