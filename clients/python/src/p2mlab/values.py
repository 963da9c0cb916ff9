"""What the generated module is made with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, ClassVar, Dict, Type, TypeVar

from .errors import ProtocolError

T = TypeVar("T")

_new = object.__new__


def make(kind: Type[T], fields: Dict[str, Any]) -> T:
    """A value of a frozen dataclass with all its fields, without the detour over `__init__`."""
    value = _new(kind)
    value.__dict__.update(fields)
    return value


class Later:
    """A result of which some fields are read from the JSON when they are asked for first."""

    readers: ClassVar[Dict[str, Callable[[Any], Any]]] = {}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            read, source = self.readers.get(name), self.__dict__.get("_json")
            if read is None or source is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = self.__dict__[name] = reading(read, source, f"{type(self).__name__}.{name}")
            return value


def reading(read: Callable[[Any], T], source: Any, what: str) -> T:
    """What `read` makes of `source`.

    Raises:
        ProtocolError: it is of another shape.
    """
    try:
        return read(source)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProtocolError(
            f"{what} is not as this client knows it ({error!r}): {str(source)[:200]}"
        ) from error


def given(members: Dict[str, Any]) -> Dict[str, Any]:
    """The members that are not `None`."""
    return {name: value for name, value in members.items() if value is not None}


def as_is(value: Any) -> Any:
    """The value itself."""
    return value


def nothing(_: Any) -> None:
    """What becomes of a result that says nothing."""
