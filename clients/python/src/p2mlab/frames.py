"""Frame numbers: integers that know what they count, and print as hex."""

from __future__ import annotations

from typing import Any, Type, TypeVar, Union, overload

N = TypeVar("N", bound="FrameNumber")

_LIMIT = 1 << 64
_new = int.__new__


class FrameNumber(int):
    """The number of a page of 4 KiB, from 0 to 2^64-1.

    Adding an integer gives a frame number of the same kind, the difference of two is an integer.
    """

    __slots__ = ()

    def __new__(cls: Type[N], number: Union[int, str]) -> N:
        """The frame with this number, or with this number in hex (`"0x38000"`).

        Raises:
            TypeError: it is no integer, or a frame number of another kind.
            ValueError: it is not a number, or does not fit into 64 bits.
        """
        if isinstance(number, str):
            number = int(number, 16)
        elif isinstance(number, FrameNumber) and not isinstance(number, cls):
            raise TypeError(f"expected a {cls.__name__}, not the {_named(number)}")
        elif not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(f"expected an integer for a {cls.__name__}, not {number!r}")
        if not 0 <= number < _LIMIT:
            raise ValueError(f"a {cls.__name__} is from 0 to 2^64-1, which {number} is not")
        return _new(cls, number)

    def __repr__(self) -> str:
        return hex(self)

    __str__ = __repr__

    def __add__(self: N, other: int) -> N:
        if isinstance(other, FrameNumber):
            return NotImplemented
        return type(self)(int(self) + other)

    __radd__ = __add__

    @overload
    def __sub__(self: N, other: N) -> int: ...  # type: ignore[overload-overlap]

    @overload
    def __sub__(self: N, other: int) -> N: ...

    def __sub__(self: N, other: Union[int, N]) -> Union[int, N]:
        if not isinstance(other, FrameNumber):
            return type(self)(int(self) - other)
        if type(other) is not type(self):
            # Not NotImplemented: the other one would subtract as the integer that it is.
            raise TypeError(f"the {_named(other)} cannot be subtracted from the {_named(self)}")
        return int(self) - int(other)


class GFN(FrameNumber):
    """A guest frame number: a page of a domain's physical address space."""

    __slots__ = ()


class MFN(FrameNumber):
    """A machine frame number: a page of the host's memory."""

    __slots__ = ()


INVALID_GFN = GFN(_LIMIT - 1)
"""What Xen takes for no GFN where it asks for one."""


def _named(number: FrameNumber) -> str:
    return f"{type(number).__name__} {number}"


# To and from the wire.


def read_gfn(text: str) -> GFN:
    """The GFN that the server wrote."""
    return _new(GFN, text, 16)


def read_mfn(text: str) -> MFN:
    """The MFN that the server wrote."""
    return _new(MFN, text, 16)


def write_gfn(number: Any) -> str:
    """What the server reads as a GFN.

    Raises:
        TypeError: it is no integer, or an MFN.
        ValueError: it does not fit into 64 bits.
    """
    return hex(number) if type(number) is GFN else hex(GFN(number))


def write_mfn(number: Any) -> str:
    """What the server reads as an MFN; as `write_gfn`."""
    return hex(number) if type(number) is MFN else hex(MFN(number))


def write_index(number: int) -> Union[int, str]:
    """An index of up to 64 bits; what JavaScript could not count to is written in hex."""
    return number if number < 1 << 53 else hex(number)
