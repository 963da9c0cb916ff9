"""Frame numbers."""

from __future__ import annotations

import pickle

import pytest

from p2mlab import GFN, INVALID_GFN, MFN
from p2mlab.frames import read_gfn, write_gfn, write_index, write_mfn


def test_a_frame_number_is_an_integer_that_prints_as_hex() -> None:
    gfn = GFN(0x38000)
    assert gfn == 0x38000 and isinstance(gfn, int)
    assert f"{gfn} {gfn!r} {gfn:d}" == "0x38000 0x38000 229376"
    assert GFN("0x38000") == gfn == read_gfn("0x38000")
    assert {gfn: 1}[GFN(0x38000)] == 1
    assert pickle.loads(pickle.dumps(gfn)) == gfn and type(pickle.loads(pickle.dumps(gfn))) is GFN


def test_it_moves_by_integers_and_stays_what_it_is() -> None:
    gfn = GFN(0x38000)
    assert type(gfn + 1) is GFN and gfn + 1 == 0x38001
    assert type(1 + gfn) is GFN
    assert type(gfn - 1) is GFN and gfn - 1 == 0x37FFF
    assert type(gfn - GFN(0x37000)) is int and gfn - GFN(0x37000) == 0x1000


@pytest.mark.parametrize("other", [MFN(1), GFN(1)])
def test_two_frame_numbers_cannot_be_added(other: GFN) -> None:
    with pytest.raises(TypeError):
        GFN(1) + other


def test_kinds_do_not_mix() -> None:
    for mix in (lambda: GFN(5) - MFN(1), lambda: GFN(MFN(5)), lambda: write_gfn(MFN(5))):
        with pytest.raises(TypeError):
            mix()
    with pytest.raises(TypeError, match="expected a MFN, not the GFN 0x5"):
        write_mfn(GFN(5))


@pytest.mark.parametrize("number", [-1, 1 << 64, "nonsense"])
def test_what_is_no_64_bit_number_is_refused(number: int) -> None:
    with pytest.raises(ValueError):
        GFN(number)


@pytest.mark.parametrize("number", [1.5, True, None])
def test_what_is_no_integer_is_refused(number: object) -> None:
    with pytest.raises(TypeError):
        write_gfn(number)


def test_large_numbers_go_over_the_wire_as_hex() -> None:
    assert write_gfn(INVALID_GFN) == "0xffffffffffffffff"
    assert write_index(5) == 5 and write_index(1 << 61) == hex(1 << 61)
