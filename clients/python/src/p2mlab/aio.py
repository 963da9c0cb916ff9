"""A server in a child process, and its machines: for asyncio. The names are those of `p2mlab.lab`."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Callable, Dict, Optional, Sequence, Type, TypeVar, cast

from ._protocol import CPU, AsyncMachineCalls, AsyncServerCalls, Overrides, Preset, ServerInfo
from .aio_transport import AsyncPending, AsyncTransport
from .errors import Closed
from .lab import BatchCalls, Params, check_protocol, json_params, of_machine
from .pending import Progress
from .server import Server, command
from .values import as_is
from .wire import notification

T = TypeVar("T")


class AsyncMachine(AsyncMachineCalls):
    """A machine of the server's, with one method an operation. Made by `AsyncP2MLab.machine`."""

    def __init__(self, lab: AsyncP2MLab, name: str) -> None:
        self.lab = lab
        self.name = name

    def __repr__(self) -> str:
        return f"<machine {self.name!r}>"

    async def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        return await self.lab._call(method, of_machine(params, self.name), read, timeout, progress)


class AsyncP2MLab(AsyncServerCalls):
    """A p2mlab server of its own, which ends with the block.

        async with AsyncP2MLab(preset="xen-4.17") as lab:
            await lab.main.domain_create(domain=1)

    Tasks may share it. A task that is cancelled cancels its call on the server too.
    """

    info: ServerInfo

    def __init__(
        self,
        server: Optional[Server] = None,
        *,
        preset: Optional[Preset] = None,
        arguments: Sequence[str] = (),
        timeout: Optional[float] = None,
    ) -> None:
        """The server is started by `async with`, or by `start`.

        Args:
            server: its program or command; otherwise `P2MLAB_SERVER`, then `p2mlab` in PATH.
            preset: what the machine `main` models; `"xen-4.16"` where it is not given.
            arguments: further arguments of `p2mlab serve`, such as `["--record", "today.ndjson"]`.
            timeout: seconds that a call may take where it says nothing else; no limit if not given.

        Raises:
            ServerNotFound: it is not there.
        """
        self.timeout = timeout
        self._command = command(server, preset=preset, arguments=arguments)
        self._started: Optional[AsyncTransport] = None
        self.main = AsyncMachine(self, "main")
        """The machine that is there from the start."""

    async def start(self) -> AsyncP2MLab:
        """Starts the server, if it is not started yet.

        Raises:
            ServerNotFound: it cannot be started.
            ServerDied: it ended at once, and why.
            ProtocolError: it is no p2mlab server, or one of another version.
        """
        if self._started is None:
            self._started = await AsyncTransport.start(self._command)
            try:
                self.info = await self.server_info()
                check_protocol(self.info)
            except BaseException:
                await self.close()
                raise
        return self

    def __repr__(self) -> str:
        state = f"process {self.pid}" if self.is_open else "not started, or closed"
        return f"<{type(self).__name__} {state}>"

    @property
    def _transport(self) -> AsyncTransport:
        if self._started is None:
            raise Closed("the server is not started: use 'async with', or 'await lab.start()'")
        return self._started

    # Machines.

    def machine(self, name: str) -> AsyncMachine:
        """The machine called `name`, which is there already."""
        return AsyncMachine(self, name)

    async def create(
        self,
        machine: str,
        *,
        preset: Optional[Preset] = None,
        overrides: Optional[Overrides] = None,
        cpu: Optional[CPU] = None,
        max_grant_frames: Optional[int] = None,
        p2m_pool_pages: Optional[int] = None,
        vcpus: Optional[int] = None,
        cost: Optional[bool] = None,
    ) -> AsyncMachine:
        """Creates a machine; as `machine_create`, but returns the machine to work with."""
        await self.machine_create(
            machine=machine,
            preset=preset,
            overrides=overrides,
            cpu=cpu,
            max_grant_frames=max_grant_frames,
            p2m_pool_pages=p2m_pool_pages,
            vcpus=vcpus,
            cost=cost,
        )
        return self.machine(machine)

    # Calls.

    def batch(self) -> AsyncBatch:
        """Calls that are made together, without waiting for one before the next is sent.

            async with lab.batch() as batch:
                calls = [batch.main.physmap_unmap(domain=1, gfn=gfn) for gfn in gfns]
            results = [call.result() for call in calls]

        As `P2MLab.batch`. `asyncio.gather` of ordinary calls sends them together too.
        """
        return AsyncBatch(self)

    async def call(
        self,
        method: str,
        params: Optional[Params] = None,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Any:
        """Calls a method by its name on the wire, and returns its result as JSON."""
        return await self._call(method, json_params(params), as_is, timeout, progress)

    def notify(self, method: str, params: Optional[Params] = None) -> None:
        """Sends a notification, which has no answer."""
        self._transport.notify(notification(method, json_params(params)))

    def cancel(self) -> None:
        """Asks the server to give up all that is not answered; those calls raise `Cancelled`."""
        self._transport.cancel()

    async def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        timeout = self.timeout if timeout is None else timeout
        return await self._transport.call(method, params, read, timeout, progress)

    # The server.

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._transport.pid

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self._started is not None and self._started.is_open

    @property
    def stderr(self) -> str:
        """The end of what the server wrote to stderr."""
        return self._transport.stderr

    async def close(self) -> None:
        """Ends the server; calls of other tasks raise `Closed`. Closing twice does nothing."""
        if self._started is not None:
            await self._started.close()

    async def __aenter__(self) -> AsyncP2MLab:
        return await self.start()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()


class AsyncBatch(BatchCalls):
    """Calls that are made together; see `AsyncP2MLab.batch`."""

    def __init__(self, lab: AsyncP2MLab) -> None:
        super().__init__(lab._transport.post)
        self._lab = lab

    async def __aenter__(self) -> AsyncBatch:
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        for call in self.calls:
            if not call.done():
                await self._lab._transport.wait(cast("AsyncPending[Any]", call), self._lab.timeout)
