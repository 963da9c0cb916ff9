import CFDT

/// The node by which Xen tells a guest which frames it may map things at.
///
/// Xen: `make_hypervisor_node`
package struct HypervisorNode: Hashable, Sendable {
  /// One entry of `reg`, in bytes.
  package struct Bank: Hashable, Sendable {
    package let address: UInt64
    package let size: UInt64

    package init(address: UInt64, size: UInt64) {
      self.address = address
      self.size = size
    }
  }

  /// Where it is in its tree.
  package let path: String
  /// The first is for the grant table, the others are extended regions.
  package let banks: [Bank]

  package init(path: String = "/hypervisor", banks: [Bank]) {
    self.path = path
    self.banks = banks
  }
}

extension DeviceTree {
  /// The hypervisor node, found as guests find it: compatible with `xen,xen`, else by its name.
  ///
  /// - Throws: that there is none, or which property cannot be used.
  package func hypervisorNode() throws(DeviceTreeFault) -> HypervisorNode {
    var node = unsafe fdt_node_offset_by_compatible(blob, -1, "xen,xen")
    if node < 0 { node = unsafe fdt_path_offset(blob, "/hypervisor") }
    guard node >= 0 else {
      throw DeviceTreeFault(
        "the device tree", "no node is compatible with \"xen,xen\", and there is no /hypervisor")
    }
    let path = path(of: node)
    let parent = unsafe fdt_parent_offset(blob, node)
    guard parent >= 0 else { throw DeviceTreeFault(path, "the root is no hypervisor node") }
    try checkRanges(from: parent)
    let addressCells = try cells(unsafe fdt_address_cells(blob, parent), "address", of: parent)
    let sizeCells = try cells(unsafe fdt_size_cells(blob, parent), "size", of: parent)
    let cells = try cells(of: node, "\(path): reg")
    let stride = addressCells + sizeCells
    guard cells.count % stride == 0, !cells.isEmpty else {
      throw DeviceTreeFault(
        "\(path): reg",
        "it has \(cells.count) cells, which is no multiple of \(stride) (\(addressCells) for an "
          + "address, \(sizeCells) for a size) or none at all")
    }
    let banks = Swift.stride(from: 0, to: cells.count, by: stride).map { start in
      HypervisorNode.Bank(
        address: Self.number(cells[start..<start + addressCells]),
        size: Self.number(cells[start + addressCells..<start + stride]))
    }
    return HypervisorNode(path: path, banks: banks)
  }

  /// Where a node is, shortened if it is long beyond reason.
  private func path(of node: Int32) -> String {
    let limit = 256
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: limit) { room in
      guard unsafe fdt_get_path(blob, node, room.baseAddress, Int32(limit)) == 0,
        let start = room.baseAddress
      else { return "the hypervisor node" }
      return unsafe String(cString: start)
    }
  }

  /// Refuses addresses that mean something else at the root: those below a bus that translates.
  private func checkRanges(from parent: Int32) throws(DeviceTreeFault) {
    var node = parent
    while node > 0 {
      var length: Int32 = 0
      guard unsafe fdt_getprop(blob, node, "ranges", &length) != nil, length == 0 else {
        throw DeviceTreeFault(
          "\(path(of: node)): ranges", "it is not empty, so that addresses below it are no GFNs")
      }
      node = unsafe fdt_parent_offset(blob, node)
    }
  }

  private func cells(
    _ count: Int32, _ what: String, of parent: Int32
  ) throws(DeviceTreeFault) -> Int {
    guard (1...2).contains(count) else {
      throw DeviceTreeFault("\(path(of: parent)): #\(what)-cells", "it is neither 1 nor 2")
    }
    return Int(count)
  }

  /// The cells of `reg`.
  private func cells(of node: Int32, _ place: String) throws(DeviceTreeFault) -> [UInt32] {
    var length: Int32 = 0
    guard let start = unsafe fdt_getprop(blob, node, "reg", &length), length >= 0 else {
      throw DeviceTreeFault(place, "there is no such property")
    }
    guard length % 4 == 0 else {
      throw DeviceTreeFault(place, "it has \(length) bytes, which is no multiple of 4")
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(length))
    return (0..<bytes.count / 4).map { index in
      UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
  }

  /// The number that one cell or two make.
  private static func number(_ cells: ArraySlice<UInt32>) -> UInt64 {
    cells.reduce(0) { $0 << 32 | UInt64($1) }
  }
}
