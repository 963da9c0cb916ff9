import CFDT

/// A flattened device tree that was checked whole, header, structure and strings, before anything
/// is read from it: libfdt trusts what it walks, and blobs come from anybody.
@safe
package struct DeviceTree: ~Copyable {
  /// The largest blob, in bytes: what an arm64 kernel maps of its own.
  package static let sizeLimit = 2 << 20

  let blob: UnsafeMutableRawPointer

  /// Takes a copy of a blob.
  ///
  /// - Throws: what is wrong with it as a whole.
  package init(_ bytes: [UInt8]) throws(DeviceTreeFault) {
    guard bytes.count <= Self.sizeLimit else {
      throw .blob("it has \(bytes.count) bytes, and may have \(Self.sizeLimit) at most")
    }
    guard bytes.count >= Self.headerSize else {
      throw .blob("it is truncated: \(bytes.count) bytes are no header")
    }
    // libfdt wants it where the structures in it are aligned.
    let blob = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 8)
    unsafe blob.copyMemory(from: bytes, byteCount: bytes.count)
    let code = unsafe fdt_check_full(blob, bytes.count)
    guard code == 0 else {
      unsafe blob.deallocate()
      throw .blob(Self.reason(code))
    }
    unsafe self.blob = blob
  }

  deinit {
    unsafe blob.deallocate()
  }

  /// The header of the first version, in bytes. Xen: `FDT_V1_SIZE`
  private static let headerSize = 28

  /// What libfdt means by a negative code.
  private static func reason(_ code: Int32) -> String {
    switch -code {
    case FDT_ERR_BADMAGIC: "its magic number is not 0xd00dfeed"
    case FDT_ERR_TRUNCATED: "it is truncated"
    case FDT_ERR_BADVERSION: "its version is not supported"
    case FDT_ERR_BADSTRUCTURE: "its structure block is broken"
    case FDT_ERR_BADOFFSET: "an offset in it leads out of its block"
    case FDT_ERR_BADLAYOUT: "its blocks are not in order"
    default: "libfdt refuses it: \(unsafe String(cString: fdt_strerror(code)))"
    }
  }
}

/// What is wrong with a device tree, and where.
package struct DeviceTreeFault: Error, Hashable, CustomStringConvertible {
  /// A property of a node, such as `/hypervisor: reg`, or the blob.
  package let place: String
  package let reason: String

  package init(_ place: String, _ reason: String) {
    self.place = place
    self.reason = reason
  }

  static func blob(_ reason: String) -> DeviceTreeFault { .init("the blob", reason) }

  package var description: String { "\(place): \(reason)" }
}
