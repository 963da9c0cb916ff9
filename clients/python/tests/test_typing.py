"""What a type checker finds in a user's code, with the installed package."""

from __future__ import annotations

import pathlib
import re

from mypy import api

CODE = """\
from typing import Optional
from p2mlab import GFN, MFN, AsyncP2MLab, P2MLab, PageAt
from p2mlab.types import Entry, Outcome

def sound(lab: P2MLab) -> Optional[GFN]:
    outcome: Outcome = lab.main.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000) + 1)
    for effect in outcome.effects:
        if effect.kind == "physmap":
            entry: Optional[Entry] = effect.after
        elif effect.kind == "tracking":
            return effect.after
    with lab.batch() as batch:
        call = batch.main.physmap_unmap(domain=1, gfn=GFN(1))
    outcome = call.result()
    return None

async def also_sound(lab: AsyncP2MLab) -> Outcome:
    return await lab.main.grant_frame_map(domain=1, frame=0, gfn=GFN(0x38000))

def wrong(lab: P2MLab, gfn: GFN, mfn: MFN) -> None:
    lab.main.physmap_unmap(domain=1, gfn=mfn)  # E
    lab.main.physmap_unmap(domain=1, gfn=0x38000)  # E
    lab.main.device_map(domain=1, gfn=gfn, mfn=gfn)  # E
    lab.main.physmap_unmap(1, gfn)  # E
    lab.main.physmap_unmap(domain=1)  # E
    lab.main.foreign_page_map(domain=1, gfn=gfn, from_=(1, gfn))  # E
    lab.create("m", preset="xen-5")  # E
    PageAt(domain=1, gfn=mfn)  # E
    x: MFN = gfn  # E
    y: GFN = gfn - gfn  # E
    lab.main.frame_query(mfn=mfn).mfn = mfn  # E
"""


def test_frame_numbers_do_not_mix_and_mistakes_are_found(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "code.py"
    file.write_text(CODE)
    out, _, _ = api.run(["--strict", "--no-incremental", "--cache-dir", str(tmp_path / "cache"), str(file)])
    found = {int(line) for line in re.findall(r"code\.py:(\d+): error", out)}
    expected = {number for number, line in enumerate(CODE.splitlines(), 1) if line.endswith("# E")}
    assert found == expected, out
