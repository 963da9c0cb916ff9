"""A guest's allocator, tested against the model: it loses pages on Xen 4.16, as Hypothesis finds out.

    P2MLAB_SERVER=... pytest examples/test_allocator.py

`Allocator` hands out GFNs of one region for grant frames and for foreign pages alike, the one that was
freed last first. That is sound on Xen 4.17. On 4.16 Xen remembers where a grant frame was, and when the
frame is mapped elsewhere, takes away what came to lie there.
"""

from __future__ import annotations

from typing import Dict, List, Tuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from p2mlab import GFN, Machine, PageAt
from p2mlab.hypothesis import P2MStateMachine, Window, foreign_pages


class Allocator:
    """What is under test: it maps things at GFNs that are free."""

    def __init__(self, p2m: Machine, free: List[GFN]) -> None:
        self.p2m, self.free = p2m, free
        self.used: Dict[Tuple[str, int], GFN] = {}

    def map_grant(self, frame: int) -> None:
        self.used["grant", frame] = gfn = self.free.pop()
        self.p2m.grant_frame_map(domain=1, frame=frame, gfn=gfn)

    def map_foreign(self, page: PageAt) -> None:
        self.used["foreign", page.gfn] = gfn = self.free.pop()
        self.p2m.foreign_page_map(domain=1, gfn=gfn, from_=page)

    def unmap(self, what: Tuple[str, int]) -> None:
        gfn = self.used.pop(what)
        self.p2m.physmap_unmap(domain=1, gfn=gfn)
        self.free.append(gfn)


class AllocatorRules(P2MStateMachine):
    window = Window(gfns=3, frames=1, foreign_pages=2)

    def set_up(self) -> None:
        super().set_up()
        self.allocator = Allocator(self.p2m, self.window.region)

    @precondition(lambda self: self.allocator.free and ("grant", 0) not in self.allocator.used)
    @rule()
    def map_grant(self) -> None:
        self.allocator.map_grant(0)

    @precondition(lambda self: self.allocator.free)
    @rule(page=foreign_pages(window))
    def map_foreign(self, page: PageAt) -> None:
        if ("foreign", page.gfn) not in self.allocator.used:
            self.allocator.map_foreign(page)

    @precondition(lambda self: self.allocator.used)
    @rule(data=st.data())
    def unmap(self, data: st.DataObject) -> None:
        self.allocator.unmap(data.draw(st.sampled_from(sorted(self.allocator.used))))


class AllocatorOn416(AllocatorRules):
    preset = "xen-4.16"


class AllocatorOn417(AllocatorRules):
    preset = "xen-4.17"


TestOn416 = AllocatorOn416.TestCase
TestOn417 = AllocatorOn417.TestCase
TestOn416.settings = TestOn417.settings = settings(max_examples=300, stateful_step_count=10, deadline=None)
