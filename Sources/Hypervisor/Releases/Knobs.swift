/// Where a release keeps the GFN at which a grant frame is mapped, and when it forgets it.
package enum Tracking: String, CaseIterable, Sendable {
  /// An array written before the mapping, which unmapping does not touch.
  case array
  /// The same, cleared by walking it whenever a 4 KiB entry is put: the fix proposed in 2021.
  case arrayClearedOnPut = "array-cleared-on-put"
  /// The frame's own `page_info`, written after the mapping and cleared when its entry is put.
  case pageInfo = "page-info"
  /// x86's machine-to-physical table, which holds every page's GFN.
  case m2p
}

/// What mapping a frame does that is still tracked elsewhere.
package enum Remap: String, CaseIterable, Sendable {
  /// Removes whatever is at the tracked GFN, then maps.
  case move
  /// The same, unless the frame is asked for at the very GFN that is tracked.
  case moveUnlessSame = "move-unless-same"
  /// Refuses with -EBUSY.
  case busy
}

/// What removing a mapping checks first.
package enum RemovalCheck: String, CaseIterable, Sendable {
  case none
  /// RAM at the GFN must be the page that is to be removed, otherwise -EILSEQ.
  case mfnMatch = "mfn-match"
}

/// How wide a grant frame's index is.
package enum FrameIndexWidth: String, CaseIterable, Sendable {
  /// 2^32 + k is out of range.
  case bits64 = "64-bit"
  /// Checked as 32 bits, used as 64: 2^32 + k writes far outside the array, 2^61 + k is frame k in
  /// it, but found to be tracked nowhere.
  case split
  /// Truncated: 2^32 + k is frame k.
  case bits32 = "32-bit"
}

/// Whether populating notices that the new page could not be mapped.
package enum PopulateInsert: String, CaseIterable, Sendable {
  /// It counts as done; the page is lost.
  case unchecked
  /// It does not; the page is lost all the same.
  case checked
}

/// When INVALID_GFN is noticed as the GFN to map at.
package enum InvalidGFNCheck: String, CaseIterable, Sendable {
  /// When the P2M refuses it, after the tracking was cleared.
  case late
  /// Before anything else.
  case early
}

/// Which errno a foreign map from a special or the caller's own domid gives.
package enum ForeignErrno: String, CaseIterable, Sendable {
  case before420 = "pre-4.20"
  case from420 = "4.20"
  /// x86 4.10; later x86 releases are as Arm's 4.20.
  case x86v410 = "x86-4.10"
}

/// How a grant frame is kept from being freed while it is being mapped.
package enum StatusFramePinning: String, CaseIterable, Sendable {
  case none
  /// By a page reference: XSA-384's fix.
  case pageRef = "page-ref"
  /// By holding the grant lock throughout as well: XSA-486's fix.
  case lockHeld = "lock-held"
}

/// When x86 asks the M2P where a frame is mapped (XSA-379).
package enum M2PLookup: String, CaseIterable, Sendable {
  case beforeLock = "before-lock"
  case underLock = "under-lock"
}

/// Whether going back to grant table version 1 frees status frames that are still mapped (XSA-255).
package enum StatusFreeing: String, CaseIterable, Sendable {
  case blind
  case checked
}

/// Whether x86 drops a frame's old mapping before later checks can fail.
package enum UnmapFirst: String, CaseIterable, Sendable {
  case yes
  case no
}

/// Whether mapping a status frame that does not exist makes it exist.
package enum StatusGrowth: String, CaseIterable, Sendable {
  case never
  case onDemand = "on-demand"
}

/// Whether x86 lets a page be mapped where device memory is.
package enum MMIOReplacement: String, CaseIterable, Sendable {
  case replaced
  case refused
}

/// How x86 moves a domain's own page: what it frees where source and target are the same, and when
/// it asks whether the page is at its source.
package enum GMFNMove: String, CaseIterable, Sendable {
  /// Frees the target even where it is the source, asks after that.
  case v410 = "4.10"
  /// Unhooks a frame even where it is at its source, asks after that.
  case v415 = "4.15"
  /// Asks first.
  case v417 = "4.17"
  /// The same, and the source must be of type p2m_ram_rw.
  case v422 = "4.22"
}

/// The decisions in which releases of Xen differ; a preset is a named value of them.
package struct Knobs: Hashable, Sendable {
  package var tracking: Tracking
  package var remap: Remap
  package var removalCheck: RemovalCheck
  package var frameIndex: FrameIndexWidth
  package var invalidGFN: InvalidGFNCheck
  package var foreignErrno: ForeignErrno
  package var statusFramePinning: StatusFramePinning
  package var m2pLookup: M2PLookup
  package var statusFreeing: StatusFreeing
  package var populateInsert: PopulateInsert
  package var unmapFirst: UnmapFirst
  package var statusGrowth: StatusGrowth
  package var mmioReplacement: MMIOReplacement
  package var gmfnMove: GMFNMove
  /// The highest version of the grant table that a guest may choose.
  package var maxGrantVersion: Int
}
