import Hypervisor

/// What a guest that tagged its pages reads at a GFN, as far as that is known.
package enum GuestReading: Hashable, Sendable {
  case nothing
  case grant(frame: Int)
  case status(frame: Int)
  case sharedInfo
  /// A page of its RAM, by where that was first.
  case ram(GFN)
  /// Another domain's, by where it was first there.
  case foreign(GFN)
  /// A page of a populate, by its number.
  case populated(Int)
  /// A page that nobody tagged.
  case something

  /// Whether this is what a recording calls `page`, `nil` where it tells of none.
  func agrees(with page: String?) -> Bool {
    guard let page else { return self == .nothing }
    switch self {
    case .nothing: return false
    // A page that nobody tagged reads as something, no matter what.
    case .something: return true
    case .grant, .status, .sharedInfo, .ram, .foreign, .populated:
      return page == description || page.hasPrefix("raw:")
    }
  }
}

extension GuestReading: CustomStringConvertible {
  /// As recordings have it, where they do.
  package var description: String {
    switch self {
    case .nothing: "nothing"
    case .grant(let frame): "grant:\(frame)"
    case .status(let frame): "status:\(frame)"
    case .sharedInfo: "shared_info"
    case .ram(let gfn): "ram:\(gfn)"
    case .foreign(let gfn): "foreign:\(gfn)"
    case .populated(let number): "populated:\(number)"
    case .something: "something"
    }
  }
}
