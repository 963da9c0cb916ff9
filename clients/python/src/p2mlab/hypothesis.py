"""Testing a guest's own memory manager against the model, with Hypothesis.

A `P2MStateMachine` has a machine, `self.p2m`, with two domains: 1, the guest, and 2, whose pages it maps.
Its rules let your code act on it. Whatever breaks one of `properties` fails the test, and Hypothesis shrinks
the history that did.
"""

from __future__ import annotations

import contextlib
from typing import Any, Callable, ClassVar, Dict, Optional, Sequence, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from . import histories
from .errors import ModelError, P2MLabError
from .frames import GFN
from .histories import Operation, Window
from .lab import Machine, P2MLab, fresh
from .pending import Progress
from .sessions import dump
from .types import Overrides, PageAt, Preset, Property, Violation

__all__ = ["P2MStateMachine", "PropertyViolated", "Window", "foreign_pages", "gfns", "operations"]

T = TypeVar("T")


def gfns(window: Window = Window()) -> st.SearchStrategy[GFN]:  # noqa: B008
    """The window's GFNs."""
    return st.sampled_from(window.region)


def foreign_pages(window: Window = Window()) -> st.SearchStrategy[PageAt]:  # noqa: B008
    """The pages of domain 2 that the guest can map."""
    pages = range(window.foreign_pages)
    return st.sampled_from([PageAt(domain=histories.OTHER, gfn=histories.MEMORY + page) for page in pages])


def operations(
    window: Window = Window(),  # noqa: B008
    alphabet: Sequence[str] = histories.DEFAULT,
) -> st.SearchStrategy[Operation]:
    """Any operation of the guest within the window: `operation(self.p2m)` carries it out.

    Args:
        window: how much of the machine is used.
        alphabet: methods, as the protocol calls them, or one of `p2mlab.histories.ALPHABETS`.
    """
    by_method = histories.operations(window, alphabet)
    return st.one_of(*(st.sampled_from(calls) for calls in by_method.values()))


class PropertyViolated(AssertionError):
    """An operation broke a property that held before."""

    def __init__(self, method: str, violation: Violation) -> None:
        super().__init__(f"{method} broke {violation.property}: {violation.message}")
        self.violation = violation


class WatchedMachine(Machine):
    """A machine that raises `PropertyViolated` when an operation breaks one of `properties`."""

    def __init__(self, lab: P2MLab, name: str, properties: Sequence[Property]) -> None:
        super().__init__(lab, name)
        self._properties = frozenset(properties)

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        try:
            result = super()._call(method, params, read, timeout, progress)
        except ModelError as error:
            self._judge(method, error.violations)
            raise
        if method != "check.run":
            self._judge(method, getattr(result, "violations", None) or ())
        return result

    def _judge(self, method: str, violations: Sequence[Any]) -> None:
        for violation in violations:
            if isinstance(violation, Violation) and violation.property in self._properties:
                with contextlib.suppress(P2MLabError):
                    session = dump(self.session_export().requests).rstrip()
                    note(f"p2mlab session (`p2mlab run --show FILE` plays it again):\n{session}")
                raise PropertyViolated(method, violation)


_lab: Optional[P2MLab] = None


def shared_lab() -> P2MLab:
    """The server of all state machines of this process; it ends with the process."""
    global _lab
    if _lab is None or not _lab.is_open:
        _lab = P2MLab()
    return _lab


class P2MStateMachine(RuleBasedStateMachine):
    """A state machine whose rules act on a machine of the model, `self.p2m`."""

    preset: ClassVar[Preset] = "xen-4.16"
    """The release that the machine models."""
    overrides: ClassVar[Optional[Overrides]] = None
    """Knobs to be set otherwise."""
    window: ClassVar[Window] = Window()
    """How much of the machine is used."""
    properties: ClassVar[Sequence[Property]] = ("no-collateral-removal", "no-dangling")
    """What fails the test when an operation breaks it; by default what loses a page for the guest."""

    def __init__(self) -> None:
        super().__init__()
        lab = shared_lab()
        fresh(lab, self.preset, self.overrides)
        self.p2m = WatchedMachine(lab, "main", self.properties)
        """The machine, as it is at the beginning of each history."""
        self.set_up()

    def set_up(self) -> None:
        """Creates the domains; a subclass may do more, or something else."""
        histories.set_up(self.p2m, self.window)
