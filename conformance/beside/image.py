"""The guest's image with its script: who it is and what it shall do, as guest/script.h has it."""

import struct

from . import machine as machines
from .operations import packed

_MAGIC = 0x6D3270736372697A
_HEAD = struct.Struct(f"<Q4H3Q2HIQ{machines.WINDOW_LIMIT}Q")


def scripts(machine, operations):
    """The scripts of domain 0 and of domain 1: one of them acts, the other idles."""
    return tuple(_script(machine, domain, operations) for domain in (0, 1))


def _script(machine, domain, operations):
    acts = domain == machine.caller_id
    # An unprivileged domU sees no other domain's page, and so waits for none.
    awaits = acts and machine.caller != "domU"
    window = machine.watched
    if len(window) > machines.WINDOW_LIMIT:
        raise ValueError(f"a window has at most {machines.WINDOW_LIMIT} GFNs")
    head = _HEAD.pack(
        _MAGIC, domain, domain == 0, acts,
        domain == 0 and machine.caller == "privileged-domU",
        machine.ram(domain) + machines.TAGGED_FIRST, machines.TAGGED_COUNT,
        machine.other_ram + machines.TAGGED_FIRST if awaits else 0,
        machine.other_id, len(window), len(operations) if acts else 0, machines.SPARE_GFN,
        *window, *[0] * (machines.WINDOW_LIMIT - len(window)))
    return head + b"".join(map(packed, operations if acts else ()))
