/// Expanding states by all threads.
///
/// The others expand blocks, and the caller's thread adds what they find, in order; it expands blocks as well
/// where it would have to wait. So the table, the list and all that is told have one thread, and the outcome
/// is that of going block by block.
extension Search where System: ~Copyable {
  /// Blocks whose groups are loaded before they are added.
  private static var loadedBlocks: Int { 4 }

  /// Finds all successors of the states from `start` to `end` - 1 of the list, and adds the new ones.
  mutating func expandTogether(from start: Int, to end: Int) {
    let team = self.team ?? Team(system, threads: min(options.threads, SearchOptions.threadLimit))
    self.team = team
    team.belt.begin(from: start, to: end)
    while true {
      var sharing = Sharing()
      Self.share(team, system, adding: &known, &sharing, for: wanted)
      transitions += sharing.transitions
      pace?.note(waited: sharing.waited)
      guard let block = sharing.last else { return }
      // What others have expanded already stays as it is, whatever the system learns.
      var head = finish(block, sharing.halt)
      while head < block.end, !isOver { head = expandBlock(from: head, to: block.end) }
      if isOver { return }
      team.belt.goOn()
    }
  }

  /// How far all threads came together.
  private struct Sharing {
    /// Transitions of the blocks that were added to their end.
    var transitions = 0
    /// Time for which the caller's thread waited.
    var waited = Duration.zero
    /// A block that was expanded or added to `halt` only, as others have to stop there.
    var last: Block<State>?
    var halt: KnownStates<State>.Halt?
  }

  /// Expands and adds what is on the team's belt, up to where others have to stop.
  private static func share(
    _ team: Team<System>, _ system: borrowing System, adding known: inout KnownStates<State>,
    _ sharing: inout Sharing, for wanted: PropertySet
  ) {
    let belt = team.belt
    let (frontier, table) = (known.frontier, known.table)
    var patience = Patience()
    let waitedBefore = team.crew.waited
    team.crew.run { thread in
      func expandNext() -> Belt<State>.Offer {
        team.workers[thread].expandNext(
          on: belt, of: system, at: frontier, for: wanted, siftedBy: table)
      }
      guard thread == 0 else {
        Self.help(expandNext)
        return
      }
      var loaded = belt.nextToAdd
      while belt.isLeft {
        let number = belt.nextToAdd
        let hadTime = loaded > number
        while loaded < number &+ loadedBlocks, let block = belt.expanded(loaded) {
          table.prefetchBoth(block.candidates.elements, to: block.count)
          loaded &+= 1
        }
        if !hadTime, case .block = expandNext() {
          patience.end()
          continue
        }
        guard let block = belt.expanded(number) else {
          patience.wait()
          continue
        }
        patience.end()
        sharing.halt = known.add(block, judgedBy: system, for: wanted)
        if sharing.halt != nil || block.isCutShort {
          sharing.last = block
          belt.stop()
          return
        }
        sharing.transitions &+= block.transitions
        belt.noteAdded()
      }
    }
    sharing.waited = patience.total + team.crew.waited - waitedBefore
  }

  /// Expands blocks as long as there are any.
  private static func help(_ expandNext: () -> Belt<State>.Offer) {
    var patience = Patience()
    while true {
      switch expandNext() {
      case .block: patience.end()
      case .later: patience.wait()
      case .nothing: return
      }
    }
  }
}

extension Worker where System: ~Copyable {
  /// Expands the next block of a belt, if there is one.
  fileprivate func expandNext(
    on belt: Belt<State>, of system: borrowing System, at frontier: Frontier<State>,
    for wanted: PropertySet, siftedBy table: VisitedSet<State>.Table
  ) -> Belt<State>.Offer {
    let offer = belt.take()
    if case .block(let block, let number) = offer {
      expand(block, of: system, at: frontier, for: wanted, siftedBy: table)
      belt.putBack(block, number: number)
    }
    return offer
  }
}
