"""A call that is not answered yet."""

from __future__ import annotations

from typing import Any, Callable, Dict, Generic, List, Optional, Protocol, TypeVar

from .errors import P2MLabError, ProtocolError, read_error
from .values import reading

T = TypeVar("T")

Progress = Callable[[int], None]
"""Called with the percentage that is done, 0 to 100, for work that takes long."""


class Waiter(Protocol):
    """What can wait for a call."""

    def wait(self, call: Pending[Any], timeout: Optional[float] = None) -> None:
        """Waits until `call` is answered."""


class Pending(Generic[T]):
    """A call that was made, and its result once it is there.

    Within `with lab.batch()` each call returns one; after the block all of them are answered.
    """

    __slots__ = ("id", "method", "progress", "_read", "_waiter", "_reply", "_failure", "_told")

    def __init__(
        self,
        id: int,
        method: str,
        read: Callable[[Any], T],
        progress: Optional[Progress] = None,
        waiter: Optional[Waiter] = None,
    ) -> None:
        self.id = id
        self.method = method
        self.progress = progress
        self._read = read
        self._waiter = waiter
        self._reply: Optional[Dict[str, Any]] = None
        self._failure: Optional[P2MLabError] = None
        self._told: Optional[List[int]] = None

    def __repr__(self) -> str:
        return f"<{self.method} {'answered' if self.done() else 'not answered yet'}>"

    def done(self) -> bool:
        """Whether the answer is there, or none will come."""
        return self._reply is not None or self._failure is not None

    def result(self, timeout: Optional[float] = None) -> T:
        """The result, for which this waits, within `async with` only where it is there already.

        Args:
            timeout: seconds to wait; as long as it takes where it is not given.

        Raises:
            P2MLabError: what the call would have raised outside a batch.
        """
        if not self.done():
            if self._waiter is None:
                raise ProtocolError(f"{self.method} is not answered yet: leave the batch first")
            self._waiter.wait(self, timeout)
        if self._failure is not None:
            raise self._failure
        assert self._reply is not None
        return read_reply(self._reply, self.method, self._read)

    def exception(self, timeout: Optional[float] = None) -> Optional[P2MLabError]:
        """What `result` would raise, or `None`."""
        try:
            self.result(timeout)
        except P2MLabError as error:
            return error
        return None

    # For the transports.

    def settle(self, reply: Dict[str, Any]) -> None:
        """The answer is there."""
        self._reply = reply

    def fail(self, failure: P2MLabError) -> None:
        """No answer will come."""
        if not self.done():
            self._failure = failure

    def tell(self, percentage: int) -> None:
        """So much is done; the callback is called by `report`."""
        if self.progress is not None:
            if self._told is None:
                self._told = []
            self._told.append(percentage)

    def report(self) -> None:
        """Calls the callback for what was told."""
        while self._told and self.progress is not None:
            self.progress(self._told.pop(0))


def read_reply(reply: Dict[str, Any], method: str, read: Callable[[Any], T]) -> T:
    """The result in `reply`.

    Raises:
        P2MLabError: it is an error, or not as this client knows it.
    """
    if "error" in reply:
        raise read_error(reply["error"])
    return reading(read, reply.get("result"), f"the answer to {method}")
