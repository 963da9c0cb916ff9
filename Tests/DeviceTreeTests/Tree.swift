import DeviceTree
import Foundation

/// A device tree under construction, flattened byte by byte, so that it may be wrong.
struct Tree {
  private var structure: [UInt8] = []
  private var strings: [UInt8] = []

  /// A tree whose root has these cells, and in it `content`.
  static func root(
    addressCells: UInt32? = 2, sizeCells: UInt32? = 2, _ content: (inout Tree) -> Void
  ) -> [UInt8] {
    var tree = Tree()
    tree.node("") { root in
      if let addressCells { root.property("#address-cells", cells: [addressCells]) }
      if let sizeCells { root.property("#size-cells", cells: [sizeCells]) }
      content(&root)
    }
    return tree.blob
  }

  mutating func node(_ name: String, _ content: (inout Tree) -> Void) {
    word(1)
    structure += Array(name.utf8) + [0]
    pad()
    content(&self)
    word(2)
  }

  mutating func property(_ name: String, _ value: [UInt8]) {
    word(3)
    word(UInt32(value.count))
    word(UInt32(strings.count))
    strings += Array(name.utf8) + [0]
    structure += value
    pad()
  }

  mutating func property(_ name: String, cells: [UInt32]) {
    property(name, cells.flatMap { cell in (0..<4).map { UInt8(cell >> (24 - 8 * $0) & 0xff) } })
  }

  mutating func hypervisor(
    _ name: String = "hypervisor", compatible: String? = "xen,xen", reg: [UInt32]
  ) {
    node(name) { node in
      if let compatible { node.property("compatible", Array(compatible.utf8) + [0]) }
      node.property("reg", cells: reg)
    }
  }

  private mutating func word(_ value: UInt32) {
    structure += (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xff) }
  }

  private mutating func pad() {
    structure += [UInt8](repeating: 0, count: (4 - structure.count % 4) % 4)
  }

  private var blob: [UInt8] {
    var tree = Tree()
    let body = structure + [0, 0, 0, 9]
    let start = 40 + 16
    let total = start + body.count + strings.count
    for word in [
      0xd00d_feed, total, start, start + body.count, 40, 17, 16, 0, strings.count, body.count, 0,
      0, 0, 0,
    ] {
      tree.word(UInt32(word))
    }
    return tree.structure + body + strings
  }
}

/// A blob of the fixtures.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return Array(try Data(contentsOf: folder.appending(path: "Fixtures/device-trees/\(name)")))
}
