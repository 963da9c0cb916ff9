"""The machine that is booted: who makes the calls, and where whose memory is."""

from dataclasses import dataclass, field

CALLERS = ("dom0", "domU", "privileged-domU")
CPUS = ("cortex-a57", "cortex-a53")

# Where Xen puts domain 0's 64 MiB in this machine, and a domU's RAM in any. Domain 0 is mapped
# one to one, so the first depends on Xen's size; a boot tells whether it still holds.
DOM0_RAM, DOM1_RAM = 0x64000, 0x40000
DOM0_PAGES, DOM1_PAGES = 0x4000, 0x2000

# Pages of RAM that have a tag, from the start of RAM on: the guest's code and its device tree lie
# elsewhere.
TAGGED_FIRST, TAGGED_COUNT = 0x400, 0x600
# Pages that domains offer to each other, and pages that the caller uses for itself.
OFFERED, OWN = 0x400, 0x800
SPARE_GFN = 0x180000
WINDOW_LIMIT = 24


@dataclass(frozen=True)
class Machine:
    """A caller with its memory. `dom0_ram` is where this Xen puts domain 0."""

    caller: str = "dom0"
    cpu: str = "cortex-a57"
    dom0_ram: int = DOM0_RAM
    window: tuple = field(default=())

    @property
    def caller_id(self):
        return 0 if self.caller == "dom0" else 1

    @property
    def other_id(self):
        return 1 - self.caller_id

    def ram(self, domain):
        return self.dom0_ram if domain == 0 else DOM1_RAM

    @property
    def own_ram(self):
        return self.ram(self.caller_id)

    @property
    def other_ram(self):
        return self.ram(self.other_id)

    @property
    def limit(self):
        """The first GFN that no P2M reaches on this CPU."""
        return 2**36 if self.cpu == "cortex-a57" else 2**28

    @property
    def watched(self):
        """The GFNs whose pages are read after each operation."""
        return self.window or self.usual_window()

    def usual_window(self):
        """Six GFNs without memory, two with."""
        own = self.own_ram + OWN
        return tuple(range(0x100000, 0x100006)) + (own, own + 1)
