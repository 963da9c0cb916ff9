"""What each operation takes as a machine grows: pages that are mapped, frames of a grant table."""

import json

from measure import driver, in_turns, median, table
from programs import BUILD, P2MLAB, Server

PAGES = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
FRAMES = [1, 64, 1_024, 16_384, 65_536]
# The most that a machine may have: what it answers as fast as one with a single page, as the answers are alike.
ALL_PAGES = 16_777_216
REPEATED = 2_000

# Requests that leave the machine as it was, by what they are called; repeated again and again.
FOREIGN = [("foreignPage.map", {"domain": 0, "gfn": "0x1000000", "from": {"domain": 1, "gfn": "0x40000"}}),
           ("physmap.unmap", {"domain": 0, "gfn": "0x1000000"})]
GRANT = [("grantFrame.map", {"domain": 0, "frame": 0, "gfn": "0x1100000"}),
         ("physmap.unmap", {"domain": 0, "gfn": "0x1100000"})]
OPERATIONS = {
    "physmap.query": [("physmap.query", {"domain": 1, "gfn": "0x40000"})],
    "array.query": [("array.query", {"domain": 0})],
    "foreignPage.map, physmap.unmap": FOREIGN,
    "grantFrame.map, physmap.unmap": GRANT,
    "page.populate, page.decrease": [("page.populate", {"domain": 2, "gfn": "0x1200000"}),
                                     ("page.decrease", {"domain": 2, "gfn": "0x1200000"})],
    "snapshot.create, .delete": [("snapshot.create", {}), ("snapshot.delete", {})],
    "snapshot.create, grantFrame.map, physmap.unmap, .delete": [
        ("snapshot.create", {}), *GRANT, ("snapshot.delete", {})],
    "frame.query": [("frame.query", {"mfn": "0x1000000001"})],
}


def request(number, method, params):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def set_up(preset, pages, frames):
    """Requests that make the machine: domain 0 with a grant table, domain 1 with RAM, domain 2 with room."""
    return [
        ("machine.delete", {}),
        ("machine.create", {"preset": preset, "machine": "main", "maxGrantFrames": max(64, frames)}),
        ("domain.create", {"domain": 0, "privileged": True}),
        ("domain.create", {"domain": 1, "ram": [{"gfn": "0x40000", "pages": pages}] if pages else []}),
        ("domain.create", {"domain": 2, "maxPages": 16}),
        ("grantTable.setup", {"domain": 0, "frames": frames}),
    ]


def measurement(preset, pages, frames, operation, repeated):
    """Microseconds of one round of `operation` on such a machine."""
    made = set_up(preset, pages, frames)
    calls = [*made, *OPERATIONS[operation] * repeated]
    path = BUILD / "growth.ndjson"

    def measure():
        path.write_text("".join(request(number, *call) + "\n" for number, call in enumerate(calls)))
        server = Server("p2mlab", [P2MLAB, "serve"], prologue=made)
        server.own_message = "as they are"
        result = driver("pipe", server, path)
        return {"us": 1e6 / result["requests_per_second"] * len(OPERATIONS[operation])}

    return measure


def grown(preset, sizes, rounds, repeated):
    """A row an operation, a column a size; each size is (pages, frames)."""
    cases = {(operation, size): measurement(preset, *size, operation, repeated)
             for operation in OPERATIONS for size in sizes}
    results = in_turns(rounds, cases)
    return [[f"`{operation}`", *[f"{median([r['us'] for r in results[operation, size]]):.1f}" for size in sizes]]
            for operation in OPERATIONS]


def as_fast_as_small(rounds, repeated):
    """How much longer the largest machine takes than one with a single page."""
    asked = ["physmap.query", "array.query", "snapshot.create, .delete"]
    cases = {(operation, pages): measurement("xen-4.16", pages, 1, operation, repeated)
             for operation in asked for pages in (1, ALL_PAGES)}
    results = in_turns(rounds, cases)
    rows = []
    for operation in asked:
        times = [full["us"] / small["us"]
                 for full, small in zip(results[operation, ALL_PAGES], results[operation, 1])]
        rows.append([f"`{operation}`", f"{median(times):.2f} ({min(times):.2f} to {max(times):.2f})"])
    return rows


def section(rounds, quick):
    rounds, repeated = (1, 500) if quick else (3, REPEATED)
    pages = PAGES[:4] if quick else PAGES
    by_pages = grown("xen-4.16", [(count, 1) for count in pages], rounds, repeated)
    by_frames = grown("xen-4.16", [(1_000, count) for count in FRAMES], rounds, repeated)
    clearing = grown("xen-4.16-clear-on-put", [(1_000, count) for count in FRAMES], rounds, repeated)
    return f"""## As a machine grows

Microseconds of one round of the requests named, one after the other, answers included: the median of {rounds}.

By pages of RAM that are mapped, `xen-4.16`:

{table(["pages", *[f"{count:,}" for count in pages]], by_pages)}

By grant frames, `xen-4.16`:

{table(["frames", *[f"{count:,}" for count in FRAMES]], by_frames)}

By grant frames, `xen-4.16-clear-on-put`, whose hypervisor walks the array:

{table(["frames", *[f"{count:,}" for count in FRAMES]], clearing)}

A machine with {ALL_PAGES:,} mapped pages beside one with a single page:

{table(["", "times as long"], as_fast_as_small(3 if quick else 9, 10 * repeated))}
"""
