"""The way to a server in a child process, for asyncio.

The event loop moves the bytes; messages may be of any length. All of it belongs to the loop's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import Any, Callable, Dict, List, Optional, TypeVar, cast

from .errors import CallTimeout, Closed, P2MLabError, ProtocolError, ServerDied, ServerNotFound
from .pending import Pending, Progress
from .transport import CHUNK, GRACE
from .wire import Exchange, Tail, cancellation, request

T = TypeVar("T")


class AsyncPending(Pending[T]):
    """A call for whose answer tasks wait."""

    __slots__ = ("answered",)

    def __init__(
        self,
        id: int,
        method: str,
        read: Callable[[Any], T],
        progress: Optional[Progress],
        answered: "asyncio.Future[None]",
    ) -> None:
        super().__init__(id, method, read, progress)
        self.answered = answered

    def settle(self, reply: Dict[str, Any]) -> None:
        super().settle(reply)
        if not self.answered.done():
            self.answered.set_result(None)

    def fail(self, failure: P2MLabError) -> None:
        super().fail(failure)
        if not self.answered.done():
            self.answered.set_result(None)

    def tell(self, percentage: int) -> None:
        super().tell(percentage)
        try:
            self.report()
        except BaseException as error:
            # It ends the call, not the loop's reading.
            if not self.answered.done():
                self.answered.set_exception(error)


class AsyncTransport(asyncio.SubprocessProtocol):
    """A server, and the calls on their way."""

    def __init__(self, command: List[str]) -> None:
        self._command = " ".join(command)
        self._exchange = Exchange()
        self._tail = Tail()
        self._failure: Optional[Callable[[], P2MLabError]] = None
        self._loop = asyncio.get_running_loop()
        self._ended: "asyncio.Future[None]" = self._loop.create_future()
        self._writable = asyncio.Event()
        self._writable.set()
        self._is_closing = False
        self._process: asyncio.SubprocessTransport
        self._stdin: asyncio.WriteTransport

    @classmethod
    async def start(cls, command: List[str]) -> AsyncTransport:
        """Starts a server in a session of its own, so that Ctrl-C does not reach it.

        Raises:
            ServerNotFound: it cannot be started.
        """
        try:
            _, protocol = await asyncio.get_running_loop().subprocess_exec(
                lambda: cls(command), *command, start_new_session=True
            )
        except OSError as error:
            raise ServerNotFound(f"{command[0]!r} cannot be started: {error}") from error
        return protocol

    # Calls.

    async def call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        """Makes a call, and waits for its result."""
        if not self._writable.is_set():
            await self._writable.wait()
        call = self.post(method, params, read, progress)
        await self.wait(call, timeout)
        return call.result()

    def post(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> AsyncPending[T]:
        """Makes a call without waiting."""
        if self._failure is not None:
            raise self._failure()
        id = self._exchange.next_id()
        if progress is not None and isinstance(params, dict):
            params["workDoneToken"] = id
        line = request(id, method, params)
        call = AsyncPending(id, method, read, progress, self._loop.create_future())
        self._exchange.expect(call)
        self._stdin.write(line)
        return call

    async def wait(self, call: AsyncPending[Any], timeout: Optional[float] = None) -> None:
        """Waits until `call` is answered; one that nobody waits for any more is cancelled."""
        try:
            if timeout is None:
                await call.answered
                return
            done, _ = await asyncio.wait([call.answered], timeout=timeout)
            if not done:
                raise CallTimeout(f"{call.method} was not answered in time")
            call.answered.result()
        except BaseException as error:
            if self._exchange.give_up(call, error):
                self.notify(cancellation(call.id))
            raise

    def notify(self, line: bytes) -> None:
        """Sends what has no answer."""
        if self._failure is None:
            self._stdin.write(line)

    def cancel(self) -> None:
        """Asks the server to give up all that is not answered."""
        for call in self._exchange.waiting:
            self.notify(cancellation(call.id))

    @property
    def stderr(self) -> str:
        """The end of what the server wrote to stderr."""
        return str(self._tail)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.get_pid()

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._failure is None

    # What the loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._process = cast(asyncio.SubprocessTransport, transport)
        self._stdin = cast(asyncio.WriteTransport, self._process.get_pipe_transport(0))
        stdout: Any = self._process.get_pipe_transport(1)
        if hasattr(stdout, "max_size"):
            stdout.max_size = CHUNK  # What asyncio itself would read at once takes longer to fetch.

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._tail.feed(data)
        elif self._failure is None or self._is_closing:
            try:
                self._exchange.feed(data)
            except ProtocolError as error:
                reason = str(error)
                self._fail(lambda: ProtocolError(reason))
                self._kill()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def pipe_connection_lost(self, fd: int, exc: Optional[Exception]) -> None:
        if fd == 1 and not self._ended.done():
            # It should end now; what else holds its pipes, ends with its session.
            self._loop.call_later(GRACE, self._kill)

    def process_exited(self) -> None:
        if not self._ended.done():
            self._loop.call_later(GRACE, self._kill)

    def connection_lost(self, exc: Optional[Exception]) -> None:
        status, stderr = self._process.get_returncode(), str(self._tail)
        self._fail(lambda: ServerDied(self._command, status, stderr))
        if not self._ended.done():
            self._ended.set_result(None)

    # Ends.

    def _fail(self, failure: Callable[[], P2MLabError]) -> None:
        if self._failure is None:
            self._failure = failure
        self._exchange.fail(self._failure)
        self._writable.set()

    def _kill(self) -> None:
        if self._ended.done():
            return
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        if self._process.get_returncode() is not None:
            self._process.close()

    async def close(self) -> None:
        """Ends the server; calls that wait raise `Closed`. Closing twice does nothing."""
        if not self._is_closing:
            self._is_closing = True
            if not self._exchange.is_idle:
                self._kill()
            self._fail(lambda: Closed("the connection to the server is closed"))
            self._stdin.close()
        await asyncio.wait([self._ended], timeout=GRACE)
        self._kill()
        await self._ended
        self._process.close()
