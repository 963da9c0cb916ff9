/// Where a domain's operations can be made to fail.
package enum FaultSite: String, CaseIterable, Sendable {
  /// Taking a table from the P2M's pool. Xen: `p2m_alloc_page`
  case tableAllocation = "table-allocation"
  /// Allocating a page: for a populate, or a grant frame. Xen: `alloc_domheap_pages`,
  /// `alloc_xenheap_page`
  case pageAllocation = "page-allocation"
  /// Taking a reference to a page. Xen: `get_page`
  case reference
}

/// The failures of a domain that are to come, each once; those of tables are the pool's.
struct Faults: Hashable, Sendable {
  /// After how many more attempts the next fails; `nil` for never.
  var pageAllocation: Int?
  var reference: Int?
}

extension Int? {
  /// Makes `count` attempts.
  ///
  /// - Returns: whether one of them was to fail; no other will then.
  @inline(__always)
  fileprivate mutating func attempt(_ count: Int) -> Bool {
    guard let left = self else { return false }
    self = left < count ? nil : left - count
    return left < count
  }
}

extension Machine {
  /// Lets the next attempt of `domain` at `site` but `after` fail, instead of what was to fail there.
  package mutating func injectFault(
    at site: FaultSite, after: Int, in domain: DomainIndex
  ) {
    forgetLastOperation()
    switch site {
    case .tableAllocation: domains[domain.rawValue].p2m.pool.failsAfter = after
    case .pageAllocation: domains[domain.rawValue].faults.pageAllocation = after
    case .reference: domains[domain.rawValue].faults.reference = after
    }
  }

  /// After how many more attempts of `domain` at `site` one fails; `nil` for never.
  package func fault(at site: FaultSite, in domain: DomainIndex) -> Int? {
    switch site {
    case .tableAllocation: domains[domain.rawValue].p2m.pool.failsAfter
    case .pageAllocation: domains[domain.rawValue].faults.pageAllocation
    case .reference: domains[domain.rawValue].faults.reference
    }
  }

  package mutating func referenceFails(_ attempts: Int, in domain: DomainIndex) -> Bool {
    domains[domain.rawValue].faults.reference.attempt(attempts)
  }

  /// Attempts to allocate a page for `domain`, as far as faults go.
  mutating func pageAllocationFails(in domain: DomainIndex) -> Bool {
    domains[domain.rawValue].faults.pageAllocation.attempt(1)
  }
}
