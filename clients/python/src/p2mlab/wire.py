"""What both transports have in common: requests as bytes, and which reply belongs to which call."""

from __future__ import annotations

import contextlib
import json
from functools import lru_cache
from typing import Any, Callable, Dict, List, Optional, Set

from .errors import P2MLabError, ProtocolError
from .pending import Pending

MESSAGE_LIMIT = 1 << 28
"""Bytes of one message of the server's; more is not taken for an answer."""

TAIL = 8192
"""Bytes that are kept of the end of stderr."""

_encode: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
_scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def _quick_encoder() -> Callable[[Any], str]:
    """CPython's encoder, kept: `JSONEncoder.encode` makes a new one each time, which takes longer."""
    make: Any = json.encoder.c_make_encoder  # type: ignore[attr-defined]
    string: Any = json.encoder.encode_basestring_ascii
    encoder = make(None, json.JSONEncoder().default, string, None, ":", ",", False, False, False)

    def encode(value: Any) -> str:
        return "".join(encoder(value, 0))

    if encode({"a": ["b", None, 1]}) != '{"a":["b",null,1]}':
        raise ValueError
    return encode


with contextlib.suppress(Exception):
    # Another Python may have no such thing, or take it otherwise.
    _encode = _quick_encoder()


@lru_cache(maxsize=256)
def _head(method: str) -> str:
    return f',"method":{_encode(method)},"params":'


def request(id: int, method: str, params: Dict[str, Any]) -> bytes:
    """A request as a line."""
    return f'{{"jsonrpc":"2.0","id":{id}{_head(method)}{_encode(params)}}}\n'.encode("ascii")


def notification(method: str, params: Dict[str, Any]) -> bytes:
    """A notification as a line."""
    text = _encode({"jsonrpc": "2.0", "method": method, "params": params})
    return text.encode("ascii") + b"\n"


def cancellation(id: int) -> bytes:
    """What asks the server to give a request up."""
    return notification("$/cancelRequest", {"id": id})


class Tail:
    """The end of a text, of bounded size."""

    def __init__(self) -> None:
        self._bytes = b""

    def feed(self, data: bytes) -> None:
        """More of the text."""
        self._bytes = (self._bytes + data)[-TAIL:]

    def __str__(self) -> str:
        return self._bytes.decode("utf-8", "replace")


class Exchange:
    """The calls that wait for an answer, and the answers as they come."""

    def __init__(self) -> None:
        self._waiting: Dict[Any, Pending[Any]] = {}
        self._given_up: Set[int] = set()
        self._parts: List[bytes] = []
        self._size = 0
        self._next = 0

    def next_id(self) -> int:
        """An id that no request had."""
        self._next += 1
        return self._next

    def expect(self, call: Pending[Any]) -> None:
        """An answer will come for `call`."""
        self._waiting[call.id] = call

    def give_up(self, call: Pending[Any]) -> bool:
        """Nobody waits for `call` any more: its answer is dropped when it comes.

        Returns:
            Whether it was still waited for.
        """
        if self._waiting.pop(call.id, None) is None:
            return False
        self._given_up.add(call.id)
        return True

    @property
    def waiting(self) -> List[Pending[Any]]:
        """The calls without an answer, oldest first."""
        return list(self._waiting.values())

    @property
    def is_idle(self) -> bool:
        """Whether the server owes nothing, not even answers that nobody waits for."""
        return not self._waiting and not self._given_up

    def fail(self, failure: Callable[[], P2MLabError]) -> None:
        """No answers will come; each call gets an exception of its own."""
        calls, self._waiting = self.waiting, {}
        self._given_up.clear()
        for call in calls:
            call.fail(failure())

    def feed(self, data: bytes) -> None:
        """Takes what the server has written.

        Raises:
            ProtocolError: it is no message of a p2mlab server.
        """
        end = data.rfind(b"\n")
        if end < 0:
            self._keep(data)
            return
        lines = data[:end]
        if self._parts:
            self._parts.append(lines)
            lines = b"".join(self._parts)
            self._parts.clear()
        self._size = 0
        self._keep(data[end + 1 :])
        try:
            text = lines.decode("utf-8")
        except UnicodeDecodeError:
            raise ProtocolError(f"this is no answer of a p2mlab server: {lines[:200]!r}") from None
        for line in text.split("\n"):
            self._take(line)

    def _keep(self, part: bytes) -> None:
        if part:
            self._parts.append(part)
            self._size += len(part)
            if self._size > MESSAGE_LIMIT:
                raise ProtocolError(f"a message of the server is longer than {MESSAGE_LIMIT} bytes")

    def _take(self, line: str) -> None:
        try:
            message, end = _scan(line, 0)
            if end != len(line):
                message = _decode(line)
            id = message.get("id")
            call = self._waiting.pop(id, None)
        except (StopIteration, ValueError, AttributeError, TypeError, RecursionError):
            raise ProtocolError(f"this is no answer of a p2mlab server: {line[:200]!r}") from None
        if call is not None:
            call.settle(message)
        elif "method" in message:
            self._notified(message)
        elif id in self._given_up:
            self._given_up.discard(id)
        elif id is None and self._waiting:
            # Of a message that it could not read, the server does not know the id. Answers come in order.
            self._waiting.pop(next(iter(self._waiting))).settle(message)
        elif id is None and self._given_up:
            self._given_up.discard(min(self._given_up))
        else:
            raise ProtocolError(f"an answer to what was not asked: {line[:200]!r}")

    def _notified(self, message: Dict[str, Any]) -> None:
        if message["method"] != "$/progress":
            return
        params: Dict[str, Any] = message.get("params", {})
        value: Dict[str, Any] = params.get("value", {})
        call = self._waiting.get(params.get("token"))
        percentage: Optional[int] = 0 if value.get("kind") == "begin" else value.get("percentage")
        if call is not None and percentage is not None:
            call.tell(percentage)
