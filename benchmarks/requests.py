#!/usr/bin/env python3
"""Writes requests as a busy client sends them, one a line: the input of benchmarks.

    benchmarks/requests.py COUNT [--content-length]

The first two create domain 0, privileged, and domain 1. The COUNT that follow go round and round through
what maps and unmaps pages and asks for them: a foreign page comes, is looked at and goes; a grant frame
comes and goes; the array is read. Frame numbers walk through 256 places.
"""

import argparse
import itertools
import json
import sys

PLACES = 256
FOREIGN_PLACE = 0x100000
GRANT_PLACE = 0x110000
RAM = {"gfn": "0x40000", "pages": 4096}
GRANT_FRAMES = 4


def round_of(number):
    """The requests of one round, as pairs of a method and its parameters."""
    place = number % PLACES
    foreign, grant = hex(FOREIGN_PLACE + place), hex(GRANT_PLACE + place)
    page = {"domain": 1, "gfn": hex(0x40000 + place)}
    return [
        ("foreignPage.map", {"domain": 0, "gfn": foreign, "from": page}),
        ("physmap.query", {"domain": 0, "gfn": foreign}),
        ("physmap.unmap", {"domain": 0, "gfn": foreign}),
        ("grantFrame.map", {"domain": 0, "frame": number % GRANT_FRAMES, "gfn": grant}),
        ("physmap.unmap", {"domain": 0, "gfn": grant}),
        ("array.query", {"domain": 0, "first": 0, "count": GRANT_FRAMES}),
    ]


def calls(count):
    """The methods and parameters of all requests, those that create the domains first."""
    for domain in (0, 1):
        yield "domain.create", {"domain": domain, "privileged": domain == 0, "ram": [RAM]}
    endless = (call for number in itertools.count() for call in round_of(number))
    yield from itertools.islice(endless, count)


def messages(count):
    """The requests as compact JSON texts, with ids from 0."""
    for number, (method, params) in enumerate(calls(count)):
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        yield json.dumps(request, separators=(",", ":"))


def text(count, content_length=False):
    """All requests in their framing, as bytes."""
    if content_length:
        return "".join(f"Content-Length: {len(m)}\r\n\r\n{m}" for m in messages(count)).encode()
    return "".join(m + "\n" for m in messages(count)).encode()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--content-length", action="store_true", help="in LSP's framing")
    options = parser.parse_args()
    sys.stdout.buffer.write(text(options.count, options.content_length))


if __name__ == "__main__":
    main()
