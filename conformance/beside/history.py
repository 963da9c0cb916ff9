"""Random histories: the same seed gives the same operations, on any machine."""

import random

from .machine import OFFERED, OWN
from .operations import (
    CURRENT_RESERVATION, DECREASE_RESERVATION, DOMID_IO, DOMID_SELF, DOMID_XEN, INVALID_GFN,
    MAXIMUM_RESERVATION, POPULATE_PHYSMAP, SPACE_GRANT_TABLE, SPACE_SHARED_INFO)

_UNKNOWN_DOMAIN = 7
# A page of devices of the board that Xen leaves to domain 0, and nobody minds to be read.
_DEVICE = 0xA000
# Where neither domain has memory.
_UNBACKED = 0x90000
# How often which kind of operation is drawn, in percent of all.
_WEIGHTS = {
    "map_grant": 33, "unmap": 24, "map_foreign": 18, "map_shared_info": 5, "populate": 6,
    "decrease": 4, "grow": 2, "other": 6, "odd_space": 2}


def random_history(machine, seed, count):
    """`count` operations of `machine`'s caller."""
    draw = _Draw(machine, random.Random(f"{seed}/{machine.caller}/{machine.cpu}"))
    operations = []
    while len(operations) < count:
        operations += draw.operations()
    return operations[:count]


class _Draw:
    def __init__(self, machine, rng):
        self.machine, self.rng = machine, rng
        self.kinds, self.weights = zip(*_WEIGHTS.items())

    def operations(self):
        drawn = getattr(self, self.rng.choices(self.kinds, self.weights)[0])()
        return drawn if isinstance(drawn, list) else [drawn]

    def rarely(self, share=0.04):
        return self.rng.random() < share

    # Arguments: mostly sensible, now and then what nobody should ask for.

    def gfn(self):
        machine = self.machine
        if self.rarely():
            return self.rng.choice(
                [INVALID_GFN, machine.limit - 1, machine.limit, 2 * machine.limit, 2**52])
        return self.rng.choice(machine.watched)

    def frame(self):
        if self.rarely(0.02):
            return self.rng.choice([63, 64, 2**31, 2**32 - 1])
        # Low frames are drawn often: what is mapped already is what matters.
        return min(int(self.rng.expovariate(0.6)), 7)

    def offered_page(self):
        return self.machine.other_ram + OFFERED + self.rng.randrange(4)

    # Operations on oneself.

    def map_grant(self):
        return {"op": "mapGrant", "frame": self.frame(), "gfn": self.gfn()}

    def unmap(self):
        return {"op": "unmap", "gfn": self.gfn()}

    def map_shared_info(self):
        return {"op": "mapSharedInfo", "idx": int(self.rarely(0.1)), "gfn": self.gfn()}

    def populate(self):
        return {"op": "populate", "gfn": self.gfn()}

    def decrease(self):
        # A domU may populate only as much as it has given away, and its frames die of it.
        if self.machine.caller_id and self.rng.random() < 0.7:
            gfn = self.machine.own_ram + OWN + 0x10 + self.rng.randrange(0x100)
        else:
            gfn = self.gfn()
        return {"op": "decrease", "gfn": gfn}

    def grow(self):
        if self.rarely(0.2):
            return {"op": "querySize"}
        return {"op": "grow", "want": self.rng.choice([0, 1, 2, 3, 4, 6, 8, 65])}

    def map_foreign(self):
        domain, source = self.machine.other_id, self.offered_page()
        if self.rarely(0.08):
            odd = [DOMID_SELF, _UNKNOWN_DOMAIN, self.machine.caller_id]
            # A device model is privileged over one domain only, which is not the model's idea.
            if self.machine.caller != "privileged-domU":
                odd += [DOMID_IO, DOMID_XEN]
            domain = self.rng.choice(odd)
        elif self.rarely(0.08):
            source = self.rng.choice([INVALID_GFN, _UNBACKED, self.machine.limit])
        return {"op": "mapForeign", "domid": domain, "fgfn": source, "gfn": self.gfn()}

    def odd_space(self):
        """Spaces that a domain has no business with, and the batched form of those it has."""
        space = self.rng.choice([0, 1, 1, 2, 5, 9])
        index = {0: 0, 1: self.frame(), 5: _DEVICE}.get(space, self.offered_page())
        if self.rarely(0.5):
            return {"op": "batch", "space": space, "idx": index, "gfn": self.gfn()}
        domain = self.rng.choice([DOMID_SELF, self.machine.caller_id, _UNKNOWN_DOMAIN])
        return {"op": "addPhys", "domid": domain, "space": space, "idx": index,
                "gfn": self.gfn()}

    # Operations on the other domain, whose pages are counted after each: a page that is given
    # away counts until the last reference to it goes.

    def other(self):
        other = self.machine.other_id
        count = {"op": "memq", "cmd": CURRENT_RESERVATION, "domid": other}
        if self.rarely(0.1):
            return {**count, "cmd": self.rng.choice([CURRENT_RESERVATION, MAXIMUM_RESERVATION]),
                    "domid": self.rng.choice([DOMID_SELF, other, _UNKNOWN_DOMAIN])}
        if self.machine.caller == "domU":
            return count
        page = self.offered_page()
        if self.rarely(0.1):
            page = self.rng.choice([_UNBACKED, _UNBACKED + 1, self.machine.limit, INVALID_GFN])
        kind = self.rng.randrange(10)
        if kind < 4:
            act = {"op": "resv", "cmd": DECREASE_RESERVATION, "domid": other, "gfn": page}
        elif kind < 7:
            act = {"op": "resv", "cmd": POPULATE_PHYSMAP, "domid": other, "gfn": page}
        elif kind < 8:
            act = {"op": "remOther", "domid": other, "gfn": page}
        else:
            # What a toolstack does: it maps the other domain's special pages for it.
            space = self.rng.choice([SPACE_GRANT_TABLE, SPACE_GRANT_TABLE, SPACE_SHARED_INFO])
            index = 0 if space == SPACE_SHARED_INFO else self.rng.randrange(3)
            act = {"op": "addPhys", "domid": other, "space": space, "idx": index, "gfn": page}
        return [act, count]
