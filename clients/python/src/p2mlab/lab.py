"""A server in a child process, and its machines: for callers that wait."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Type, TypeVar, Union

from ._protocol import (
    CPU,
    BatchMachineCalls,
    BatchServerCalls,
    MachineCalls,
    Overrides,
    Preset,
    ServerCalls,
    ServerInfo,
)
from .errors import ProtocolError
from .pending import Pending, Progress
from .server import Server, command
from .transport import Transport
from .values import as_is
from .wire import notification

T = TypeVar("T")

PROTOCOL = "1."
"""How the version of the protocol begins that this client speaks."""


def check_protocol(info: ServerInfo) -> None:
    """Refuses a server of another protocol.

    Raises:
        ProtocolError: it is one.
    """
    if not info.protocol_version.startswith(PROTOCOL):
        raise ProtocolError(
            f"{info.name} {info.version} speaks version {info.protocol_version} of the protocol, "
            f"and this client {PROTOCOL}x: install the client of the same version"
        )


Params = Union[Mapping[str, Any], Sequence[Any]]
"""Parameters as JSON, by name or by position."""


def json_params(params: Optional[Params]) -> Any:
    """The parameters as the transports take them."""
    if params is None:
        return {}
    return dict(params) if isinstance(params, Mapping) else params


def of_machine(params: Dict[str, Any], machine: str) -> Dict[str, Any]:
    """The parameters with the machine's name, where it is not the one that is meant anyway."""
    if machine != "main":
        params["machine"] = machine
    return params


class Machine(MachineCalls):
    """A machine of the server's, with one method an operation. Made by `P2MLab.machine`."""

    def __init__(self, lab: P2MLab, name: str) -> None:
        self.lab = lab
        self.name = name
        self._make = lab._transport.call

    def __repr__(self) -> str:
        return f"<machine {self.name!r}>"

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        if timeout is None:
            timeout = self.lab.timeout
        return self._make(method, of_machine(params, self.name), read, timeout, progress)


class P2MLab(ServerCalls):
    """A p2mlab server of its own, which ends with the block.

        with P2MLab(preset="xen-4.17") as lab:
            lab.main.domain_create(domain=1)

    Threads may share it: their calls are carried out one after another. A forked child may not use it.
    """

    def __init__(
        self,
        server: Optional[Server] = None,
        *,
        preset: Optional[Preset] = None,
        arguments: Sequence[str] = (),
        timeout: Optional[float] = None,
    ) -> None:
        """Starts a server.

        Args:
            server: its program or command; otherwise `P2MLAB_SERVER`, then `p2mlab` in PATH.
            preset: what the machine `main` models; `"xen-4.16"` where it is not given.
            arguments: further arguments of `p2mlab serve`, such as `["--record", "today.ndjson"]`.
            timeout: seconds that a call may take where it says nothing else; no limit if not given.

        Raises:
            ServerNotFound: it is not there, or cannot be started.
            ServerDied: it ended at once, and why.
            ProtocolError: it is no p2mlab server, or one of another version.
        """
        self.timeout = timeout
        self._transport = Transport(command(server, preset=preset, arguments=arguments))
        try:
            self.info = self.server_info()
            check_protocol(self.info)
        except BaseException:
            self.close()
            raise
        self.main = Machine(self, "main")
        """The machine that is there from the start."""

    def __repr__(self) -> str:
        state = f"process {self.pid}" if self.is_open else "closed"
        return f"<{type(self).__name__} {state}>"

    # Machines.

    def machine(self, name: str) -> Machine:
        """The machine called `name`, which is there already."""
        return Machine(self, name)

    def create(
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
    ) -> Machine:
        """Creates a machine; as `machine_create`, but returns the machine to work with."""
        self.machine_create(
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

    def batch(self) -> Batch:
        """Calls that are made together, without waiting for one before the next is sent.

            with lab.batch() as batch:
                calls = [batch.main.physmap_unmap(domain=1, gfn=gfn) for gfn in gfns]
            results = [call.result() for call in calls]

        All calls that were made are carried out, in their order, also if one of them fails or the block
        raises. Leaving the block waits for all answers; what a call raises, its `result` raises.
        """
        return Batch(self)

    def call(
        self,
        method: str,
        params: Optional[Params] = None,
        *,
        timeout: Optional[float] = None,
        progress: Optional[Progress] = None,
    ) -> Any:
        """Calls a method by its name on the wire, and returns its result as JSON.

        For methods that this client does not know, and for requests that are at hand as JSON, such as
        those of a session. Progress is reported where parameters are given by name.
        """
        return self._call(method, json_params(params), as_is, timeout, progress)

    def notify(self, method: str, params: Optional[Params] = None) -> None:
        """Sends a notification, which has no answer."""
        self._transport.notify(notification(method, json_params(params)))

    def cancel(self) -> None:
        """Asks the server to give up what other threads wait for; their calls raise `Cancelled`.

        In the thread that waits, a progress callback that raises cancels the call, as Ctrl-C does.
        """
        self._transport.cancel()

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        timeout: Optional[float],
        progress: Optional[Progress],
    ) -> T:
        timeout = self.timeout if timeout is None else timeout
        return self._transport.call(method, params, read, timeout, progress)

    # The server.

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._transport.pid

    @property
    def is_open(self) -> bool:
        """Whether calls can be made: the server was not closed, and has not died as far as is known."""
        return self._transport.is_open

    @property
    def stderr(self) -> str:
        """The end of what the server wrote to stderr, as far as it was read."""
        return self._transport.stderr

    def close(self) -> None:
        """Ends the server; calls of other threads raise `Closed`. Closing twice does nothing."""
        self._transport.close()

    def __enter__(self) -> P2MLab:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()


def fresh(lab: P2MLab, preset: Preset, overrides: Optional[Overrides] = None) -> Machine:
    """The machine `main` created anew, on a server without others: what was done before is forgotten."""
    for info in lab.machine_list().machines:
        lab.machine(info.machine).machine_delete()
    return lab.create("main", preset=preset, overrides=overrides)


Poster = Callable[..., Pending[Any]]


class BatchMachine(BatchMachineCalls):
    """A machine within a batch: its methods return what becomes of the calls."""

    def __init__(self, batch: BatchCalls, name: str) -> None:
        # Not the batch itself, which has this: together they would wait for the garbage collector, and
        # with them all calls and their answers.
        self._post = batch._post
        self._calls = batch.calls
        self.name = name

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> Pending[T]:
        call = self._post(method, of_machine(params, self.name), read, progress)
        self._calls.append(call)
        return call


class BatchCalls(BatchServerCalls):
    """What both kinds of batch have in common."""

    def __init__(self, post: Poster) -> None:
        self._post = post
        self.calls: List[Pending[Any]] = []
        """The calls that were made, in order."""
        self.main = BatchMachine(self, "main")
        """The machine that is there from the start."""

    def machine(self, name: str) -> BatchMachine:
        """The machine called `name`."""
        return BatchMachine(self, name)

    def call(
        self,
        method: str,
        params: Optional[Params] = None,
        *,
        progress: Optional[Progress] = None,
    ) -> Pending[Any]:
        """Calls a method by its name on the wire; its result is JSON."""
        return self._call(method, json_params(params), as_is, progress)

    def results(self) -> List[Any]:
        """The results of all calls, in order.

        Raises:
            P2MLabError: what the first of them raises that has no result.
        """
        return [call.result() for call in self.calls]

    def _call(
        self,
        method: str,
        params: Dict[str, Any],
        read: Callable[[Any], T],
        progress: Optional[Progress],
    ) -> Pending[T]:
        call = self._post(method, params, read, progress)
        self.calls.append(call)
        return call


class Batch(BatchCalls):
    """Calls that are made together; see `P2MLab.batch`."""

    def __init__(self, lab: P2MLab) -> None:
        super().__init__(lab._transport.post)
        self._lab = lab

    def __enter__(self) -> Batch:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        for call in self.calls:
            if not call.done():
                self._lab._transport.wait(call, self._lab.timeout)
