// What mapping, looking up, unmapping and snapshots cost on the model's page table: the same
// measurement, on the same frames in the same order, as floor.c makes of a radix tree in C.
//
// usage: radix [PAGES [ROUNDS]]     (default 1048576 pages, 1 round)
import Glibc

private let firstGFN: UInt64 = 0x40000
private let sparseSpread = 16

/// The floor's numbers that look random, the same in every run.
private struct Dice {
  private var state: UInt64 = 88_172_645_463_325_252

  mutating func roll() -> UInt64 {
    state ^= state &<< 13
    state ^= state &>> 7
    state ^= state &<< 17
    return state
  }

  mutating func shuffle(_ values: inout [GFN]) {
    var left = values.count - 1
    while left > 0 {
      values.swapAt(left, Int(roll() % UInt64(left + 1)))
      left -= 1
    }
  }
}

private func now() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

private func require(_ holds: Bool, _ what: String) {
  if holds { return }
  fatalError("wrong result: \(what)")
}

/// The RAM page that is mapped at `gfn`.
@inline(__always)
private func page(of gfn: GFN) -> P2MEntry { P2MEntry(MFN(gfn.rawValue), .ramReadWrite) }

private func makeTable(_ memory: HostMemory) -> PageTable {
  guard let table = PageTable(memory: memory) else { fatalError("there is no memory") }
  return table
}

private struct Figures {
  var map = 0.0
  var lookUpRandom = 0.0
  var lookUpInOrder = 0.0
  var unmap = 0.0
  var bytesPerPage = 0.0
  var snapshot = 0.0
  var firstWrite = 0.0
}

@inline(never)
private func timeMap(_ table: inout PageTable, _ gfns: [GFN]) -> Double {
  let start = now()
  for gfn in gfns {
    guard case .done = table.set(page(of: gfn), at: gfn) else { fatalError("no table") }
  }
  return (now() - start) / Double(gfns.count)
}

@inline(never)
private func timeLookUp(_ table: PageTable, _ gfns: [GFN]) -> Double {
  var sum: UInt64 = 0
  let start = now()
  gfns.withUnsafeBufferPointer { gfns in
    for gfn in gfns { sum &+= table[gfn]?.bits ?? 0 }
  }
  let elapsed = now() - start
  require(sum == gfns.reduce(0) { $0 &+ page(of: $1).bits }, "look-up")
  return elapsed / Double(gfns.count)
}

@inline(never)
private func timeUnmap(_ table: inout PageTable, _ gfns: [GFN]) -> Double {
  let start = now()
  for gfn in gfns {
    guard case .done = table.remove(at: gfn) else { fatalError("no table") }
  }
  return (now() - start) / Double(gfns.count)
}

@inline(never)
private func keep(_ table: PageTable) -> PageTable { table }

@inline(never)
private func timeSnapshot(_ table: PageTable) -> Double {
  let times = 1000
  let start = now()
  for _ in 0..<times {
    let snapshot = keep(table)
    require(snapshot.tableCount == table.tableCount, "snapshot")
  }
  return (now() - start) / Double(times)
}

/// The first write after a snapshot copies a table a level.
@inline(never)
private func timeFirstWrite(_ table: inout PageTable, _ gfns: [GFN]) -> Double {
  let times = 200
  var total = 0.0
  for time in 0..<times {
    let gfn = gfns[time * 37 % gfns.count]
    let snapshot = keep(table)
    let before = snapshot[gfn]
    let written = P2MEntry(MFN(UInt64(time)), .mmioDirectDevice)
    let start = now()
    let outcome = table.set(written, at: gfn)
    total += now() - start
    require(outcome == .done && snapshot[gfn] == before && table[gfn] == written, "snapshot")
  }
  return total / Double(times)
}

private func measure(pages: Int, sparse: Bool, dice: inout Dice) -> Figures {
  var gfns = (0..<pages).map { index in
    // Dense: one after the other. Sparse: one in every 16, mapped at random.
    let offset = sparse ? index * sparseSpread + Int(dice.roll() % UInt64(sparseSpread)) : index
    return GFN(firstGFN + UInt64(offset))
  }
  if sparse { dice.shuffle(&gfns) }
  var shuffled = gfns
  dice.shuffle(&shuffled)

  let memory = HostMemory(limit: .max)
  var table = makeTable(memory)
  var figures = Figures()
  figures.map = timeMap(&table, gfns)
  figures.lookUpRandom = timeLookUp(table, shuffled)
  figures.lookUpInOrder = timeLookUp(table, gfns)
  figures.bytesPerPage = Double(table.bytes) / Double(pages)
  figures.snapshot = timeSnapshot(table)
  figures.firstWrite = timeFirstWrite(&table, shuffled)
  figures.unmap = timeUnmap(&table, shuffled)
  require(table.leafCount == 0, "unmap")
  return figures
}

/// `value` with `digits` behind the point.
private func text(_ value: Double, _ digits: Int) -> String {
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((value * Double(scale)).rounded())
  guard digits > 0 else { return "\(scaled)" }
  let fraction = "\(scaled % scale)"
  return "\(scaled / scale)."
    + String(repeating: "0", count: digits - fraction.count) + fraction
}

private func line(_ figures: Figures, pages: Int, sparse: Bool) -> String {
  let members = [
    "\"layout\":\"\(sparse ? "sparse" : "dense")\"", "\"pages\":\(pages)",
    "\"map_ns\":\(text(figures.map, 1))", "\"lookup_random_ns\":\(text(figures.lookUpRandom, 1))",
    "\"lookup_mapped_order_ns\":\(text(figures.lookUpInOrder, 1))",
    "\"unmap_random_ns\":\(text(figures.unmap, 1))",
    "\"bytes_per_page\":\(text(figures.bytesPerPage, 2))",
    "\"snapshot_ns\":\(text(figures.snapshot, 1))",
    "\"first_write_after_snapshot_ns\":\(text(figures.firstWrite, 0))",
  ]
  return "{" + members.joined(separator: ",") + "}"
}

let arguments = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
let pages = arguments.first ?? 1 << 20
let rounds = arguments.count > 1 ? arguments[1] : 1
guard (1...1 << 24).contains(pages), rounds > 0 else {
  print("usage: radix [PAGES [ROUNDS]]   (at most 16777216 pages)")
  exit(2)
}
private var dice = Dice()
for _ in 0..<rounds {
  for sparse in [false, true] {
    let figures = measure(pages: pages, sparse: sparse, dice: &dice)
    print(line(figures, pages: pages, sparse: sparse))
  }
}
