"""The operations that a history is made of, as guest, recordings and sessions all know them.

An operation is a dictionary: `op` names it, and its other members are those of the recording
format, as integers. Its outcome is not part of it.
"""

import struct

INVALID_GFN = 2**64 - 1
DOMID_SELF, DOMID_IO, DOMID_XEN = 0x7FF0, 0x7FF1, 0x7FF2
SPACE_SHARED_INFO, SPACE_GRANT_TABLE = 0, 1
DECREASE_RESERVATION, POPULATE_PHYSMAP = 1, 6
CURRENT_RESERVATION, MAXIMUM_RESERVATION = 3, 4

# Each operation's number in the guest's script, and its members in the order in which they fill
# the script's fields.
_CODES = {
    "grow": (1, {"want": "index"}),
    "mapGrant": (2, {"frame": "index", "gfn": "gfn"}),
    "mapForeign": (3, {"domid": "domid", "fgfn": "index", "gfn": "gfn"}),
    "unmap": (4, {"gfn": "gfn"}),
    "mapSharedInfo": (5, {"idx": "index", "gfn": "gfn"}),
    "populate": (6, {"gfn": "gfn"}),
    "decrease": (7, {"gfn": "gfn"}),
    "querySize": (8, {}),
    "probe": (9, {}),
    "tagRam": (10, {"gfn": "gfn"}),
    "addPhys": (11, {"domid": "domid", "space": "number", "idx": "index", "gfn": "gfn"}),
    "batch": (12, {"space": "number", "idx": "index", "gfn": "gfn"}),
    "remOther": (13, {"domid": "domid", "gfn": "gfn"}),
    "resv": (14, {"cmd": "number", "domid": "domid", "gfn": "gfn"}),
    "memq": (15, {"cmd": "number", "domid": "domid"}),
    "probe1": (16, {"gfn": "gfn"}),
}

# As guest/script.h lays out `struct operation`.
_LAYOUT = struct.Struct("<HHIQQ")


def packed(operation):
    """The operation as the guest reads it."""
    code, members = _CODES[operation["op"]]
    fields = dict.fromkeys(("domid", "number", "index", "gfn"), 0)
    for member, field in members.items():
        fields[field] = operation[member]
    return _LAYOUT.pack(
        code, fields["domid"], fields["number"], fields["index"], fields["gfn"])


def on_paper(operation):
    """The operation as a recording writes it: GFNs and indexes of a space are hex strings."""

    def member(name, value):
        if name in ("gfn", "fgfn") or (name == "idx" and "space" in operation):
            return hex(value)
        if isinstance(value, int) and value >= 2**53:
            return hex(value)
        return value

    return {name: member(name, value) for name, value in operation.items()}


def from_paper(operation):
    """The operation of a recording's line, without what came of it."""
    members = _CODES[operation["op"]][1]

    def number(value):
        return int(value, 16) if isinstance(value, str) else value

    return {"op": operation["op"], **{name: number(operation[name]) for name in members}}
