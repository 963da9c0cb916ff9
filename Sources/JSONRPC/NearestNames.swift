extension RPCError {
  /// How many names are suggested at most.
  private static var suggestions: Int { 3 }
  /// How much of a name is compared, in bytes: the cost is quadratic.
  private static var compared: Int { 64 }

  /// The names closest to one that is unknown, by edit distance; the closest first.
  ///
  /// Of names equally close the one that stands first in `names` comes first.
  package static func nearest(to name: String, in names: [String]) -> [String] {
    let wanted = Array(name.utf8.prefix(compared))
    let ranked = names.enumerated().map { position, candidate in
      let distance = editDistance(wanted, Array(candidate.utf8.prefix(compared)))
      return (distance: distance, position: position)
    }
    return ranked.sorted { $0 < $1 }.prefix(suggestions).map { names[$0.position] }
  }

  /// The fewest bytes to insert, delete or replace to make one name of the other.
  private static func editDistance(_ from: [UInt8], _ to: [UInt8]) -> Int {
    var row = Array(0...to.count)
    for (above, byte) in from.enumerated() {
      var diagonal = row[0]
      row[0] = above + 1
      for column in to.indices {
        let replaced = diagonal + (byte == to[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[to.count]
  }
}
