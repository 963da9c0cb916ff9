"""What the generated module is made with."""

from __future__ import annotations

from typing import Any, Dict, Type, TypeVar

T = TypeVar("T")

_new = object.__new__


def make(kind: Type[T], fields: Dict[str, Any]) -> T:
    """A value of a frozen dataclass with all its fields, without the detour over `__init__`."""
    value = _new(kind)
    value.__dict__.update(fields)
    return value


def given(members: Dict[str, Any]) -> Dict[str, Any]:
    """The members that are not `None`."""
    return {name: value for name, value in members.items() if value is not None}


def as_is(value: Any) -> Any:
    """The value itself."""
    return value


def nothing(_: Any) -> None:
    """What becomes of a result that says nothing."""
