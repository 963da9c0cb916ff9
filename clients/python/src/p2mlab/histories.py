"""Operations on a small window of a machine: what Hypothesis and campaigns draw from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, TypeVar, cast

from ._protocol import RAM, MachineCalls, PageAt
from .frames import GFN, MFN
from .pending import Progress

T = TypeVar("T")

REGION = GFN(0x38000)
"""Where the window's GFNs begin: a region without RAM."""

MEMORY = GFN(0x40000)
"""Where the RAM of both domains begins."""

DEVICE = MFN(0x9000)
"""A page of device memory."""

GUEST, OTHER = 1, 2
"""The domain whose physmap changes, and the one whose pages it maps."""

DEFAULT = ("foreignPage.map", "grantFrame.map", "physmap.unmap")
ALPHABETS: Dict[str, Sequence[str]] = {
    "default": DEFAULT,
    "memory": (*DEFAULT, "page.decrease", "page.populate"),
    "versions": (*DEFAULT, "grantTable.setVersion", "grantTable.setup"),
    "all": (
        *DEFAULT,
        "device.map",
        "grantTable.setVersion",
        "grantTable.setup",
        "page.decrease",
        "page.populate",
        "sharedInfo.map",
    ),
}
"""Sets of methods, by name."""


@dataclass(frozen=True)
class Window:
    """How much of a machine is used."""

    gfns: int = 4
    """GFNs at which things are mapped."""
    frames: int = 2
    """Grant frames."""
    foreign_pages: int = 2
    """Pages of another domain."""
    vcpus: int = 1
    """vCPUs; only explorations have more than one."""

    def __post_init__(self) -> None:
        if self.gfns < 1 or self.frames < 1 or self.foreign_pages < 0 or self.vcpus < 1:
            raise ValueError(f"there is no window {self}")

    @classmethod
    def parse(cls, text: str) -> Window:
        """The window `4x2x2`: GFNs, frames, foreign pages; `2x1x0x2` has two vCPUs."""
        try:
            numbers = [int(word) for word in text.split("x")]
            if len(numbers) in (3, 4):
                return cls(*numbers)
        except ValueError:
            pass
        raise ValueError(f"{text!r} is no window: GFNs x frames x foreign pages [x vCPUs], such as 4x2x2")

    def __str__(self) -> str:
        numbers = [self.gfns, self.frames, self.foreign_pages]
        return "x".join(map(str, numbers + [self.vcpus] * (self.vcpus > 1)))

    @property
    def region(self) -> List[GFN]:
        """The GFNs at which things are mapped."""
        return [REGION + offset for offset in range(self.gfns)]


@dataclass(frozen=True)
class Operation:
    """A call of one of a machine's methods, which is not made yet."""

    method: str
    """The Python method's name."""
    arguments: Mapping[str, Any]

    def __call__(self, machine: MachineCalls) -> Any:
        """Makes the call, and returns or raises what it does."""
        return getattr(machine, self.method)(**self.arguments)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.method}({arguments})"


class Script(MachineCalls):
    """A machine on which nothing happens: it keeps the requests, as they would go over the wire."""

    def __init__(self) -> None:
        self.requests: List[Dict[str, Any]] = []

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        self.requests.append({"method": method, "params": params})
        return cast(T, None)


def set_up(machine: MachineCalls, window: Window) -> None:
    """Creates the two domains: a privileged guest, and one whose pages it maps."""
    machine.domain_create(domain=GUEST, privileged=True, ram=[RAM(gfn=MEMORY, pages=max(1, window.gfns))])
    other = [RAM(gfn=MEMORY, pages=window.foreign_pages)] if window.foreign_pages else []
    machine.domain_create(domain=OTHER, ram=other)


def operations(window: Window, alphabet: Sequence[str] = DEFAULT) -> Dict[str, List[Operation]]:
    """All calls of the alphabet's methods within the window, by the method's name on the wire.

    Raises:
        ValueError: the alphabet has a method that is none of these.
    """
    gfns, ram = window.region, [MEMORY + offset for offset in range(window.gfns)]

    def each(method: str, **choices: Sequence[Any]) -> List[Operation]:
        calls: List[Dict[str, Any]] = [{"domain": GUEST}]
        for name, values in choices.items():
            calls = [{**call, name: value} for call in calls for value in values]
        return [Operation(method, call) for call in calls]

    pages = [PageAt(domain=OTHER, gfn=MEMORY + page) for page in range(window.foreign_pages)]
    known: Dict[str, List[Operation]] = {
        "foreignPage.map": each("foreign_page_map", gfn=gfns, from_=pages),
        "grantFrame.map": each("grant_frame_map", frame=range(window.frames), gfn=gfns),
        "physmap.unmap": each("physmap_unmap", gfn=gfns),
        "page.populate": each("page_populate", gfn=gfns + ram),
        "page.decrease": each("page_decrease", gfn=gfns + ram),
        "sharedInfo.map": each("shared_info_map", gfn=gfns),
        "device.map": each("device_map", gfn=gfns, mfn=[DEVICE]),
        "grantTable.setup": each("grant_table_setup", frames=range(1, window.frames + 1)),
        "grantTable.setVersion": each("grant_table_set_version", version=[1, 2]),
    }
    unknown = [method for method in alphabet if method not in known]
    if unknown:
        raise ValueError(f"there is no operation {unknown[0]!r}; there are {', '.join(known)}")
    return {method: known[method] for method in alphabet if known[method]}
