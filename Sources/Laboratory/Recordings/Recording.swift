import Hypervisor

/// Who made the recorded hypercalls, and what else the recorded machine held.
package enum RecordedCaller: String, CaseIterable, Sendable {
  case dom0
  case domU
  case privilegedDomU = "privileged-domU"
  /// Domain 0 of an x86 machine.
  case pvhDom0 = "pvh-dom0"

  /// The domain that made the calls.
  package var domain: DomainID {
    switch self {
    case .dom0, .pvhDom0: DomainID(0)
    case .domU, .privilegedDomU: DomainID(1)
    }
  }
}

/// An operation of a recording of real Xen, in the format `xen-trace/1`.
package enum RecordedOperation: Hashable, Sendable {
  case grow(want: UInt64)
  case mapGrant(frame: UInt64, gfn: GFN?)
  case mapForeign(domain: DomainID, source: GFN?, gfn: GFN?)
  case unmap(gfn: GFN?)
  case mapSharedInfo(index: UInt64, gfn: GFN?)
  case populate(gfn: GFN?)
  case decrease(gfn: GFN?)
  case querySize
  /// Observes, changes nothing.
  case probe
  /// Reads one page beside the window; changes nothing.
  case probeOne(gfn: GFN?, value: String?)
  /// Writes into a page of RAM; changes nothing that is modelled.
  case tagRAM
  case addToPhysmap(domain: DomainID, space: UInt64, index: UInt64, gfn: GFN?)
  case batch(space: UInt64, index: UInt64, gfn: GFN?)
  case removeFromOther(domain: DomainID, gfn: GFN?)
  case populateOther(domain: DomainID, gfn: GFN?)
  case decreaseOther(domain: DomainID, gfn: GFN?)
  case currentReservation(domain: DomainID)
  case maximumReservation(domain: DomainID)
  case setVersion(Int)
  case getVersion
  case mapStatus(frame: UInt64, gfn: GFN?)
  case getStatusFrames
}

/// What an operation returned, as far as it returns anything.
package struct RecordedOutcome: Hashable, Sendable {
  /// A batch's error of its one entry; `refused` where the whole batch was.
  package enum EntryError: Hashable, Sendable {
    case refused
    case entry(Int)
  }

  package var returnCode: Int?
  package var entryError: EntryError?
  package var status: Int?
  /// Frames that exist and may exist, where the operation asked for them.
  package var size: [Int]?
  /// The grant table's version, where the operation tells it.
  package var version: Int?

  package init(
    returnCode: Int? = nil, entryError: EntryError? = nil, status: Int? = nil, size: [Int]? = nil,
    version: Int? = nil
  ) {
    self.returnCode = returnCode
    self.entryError = entryError
    self.status = status
    self.size = size
    self.version = version
  }
}

/// What the guest and Xen's tracking show after an operation.
package struct RecordedState: Hashable, Sendable {
  /// The name of the page at each GFN of the window that can be read.
  package var physmap: [GFN: String]
  package var frames: Int
  /// Where Xen tracks the first grant frames.
  package var tracked: [GFN?]
  /// The grant table's version; `nil` where it is not told.
  package var version: Int?

  package init(physmap: [GFN: String], frames: Int, tracked: [GFN?], version: Int? = nil) {
    self.physmap = physmap
    self.frames = frames
    self.tracked = tracked
    self.version = version
  }
}

/// An operation with what it returned.
package struct RecordedAction: Hashable, Sendable {
  package let operation: RecordedOperation
  package let outcome: RecordedOutcome

  package init(_ operation: RecordedOperation, outcome: RecordedOutcome) {
    self.operation = operation
    self.outcome = outcome
  }
}

/// An operation with what real Xen made of it.
package struct RecordedStep: Hashable, Sendable {
  /// The recording's own number of the operation.
  package let number: Int
  package let operation: RecordedOperation
  package let outcome: RecordedOutcome
  package let state: RecordedState

  package init(
    number: Int, operation: RecordedOperation, outcome: RecordedOutcome, state: RecordedState
  ) {
    self.number = number
    self.operation = operation
    self.outcome = outcome
    self.state = state
  }
}

/// The first line of a recording, and the state that its second line tells.
package struct RecordingHeader: Hashable, Sendable {
  /// The release, such as `4.16.7`.
  package let release: String
  package let caller: RecordedCaller
  package let cpu: CPU
  /// The GFNs whose pages the guest reads after each operation.
  package let window: [GFN]
  /// Whether dom0 of an x86 machine could be given no more memory than it had.
  package let isMemoryCapped: Bool

  package init(
    release: String, caller: RecordedCaller, cpu: CPU, window: [GFN], isMemoryCapped: Bool = false
  ) {
    self.release = release
    self.caller = caller
    self.cpu = cpu
    self.window = window
    self.isMemoryCapped = isMemoryCapped
  }
}
