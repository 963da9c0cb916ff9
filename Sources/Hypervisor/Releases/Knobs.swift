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
  /// The highest version of the grant table that a guest may choose.
  package var maxGrantVersion: Int
}
