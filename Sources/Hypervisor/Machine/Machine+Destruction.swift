/// Destroying domains.
extension Machine {
  /// Removes a domain. Its mappings go, and with them its references to others' pages; pages of its
  /// own that others still map live until they are unmapped.
  ///
  /// - Throws: `noSuchDomain`, `panic`.
  ///
  /// Xen: `XEN_DOMCTL_destroydomain`
  package mutating func destroyDomain(_ id: DomainID) throws(HypercallError) {
    try operation { machine throws(HypercallError) in
      guard let domain = machine.index(of: id) else { throw .noSuchDomain(id) }
      machine.endProgress(of: domain)
      machine.dropMappings(of: domain)
      machine.domains.remove(at: domain.rawValue)
      machine.frameTable.releasePages(of: id)
    }
  }

  /// Drops the references that the domain's mappings hold.
  private mutating func dropMappings(of domain: DomainIndex) {
    let destroyed = domains[domain.rawValue].p2m
    var dropped: [MFN: UInt32] = [:]
    destroyed.forEachLeaf(from: 0, to: p2mLimit) { leaf in
      let entry = leaf.entry
      if entry.type == .mapForeignReadWrite { dropped[entry.mfn, default: 0] += 1 }
      return true
    }
    for (mfn, count) in dropped.sorted(by: { $0.key < $1.key }) {
      let page = frameTable.update(mfn) { page in
        page.foreignMappings -= count
        page.references -= count
        return page
      }
      log.appendDistinct(
        .reference(mfn: mfn, before: page.references + count, after: page.references))
      if page.references == 0 { release(mfn, page) }
    }
  }
}
