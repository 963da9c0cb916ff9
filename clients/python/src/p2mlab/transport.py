"""The way to a server in a child process, for callers that wait.

There is no thread of its own: whoever waits for an answer moves the bytes, of stdin, stdout and stderr
together, so that no full pipe can block another. One thread at a time does so; another one's call is
sent when its turn comes, as the server, too, carries out one request after another.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, TypeVar

from .errors import CallTimeout, Closed, P2MLabError, ProtocolError, ServerDied, ServerNotFound
from .pending import Pending, Progress
from .wire import Exchange, Tail, cancellation, request

T = TypeVar("T")

CHUNK = 1 << 16
"""Bytes read at once: what a pipe holds. Much more would be fetched from the kernel for each call."""

LOW_WATER = 1 << 14
"""Bytes of a batch that are worth sending, while it goes on."""

HIGH_WATER = 1 << 18
"""Bytes that may wait to be sent; a batch that goes on is held up meanwhile."""

GRACE = 5.0
"""Seconds that a server has to end with its input, before it is killed."""


class Transport:
    """A server, and the calls on their way. Safe to be used by several threads."""

    def __init__(self, command: List[str]) -> None:
        self._command = " ".join(command)
        self._process = start(command)
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._stdin = self._process.stdin.fileno()
        self._stdout = self._process.stdout.fileno()
        self._stderr = self._process.stderr.fileno()
        self._woken, self._wake = os.pipe()
        for fd in (self._stdin, self._stdout, self._stderr, self._woken, self._wake):
            os.set_blocking(fd, False)
        self._poll = select.poll()
        for fd in (self._stdout, self._stderr, self._woken):
            self._poll.register(fd, select.POLLIN)
        self._exchange = Exchange()
        self._outgoing = bytearray()
        self._polls_stdin = False
        self._tail = Tail()
        self._failure: Optional[Callable[[], P2MLabError]] = None
        self._to_cancel: Deque[int] = deque()
        self._turn = threading.RLock()
        self._wake_lock = threading.Lock()
        self._is_closing = False
        self._finalizer = weakref.finalize(self, end, self._process)
        _open.add(self)

    # Calls.

    def call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        """Makes a call, and waits for its result."""
        deadline = None if timeout is None else time.monotonic() + timeout
        self._take_turn(method, timeout)
        try:
            call = self._begin(method, params, read, progress)
            if not self._outgoing:
                self._write()
            self._wait(call, deadline)
        finally:
            self._turn.release()
        return call.result()

    def post(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> Pending[T]:
        """Makes a call that is sent together with others, by `flush` or when it is waited for."""
        with self._turn:
            call = self._begin(method, params, read, progress, self)
            if len(self._outgoing) > LOW_WATER:
                self._move(0.0)
                while len(self._outgoing) > HIGH_WATER and self._failure is None:
                    self._move(None)
            return call

    def notify(self, line: bytes) -> None:
        """Sends what has no answer."""
        with self._turn:
            self._check()
            self._outgoing += line
            self._write()

    def wait(self, call: Pending[Any], timeout: Optional[float] = None) -> None:
        """Waits until `call` is answered."""
        deadline = None if timeout is None else time.monotonic() + timeout
        self._take_turn(call.method, timeout)
        try:
            self._wait(call, deadline)
        finally:
            self._turn.release()

    def cancel(self, calls: Optional[List[Pending[Any]]] = None) -> None:
        """Asks the server to give up these calls, or all that are not answered; from any thread."""
        for call in self._exchange.waiting if calls is None else calls:
            self._to_cancel.append(call.id)
        self._nudge()
        if self._turn.acquire(blocking=False):
            try:
                self._send_cancellations()
            finally:
                self._turn.release()

    @property
    def stderr(self) -> str:
        """The end of what the server wrote to stderr, as far as it was read."""
        return str(self._tail)

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._failure is None and not self._is_closing

    # Within a turn.

    def _take_turn(self, method: str, timeout: Optional[float]) -> None:
        if not self._turn.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
            raise CallTimeout(f"{method} was not sent within {timeout} s: other calls came first")

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure()
        if self._is_closing:
            raise Closed("the connection to the server is closed")

    def _begin(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
        waiter: Optional[Transport] = None,
    ) -> Pending[T]:
        if self._failure is not None or self._is_closing:
            self._check()
        id = self._exchange.next_id()
        if progress is not None and isinstance(params, dict):
            params["workDoneToken"] = id
        line = request(id, method, params)
        call = Pending(id, method, read, progress, waiter)
        self._exchange.expect(call)
        self._outgoing += line
        return call

    def _wait(self, call: Pending[Any], deadline: Optional[float]) -> None:
        try:
            while not call.done():
                self._move(deadline)
                if call._told:
                    call.report()
                if deadline is not None and time.monotonic() >= deadline and not call.done():
                    raise CallTimeout(f"{call.method} was not answered in time")
        except BaseException as error:
            # Ctrl-C, what a callback raised, or no time: nobody will ask for the answer.
            if self._exchange.give_up(call, error):
                self.cancel([call])
            raise

    def _move(self, deadline: Optional[float]) -> None:
        """Waits until bytes can be moved, and moves them."""
        if bool(self._outgoing) != self._polls_stdin:
            self._watch_stdin(bool(self._outgoing))
        wait = None if deadline is None else max(0.0, (deadline - time.monotonic()) * 1000)
        events = self._poll.poll(wait)
        try:
            for fd, _ in events:
                if fd == self._stdout:
                    self._receive()
                elif fd == self._stdin:
                    self._write()
                elif fd == self._stderr:
                    self._read_stderr()
                else:
                    self._woke()
        except BaseException as error:
            # Bytes may be lost between the pipe and here, by Ctrl-C at the wrong moment too.
            self._break(error)
            raise

    def _watch_stdin(self, watch: bool) -> None:
        if watch:
            self._poll.register(self._stdin, select.POLLOUT)
        else:
            self._poll.unregister(self._stdin)
        self._polls_stdin = watch

    def _receive(self) -> None:
        data = read_some(self._stdout)
        if data:
            self._exchange.feed(data)
        elif data is not None:
            self._died()

    def _read_stderr(self) -> None:
        data = read_some(self._stderr)
        if data:
            self._tail.feed(data)
        elif data is not None:
            self._poll.unregister(self._stderr)

    def _write(self) -> None:
        try:
            while self._outgoing:
                count = os.write(self._stdin, self._outgoing)
                del self._outgoing[:count]
        except BlockingIOError:
            pass
        except OSError:
            # The server reads no more; what it said last is still to be read.
            self._outgoing.clear()

    def _woke(self) -> None:
        read_some(self._woken)
        self._send_cancellations()
        if self._is_closing:
            self._abandon()

    def _nudge(self) -> None:
        """Wakes the thread that waits."""
        with self._wake_lock, contextlib.suppress(OSError):
            os.write(self._wake, b"!")

    def _close_wake(self) -> None:
        """Nobody is woken any more: the descriptors' numbers may soon be another file's."""
        with self._wake_lock:
            for fd in (self._woken, self._wake):
                os.close(fd)
            self._woken = self._wake = -1

    def _send_cancellations(self) -> None:
        while self._to_cancel:
            self._outgoing += cancellation(self._to_cancel.popleft())
        if self._failure is None:
            self._write()

    # Ends.

    def _died(self) -> None:
        """The server's output has ended: nothing is answered any more."""
        status: Optional[int] = None
        try:
            status = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            kill(self._process)
        while True:
            data = read_some(self._stderr)
            if not data:
                break
            self._tail.feed(data)
        stderr = str(self._tail)
        self._fail(lambda: ServerDied(self._command, status, stderr))

    def _break(self, error: BaseException) -> None:
        kill(self._process)
        reason = str(error) if isinstance(error, ProtocolError) else f"interrupted: {error!r}"
        self._fail(lambda: ProtocolError(reason))

    def _fail(self, failure: Callable[[], P2MLabError]) -> None:
        if self._failure is None:
            self._failure = failure
        self._outgoing.clear()
        self._exchange.fail(self._failure)

    def _abandon(self) -> None:
        """Nobody waits for answers any more, nor for a server that still works on them to end by itself."""
        if not self._exchange.is_idle:
            kill(self._process)
        self._fail(lambda: Closed("the connection to the server is closed"))

    def close(self) -> None:
        """Ends the server; calls that wait raise `Closed`. Closing twice does nothing."""
        if self._is_closing:
            return
        self._is_closing = True
        self._nudge()
        with self._turn:
            _open.discard(self)
            self._abandon()
            self._finalizer()
            self._close_wake()

    def _forget(self) -> None:
        """In a forked child: the server is the parent's."""
        self._finalizer.detach()
        self._turn = threading.RLock()
        self._wake_lock = threading.Lock()
        self._close_wake()
        self._is_closing = True
        self._failure = lambda: Closed("the server belongs to the process that started it")
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._process.returncode = 0  # It is not this process's to wait for.


def start(command: List[str]) -> "subprocess.Popen[bytes]":
    """Starts a server in a session of its own, so that Ctrl-C does not reach it.

    Raises:
        ServerNotFound: it cannot be started.
    """
    try:
        return subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise ServerNotFound(f"{command[0]!r} cannot be started: {error}") from error


def read_some(fd: int) -> Optional[bytes]:
    """What can be read; `b""` at the end, `None` where there is nothing now."""
    try:
        return os.read(fd, CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server at once, and what it may have started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except OSError:
            process.kill()


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server with its input, or by force if that takes long."""
    assert process.stdin and process.stdout and process.stderr
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        kill(process)
        process.wait()


_open: "weakref.WeakSet[Transport]" = weakref.WeakSet()


def _after_fork() -> None:
    for transport in list(_open):
        transport._forget()
    _open.clear()


os.register_at_fork(after_in_child=_after_fork)
