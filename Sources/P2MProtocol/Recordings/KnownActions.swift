import Jansson
import Laboratory

/// What the lines of recordings say was done and came of it, by their text, as it was read once.
///
/// A history goes through the same few operations again and again, and all histories of a kind do.
struct KnownActions {
  /// A place for each hash; a text takes it from the one before.
  private static let slotCount = 1024
  /// Longer texts are rare, and not kept.
  private static let longestText = 256

  private struct Slot {
    let text: [UInt8]
    let action: RecordedAction
  }

  private var slots: ContiguousArray<Slot?> = []

  /// What `members` says, members of a line without the braces around them: read now, or before.
  ///
  /// - Returns: `nil` where it takes the whole line to know.
  mutating func action(_ members: Span<UInt8>) -> RecordedAction? {
    guard members.count <= Self.longestText else { return nil }
    if slots.isEmpty { slots = ContiguousArray(repeating: nil, count: Self.slotCount) }
    let index = Self.slot(of: members)
    if let slot = slots[index], slot.text.span.isEqual(to: members) { return slot.action }
    guard let action = RecordingReader.action(members) else { return nil }
    slots[index] = Slot(text: Array(copying: members), action: action)
    return action
  }

  /// FNV-1a, eight bytes at a time.
  private static func slot(of text: Span<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    unsafe text.withUnsafeBytes { bytes in
      var index = 0
      while index &+ 8 <= bytes.count {
        hash ^= unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash &*= 0x100_0000_01b3
        hash ^= hash &>> 32
        index &+= 8
      }
      while index < bytes.count {
        hash = unsafe (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3
        index &+= 1
      }
    }
    return Int(truncatingIfNeeded: (hash ^ hash &>> 32) & UInt64(slotCount &- 1))
  }
}
