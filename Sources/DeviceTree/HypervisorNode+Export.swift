import CFDT

/// A device tree that has this node and nothing else: as source, and as a blob.
extension HypervisorNode {
  /// The tree as `dtc` reads it; addresses and sizes have two cells.
  package var source: String {
    let banks = banks.map { bank in
      let cells = [bank.address >> 32, bank.address, bank.size >> 32, bank.size]
      return "<"
        + cells.map { "0x" + String($0 & 0xffff_ffff, radix: 16) }.joined(separator: " ") + ">"
    }
    return """
      /dts-v1/;

      / {
      \t#address-cells = <2>;
      \t#size-cells = <2>;

      \thypervisor {
      \t\tcompatible = "xen,xen";
      \t\treg = \(banks.joined(separator: ",\n\t\t      "));
      \t};
      };

      """
  }

  /// The same tree, flattened.
  package var blob: [UInt8] {
    let capacity = 1024 + 16 * banks.count
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { room, count in
      guard let tree = UnsafeMutableRawPointer(room.baseAddress) else { return }
      var codes = [unsafe fdt_create(tree, Int32(capacity)), unsafe fdt_finish_reservemap(tree)]
      codes.append(unsafe fdt_begin_node(tree, ""))
      codes.append(unsafe fdt_property_u32(tree, "#address-cells", 2))
      codes.append(unsafe fdt_property_u32(tree, "#size-cells", 2))
      codes.append(unsafe fdt_begin_node(tree, "hypervisor"))
      codes.append(unsafe fdt_property(tree, "compatible", "xen,xen", 8))
      let reg = banks.flatMap { [$0.address.bigEndian, $0.size.bigEndian] }
      codes.append(unsafe fdt_property(tree, "reg", reg, Int32(16 * banks.count)))
      codes.append(unsafe fdt_end_node(tree))
      codes.append(unsafe fdt_end_node(tree))
      codes.append(unsafe fdt_finish(tree))
      precondition(codes.allSatisfy { $0 == 0 }, "a small tree fits into its room")
      // The total size stands behind the magic number.
      let size = unsafe tree.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
      count = Int(UInt32(bigEndian: size))
    }
  }
}
