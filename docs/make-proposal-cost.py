#!/usr/bin/env python3
"""Makes docs/proposal-cost.md and its plot from what the server tells of the cost of unmapping.

    docs/make-proposal-cost.py             # writes both
    docs/make-proposal-cost.py --check     # exits with 1 if they are not what it would write

Python's standard library only. It drives the release program: `make` builds it.
"""

import argparse
import json
import math
import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
SERVER = DOCS.parent / ".build" / "release" / "p2mlab"
FIRST_GFN, PAGES, BATCH = 0x40000, (1, 512, 262144), 1000
CONFIGURATIONS = [  # a name, the preset, the most grant frames
    ("4.16", "xen-4.16", 64),
    ("4.16 and the proposal, 64 frames", "xen-4.16-clear-on-put", 64),
    ("4.16 and the proposal, 1,024 frames", "xen-4.16-clear-on-put", 1024),
    ("4.17", "xen-4.17", 64),
]
MEMBERS = ("tableWalks", "entryWrites", "trackingComparisons", "tlbFlushes")
COST = re.compile(r'"cost":({[^}]*})')


class Server:
    def __init__(self):
        self.process = subprocess.Popen([SERVER, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if '"error"' in reply or not reply:
            sys.exit(f"the server answered {reply[:200]!r} to {json.dumps(message)[:200]}")
        return reply

    def call(self, method, **params):
        return self.send({"jsonrpc": "2.0", "id": 0, "method": method, "params": params})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def unmap(server, preset, frames, pages):
    """What unmapping so many pages of 4 KiB costs, in one request each."""
    server.call("machine.create", machine="m", preset=preset, maxGrantFrames=frames, cost=True)
    server.call("domain.create", machine="m", domain=1, ram=[{"gfn": hex(FIRST_GFN), "pages": pages}])
    total = dict.fromkeys(MEMBERS, 0)
    for first in range(0, pages, BATCH):
        reply = server.send([
            {"jsonrpc": "2.0", "id": gfn, "method": "physmap.unmap",
             "params": {"machine": "m", "domain": 1, "gfn": hex(FIRST_GFN + gfn)}}
            for gfn in range(first, min(first + BATCH, pages))])
        for cost in COST.findall(reply):
            for member, count in json.loads(cost).items():
                if member in total:
                    total[member] += count
    server.call("machine.delete", machine="m")
    return total


def measure():
    server = Server()
    costs = {(name, pages): unmap(server, preset, frames, pages)
             for name, preset, frames in CONFIGURATIONS for pages in PAGES}
    server.close()
    return costs


def plot(costs):
    """Comparisons and walks over pages, both axes logarithmic."""
    width, height, left, bottom, top = 760, 400, 70, 350, 30
    right = 470
    most = max(cost["trackingComparisons"] for cost in costs.values())
    top_power = math.ceil(math.log10(most))

    def x(pages):
        return left + (right - left) * math.log2(pages) / math.log2(PAGES[-1])

    def y(count):
        return bottom - (bottom - top) * math.log10(count) / top_power

    lines = [("4.16: table walks", "#555", "4.16", "tableWalks"),
             ("4.17: table walks", "#1b7837", "4.17", "tableWalks"),
             ("the proposal, 64 frames: comparisons", "#e08214", CONFIGURATIONS[1][0],
              "trackingComparisons"),
             ("the proposal, 1,024 frames: comparisons", "#b2182b", CONFIGURATIONS[2][0],
              "trackingComparisons")]
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/>']
    for power in range(0, top_power + 1):
        level = y(10 ** power)
        out.append(f'<path d="M{left} {level:.1f}H{right}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 8}" y="{level + 4:.1f}" text-anchor="end">10^{power}</text>')
    for pages, label in zip(PAGES, ("1 page", "2 MiB", "1 GiB")):
        out.append(f'<text x="{x(pages):.1f}" y="{bottom + 20}" text-anchor="middle">{label}</text>')
    labels = []
    for label, colour, name, member in lines:
        points = [(x(pages), y(costs[name, pages][member])) for pages in PAGES]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        labels.append((points[-1][1], label, colour))
    last = 0
    for level, label, colour in sorted(labels):
        last = max(level + 4, last + 15)
        out.append(f'<text x="{right + 10}" y="{last:.1f}" fill="{colour}">{label}</text>')
    out.append(f'<text x="{left}" y="{height - 8}">unmapped, one page at a time</text></svg>')
    return "\n".join(out) + "\n"


def table(costs):
    rows = ["| Xen | pages | table walks | entry writes | comparisons | TLB flushes |",
            "|---|--:|--:|--:|--:|--:|"]
    for name, _, _ in CONFIGURATIONS:
        for pages in PAGES:
            cells = " | ".join(f"{costs[name, pages][member]:,}" for member in MEMBERS)
            rows.append(f"| {name} | {pages:,} | {cells} |")
    return "\n".join(rows)


def document(costs):
    most = PAGES[-1]
    usual, large = (costs[CONFIGURATIONS[index][0], most]["trackingComparisons"] for index in (1, 2))
    before, after = (costs[name, most]["tableWalks"] for name in ("4.16", "4.17"))
    per_page = costs[CONFIGURATIONS[1][0], 1]["trackingComparisons"]
    return f"""# What the proposed fix costs

**Every page of 4 KiB that is unmapped costs {per_page} comparisons more with today's 64 grant frames, and
1,024 with the maximum of that time. A guest that gives 1 GiB back page by page makes Xen compare
{usual:,} or {large:,} times. The fix that went upstream (4.17) compares nothing: a page costs it one
walk of the page tables more, {after:,} instead of {before:,} for 1 GiB.**

![Work of unmapping, by pages](proposal-cost.svg)

The proposal of 2021 clears the array of grant frames in `p2m_put_l3_page()`. The array is by frame, and what
is put is known by its page, so the whole array is walked, whichever page it is: the price is paid for
every page, and by everybody who unmaps or replaces one, though only a grant frame's can be in it.

{table(costs)}

A comparison is of one word of an array of {64 * 8} or {1024 * 8:,} bytes, and takes a fraction of a nanosecond
when that is in the cache; a walk is three or four loads that depend on each other; a TLB flush is the
dearest by far, and the same everywhere. So at 64 frames the proposal is hard to notice. At 1,024 it is the
largest part of an unmapping, under the P2M's lock. Both are gone for entries larger than 4 KiB, which
are not put.

What is not counted: locks, reference counts, `put_page`, and what a hypercall costs before it is there.

## Where the figures come from

The model counts what the code of Xen would do: `machine.create` with `cost: true`, then one `physmap.unmap` a
page. This document and its plot are made by `docs/make-proposal-cost.py`, and `--check` tells whether they
still are what it makes.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    costs = measure()
    stale = False
    for name, text in (("proposal-cost.md", document(costs)), ("proposal-cost.svg", plot(costs))):
        path = DOCS / name
        if not check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.name} is not what docs/make-proposal-cost.py makes; run it", file=sys.stderr)
            stale = True
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
