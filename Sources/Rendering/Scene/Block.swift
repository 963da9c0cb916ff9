import Hypervisor

/// Guest frames that lie together and look alike.
package struct Block: Hashable, Sendable {
  /// The first raw frame number, and how many frames.
  package let first: UInt64
  package let count: UInt64
  package let content: Content

  package var end: UInt64 { first + count }

  /// The same content at other frames.
  func at(_ range: Range<UInt64>) -> Block {
    Block(first: range.lowerBound, count: UInt64(range.count), content: content)
  }

  /// What is at guest frames.
  package enum Content: Hashable, Sendable {
    /// The domain's own RAM at its own place, with no reference but its allocation's; leaves of
    /// 2^`order` pages map it.
    case ram(order: Int)
    case device
    /// Nothing, where the domain was given RAM.
    case hole
    /// Any other page, and its references where they are known. The machine frame where it is known and
    /// tells the page from others.
    case page(PageName, mfn: MFN?, references: UInt32?, order: Int)
    /// What a guest read that nobody can name.
    case unknown

    /// Whether neighbours of this content are one block.
    var isMergeable: Bool {
      switch self {
      case .ram, .device, .hole, .unknown, .page(.populated, _, _, _): true
      case .page(_, _, _, let order): order > 0
      }
    }

    /// The machine frame, where one page is meant.
    var mfn: MFN? {
      switch self {
      case .page(_, let mfn, _, _): mfn
      case .ram, .device, .hole, .unknown: nil
      }
    }
  }
}

/// How a block is drawn.
package enum BlockKind: String, CaseIterable, Sendable {
  case grant, status, foreign, ram, populated, sharedInfo, device, free, hole, unknown
}

extension Block {
  package var kind: BlockKind {
    switch content {
    case .ram: .ram
    case .device: .device
    case .hole: .hole
    case .unknown: .unknown
    case .page(let name, _, _, _):
      switch name {
      case .grant: .grant
      case .status: .status
      case .foreign: .foreign
      case .ram: .ram
      case .populated: .populated
      case .sharedInfo: .sharedInfo
      case .device: .device
      case .free: .free
      }
    }
  }

  /// What it is, in a word or two.
  package var title: String {
    switch kind {
    case .grant: "grant"
    case .status: "status"
    case .foreign: "foreign"
    case .ram: "RAM"
    case .populated: "populated"
    case .sharedInfo: "shared_info"
    case .device: "device"
    case .free: "freed page"
    case .hole: "hole"
    case .unknown: "something"
    }
  }

  /// Which one it is; nothing where `title` says it all.
  package var detail: String {
    switch content {
    case .ram, .device, .hole, .unknown: ""
    case .page(let name, _, _, _):
      switch name {
      case .grant(_, let frame), .status(_, let frame): "frame \(frame)"
      case .foreign(let domain, let gfn): "d\(domain) \(gfn)"
      case .ram(let gfn): gfn.rawValue == first && count == 1 ? "" : "of \(gfn)"
      case .populated(let n): "#\(n)"
      case .sharedInfo, .device: ""
      case .free: "still mapped"
      }
    }
  }

  /// The size of the leaves that map it, where they are larger than a page.
  package var leafSize: String? {
    let order: Int
    switch content {
    case .ram(let o): order = o
    case .page(_, _, _, let o): order = o
    case .device, .hole, .unknown: order = 0
    }
    return order == 9 ? "2 MiB" : order == 18 ? "1 GiB" : nil
  }

  /// References that are held, where they say something.
  package var references: UInt32? {
    switch content {
    case .ram, .device, .hole, .unknown: nil
    case .page(_, _, let references, _): references
    }
  }
}
