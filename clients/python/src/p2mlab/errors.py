"""Everything that the client raises: a tree whose root is `P2MLabError`.

- `ModelError`: what the modelled Xen answers; it may have changed something all the same
  - `HypercallError`: an errno
  - `HypervisorPanic`: the modelled hypervisor is dead, until the machine is reset or restored
  - `DomainCrashed`: Xen crashed the domain that made the hypercall
- `RPCError`: the server refused the request; nothing has changed
  - `InvalidParams`, `MethodNotFound`, `InvalidRequest`, `ParseError`
  - `NotFound`, `AlreadyExists`, `LimitReached`, `Locked`, `Cancelled`
- `ServerError`: there is no answer
  - `ServerNotFound`, `ServerDied`, `ProtocolError`, `Closed`
  - `CallTimeout`: also a `TimeoutError`
"""

from __future__ import annotations

import errno as _errno
import signal
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Type

if TYPE_CHECKING:
    from ._protocol import Cost, Effect, Violation


class P2MLabError(Exception):
    """Whatever the client raises. It can be pickled, so that it passes between processes."""

    def __reduce__(self) -> Tuple[Any, ...]:
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: Type[P2MLabError], args: Tuple[Any, ...], state: Dict[str, Any]) -> P2MLabError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ModelError(P2MLabError):
    """What the modelled Xen answered instead of a result."""

    def __init__(
        self,
        message: str,
        *,
        code: int,
        method: str,
        effects: Tuple[Effect, ...],
        violations: Tuple[Violation, ...],
        cost: Optional[Cost],
    ) -> None:
        super().__init__(message)
        self.code = code
        """The code on the wire: `-errno`, or the protocol's own."""
        self.method = method
        """Which method failed, as the protocol calls it."""
        self.effects = effects
        """What it changed all the same."""
        self.violations = violations
        """Properties that held before it and hold no longer."""
        self.cost = cost
        """What it cost the hypervisor, where the machine tells."""


class HypercallError(ModelError):
    """A hypercall failed with an errno."""

    @property
    def errno(self) -> int:
        """The errno, as in the module `errno`: `errno.EBUSY` where Xen returns -EBUSY."""
        return -self.code

    @property
    def name(self) -> str:
        """The errno's name, such as `"EBUSY"`."""
        return _errno.errorcode.get(self.errno, str(self.errno))


class HypervisorPanic(ModelError):
    """The modelled hypervisor is dead; `machine_reset` or `snapshot_restore` revive it."""


class DomainCrashed(ModelError):
    """Xen crashed the domain, which makes no hypercall any more."""


class RPCError(P2MLabError):
    """The server refused the request; nothing has changed."""

    def __init__(self, message: str, *, code: int, data: Optional[Dict[str, Any]] = None) -> None:
        super().__init__(message)
        self.code = code
        """JSON-RPC's code, or the protocol's own."""
        self.data: Dict[str, Any] = data or {}
        """What the server adds for programs."""


class ParseError(RPCError):
    """The message was not JSON."""


class InvalidRequest(RPCError):
    """The message was no request, or too long."""


class MethodNotFound(RPCError):
    """The server has no such method."""

    @property
    def nearest(self) -> List[str]:
        """Methods with a similar name, the most similar first."""
        return list(self.data.get("nearest", ()))


class InvalidParams(RPCError):
    """A parameter is missing, unknown, of the wrong kind or out of range."""

    @property
    def path(self) -> str:
        """Where, as a JSON pointer relative to the parameters: `"/from/gfn"`."""
        return str(self.data.get("path", ""))

    @property
    def expected(self) -> str:
        """What is expected there."""
        return str(self.data.get("expected", ""))


class NotFound(RPCError):
    """A machine, region, snapshot or page is not there."""


class AlreadyExists(RPCError):
    """The name or identifier is taken."""


class LimitReached(RPCError):
    """A named limit is reached."""


class Locked(RPCError):
    """A vCPU holds a lock that the operation takes."""


class Cancelled(RPCError):
    """The request was cancelled before it was done."""


class ServerError(P2MLabError):
    """There is no answer: something is wrong with the server, or with the way there."""


class ServerNotFound(ServerError):
    """There is no server to start."""


class Closed(ServerError):
    """The connection was closed by this program."""


class CallTimeout(ServerError, TimeoutError):
    """The answer did not come in time.

    The server was asked to cancel the call, and an answer that still comes is dropped. Whether an
    operation was carried out, `history_list` tells.
    """


class ProtocolError(ServerError):
    """What came is no answer of a p2mlab server of this protocol."""


class ServerDied(ServerError):
    """The server has ended, and with it all calls that were not answered."""

    def __init__(self, command: str, exit_status: Optional[int], stderr: str) -> None:
        words = f"; its last words:\n{stderr.rstrip()}" if stderr.strip() else ""
        super().__init__(f"{command} {_ending(exit_status)}{words}")
        self.exit_status = exit_status
        """As `subprocess.Popen.returncode` has it: negative for a signal; `None` if it is not known."""
        self.stderr = stderr
        """The end of what it wrote to stderr."""


def _ending(status: Optional[int]) -> str:
    if status is None:
        return "closed its output"
    if status >= 0:
        return f"ended with exit status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"


_MODEL: Dict[int, Type[ModelError]] = {1000: HypervisorPanic, 1004: DomainCrashed}
_RPC: Dict[int, Type[RPCError]] = {
    -32700: ParseError,
    -32600: InvalidRequest,
    -32601: MethodNotFound,
    -32602: InvalidParams,
    -32800: Cancelled,
    1001: NotFound,
    1002: AlreadyExists,
    1003: LimitReached,
    1005: Locked,
}


def read_error(error: Dict[str, Any]) -> P2MLabError:
    """The exception for the member `error` of a reply."""
    from ._protocol import read_cost, read_effect, read_violation

    code, message, data = error["code"], error["message"], error.get("data") or {}
    if code in _RPC or "effects" not in data:
        return _RPC.get(code, RPCError)(message, code=code, data=data)
    cost = data.get("cost")
    return _MODEL.get(code, HypercallError)(
        message,
        code=code,
        method=data["method"],
        effects=tuple(map(read_effect, data["effects"])),
        violations=tuple(map(read_violation, data["violations"])),
        cost=None if cost is None else read_cost(cost),
    )
